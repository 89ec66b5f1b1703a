"""Which options each Airflow version has, and what they were called before: facts of `data/option_names.json`.

Source: config.yml, configuration.py (deprecated_options) and config_command.py (the list behind `airflow config
lint`) of each version, and the configuration of MWAA's default providers.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.environments import facts
from mwaa_wizard.environments.versions import parse


@dataclass(frozen=True)
class Rename:
    """`old` is called `new` from version `since` on; `back`: the other way round, `new` is the older name."""

    old: str
    new: str
    since: str
    source: str
    back: bool = False


@dataclass(frozen=True)
class Default:
    """A default that another version has: `new` from version `since` on, `old` before."""

    key: str
    since: str
    old: str
    new: str
    source: str


def _data() -> dict[str, Any]:
    return facts.load("option_names")


def versions() -> list[str]:
    """Versions whose options are known, oldest first."""
    return list(_data()["versions"])


def nearest(version: str) -> str:
    """The version whose options stand for `version`: itself, or the next older one that is known."""
    older = [known for known in versions() if parse(known) <= parse(version)]
    return older[-1] if older else versions()[0]


def of(version: str) -> frozenset[str]:
    """All options of a version as `section.option`; of the nearest older one where it is not known."""
    return _of(nearest(version), id(_data()))


@functools.lru_cache(maxsize=64)
def _of(version: str, _edition: int) -> frozenset[str]:
    known, number = versions(), versions().index(version)
    found = set()
    for section, by_span in _data()["options"].items():
        for spans, names in by_span.items():
            if any(_within(number, span, known) for span in spans.split(",")):
                found |= {f"{section}.{name}" for name in names}
    return frozenset(found)


def _within(number: int, span: str, known: list[str]) -> bool:
    first, _dash, last = span.partition("-")
    return known.index(first) <= number <= (known.index(last) if last else len(known) - 1)


def ever(key: str) -> bool:
    """Whether any known version has the option."""
    section, _dot, name = key.partition(".")
    return any(name in names for names in _data()["options"].get(section, {}).values())


def provider_of(key: str) -> str:
    """The package an option's section belongs to, where Airflow's core gave it away; empty for all others."""
    return str(_data()["provider_sections"].get(key.partition(".")[0], ""))


def renames() -> list[Rename]:
    """Every rename."""
    return list(_renames(id(_data())))


@functools.lru_cache(maxsize=8)
def _renames(_edition: int) -> tuple[Rename, ...]:
    return tuple(Rename(row["key"], row["new"], row["since"], row["source"]) for row in _data()["renames"])


@functools.lru_cache(maxsize=8)
def _next_names(_edition: int) -> dict[str, Rename]:
    return {row.old: row for row in renames()}


def name_in(key: str, version: str) -> list[Rename]:
    """The renames that lead from `key` to the name the version knows it by, in either direction.

    Empty where the version has the option under this very name, or where no rename leads to one it has.
    """
    there = of(version)
    if key in there:
        return []
    return _forward(key, there) or _backward(key, there)


def _forward(key: str, there: frozenset[str]) -> list[Rename]:
    by_old = _next_names(id(_data()))
    way: list[Rename] = []
    seen = {key}
    while key in by_old and by_old[key].new not in seen:
        way.append(by_old[key])
        key = by_old[key].new
        seen.add(key)
        if key in there:
            return way
    return []


def forward_names(key: str) -> list[str]:
    """The option's name and every later one, whether or not a known version has it still."""
    by_old = _next_names(id(_data()))
    found = [key]
    while key in by_old and by_old[key].new not in found:
        key = by_old[key].new
        found.append(key)
    return found


def latest(key: str) -> str:
    """The last name an option has had."""
    return forward_names(key)[-1]


def _turned(row: Rename) -> Rename:
    return Rename(row.new, row.old, row.since, row.source, back=True)


def _backward(key: str, there: frozenset[str], depth: int = 4) -> list[Rename]:
    before = [row for row in renames() if row.new == key]
    for row in before:
        if row.old in there:
            return [_turned(row)]
    for row in before if depth else []:
        if way := _backward(row.old, there, depth - 1):
            return [_turned(row), *way]
    return []


def flipped(source: str, target: str) -> list[Default]:
    """Defaults that differ between two versions, of options the target has.

    The source has them under the same name, or behaved like the default before there was the option (`always`).
    """
    here, there = parse(nearest(source)), parse(nearest(target))
    of_source, of_target = of(source), of(target)
    found: dict[str, Default] = {}
    for row in _data()["defaults"]:
        since, key = parse(row["since"]), row["key"]
        if key not in of_target or not (key in of_source or row["always"]):
            continue
        if here < since <= there:
            old = found[key].old if key in found else row["old"]
            found[key] = Default(key, row["since"], old, row["new"], row["source"])
        elif there < since <= here and key not in found:
            latest = [item for item in _data()["defaults"] if item["key"] == key and parse(item["since"]) <= here]
            found[key] = Default(key, row["since"], latest[-1]["new"], row["old"], row["source"])
    return [item for item in found.values() if item.old != item.new]
