"""The App: owns the open session, its lock and its runs, and moves between pages."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.driver import Driver
from textual.screen import Screen
from textual.theme import Theme

from mwaa_wizard import preferences
from mwaa_wizard.errors import EXIT_DONE, EXIT_FAILED, EXIT_RESUMABLE, WizardError
from mwaa_wizard.front import engine, flow
from mwaa_wizard.i18n import N_, _, use_language
from mwaa_wizard.text import clean

from . import asking, drift, leaving, page_classes, palette, theme, unsaved
from .about import AboutBox
from .cursor import Following
from .signals import end_on_signals
from .start import StartPage
from .start_request import StartRequest
from .terminal_title import TerminalTitle
from .tidy import Tidy
from .widgets.notice import Notice

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.front.runs import Listener, Run, RunnerLike
    from mwaa_wizard.session.model import Session

    from .replay import Replay


class WizardApp(Following, App[int]):
    """`opened` is the session being edited, None on the first screen. Pages are made anew each time they are shown."""

    CSS_PATH: ClassVar[list[str]] = [  # type: ignore[assignment]
        "styles/frame.tcss", "styles/pages.tcss", "styles/boards.tcss", "styles/boxes.tcss",
    ]  # fmt: skip
    TITLE = "mwaa-wizard"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[Any]] = {lambda: palette.Commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", N_("quit"), priority=True),
    ]

    def __init__(self, request: StartRequest) -> None:
        super().__init__()
        self.request = request
        self.opened: Opened | None = None
        self._drafts: dict[str, dict[str, str]] = {}  # of each session that was open here: texts that are no answers
        self.last_words: list[str] = []
        self.go_on_once = False
        self.terminal_title = TerminalTitle(self)
        self.tidy = Tidy(self)
        self.replay: Replay | None = None
        self.drift: drift.Watch | None = None
        self._quits = False  # was told once that leaving would lose answers
        for own in theme.OWN.values():
            self.register_theme(own)
        self.theme = theme.chosen(request.theme, preferences.read().theme, self.available_themes)

    def on_mount(self) -> None:
        end_on_signals(self.end)
        self.push_screen(StartPage(self.request))
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        if not self.is_running:
            return  # a signal came first
        self.tidy.begin()
        self.set_interval(0.08, self._drain)
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        if self.request.answers is not None:
            from .replay import TICK, Replay

            self.replay = Replay(self, self.request.answers)
            self.set_interval(TICK, self.replay.tick)

    # Sessions

    def open_session(self, session: Session, *, page: str | None = None) -> None:
        """Take the session's lock and show its page. Raises WizardError where it cannot be opened."""
        from mwaa_wizard.front.opened import Opened
        from mwaa_wizard.session import drift as session_drift

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
        fresh.drafts = self._drafts.setdefault(session.id, fresh.drafts)
        if self.opened is not None:
            self.opened.close()
        self.opened, self._quits = fresh, False
        fresh.on_unsaved = partial(unsaved.tell, self)
        go_on, self.go_on_once = self.go_on_once, False
        if session_drift.due(session, dt.datetime.now(dt.UTC)):
            # Nothing goes on by itself before it was shown what changed.
            self.go_to(page if page and not go_on else session.page.name)
            self.drift = drift.Watch(self, session, partial(self._go_on, page, go_on))
            return
        self._go_on(page or session.page.name, go_on)

    def _go_on(self, page: str | None, go_on: bool) -> None:
        self.drift = None
        self.go_on_once = go_on
        if self.opened is not None and page is not None:
            self.go_to(page)

    def leave_session(self) -> None:
        """Back to the list. A running migration goes on; its session stays open in this window."""
        if self.opened is not None and self.opened.active_run is None:
            if unsaved.keeps(self, self.opened):
                return
            self.opened.close()
            self.opened = None
        self.drift = None
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
        if not self.request.dry_run:
            before = session.last_result
            self.opened.remember("running")
            if self.opened.unsaved is not None:
                session.last_result = before
                unsaved.not_begun(self, self.opened.unsaved)
                return

        from mwaa_wizard.front.dry import DryRunner

        def make(listener: Listener) -> RunnerLike:
            runner = engine.make_runner(session, run.kind, listener)
            return DryRunner(runner) if self.request.dry_run else runner

        run.start(make, undo=undo)

    def _drain(self) -> None:
        if self.drift is not None:
            self.drift.tick()
        if self.opened is None:
            return
        for run in list(self.opened.runs.values()):
            if not run.active:
                continue
            changes = run.drain()
            if changes and not self.request.dry_run:
                self._note(run)
            if changes:
                self.terminal_title.tell(run)
                # Not only the top: a box may lie over the page.
                for screen in self.screen_stack:
                    hook = getattr(screen, "run_changed", None)
                    if hook is not None and getattr(screen, "alive", False):
                        hook(run)
        asking.show(self, self.opened.runs.values())

    def _note(self, run: Run) -> None:
        """Keep how the migration stands, and ring where the run has ended. A dry run changes nothing of either."""
        assert self.opened is not None
        current = run.state.current
        if run.state.outcome != "running":
            leaving.remember_outcome(self.opened, run)
            self.bell()
        elif run.kind == "full" and current is not None and current.id != self.opened.session.last_result.step:
            self.opened.remember("running", current.id)

    # Leaving

    async def action_quit(self) -> None:
        """Quit at once, or ask first while something runs."""
        if self.opened is not None and self.opened.active_run is not None:
            leaving.ask_before_quit(self)
            return
        if self.opened is not None and not self._quits and unsaved.keeps(self, self.opened):
            self._quits = True
            return
        self.quit_now(EXIT_DONE)

    def quit_now(self, code: int) -> None:
        """Leave with `code`, saying how to come back."""
        if self.opened is not None:
            lost = unsaved.words(self.opened)
            self.last_words += lost or leaving.words_on_leaving(self.opened.session)
            code = code or (EXIT_FAILED if lost else EXIT_DONE)
        self.terminal_title.give_back()
        self.exit(code, return_code=code)

    def end(self, code: int) -> None:
        """A signal ends the program: ask the run to stop, give the terminal back."""
        if self.opened is not None and self.opened.active_run is not None:
            self.opened.active_run.stop()
        self.quit_now(code)

    def action_help_quit(self) -> None:
        """ctrl+c: copies or does nothing; it never ends a migration."""
        self.notify(_("ctrl+q quits; ctrl+c stops nothing."), markup=False, timeout=3)

    # What works everywhere (palette.py lists it)

    def action_command_palette(self) -> None:
        """Every command by name."""
        if self.use_command_palette and not CommandPalette.is_open(self):
            self.push_screen(palette.palette())

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What works now: on the page, and everywhere."""
        return palette.commands(self, screen)

    def action_about(self) -> None:
        """Version, paths, terminal."""
        from mwaa_wizard.front.about import facts

        session_id = self.opened.session.id if self.opened else ""
        lines = facts(session_id, self.size.width, self.size.height, theme.short_name(self.theme))
        self.push_screen(AboutBox(_("About"), lines))

    def action_paths(self) -> None:
        """Where everything lies."""
        from mwaa_wizard.front.about import places

        self.push_screen(AboutBox(_("Paths"), places()))

    def action_export(self) -> None:
        """The open session as a file for others."""
        if self.opened is not None:
            self.tell(leaving.export(self.opened.session))

    async def run_action(self, *args: Any, **kwargs: Any) -> bool:
        """As Textual has it; a key whose doing this machine refuses (a full disk) says so, and the wizard goes on."""
        try:
            return await super().run_action(*args, **kwargs)
        except OSError as problem:
            self.notify(unsaved.refused(problem), markup=False, timeout=12, severity="error")
            return True

    def tell(self, text: str, *, good: bool = True) -> None:
        """A word that is not of the page, on its last line; in a corner where a box is open. Never read as markup."""
        for notice in self.screen.query(Notice):
            if good:
                notice.good(text)
            else:
                notice.problems([text])
            return
        self.notify(text, markup=False, timeout=8, severity="information" if good else "error")

    def mark_production(self, side: str, yes: bool) -> None:
        """Remember whether a side's account is production, and show it."""
        assert self.opened is not None
        session = self.opened.session
        connection = session.source.connection if side == "source" else session.target.connection
        with self._settings():
            preferences.mark_production(connection.account, yes)
        self.go_to(session.page.name)

    def get_driver_class(self) -> type[Driver]:
        """A driver that survives its terminal."""
        found = super().get_driver_class()
        if sys.platform == "win32":
            return found
        from .terminal_driver import surviving  # imports what Windows has not

        return surviving(found)

    def use_theme(self, name: str) -> None:
        """One of our own themes, from now on."""
        self.theme = theme.OWN[name].name

    def _keep_theme(self, now: Theme) -> None:
        # What was asked for on the command line or by a variable is for this time only, until the user chooses here.
        with self._settings():
            preferences.change(theme=theme.short_name(now.name))

    def speak(self, code: str) -> None:
        """Another language, from now on: the page is made anew."""
        with self._settings():
            preferences.change(language=code)
        use_language(code)
        if self.opened is not None:
            self.go_to(self.opened.session.page.name)
        else:
            self.switch_screen(StartPage(self.request))

    @contextmanager
    def _settings(self) -> Iterator[None]:
        """A settings file that cannot be written is told; what was chosen holds for this window."""
        try:
            yield
        except OSError as problem:
            told = _("The settings could not be kept: {why}").format(why=clean(problem.strerror or problem))
            self.tell(told, good=False)

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
    with suppress(OSError):  # the terminal may be what ended it
        for line in app.last_words:
            print(line, file=sys.stderr)
        sys.stderr.flush()
    return code if code != EXIT_FAILED or app.last_words else EXIT_FAILED
