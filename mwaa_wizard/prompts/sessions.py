"""The first question: go on with a saved session (the default), or start something new."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import flow
from mwaa_wizard.front.starting import new_session
from mwaa_wizard.front.words import ago
from mwaa_wizard.i18n import _

from .keeping import keep_sessions
from .talk import Back, Leave, Talk

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session
    from mwaa_wizard.session.store import Listed

NEW, DEMO, KEEP, QUIT, MORE = "new", "demo", "keep", "quit", "more"
_FEW = 9


@dataclass(frozen=True)
class Chosen:
    """What the list was answered with: a session, or `demo`: the sandbox is wanted."""

    session: Session | None = None
    demo: bool = False


def choose_session(talk: Talk, profile: str | None, region: str | None, *, sandbox: bool) -> Chosen:
    """Ask what to do. Raises Leave."""
    from mwaa_wizard.session import store

    everything = False
    while True:
        talk.heading(_("Move an Apache Airflow to Amazon MWAA, with its history."))
        listed = store.list_sessions()
        shown = listed if everything else listed[:_FEW]
        now = dt.datetime.now(dt.UTC)
        choices = [(one.id, _line(one, now)) for one in shown]
        if len(listed) > len(shown):
            choices.append((MORE, _("all {count} sessions").format(count=len(listed))))
        choices.append((NEW, _("Start a new migration: to a new environment, or to another version")))
        if not sandbox:
            choices.append((DEMO, _("Try it all in the sandbox (no AWS account needed)")))
        if listed or store.deleted():
            choices.append((KEEP, _("Rename, duplicate, export or delete a saved session, or bring one back")))
        choices.append((QUIT, _("Quit")))
        try:
            answer = talk.choose(_("What do you want to do"), choices, "start")
        except Back:
            raise Leave from None
        if answer == QUIT:
            raise Leave
        if answer == MORE:
            everything = True
        elif answer == KEEP:
            keep_sessions(talk)
        elif answer == DEMO:
            return Chosen(demo=True)
        elif answer == NEW:
            return Chosen(session=new_session(profile, region))
        else:
            try:
                return Chosen(session=store.load(answer))
            except WizardError as problem:
                talk.error(problem)


def _line(listed: Listed, now: dt.datetime) -> str:
    session = listed.session
    if session is None:
        return _("{id}: damaged. {why}").format(id=listed.id, why=listed.problem)
    title = session.title() if session.name or session.source.environment else _("New migration")
    return _("Go on with {title}: {state}, {when}").format(
        title=title, state=state_of(session), when=ago(session.updated_at, now)
    )


def state_of(session: Session) -> str:
    """Where a session stands, without signs."""
    result = session.last_result
    words = {
        "verified": _("verified"),
        "differs": _("done, verification found differences"),
        "undone": _("undone"),
        "failed": _("failed at step {step}"),
        "stopped": _("stopped at step {step}"),
        "running": _("cut off at step {step}"),
    }
    if result.state:
        return words[result.state].format(step=result.step or "…")
    return _("at page {page}").format(page=flow.title_of(session.page.name))
