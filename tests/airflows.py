"""Which Airflow a test gets: the one it was written for, or the nearest this machine's Pythons can run."""

from __future__ import annotations

from functools import cache

from mwaa_wizard.sandbox.airflow import versions


@cache
def near(wanted: str) -> str:
    """`wanted` where a Python for it is here, else the nearest version between 2.7.2 and 2.11.2.

    So the same tests run on a machine that has only Python 3.12 or 3.13. Fails the test when nothing runs at all.
    """
    here = [version for version in versions.runnable() if (2, 7, 2) <= versions.parse(version) <= (2, 11, 2)]
    assert here, "no Python on this machine can run an Airflow: install Python 3.11, 3.12 or 3.13"
    return versions.nearest(wanted, here)
