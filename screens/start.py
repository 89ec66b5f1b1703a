"""The first screen: go on with a saved session, keep the saved ones in order, or start something new."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from . import keymap
from .start_request import StartRequest
from .start_sessions import SessionKeeping, detail_of, lines_of, state_of, step_places
from .widgets.filter import Filtering
from .widgets.keys import Keys
from .widgets.mode import mode_words
from .widgets.notice import Notice
from .widgets.plain import Plain
from .widgets.too_small import cover

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session
    from mwaa_wizard.session.store import Listed

    from .app import WizardApp

NEW, DEMO, QUIT = "new", "demo", "quit"


class StartPage(SessionKeeping, Filtering, Screen[None]):
    """Paints before the session model is loaded; the list comes in from a thread a moment later."""

    LIST = "#start-list"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undelete", N_("bring back")),
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("d", "duplicate", N_("duplicate")),
        Binding("e", "rename", N_("rename")),
        Binding("x", "delete", N_("delete")),
        Binding("o", "export", N_("export")),
        Binding("escape", "clear_filter", N_("all again")),
        Binding("f1", "help", N_("help")),
        Binding("q", "app.quit", N_("quit"), show=False),
    ]

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"up": N_("choose"), "enter": N_("open")}

    class Read(Message):
        """The saved sessions were read from disk."""

        def __init__(self, listed: list[Listed], places: dict[str, str], problem: OSError | None = None) -> None:
            super().__init__()
            self.listed, self.places, self.problem = listed, places, problem

    def __init__(self, request: StartRequest) -> None:
        super().__init__()
        self._request = request
        self._listed: list[Listed] = []
        self.deleted: list[str] = []  # in this list, the last one first to come back
        self._places: dict[str, str] = {}  # id of a session that has run -> “9/14”, its step in the plan
        self.list_read = False

    @property
    def wizard(self) -> WizardApp:
        """The app, typed."""
        return cast("WizardApp", self.app)

    def compose(self) -> ComposeResult:
        from mwaa_wizard import __version__

        mode = mode_words(self.wizard.request.dry_run)
        head = Content.styled(f" {mode}", "bold $text-warning") if mode else Content(
            f" mwaa-wizard {__version__} · " + _("no identity yet")
        )
        yield Plain(head, id="identity")
        with Vertical(id="start"):
            yield Plain(_("Move an Apache Airflow to Amazon MWAA, with its history."), id="heading")
            yield OptionList(*self._options(), id="start-list", compact=True)
            yield Plain(id="start-detail")
            yield Notice()
            yield Plain(
                _("Nothing is changed in AWS before you confirm the plan. Every choice is saved at once; every "
                  "step can be resumed and undone."),
                id="start-promise",
            )  # fmt: skip
        yield Keys()

    def on_mount(self) -> None:
        self.query_one(OptionList).focus()
        self.query_one(OptionList).highlighted = 1
        self.call_after_refresh(self.read)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(cover(self, event.size.width, event.size.height), "-too-small")
        if self.list_read:
            self._show()

    def read(self) -> None:
        """Read the saved sessions in a thread: the model behind them takes longer to load than the screen."""

        def work() -> None:
            from mwaa_wizard.session import store

            try:
                listed = store.list_sessions()
                self.post_message(self.Read(listed, step_places(listed)))
            except OSError as problem:
                self.post_message(self.Read([], {}, problem))

        threading.Thread(target=work, name="read-sessions", daemon=True).start()

    def on_start_page_read(self, event: Read) -> None:
        self._listed, self._places, first_time = event.listed, event.places, not self.list_read
        self.list_read = True
        self._show(first=first_time)
        if event.problem is not None:
            self.refused(event.problem)
        if first_time and self._request.session_id and self._request is self.wizard.request:
            wanted, page = self._request.session_id, "run" if self._request.go_on else None
            self.wizard.go_on_once = self._request.go_on
            # Only once: coming back to the list must not open it again.
            self.wizard.request = replace(self._request, page="start", session_id=None, go_on=False)
            self._open(wanted, page)

    # The list

    def _options(self) -> list[Option]:
        rows: list[Option] = []
        now = dt.datetime.now(dt.UTC)
        shown = [one for one in self._listed if self._holds(one)]
        if self._listed:
            rows.append(Option(Content.styled(_("Continue"), "bold"), disabled=True))
            # Margins, indent, and the bar of a list that is longer than the screen.
            cells = max(40, self.app.size.width - 6 - 2 * (len(shown) > self.app.size.height - 16))
            states = [self._state(one.session) if one.session else "" for one in shown]
            lines = lines_of(shown, states, now, cells)
            rows += [
                Option(Content("  " + line), id=f"session:{one.id}") for one, line in zip(shown, lines, strict=True)
            ]
            if not shown:
                rows.append(Option(Content("  " + _("No session matches; esc shows all.")), disabled=True))
            rows.append(Option(" ", disabled=True))
        rows.append(Option(Content.styled(_("Start something new"), "bold"), disabled=True))
        rows.append(Option(Content("  " + _("Migrate an environment: to a new one, or to another version")), id=NEW))
        if not self._in_browser():
            rows.append(Option(Content("  " + _("Try it all in the sandbox (no AWS account needed)")), id=DEMO))
        rows.append(Option(" ", disabled=True))
        rows.append(Option(Content("  " + _("Quit")), id=QUIT))
        return rows

    def _in_browser(self) -> bool:
        from mwaa_wizard.commands.terminal import in_browser

        return in_browser()

    def _holds(self, listed: Listed) -> bool:
        if not self.is_mounted or not self.words:
            return True
        session = listed.session
        texts = [listed.id, listed.problem]
        if session is not None:
            texts += [session.title(), session.source.environment, session.target.environment, self._state(session)]
        return self.holds(*texts)

    def filtered(self) -> None:
        """What is typed above the list is another text."""
        self._show()

    def _state(self, session: Session) -> str:
        opened = self.wizard.opened
        if opened is not None and opened.session.id == session.id and opened.active_run is not None:
            return _("running: {step}").format(step=clean(session.last_result.step) or "…")
        return state_of(session, self._places.get(session.id, ""))

    def _show(self, *, first: bool = False) -> None:
        options = self.query_one(OptionList)
        before, place = options.highlighted_option, options.highlighted or 0
        options.clear_options()
        options.add_options(self._options())
        ids = [options.get_option_at_index(index).id for index in range(options.option_count)]
        sessions = [one.partition(":")[2] for one in ids if one and one.startswith("session:")]
        if sessions and (first or self.words or before is None):
            options.highlighted = ids.index(f"session:{self._to_resume(sessions)}")
        elif before is not None and before.id in ids:
            options.highlighted = ids.index(before.id)
        else:
            # What was marked is gone: the one that took its place, or the last session, or what is below.
            options.highlighted = min(place, len(sessions)) or 1
        if options.highlighted_option is None or options.highlighted_option.disabled:
            options.highlighted = ids.index(NEW)
        self._show_detail()
        self.refresh_bindings()

    def _to_resume(self, listed: list[str]) -> str:
        """The newest one that is not at its end; where all are, the newest."""
        done = ("verified", "undone")
        for one in self._listed:
            if one.id in listed and one.session is not None and one.session.last_result.state not in done:
                return one.id
        return listed[0]

    def _show_detail(self) -> None:
        detail = self.query_one("#start-detail", Plain)
        cells = max(40, self.app.size.width - 8)
        found = self.chosen_session()
        detail.say(detail_of(found.session, cells) if found is not None and found.session is not None else "")
        detail.display = bool(self._listed)

    def _chosen(self) -> str:
        option = self.query_one(OptionList).highlighted_option
        return (option.id or "") if option else ""

    def chosen_session(self) -> Listed | None:
        """The session that is marked, if one is."""
        wanted = self._chosen().partition(":")[2]
        return next((listed for listed in self._listed if wanted and listed.id == wanted), None)

    def on_option_list_option_highlighted(self) -> None:
        self._show_detail()
        self.refresh_bindings()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        chosen = event.option_id or ""
        if chosen == NEW:
            self._new()
        elif chosen == DEMO:
            self.wizard.exit(StartRequest.WANTS_DEMO, return_code=StartRequest.WANTS_DEMO)
        elif chosen == QUIT:
            self.wizard.quit_now(0)
        elif chosen.startswith("session:"):
            self._open(chosen.partition(":")[2])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.has_class("-too-small"):
            return False
        if action in ("duplicate", "rename", "export"):
            found = self.chosen_session()
            return found is not None and found.session is not None
        if action == "delete":
            return self.chosen_session() is not None
        if action == "undelete":
            return bool(self.deleted)
        if action == "filter":
            return bool(self._listed)
        if action == "clear_filter":
            return self.narrows
        return True

    # What can be done

    def _open(self, session_id: str, page: str | None = None) -> None:
        from mwaa_wizard.session import store

        try:
            self.wizard.open_session(store.load(session_id), page=page)
        except (WizardError, OSError) as problem:
            self.refused(problem)

    def _new(self) -> None:
        from mwaa_wizard.session.model import Connection, Session

        session = Session()
        for part in (session.source, session.target):
            part.connection = Connection(profile=self._request.profile, region=self._request.region or "")
        try:
            self.wizard.open_session(session)
        except (WizardError, OSError) as problem:
            self.refused(problem)

    def action_clear_filter(self) -> None:
        """All sessions again."""
        self.close_filter()

    def action_help(self) -> None:
        """What this program does, and the keys."""
        from .widgets.help import HelpModal

        words = [
            _("The wizard makes a new Amazon MWAA environment like your old one and moves its history, variables, "
              "connections and pools into it; or it changes the version of the one you have. Nothing is changed before "
              "the Review page is confirmed."),
            _("Every choice is saved at once: leave at any time and come back here."),
        ]  # fmt: skip
        keys = [(one.name, one.label) for one in keymap.working(self)]
        self.app.push_screen(HelpModal(_("Start"), words, keys))
