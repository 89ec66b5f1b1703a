"""All routes for a request, ranked."""

from __future__ import annotations

import re
from dataclasses import replace

from mwaa_wizard.environments import cost, facts, versions
from mwaa_wizard.environments.routes import in_place, moves
from mwaa_wizard.environments.routes.model import (
    KINDS,
    Asset,
    Kind,
    Reason,
    Request,
    Route,
    Routes,
    Step,
    Survival,
    Time,
    Work,
)
from mwaa_wizard.environments.routes.survival import survives
from mwaa_wizard.environments.routes.words import step_text
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.i18n import listed as in_a_row
from mwaa_wizard.text import clean

_VERSION = re.compile(r"[1-9]\d{0,2}(\.\d{1,4}){1,3}", re.ASCII)
_BLOCKED = {
    "in-place": in_place.blocked,
    "new-environment": moves.blocked_new_environment,
    "bridge": moves.blocked_bridge,
    "settings-only": moves.blocked_settings_only,
}


def plan(request: Request) -> Routes:
    """Every route with what is for and against it, the recommended first.

    Raises WizardError (usage) for a version that cannot be read, and, with `listed_only`, for one not in the tables.
    """
    request = replace(request, target_class=request.target_class or request.source_class)
    warnings = _check(request)
    routes = sorted((_route(kind, request) for kind in KINDS), key=lambda route: _rank(route, request))
    if routes[0].possible:
        routes[0] = replace(routes[0], recommended=True)
    return Routes(request, tuple(routes), tuple(warnings), _month(request))


def sources(*, self_managed: bool = False) -> list[str]:
    """Versions a source is known to have, the newest first: MWAA's, and others whose metadata is known."""
    listed = {row.version for row in versions.known()}
    if self_managed:
        from mwaa_wizard.metadata import schemas

        listed |= set(schemas.versions())
    return sorted(listed, key=versions.parse, reverse=True)


def _check(request: Request) -> list[str]:
    warnings = []
    for version, side, known in (
        (request.source, _("source"), sources(self_managed=request.self_managed)),
        (request.target, _("target"), sources()),
    ):
        if version in known:
            continue
        readable = bool(_VERSION.fullmatch(version))
        if request.listed_only or not readable:
            raise _unknown(version, side, known, readable=readable)
        warnings.append(versions.unlisted_version(version))
    warnings += [versions.unlisted_class(name) for name in dict.fromkeys((request.source_class, request.target_class))]
    return [text for text in warnings if text]


def _unknown(version: str, side: str, known: list[str], *, readable: bool) -> WizardError:
    what = _("“{version}” is not an Airflow version.")
    if readable:
        what = _("MWAA is not known to have Airflow {version}.")
    remedy = _("For the {side} choose one of {versions}.").format(side=side, versions=in_a_row(known))
    if readable:
        remedy += " " + _("Is it newer than our table of {date}? Add --other, or a row to {path}.").format(
            date=facts.load("versions")["as_of"], path=facts.user_file("versions")
        )
    return WizardError(
        what=what.format(version=clean(version, limit=40)),
        changed=_("Nothing was changed."),
        remedy=remedy,
        exit_code=EXIT_USAGE,
    )


def _route(kind: Kind, request: Request) -> Route:
    against = _BLOCKED[kind](request)
    if against:
        return Route(kind, blocked=tuple(against))
    steps = _steps(kind, request)
    kept = survives(kind, request)
    return Route(
        kind,
        steps=steps,
        survives=kept,
        notes=(*_notes(kind, request), *in_place.target_notes(request)),
        time=_time(steps),
        overlap=None if kind == "in-place" else _overlap(request),
        lost=_wishes(request, kept, "no"),
        cut=_wishes(request, kept, "partly"),
    )


def _wishes(request: Request, kept: tuple[Survival, ...], degree: str) -> tuple[Asset, ...]:
    return tuple(item.asset for item in kept if item.asset in request.keep and item.degree == degree)


def _notes(kind: Kind, request: Request) -> list[Reason]:
    if kind == "in-place":
        return in_place.notes(request.source, request.target, in_place.jumps(request.source, request.target)[0])
    return {
        "new-environment": moves.notes_new_environment,
        "bridge": moves.notes_bridge,
        "settings-only": moves.notes_settings_only,
    }[kind](request)


def _steps(kind: Kind, request: Request) -> tuple[Step, ...]:
    if kind == "in-place":
        return _changes(request.source, in_place.jumps(request.source, request.target)[0])
    first = (in_place.stepping_stone() or "") if kind == "bridge" else request.target
    work: Work = "settings" if kind == "settings-only" else "history"
    steps = (
        Step("create", "", first, step_text("create", "", first), _python(request.source, first)),
        Step(work, request.source, first, step_text(work, request.source, first)),
    )  # fmt: skip
    return steps + _changes(first, [request.target]) if kind == "bridge" else steps


def _changes(source: str, way: list[str]) -> tuple[Step, ...]:
    found = []
    for before, after in zip([source, *way], way, strict=False):
        change: Work = "upgrade" if versions.parse(after) > versions.parse(before) else "downgrade"
        found.append(Step(change, before, after, step_text(change, before, after), _python(before, after)))
    return tuple(found)


def _python(before: str, after: str) -> str:
    here, there = versions.python_of(before), versions.python_of(after)
    return f"{here} → {there}" if here and there and here != there else ""


def _time(steps: tuple[Step, ...]) -> Time:
    """The steps' minutes from `data/durations.json`; a way down is taken to last as long as one up."""
    rows = {row["name"]: row for row in facts.load("durations")["minutes"]}
    low = high = 0
    basis: dict[str, None] = {}
    for step in steps:
        row = rows["upgrade" if step.work == "downgrade" else step.work]
        low, high = low + int(row["low"]), high + int(row["high"])
        basis[_(row["source"])] = None
    return Time(low, high, tuple(basis))


def _costs(request: Request) -> tuple[cost.Cost | None, cost.Cost | None]:
    """The source's, where it is MWAA's, and the target's. Both at the target's region's prices."""
    source = None if request.self_managed else cost.cost(request.source_class, request.region)
    return source, cost.cost(request.target_class, request.region)


def _overlap(request: Request) -> cost.Overlap | None:
    source, target = _costs(request)
    return cost.overlap(target, source, hours=request.hours) if target else None


def _month(request: Request) -> cost.Beside | None:
    source, target = _costs(request)
    return cost.beside(source, target) if target else None


def _rank(route: Route, request: Request) -> tuple[int, int, int, int]:
    """Possible ones first; then those that lose, and cut, the fewest wishes; then by preference."""
    return (0 if route.possible else 1, len(route.lost), len(route.cut), _preference(request).index(route.kind))


def _preference(request: Request) -> tuple[Kind, ...]:
    """In place first where one jump, or 2.11.x to 3.x, is all; else a new environment, which can be tried and left."""
    here, there = versions.parse(request.source), versions.parse(request.target)
    series = facts.load("versions")["in_place"]["up"]["from_series"]
    near = here[:1] == there[:1] or (versions.series(request.source) == series and there > here)
    if near:
        return ("in-place", "new-environment", "bridge", "settings-only")
    return ("new-environment", "bridge", "in-place", "settings-only")
