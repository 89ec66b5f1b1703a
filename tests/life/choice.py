"""Which Airflows a test gets on this machine: those it was written for, or the nearest its Pythons can run."""

from __future__ import annotations

from collections.abc import Callable

from mwaa_wizard.metadata import schemas
from mwaa_wizard.sandbox.airflow import versions


def at_most(wanted: str) -> str:
    """`wanted`, or the nearest 1.x or 2.x that runs here and that the wizard can migrate."""
    known = set(schemas.versions())
    return _nearest(wanted, lambda version: version in known and versions.parse(version) < (3, 0, 0))


def exactly(wanted: str) -> str:
    """`wanted`; AssertionError where no Python for it is here or can be fetched."""
    assert versions.python_for(wanted) is not None, f"no Python on this machine can run Airflow {wanted}"
    return wanted


def three(wanted: str) -> str:
    """`wanted`, or the nearest 3.x that runs here."""
    return _nearest(wanted, lambda version: versions.parse(version) >= (3, 0, 0))


def _nearest(wanted: str, fits: Callable[[str], bool]) -> str:
    if fits(wanted) and versions.python_for(wanted) is not None:
        return wanted
    here = [version for version in versions.runnable() if fits(version)]
    assert here, f"no Python on this machine can run an Airflow like {wanted}"
    return versions.nearest(wanted, here)
