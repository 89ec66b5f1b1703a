"""The ways out: how a run's end is remembered, quitting while one runs, and what is left after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.errors import EXIT_DONE, EXIT_RESUMABLE
from mwaa_wizard.front import engine, step_facts
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.front.runs import Run
    from mwaa_wizard.session.model import Session

    from .app import WizardApp


def remember_outcome(opened: Opened, run: Run) -> None:
    """Note in the session how its full run stands, for the list of sessions and for resume."""
    if run.kind != "full":
        return
    state, step = run.state.outcome, run.state.failed_step
    if state == "done":
        if run.state.undoing:
            opened.remember("undone")
        else:
            opened.remember("verified" if engine.verified(opened.session) else "differs")
    elif state in ("failed", "stopped"):
        opened.remember(state, step)


def export(session: Session) -> str:
    """Write a session to a file for others; says where, or why not."""
    from mwaa_wizard.front.words import shown_path
    from mwaa_wizard.session import export as exporting

    try:
        where = exporting.write(session)
    except OSError as problem:
        return _("It could not be written: {why}").format(why=clean(problem.strerror or problem))
    return _("Written, without account numbers and secrets: {path}").format(path=shown_path(where))


def words_on_leaving(session: Session) -> list[str]:
    """What the terminal says after the wizard is gone: the next command, by how the session stands."""
    state = session.last_result.state
    if state in ("verified", "differs"):
        return [
            _("Saved. Report: mwaa-wizard report {id}").format(id=session.id),
            _("To take it all back: mwaa-wizard undo {id}").format(id=session.id),
        ]
    if state:
        return [_("Saved. Go on with: mwaa-wizard resume {id}").format(id=session.id)]
    if not session.source.environment:
        return [_("Saved. Go on with: mwaa-wizard")]
    return [_("Saved. Go on with: mwaa-wizard, then choose {title}").format(title=clean(session.title()))]


def ask_before_quit(app: WizardApp) -> None:
    """A migration runs: go on watching, detach (stop at a safe point, then leave), or leave at once.

    A run does not go on without this process; what it set going in the environments does, and that is told.
    """
    from .widgets.leave_box import LeaveBox

    opened = app.opened
    run = opened.active_run if opened else None
    if run is None or opened is None or any(isinstance(screen, LeaveBox) for screen in app.screen_stack):
        return

    def answered(answer: str | None) -> None:
        if answer == "q" and not run.active:
            app.quit_now(EXIT_DONE)
        elif answer == "q":
            app.last_words += goes_on(opened, run)
            app.quit_now(EXIT_RESUMABLE)
        elif answer == "d":
            run.stop()
            leave_when_stopped(app, run)

    app.push_screen(LeaveBox(run, opened.session.id, lambda: goes_on(opened, run)), answered)


def goes_on(opened: Opened | None, run: Run) -> list[str]:
    """What the running step has set going in the environments, which goes on without the wizard."""
    step = run.state.current
    if opened is None or step is None or not step.busy or run.state.undoing:
        return []
    words = step_facts.while_away(opened.session, step.id)
    return [words] if words else []


def leave_when_stopped(app: WizardApp, run: Run) -> None:
    """Leave once the run has come to its safe point; the page shows meanwhile what is waited for."""
    words = goes_on(app.opened, run)

    def look() -> None:
        if not run.active:
            timer.stop()
            app.last_words += words
            app.quit_now(EXIT_RESUMABLE)

    timer = app.set_interval(0.1, look)


def crash_words(problem: BaseException | None, opened: Opened | None) -> list[str]:
    """Write the crash file and return the lines for the terminal."""
    from mwaa_wizard.commands.crash import whereabouts, write_crash_file

    if problem is None:
        problem = RuntimeError("unknown")
    try:
        path = write_crash_file(problem)
    except OSError as refused:
        path = _("none, it could not be written ({why})").format(why=clean(refused.strerror or refused))
    words = [
        _("mwaa-wizard itself failed ({kind}).").format(kind=type(problem).__name__),
        _("Details, without secrets: {path}").format(path=path),
    ]
    if opened is not None and opened.unsaved is None:
        words.append(_("Your session is saved. Go on with: mwaa-wizard resume {id}").format(id=opened.session.id))
    elif opened is not None and opened.unsaved is not None:
        words.append(_("Not saved: {why}.").format(why=clean(opened.unsaved.strerror or opened.unsaved)))
    words.append(whereabouts(opened.session.id if opened is not None else ""))
    return words
