"""Airflow versions and environment classes MWAA has, from dated data files. Values not listed are always allowed,
with a warning: AWS adds versions before anybody updates a table.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mwaa_wizard.environments import facts
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

Row = TypeVar("Row")
load = facts.load
as_of = facts.as_of
_made: dict[str, tuple[dict[str, Any], list[Any]]] = {}


@dataclass(frozen=True)
class Version:
    """An Airflow version on MWAA: its Python and whether a new environment may have it.

    `since` and `end_of_support` are ISO dates, empty where none is known or announced. `amazon_provider` is the
    version in MWAA's image. `doubtful` names the members whose source is weak.
    """

    version: str
    python: str
    creatable: bool
    note: str
    since: str = ""
    end_of_support: str = ""
    amazon_provider: str = ""
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """How many of one component an environment class takes, and what AWS takes where nothing is said."""

    min: int
    max: int
    default: int

    @property
    def fixed(self) -> bool:
        """Whether there is nothing to choose."""
        return self.min == self.max


@dataclass(frozen=True)
class EnvironmentClass:
    """An environment class; prices in USD an hour in us-east-1 (see `data/classes.json`).

    `worker_per_hour` is also an additional scheduler's; None where no price is known. `doubtful` names the members
    whose source is weak.
    """

    name: str
    dags: int
    tasks_per_worker: int
    max_workers: int
    price_per_hour: float
    schedulers: Counts
    webservers: Counts
    workers: Counts
    worker_per_hour: float | None = None
    webserver_per_hour: float | None = None
    doubtful: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Quota:
    """A service quota of MWAA; `scope` is what it counts for (MWAA user guide: mwaa-quotas)."""

    name: str
    scope: str
    value: int
    adjustable: bool


def _row(kind: type[Row], row: dict[str, Any]) -> Row:
    """A dataclass from a row; members that a user's file adds are passed over."""
    names = {item.name for item in dataclasses.fields(kind)}  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name in names:
            if name in ("schedulers", "webservers", "workers"):
                value = Counts(**value)
            values[name] = tuple(value) if isinstance(value, list) else value
    return kind(**values)


def _rows(kind: type[Row], name: str) -> list[Row]:
    """The rows of a data file as dataclasses; made again only where the file's values are others."""
    data = load(name)
    made = _made.get(name)
    if made is None or made[0] is not data:
        made = _made[name] = (data, [_row(kind, row) for row in data[name]])
    return list(made[1])


def known() -> list[Version]:
    """Every version MWAA has or had, the newest first."""
    return _rows(Version, "versions")


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
    match = re.match(r"\d+(\.\d+)*", version, re.ASCII)
    return tuple(int(part) for part in match.group().split(".")) if match else ()


def series(version: str) -> str:
    """`2.11.2` as `2.11`."""
    return ".".join(str(part) for part in parse(version)[:2])


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
    return _rows(EnvironmentClass, "classes")


def find_class(name: str) -> EnvironmentClass | None:
    """What is known of an environment class."""
    return next((row for row in classes() if row.name == name), None)


def quotas() -> list[Quota]:
    """MWAA's default quotas; an account may have others (Service Quotas)."""
    return _rows(Quota, "quotas")


def price_per_month(environment_class: str) -> float | None:
    """USD a month (730 h) of the base environment in us-east-1; None for a class not in the table."""
    row = find_class(environment_class)
    return round(row.price_per_hour * float(load("classes")["hours_per_month"]), 2) if row else None


def unlisted_version(version: str) -> str:
    """A warning for a version that is not in the table; empty where it is."""
    if find(version):
        return ""
    return _("Airflow {version} is not in our table of {date}; AWS decides whether MWAA has it.").format(
        version=clean(version, limit=40), date=load("versions")["as_of"]
    )


def unlisted_class(name: str) -> str:
    """A warning for an environment class that is not in the table; empty where it is."""
    if find_class(name):
        return ""
    return _("The class {name} is not in our table of {date}; AWS decides whether there is one.").format(
        name=clean(name, limit=40), date=load("classes")["as_of"]
    )
