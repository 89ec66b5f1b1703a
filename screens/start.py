"""The first screen: go on with a saved session, or start something new."""

from __future__ import annotations

import datetime as dt
import threading
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
from mwaa_wizard.front.words import ago, shorten
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean, fit

from .start_request import StartRequest
from .widgets.keys import Keys
from .widgets.notice import Notice
from .widgets.plain import Plain
from .widgets.too_small import TooSmall, too_small

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session
    from mwaa_wizard.session.store import Listed

    from .app import WizardApp

NEW, DEMO, QUIT = "new", "demo", "quit"


class StartPage(Screen[None]):
    """Paints before the session model is loaded; the list comes in from a thread a moment later."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "duplicate", N_("duplicate")),
        Binding("x", "delete", N_("delete")),
        Binding("f1", "help", N_("help")),
        Binding("q", "app.quit", N_("quit"), show=False),
    ]

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"up": N_("choose"), "enter": N_("open")}

    class Read(Message):
        """The saved sessions were read from disk."""

        def __init__(self, listed: list[Listed]) -> None:
            super().__init__()
            self.listed = listed

    def __init__(self, request: StartRequest) -> None:
        super().__init__()
        self._request = request
        self._listed: list[Listed] = []
        self.list_read = False

    @property
    def wizard(self) -> WizardApp:
        """The app, typed."""
        return cast("WizardApp", self.app)

    def compose(self) -> ComposeResult:
        from mwaa_wizard import __version__

        yield TooSmall()
        yield Plain(f" mwaa-wizard {__version__} · " + _("no identity yet"), id="identity")
        with Vertical(id="start"):
            yield Plain(_("Move an Apache Airflow to Amazon MWAA, with its history."), id="heading")
            yield OptionList(*self._options(), id="start-list", compact=True)
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
        small = too_small(event.size.width, event.size.height)
        if small:
            self.query_one(TooSmall).show(event.size.width, event.size.height)
        self.set_class(small, "-too-small")
        if self.list_read:
            self._show()

    def read(self) -> None:
        """Read the saved sessions in a thread: the model behind them takes longer to load than the screen."""

        def work() -> None:
            from mwaa_wizard.session import store

            self.post_message(self.Read(store.list_sessions()))

        threading.Thread(target=work, name="read-sessions", daemon=True).start()

    def on_start_page_read(self, event: Read) -> None:
        self._listed, first_time, self.list_read = event.listed, not self.list_read, True
        self._show(first=first_time)
        if first_time and self._request.session_id and self._request is self.wizard.request:
            wanted, page = self._request.session_id, "run" if self._request.go_on else None
            self.wizard.go_on_once = self._request.go_on
            # Only once: coming back to the list must not open it again.
            self.wizard.request = StartRequest(
                profile=self._request.profile, region=self._request.region, reach=self._request.reach
            )
            self._open(wanted, page)

    # The list

    def _options(self) -> list[Option]:
        rows: list[Option] = []
        if self._listed:
            rows.append(Option(Content.styled(_("Continue"), "bold"), disabled=True))
            now = dt.datetime.now(dt.UTC)
            rows += [
                Option(Content(self._line(listed, now)), id=f"session:{listed.id}") for listed in self._listed
            ]
            rows.append(Option(" ", disabled=True))
        rows.append(Option(Content.styled(_("Start something new"), "bold"), disabled=True))
        rows.append(Option(Content("  " + _("Migrate an environment: to a new one, or to another version")), id=NEW))
        rows.append(Option(Content("  " + _("Try it all in the sandbox (no AWS account needed)")), id=DEMO))
        rows.append(Option(" ", disabled=True))
        rows.append(Option(Content("  " + _("Quit")), id=QUIT))
        return rows

    def _line(self, listed: Listed, now: dt.datetime) -> str:
        cells = max(40, self.app.size.width - 8)
        session = listed.session
        if session is None:
            return "  " + shorten(f"{listed.id}  ✘ {clean(listed.problem)}", cells)
        title = clean(session.title()) if session.name or session.source.environment else _("New migration")
        when = ago(session.updated_at, now)
        return f"  {fit(title, cells - 30)} {fit(self._state(session), 18)} {fit(when, 10)}"

    def _state(self, session: Session) -> str:
        opened = self.wizard.opened
        if opened is not None and opened.session.id == session.id and opened.active_run is not None:
            return _("running: {step}").format(step=clean(session.last_result.step) or "…")
        return state_of(session)

    def _show(self, *, first: bool = False) -> None:
        options = self.query_one(OptionList)
        before = options.highlighted_option.id if options.highlighted_option else None
        options.clear_options()
        options.add_options(self._options())
        wanted = f"session:{self._listed[0].id}" if first and self._listed else before
        try:
            options.highlighted = options.get_option_index(wanted or NEW)
        except Exception:
            options.highlighted = 1
        self.refresh_bindings()

    def _chosen(self) -> str:
        option = self.query_one(OptionList).highlighted_option
        return (option.id or "") if option else ""

    def _chosen_session(self) -> Listed | None:
        wanted = self._chosen().partition(":")[2]
        return next((listed for listed in self._listed if wanted and listed.id == wanted), None)

    def on_option_list_option_highlighted(self) -> None:
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
        if action == "duplicate":
            found = self._chosen_session()
            return found is not None and found.session is not None
        if action == "delete":
            return self._chosen_session() is not None
        return True

    # What can be done

    def _open(self, session_id: str, page: str | None = None) -> None:
        from mwaa_wizard.session import store

        try:
            self.wizard.open_session(store.load(session_id), page=page)
        except WizardError as problem:
            self.query_one(Notice).error(problem, retry=False)

    def _new(self) -> None:
        from mwaa_wizard.session.model import Connection, Session

        session = Session()
        for part in (session.source, session.target):
            part.connection = Connection(profile=self._request.profile, region=self._request.region or "")
        try:
            self.wizard.open_session(session)
        except WizardError as problem:
            self.query_one(Notice).error(problem, retry=False)

    def action_duplicate(self) -> None:
        """A new session with the same choices and an empty journal."""
        found = self._chosen_session()
        if found is None or found.session is None:
            return
        from mwaa_wizard.session.copying import duplicate

        duplicate(found.session)
        self.query_one(Notice).good(_("Duplicated: same choices, nothing run yet."))
        self.read()

    def action_delete(self) -> None:
        """Ask, then delete the session's file; its journal stays on disk."""
        from .widgets.confirm import Confirm

        found = self._chosen_session()
        if found is None:
            return
        title = found.session.title() if found.session else found.id
        text = _("Deletes the choices of {title}. What was made in AWS stays, and so does the journal.")

        def answered(answer: str | None) -> None:
            if answer == "y":
                self._delete(found.id)

        self.app.push_screen(
            Confirm(_("Delete this session?"), text.format(title=clean(title)), _("delete"), _("keep it")),
            answered,
        )

    def _delete(self, session_id: str) -> None:
        from mwaa_wizard.session import store

        lock = store.Lock(session_id)
        try:
            lock.acquire()
        except WizardError as problem:
            self.query_one(Notice).error(problem, retry=False)
            return
        store.delete(session_id)
        lock.release()
        self.query_one(Notice).good(_("Deleted."))
        self.read()

    def action_help(self) -> None:
        """What this program does, and the keys."""
        from .widgets.help import HelpModal

        words = [
            _("The wizard makes a new Amazon MWAA environment like your old one and moves its history, variables, "
              "connections and pools into it; or it changes the version of the one you have. Nothing is changed before "
              "the Review page is confirmed."),
            _("Every choice is saved at once: leave at any time and come back here."),
        ]  # fmt: skip
        keys = [(name, label) for _key, name, label in self.query_one(Keys).pairs()]
        self.app.push_screen(HelpModal(_("Start"), words, keys))


def state_of(session: object) -> str:
    """Where a session stands, in a few words: the step of a run, its outcome, or the page reached."""
    from mwaa_wizard.front.flow import title_of
    from mwaa_wizard.session.model import Session

    assert isinstance(session, Session)
    result = session.last_result
    words = {
        "verified": _("verified ✔"),
        "differs": _("done, differences"),
        "undone": _("undone"),
        "failed": _("failed: {step}"),
        "stopped": _("stopped: {step}"),
        "running": _("cut off: {step}"),
    }
    if result.state:
        return words[result.state].format(step=clean(result.step) or "…")
    return title_of(session.page.name)
