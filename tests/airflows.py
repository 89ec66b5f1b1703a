"""Which Airflow a test gets: the one it was written for, or the nearest this machine's Pythons can run."""

from __future__ import annotations

from functools import cache

from mwaa_wizard.sandbox.airflow import versions


@cache
def near(wanted: str) -> str:
    """`wanted` where a Python for it is here, else the nearest version between 2.7.2 and 2.11.2.

    So the same tests run on a machine that has only Python 3.12 or 3.13. For a wanted 3.x the nearest 3.x comes
    first, then the newest 2.x. Fails the test when nothing runs at all.
    """
    here = versions.runnable()
    if wanted in here:
        return wanted
    major = versions.parse(wanted)[0]
    fits = [version for version in here if major >= 3 and versions.parse(version)[0] == major]
    fits = fits or [version for version in here if (2, 7, 2) <= versions.parse(version) <= (2, 11, 2)]
    assert fits, "no Python on this machine can run an Airflow: install Python 3.11, 3.12 or 3.13"
    return fits[-1] if major > versions.parse(fits[-1])[0] else versions.nearest(wanted, fits)
