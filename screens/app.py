"""The App: owns the open session, its lock and its runs, and moves between pages."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from mwaa_wizard.errors import EXIT_DONE, EXIT_FAILED, EXIT_RESUMABLE, WizardError
from mwaa_wizard.front import engine, flow
from mwaa_wizard.i18n import N_, _

from . import asking, leaving, page_classes
from .signals import end_on_signals
from .start import StartPage
from .start_request import StartRequest
from .theme import THEME

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.front.runs import Run
    from mwaa_wizard.session.model import Session

    from .replay import Replay


class WizardApp(App[int]):
    """`opened` is the session being edited, None on the first screen. Pages are made anew each time they are shown."""

    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        "styles/frame.tcss", "styles/pages.tcss", "styles/boxes.tcss",
    ]  # fmt: skip
    TITLE = "mwaa-wizard"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", N_("quit"), priority=True),
    ]

    def __init__(self, request: StartRequest) -> None:
        super().__init__()
        self.request = request
        self.opened: Opened | None = None
        self.last_words: list[str] = []
        self.go_on_once = False
        self.replay: Replay | None = None
        self.register_theme(THEME)
        self.theme = THEME.name

    def on_mount(self) -> None:
        end_on_signals(self.end)
        self.push_screen(StartPage(self.request))
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        # What is loaded by now stays; without this, full collections over it cause visible hitches in the log pane.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 50, 100)
        self.set_interval(0.08, self._drain)
        if self.request.answers is not None:
            from .replay import TICK, Replay

            self.replay = Replay(self, self.request.answers)
            self.set_interval(TICK, self.replay.tick)

    # Sessions

    def open_session(self, session: Session, *, page: str | None = None) -> None:
        """Take the session's lock and show its page. Raises WizardError where it cannot be opened."""
        from mwaa_wizard.front.opened import Opened

        if self.opened is not None and self.opened.session.id == session.id:
            self.go_to(page or self.opened.session.page.name)
            return
        if self.opened is not None and self.opened.active_run is not None:
            raise WizardError(
                what=_("Another migration is running in this window: {title}").format(
                    title=self.opened.session.title()
                ),
                changed=_("Nothing was changed."),
                remedy=_("Open that one, stop it, or use a second terminal for this one."),
            )
        if self.request.reach is not None:
            self.request.reach(session)
        fresh = Opened.open(session)
        if self.opened is not None:
            self.opened.close()
        self.opened = fresh
        self.go_to(page or session.page.name)

    def leave_session(self) -> None:
        """Back to the list. A running migration goes on; its session stays open in this window."""
        if self.opened is not None and self.opened.active_run is None:
            self.opened.close()
            self.opened = None
        self.switch_screen(StartPage(self.request))

    # Pages

    def go_to(self, wanted: str) -> None:
        """Show a page, or the first one in front of it that misses something, and remember it for resume."""
        assert self.opened is not None
        session = self.opened.session
        page = flow.open_page(session, wanted)
        if session.page.name != page or not self.opened.saved_once:
            session.page.name = page
            self.opened.save()
        self.switch_screen(page_classes.page_class(page)())

    # The run

    def start_run(self, run: Run, *, undo: bool = False) -> None:
        """Start, resume or undo the open session's full run."""
        assert self.opened is not None
        session = self.opened.session
        self.opened.remember("running")
        run.start(lambda listener: engine.make_runner(session, run.kind, listener), undo=undo)

    def _drain(self) -> None:
        if self.opened is None:
            return
        for run in list(self.opened.runs.values()):
            if not run.active:
                continue
            before = run.state
            changes = run.drain()
            if changes and run.state.outcome != "running":
                leaving.remember_outcome(self.opened, run)
                self.bell()
            elif changes and run.kind == "full" and run.state.current != before.current:
                current = run.state.current
                if current is not None and current.id != self.opened.session.last_result.step:
                    self.opened.remember("running", current.id)
            if changes:
                # Not only the top: a box may lie over the page.
                for screen in self.screen_stack:
                    hook = getattr(screen, "run_changed", None)
                    if hook is not None and getattr(screen, "alive", False):
                        hook(run)
        asking.show(self, self.opened.runs.values())

    # Leaving

    async def action_quit(self) -> None:
        """Quit at once, or ask first while something runs."""
        if self.opened is not None and self.opened.active_run is not None:
            leaving.ask_before_quit(self)
            return
        self.quit_now(EXIT_DONE)

    def quit_now(self, code: int) -> None:
        """Leave with `code`, saying how to come back."""
        if self.opened is not None:
            self.last_words += leaving.words_on_leaving(self.opened.session)
        self.exit(code, return_code=code)

    def end(self, code: int) -> None:
        """A signal ends the program: ask the run to stop, give the terminal back."""
        if self.opened is not None and self.opened.active_run is not None:
            self.opened.active_run.stop()
        self.quit_now(code)

    def action_help_quit(self) -> None:
        """ctrl+c: copies or does nothing; it never ends a migration."""
        self.notify(_("ctrl+q quits; ctrl+c stops nothing."), markup=False, timeout=3)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: pages that can be opened, help, theme, quit."""
        if self.opened is not None:
            current = self.opened.session.page.name
            for mark in flow.marks(self.opened.session, current):
                if mark.open and mark.page != current:
                    title = _("Go to: {page}").format(page=flow.title_of(mark.page))
                    yield SystemCommand(title, mark.word, lambda page=mark.page: self.go_to(page))
            yield SystemCommand(_("Sessions"), _("Back to the list; everything is saved"), self.leave_session)
        if hasattr(screen, "action_help"):
            yield SystemCommand(_("Help"), _("Why this page asks, and its keys"), screen.action_help)
        yield SystemCommand(_("Theme"), _("Change the colours"), self.action_change_theme)
        yield SystemCommand(_("Quit"), _("Everything is saved; says how to go on"), self.action_quit)

    def _fatal_error(self) -> None:
        # Textual would print the values of local variables, secrets among them: write a redacted file instead.
        problem = sys.exc_info()[1] or self._exception
        self.last_words = leaving.crash_words(problem, self.opened)
        self._close_messages_no_wait()


def run_app(start: StartRequest) -> int:
    """Show the wizard until the user leaves and return the exit code (see `errors.py`; 128+n for signals)."""
    app = WizardApp(start)
    app.run(mouse=start.mouse)
    code = int(app.return_code or 0)
    if app.opened is not None:
        run = app.opened.active_run
        if run is not None and run.state.stopping:
            print(_("Stopping at the next safe point …"), file=sys.stderr, flush=True)
            run.join(30)
            run.drain()
            leaving.remember_outcome(app.opened, run)
            code = code or EXIT_RESUMABLE
        app.opened.close()
    for line in app.last_words:
        print(line, file=sys.stderr)
    return code if code != EXIT_FAILED or app.last_words else EXIT_FAILED
