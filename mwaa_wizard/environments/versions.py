"""Airflow versions and environment classes MWAA has, from dated data files. Values not listed are always allowed:
AWS adds versions before anybody updates a table.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@functools.cache
def load(name: str) -> dict[str, Any]:
    """One of the data files (`versions`, `classes`, `options`); every one has `as_of` and `source`."""
    return dict(json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Version:
    """An Airflow version on MWAA: its Python and whether a new environment may have it."""

    version: str
    python: str
    creatable: bool
    note: str


@dataclass(frozen=True)
class EnvironmentClass:
    """An environment class; prices in USD in us-east-1, the base environment only (see `data/classes.json`)."""

    name: str
    dags: int
    tasks_per_worker: int
    max_workers: int
    price_per_hour: float


def known() -> list[Version]:
    """Every version MWAA has or had, the newest first."""
    return [Version(**row) for row in load("versions")["versions"]]


def creatable() -> list[str]:
    """Versions a new environment can have, the newest first."""
    return [row.version for row in known() if row.creatable]


def find(version: str) -> Version | None:
    """What is known of a version."""
    return next((row for row in known() if row.version == version), None)


def python_of(version: str) -> str | None:
    """`3.11` and the like; None for a version not in the table."""
    row = find(version)
    return row.python if row else None


def parse(version: str) -> tuple[int, ...]:
    """`2.10.3` as (2, 10, 3), comparable; text without a number is the empty tuple."""
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def needs_hop(source: str, target: str) -> str | None:
    """The version to stop at on the way, or None. History enters 3.x only by an in-place upgrade from 2.11.x
    (MWAA user guide: upgrading-environment), because Airflow 3's tasks cannot reach the metadata database.
    """
    if parse(target)[:1] < (3,) or parse(source)[:1] >= (3,):
        return None
    return newest_of_2()


def newest_of_2() -> str:
    """The newest 2.x a new environment can have: the bridge to 3.x."""
    return next(version for version in creatable() if version.startswith("2."))


def classes() -> list[EnvironmentClass]:
    """All environment classes, the smallest first."""
    return [EnvironmentClass(**row) for row in load("classes")["classes"]]


def price_per_month(environment_class: str) -> float | None:
    """USD a month (730 h) of the base environment in us-east-1; None for a class not in the table."""
    for row in classes():
        if row.name == environment_class:
            return round(row.price_per_hour * float(load("classes")["hours_per_month"]), 2)
    return None


def as_of(name: str) -> str:
    """Date and source of a data file, to show beside what was taken from it."""
    data = load(name)
    return f"{data['as_of']} ({data['source']})"
