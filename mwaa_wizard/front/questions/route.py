"""Route: the version to reach, the way there, and what has to be kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine, routing
from mwaa_wizard.front.question import Answer, Choice, Question
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)


def questions() -> tuple[Question, ...]:
    """The version first: it decides which ways there are."""
    return (
        Question(
            name="route.version", page="route", kind="choice", option="--airflow-version", label=_("Airflow version"),
            help=_("The version that is to be reached in the end. History can enter Airflow 2 only; an Airflow 3 is "
                   "reached by an upgrade in place afterwards."),
            read=routing.wanted, write=lambda session, answer: routing.want(session, str(answer)),
            check=_check_version, choices=_versions, free=True, needed=True, restrict=r"[0-9.]*", longest=16,
            hint=_("such as 2.11.2"),
        ),
        Question(
            name="route.route", page="route", kind="choice", option="--route", label=_("Route"),
            help=_("The way to that version; each says what survives, how long it takes and what it costs."),
            read=lambda session: session.route,
            write=lambda session, answer: void(routing.choose(session, str(answer))), check=_check_route,
            choices=_routes, needed=True,
        ),
        Question(
            name="route.keep", page="route", kind="several", option="--keep", label=_("Keep"),
            help=_("What must survive: routes that lose it come last. Nothing is changed by choosing."),
            read=lambda session: list(session.keep), write=_write_keep, check=_check_keep, choices=_assets,
        ),
    )  # fmt: skip


def void(_forgotten: list[str]) -> None:
    """What was forgotten is told by front-ends that have a place for it (`routing.choose`)."""


def keepable() -> tuple[str, ...]:
    """What can be insisted on."""
    from mwaa_wizard.session.model import Keep

    return get_args(Keep)


def keep_word(asset: str) -> str:
    """One of them in words."""
    return {"history": _("history"), "logs": _("logs"), "name": _("name"), "url": _("URL")}.get(asset, asset)


def _versions(_session: Session) -> list[Choice]:
    return [Choice(number, f"Python {python}" if python else "") for number, python in engine.creatable()]


def _check_version(session: Session, answer: Answer) -> list[str]:
    if not VERSION.fullmatch(str(answer)):
        return [_("An Airflow version is three numbers, like 2.11.2.")]
    if routing.begun(session) and answer != routing.wanted(session):
        return [routing.locked()]
    return []


def _routes(session: Session) -> list[Choice]:
    from mwaa_wizard.environments.routes.words import kind_words

    try:
        found = routing.routes(session).routes
    except WizardError:
        return [Choice(kind, kind_words(kind)) for kind in kinds()]  # type: ignore[arg-type]
    return [
        Choice(route.kind, kind_words(route.kind) + ("  (" + _("recommended") + ")" if route.recommended else ""),
               clean(route.blocked[0].text) if route.blocked else "")
        for route in found
    ]  # fmt: skip


def kinds() -> tuple[str, ...]:
    """The routes there are."""
    from mwaa_wizard.session.model import Route

    return get_args(Route)


def _check_route(session: Session, answer: Answer) -> list[str]:
    if answer not in kinds():
        return [_("Choose one of {names}.").format(names=listed(kinds()))]
    if routing.begun(session):
        return [] if answer == session.route else [routing.locked()]
    if not session.source.airflow_version or not routing.wanted(session):
        return []  # told when the page is left: what is blocked is not known yet
    try:
        route = routing.routes(session).of(str(answer))  # type: ignore[arg-type]
    except WizardError as problem:
        return [f"{problem.what} {problem.remedy}".strip()]
    return [_("Route {name} is blocked: {reason}").format(name=route.kind, reason=clean(one.text))
            for one in route.blocked]  # fmt: skip


def _assets(_session: Session) -> list[Choice]:
    return [Choice(asset, keep_word(asset)) for asset in keepable()]


def _check_keep(session: Session, answer: Answer) -> list[str]:
    chosen = list(answer) if isinstance(answer, list) else []
    if any(asset not in keepable() for asset in chosen):
        return [_("Choose one of {names}.").format(names=", ".join(keepable()))]
    if routing.begun(session) and set(chosen) != set(session.keep):
        return [routing.locked()]
    return []


def _write_keep(session: Session, answer: Answer) -> None:
    chosen = set(answer) if isinstance(answer, list) else set()
    session.keep = [asset for asset in keepable() if asset in chosen]  # type: ignore[misc]
