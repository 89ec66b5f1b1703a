"""The dated data files of this folder, and the user's own values on top of them.

A file `<state folder>/facts/<name>.json` overrides ours: its objects are merged member by member, its lists of rows
by the row's key, so that one price or one new version is one line. What it holds is checked for its form only:
AWS changes such values before anybody updates a table.
"""

from __future__ import annotations

import copy
import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mwaa_wizard import paths
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

NAMES = ("versions", "classes", "prices", "quotas", "durations", "options", "option_names")
_DATA = Path(__file__).parent / "data"
_ROW_KEYS = ("version", "name", "key")


def user_file(name: str) -> Path:
    """Where the user's own values of a data file are looked for; the file need not be there."""
    return paths.state_dir() / "facts" / f"{name}.json"


def load(name: str) -> dict[str, Any]:
    """One of NAMES with the user's values on top. Every one has `as_of` (ISO date) and `source`.

    Do not change what is returned. Raises WizardError where the user's file cannot be read or does not fit.
    """
    own = user_file(name)
    try:
        stamp = own.stat().st_mtime_ns
    except FileNotFoundError:
        return _shipped(name)
    return _merged(name, own, stamp)


def as_of(name: str) -> str:
    """Date and source of a data file, to show beside what was taken from it; says where the user's file counts."""
    data, own = load(name), user_file(name)
    said = f"{data['as_of']} ({data['source']})"
    return said + _(", with {path}").format(path=own) if own.exists() else said


@functools.cache
def _shipped(name: str) -> dict[str, Any]:
    return dict(json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8")))


@functools.lru_cache(maxsize=32)
def _merged(name: str, own: Path, stamp: int) -> dict[str, Any]:
    try:
        document = json.loads(own.read_text(encoding="utf-8"))
        if not isinstance(document, dict):
            raise ValueError(_("it holds no object"))
        merged: dict[str, Any] = _over(copy.deepcopy(_shipped(name)), document, name)
        if name in _CHECKS:
            _CHECKS[name](merged)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise WizardError(
            what=_("Your own table {name} cannot be used: {why}").format(name=name, why=clean(problem, limit=200)),
            where=str(own),
            changed=_("Nothing was changed."),
            remedy=_("Mend the file, or delete it: the wizard then takes its own values."),
            exit_code=EXIT_USAGE,
        ) from problem
    return merged


def _over(ours: Any, theirs: Any, where: str) -> Any:
    """`theirs` merged over `ours`. ValueError where the kinds differ."""
    if ours is None or theirs is None:
        return theirs
    if isinstance(ours, bool) != isinstance(theirs, bool) or not _same_kind(ours, theirs):
        raise ValueError(_("{where} has another type than in the wizard's table").format(where=where))
    if isinstance(ours, dict):
        return {**ours, **{k: _over(ours[k], v, f"{where}.{k}") if k in ours else v for k, v in theirs.items()}}
    if isinstance(ours, list) and all(isinstance(row, dict) for row in [*ours, *theirs]):
        return _rows(ours, theirs, where)
    return theirs


def _same_kind(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, int | float):
        return isinstance(theirs, int | float)
    return isinstance(theirs, type(ours))


def _rows(ours: list[dict[str, Any]], theirs: list[dict[str, Any]], where: str) -> list[dict[str, Any]]:
    """Rows by their key: known ones merged, new ones added with the first row's form as the pattern."""
    key = next((k for k in _ROW_KEYS if ours and k in ours[0]), "")
    if not key:
        return theirs
    found = {row[key]: row for row in ours}
    for row in theirs:
        name = row.get(key)
        if not isinstance(name, str) or not name:
            raise ValueError(_("a row of {where} has no {key}").format(where=where, key=key))
        pattern = found.get(name) or dict.fromkeys(ours[0])
        found[name] = _over(pattern, row, f"{where}.{name}")
    return list(found.values())


def _version_rows(data: dict[str, Any]) -> None:
    """The newest first, whatever order the user's rows have; what is not said of a new version is empty."""
    from mwaa_wizard.environments.versions import parse

    for row in data["versions"]:
        if not parse(row["version"]):
            raise ValueError(_("{version} is not a version").format(version=row["version"]))
        if row["creatable"] is None:
            row["creatable"] = True
        row.update({name: "" for name, value in row.items() if value is None})
    data["versions"].sort(key=lambda row: parse(row["version"]), reverse=True)


def _class_rows(data: dict[str, Any]) -> None:
    for row in data["classes"]:
        for name in ("price_per_hour", "dags", "tasks_per_worker", "max_workers"):
            if row[name] is None:
                raise ValueError(_("{row} has no {name}").format(row=row["name"], name=name))
        for name in ("schedulers", "webservers", "workers"):
            row[name] = row[name] or {"min": 1, "max": 1_000, "default": 1}
        row["doubtful"] = row["doubtful"] or []


def _numbers(rows: str, *names: str) -> Callable[[dict[str, Any]], None]:
    def check(data: dict[str, Any]) -> None:
        for row in data[rows]:
            for name in names:
                if not isinstance(row.get(name), int | float) or row[name] < 0:
                    raise ValueError(_("{row}: {name} must be a number").format(row=row["name"], name=name))

    return check


_CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "versions": _version_rows,
    "classes": _class_rows,
    "prices": _numbers("regions", "factor"),
    "quotas": _numbers("quotas", "value"),
    "durations": _numbers("minutes", "low", "high"),
}
