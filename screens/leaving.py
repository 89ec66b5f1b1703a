"""The ways out: how a run's end is remembered, quitting while one runs, and what is left after a crash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.errors import EXIT_RESUMABLE
from mwaa_wizard.front import engine
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
    """A migration runs: stay, stop at a safe point and quit, or quit at once."""
    from .widgets.confirm import Choose

    def answered(answer: str | None) -> None:
        run = app.opened.active_run if app.opened else None
        if answer == "s":
            if run is not None:
                run.stop()
            app.quit_now(EXIT_RESUMABLE)
        elif answer == "q":
            app.quit_now(EXIT_RESUMABLE)

    app.push_screen(
        Choose(
            _("A migration is running"),
            _(
                "Every finished step is in the journal. Stopping waits for a point where nothing is half-done; "
                "quitting at once is safe too: a resume looks at what is there and goes on."
            ),
            [
                ("k", _("keep running, stay here")),
                ("s", _("stop at the next safe point, then quit")),
                ("q", _("quit at once")),
            ],
        ),
        answered,
    )


def crash_words(problem: BaseException | None, opened: Opened | None) -> list[str]:
    """Write the crash file and return the lines for the terminal."""
    from mwaa_wizard.commands.crash import write_crash_file

    if problem is None:
        problem = RuntimeError("unknown")
    words = [
        _("mwaa-wizard itself failed ({kind}).").format(kind=type(problem).__name__),
        _("Details, without secrets: {path}").format(path=write_crash_file(problem)),
    ]
    if opened is not None:
        words.append(_("Your session is saved. Go on with: mwaa-wizard resume {id}").format(id=opened.session.id))
    return words
