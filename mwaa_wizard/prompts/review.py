"""Review: what will be done, as lines; the target's name, typed, starts it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from mwaa_wizard.front import engine, flow
from mwaa_wizard.front.words import account
from mwaa_wizard.i18n import _

from .asking import ask_page
from .talk import Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.session.model import Connection, Session

CONFIRM = "run.confirm"


def review_page(talk: Talk, opened: Opened) -> bool:
    """The last questions, the whole plan, and the typed name; whether the run is to start. Raises Back."""
    ask_page(talk, opened, "review")
    session = opened.session
    _say_plan(talk, session)
    missing = reasons(session)
    if missing:
        talk.problems(missing)
        talk.stop_here("review")
        return False
    return _confirmed(talk, session)


def _say_plan(talk: Talk, session: Session) -> None:
    from mwaa_wizard.environments.routes.words import kind_words

    source, target = session.source, session.target
    talk.heading(_("This is what will be done"))
    reached = target.airflow_version + (f" → {target.upgrade_to}" if session.route == "bridge" else "")
    talk.say(
        _("From: {name}").format(name=_place(f"{source.environment} {source.airflow_version}", source.connection)),
        _("To: {name}").format(name=_place(f"{target.environment} {reached}", target.connection)),
        _("Route: {name}").format(name=f"{session.route}: {kind_words(session.route)}"),
    )
    steps = engine.plan(session)
    for number, step in enumerate(steps, 1):
        talk.say(_("Step {number} of {count}: {title}").format(number=number, count=len(steps), title=step.title))
        talk.say(*(f"- {line}" for line in step.describe(session)))
    talk.say(_("The same without questions: {command}").format(command=f"mwaa-wizard run {session.id}"))


def _place(name: str, place: Connection) -> str:
    profile = place.profile or _("default credentials")
    return _("{name}, account {account}, region {region}, profile {profile}").format(
        name=name, account=account(place.account), region=place.region, profile=profile
    )


def reasons(session: Session) -> list[str]:
    """What is missing on the pages before."""
    found = []
    for page in itertools.takewhile(lambda one: one != "review", flow.shown(session)):
        found += [f"{flow.title_of(page)}: {reason}" for reason in flow.missing(page, session)]
    return found


def _confirmed(talk: Talk, session: Session) -> bool:
    name = session.target.environment
    prompt = _("To start, type the target's name, {name}; empty goes back to the pages").format(name=name)
    while True:
        if talk.answers is not None:
            if not talk.answers.start:
                talk.stop_here(CONFIRM)
                continue
            typed = talk.answers.confirm
            talk.say(f"{prompt}: {typed}")
        else:
            typed = talk.ask(prompt, CONFIRM)
        if not typed and talk.answers is None:
            return False
        if typed == name:
            return True
        talk.problems([_("That is not the target's name. It is {name}.").format(name=name)])
        talk.stop_here(CONFIRM)
