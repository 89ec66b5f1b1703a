"""What comes when the run has ended: the report, and what can be done next, numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front import engine, flow, mending, step_facts, support
from mwaa_wizard.front.verdict import verdict
from mwaa_wizard.front.words import kind_word, shown_path
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from . import running
from .talk import GoTo, Leave, Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.front.run_state import RunState


def run_page(talk: Talk, opened: Opened, *, start: bool) -> bool:
    """Run, or go on, until it is done; whether the pages after it follow. Raises Leave."""
    state = opened.run("full").state
    if not start and state.outcome in ("done", ""):
        if state.outcome == "":
            talk.say(_("Not started: that is done on the page Review."))
        return state.outcome == "done" and not state.undoing
    while True:
        if start:
            state = running.run(talk, opened)
        if state.outcome == "done":
            return True
        start = _ended(talk, opened, state)
        if not start:
            return False


def _ended(talk: Talk, opened: Opened, state: RunState) -> bool:
    """What follows a run that failed or stopped; whether to run again."""
    session = opened.session
    command = f"mwaa-wizard resume {session.id}"
    if state.cut_off:
        talk.say(_("The wizard was ended in the middle of a step. Going on looks at what is there first."))
    elif state.outcome == "stopped":
        talk.say(_("Stopped at a safe point. Nothing is half-done."))
    talk.say(_("Go on later with: {command}").format(command=command))
    if talk.answers is not None and talk.answers.start:
        raise Leave(running.exit_code(opened, state.error))
    page = mending.page_for(state.error, state.failed_step, session) if state.error is not None else ""
    missed = step_facts.skippable(session, state.failed_step) if state.outcome == "failed" else ""
    ways = [("again", _("go on from there (retry)"))]
    if page:
        ways.append(("edit", _("page {page}, to change an answer, then retry").format(page=flow.title_of(page))))
    if missed:
        ways.append(("skip", _("leave this step out and go on: {missed}").format(missed=missed)))
    ways += [
        ("pages", _("back to the pages")),
        ("undo", _("undo everything that it made or changed")),
        ("support", _("write a support bundle, without secrets")),
        ("quit", _("quit; everything is saved")),
    ]
    while True:
        way = talk.choose(_("What now"), ways, default=1)
        if way != "support":
            break
        talk.say(*support.listed(session))
        if talk.yes(_("Write it? Nothing is sent anywhere.")):
            talk.say(_("Saved to {path}").format(path=shown_path(support.write(session))))
    if way == "quit":
        raise Leave
    if way == "edit":
        raise GoTo(page)
    if way == "undo":
        undo(talk, opened)
        return False
    if way == "skip":
        step_facts.leave_out(session, state.failed_step, out=True)
    return way in ("again", "skip")


def undo(talk: Talk, opened: Opened) -> None:
    """Ask, then take back everything the journal says was made or changed."""
    made = engine.made_things(opened.session)
    talk.heading(_("The journal lists what was made or changed:"))
    talk.say(*([f"- {kind_word(kind)}: {name}" for kind, name in made] or [_("(nothing)")]))
    if _agreed(talk, next((name for kind, name in made if kind == "environment"), "")):
        state = running.run(talk, opened, undo=True)
        if state.outcome == "done":
            talk.say(_("Everything is undone."))


def _agreed(talk: Talk, gone: str) -> bool:
    """Whether all of it is to be undone. `gone`: the environment that is deleted with it, whose name is typed."""
    if not gone:
        return talk.yes(_("Undo all of it?"))
    talk.say(_("The target environment made by it is deleted."))
    while typed := talk.ask(_("To undo all of it, type {name}; empty leaves it as it is").format(name=clean(gone))):
        if typed == gone:
            return True
        talk.problems([_("Nothing was done: the name is {name}.").format(name=clean(gone))])
    return False


def summary_page(talk: Talk, opened: Opened) -> None:
    """The report as text, where its files lie, what to do next."""
    session = opened.session
    found = engine.report(session, 100)
    talk.say(verdict(session, found))
    talk.raw(found.text.replace("─", "-").rstrip())
    for path in found.files:
        talk.say(_("Report: {path}").format(path=shown_path(path)))
    talk.say(*(_("Next: {what}").format(what=line) for line in found.next))
    command = f"mwaa-wizard undo {session.id}"
    if not any(command in line for line in found.next):
        talk.say(_("To take it all back: {command}").format(command=command))
