"""What every wizard page is made of: identity, rail, body, reasons, keys, and the ways in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import flow, stale
from mwaa_wizard.i18n import N_, _

from .lookup import AFTER, Lookups
from .onward import Onward
from .widgets.body import Body
from .widgets.field import Field, Tick
from .widgets.heading import Heading
from .widgets.identity import Identity
from .widgets.keys import Keys
from .widgets.notice import Notice
from .widgets.plain import Plain
from .widgets.rail import Rail, RailPane
from .widgets.too_small import cover, too_small
from .widgets.why import Why

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.session.model import Session

    from .app import WizardApp

T = TypeVar("T")


class WizardPage(Onward):
    """Base of the pages. A page reads the session when it is shown and writes every change back at once."""

    PAGE: ClassVar[str] = ""
    RAIL: ClassVar[bool] = True
    # Each page sets its own focus. Textual's default is the first widget, the rail: a fast Enter would go there.
    AUTO_FOCUS: ClassVar[str | None] = ""
    # Keys that belong to the page's main widget (Textual hides those), with the word for the footer.
    WIDGET_KEYS: ClassVar[dict[str, str]] = {}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next", N_("next")),
        Binding("ctrl+n", "next", N_("next")),
        Binding("escape", "back", N_("back")),
        Binding("f5", "retry", N_("ask again")),
        Binding("f2", "rail", N_("pages")),
        Binding("f4", "command", N_("command")),
        Binding("f1", "help", N_("help")),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.next_note = ""
        self.lookups = Lookups(self)
        self._fresh = True
        self._stale = ""  # which earlier answers are others since the page was done
        # Kept, not looked for: they are asked for with every key and every answer.
        self._identity, self._notice, self._keys = Identity(), Notice(), Keys()
        self._rail, self._why, self._heading = RailPane(), Why(), Heading()
        self._focus_before: Widget | None = None

    @property
    def wizard(self) -> WizardApp:
        """The app, typed."""
        return cast("WizardApp", self.app)

    @property
    def opened(self) -> Opened:
        """The open session with all that belongs to it."""
        opened = self.wizard.opened
        assert opened is not None, "pages are shown for an open session only"
        return opened

    @property
    def session(self) -> Session:
        """The session the page edits."""
        return self.opened.session

    @property
    def notice(self) -> Notice:
        """The line at the bottom."""
        return self._notice

    @property
    def alive(self) -> bool:
        """Whether the page's widgets are there: events and answers also come while it is taken away."""
        # At the end they go one after the other.
        parts = (self, self._identity, self._notice, self._keys)
        return all(part.is_attached for part in parts) and self.wizard.opened is not None

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """As Textual has it, but what a page meant to do once it was drawn is not done where it was left before."""

        def still() -> object:
            return callback(*args, **kwargs) if self.alive else None

        return super().call_after_refresh(still)

    # What a page fills in

    def body(self) -> ComposeResult:
        """The page's own widgets."""
        yield from ()

    def heading(self) -> tuple[str, str]:
        """The question on the left, a short fact on the right."""
        return flow.title_of(self.PAGE), ""

    def why(self) -> list[str]:
        """Paragraphs for the pane on the right and for F1."""
        return []

    def help_keys(self) -> list[tuple[str, str]]:
        """Keys of the page that need more words than the footer has."""
        return []

    def fitted(self) -> None:
        """The body has another size, its first one too: make anew what is made for a width."""

    def on_body_sized(self, event: Body.Sized) -> None:
        event.stop()
        if self.alive:
            self.fitted()

    def entered(self) -> None:
        """The page is shown: fill the widgets from the session, start look-ups, set the focus."""

    def reasons(self) -> list[str]:
        """Why Next is refused; empty when it is not."""
        return self.field_problems() or flow.missing(self.PAGE, self.session)

    def field_problems(self) -> list[str]:
        """What is wrong in the fields that are shown, each said beside its field; the first one gets the focus."""
        wrong = [field for field in self.query(Field) if field.display and not field.disabled and field.take()]
        if wrong:
            wrong[0].line.focus()
        return list(dict.fromkeys(field.problem for field in wrong))

    def load_answers(self) -> None:
        """Show the session's answers in everything that is made of a question."""
        for one in (*self.query(Field), *self.query(Tick)):
            one.load()

    def on_field_entered(self, event: Field.Entered) -> None:
        """Enter on an answer that holds goes to the next field."""
        event.stop()
        self.focus_next()

    def leave(self, go: Callable[[], None]) -> None:
        """Called by Next when nothing is missing; pages with a last look-up call `go` when it has answered."""
        go()

    # Composition and size

    def compose(self) -> ComposeResult:
        # Before the widgets are there: a class that comes later styles all of them once more.
        self._size_classes(self.app.size.width, self.app.size.height)
        self._stale = stale.reason(self.PAGE, self.session)
        yield self._identity
        with Horizontal(id="frame"):
            if self.RAIL:
                yield self._rail
            with Vertical(id="main"):
                yield self._heading
                if self._stale:
                    yield Plain("↻ " + self._stale, id="stale-note")
                with Body():
                    yield from self.body()
                yield self._notice
            yield self._why
        yield self._keys

    def on_mount(self) -> None:
        if not self.alive:
            return  # the program ended while it was being made
        self._look_again()
        self.refresh_chrome()
        self.entered()
        self.app.call_later(self.begin)  # behind the focus that the page has just asked for
        self.call_after_refresh(self.wizard.tidy.page_shown)

    def _look_again(self) -> None:
        """What was told of earlier answers counts as looked at."""
        if self._stale:
            stale.looked(self.PAGE, self.session)
            self.opened.save()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        # Its widgets were styled as they were made; once more would cost a quarter of a page switch.
        if self._fresh:
            self._fresh, event.refresh_styles = False, False

    def on_resize(self, event: events.Resize) -> None:
        small = cover(self, event.size.width, event.size.height)
        if small:
            self._focus_before = self.focused or self._focus_before
        was_small = self.has_class("-too-small")
        self._size_classes(event.size.width, event.size.height)
        self.refresh_chrome()
        if was_small and not small and self._focus_before is not None:
            self.call_after_refresh(self._focus_before.focus)
            self._focus_before = None

    def _size_classes(self, columns: int, rows: int) -> None:
        self.set_class(too_small(columns, rows), "-too-small")
        self.set_class(columns >= 120, "-wide")
        self.set_class(rows < 20, "-short")

    def refresh_chrome(self) -> None:
        """Identity, rail, heading, reasons and keys as the session has them now."""
        self._identity.show(self.session)
        if self.RAIL:
            self._rail.rail.show(self.session, self.PAGE)
        self._show_heading()
        self._why.show(self.why())
        self.settle()
        self.refresh_bindings()

    def _show_heading(self) -> None:
        if self._heading.is_attached:  # else it was left before this was drawn
            self._heading.show(*self.heading())

    def save(self) -> None:
        """Write the session and show what follows from it; the page's notice goes back to quiet."""
        self.opened.save()
        self.refresh_chrome()

    # Ways in and out

    def action_next(self) -> None:
        """Go on, or say what is missing."""
        reasons = self.reasons()
        if reasons:
            self.notice.problems(reasons)
            self.wizard.bell()
            if not self.lookups.busy:
                self.answer()
            return
        self.leave(self.go_on)

    def go_on(self) -> None:
        """Mark this page done and open the next one."""
        done = self.session.page.done
        if self.PAGE not in done:
            self.session.page.done = [*done, self.PAGE]
        stale.looked(self.PAGE, self.session)
        following = flow.after(self.PAGE, self.session)
        if following:
            self.wizard.go_to(following)

    def action_back(self) -> None:
        """One page back; the first page goes back to the list of sessions."""
        earlier = flow.before(self.PAGE, self.session)
        if earlier:
            self.wizard.go_to(earlier)
        else:
            self.wizard.leave_session()

    def action_rail(self) -> None:
        """Move between the list of pages and the page."""
        rail = self._rail.rail
        if rail.has_focus:
            self.entered()
        else:
            rail.focus()

    def action_help(self) -> None:
        """Prose and keys of this page."""
        from .widgets.help import help_of

        self.wizard.push_screen(help_of(self))

    def action_command(self) -> None:
        """Show the command that does the same without a screen."""
        from mwaa_wizard.front.command_line import equivalent

        self.show_command(equivalent(self.PAGE, self.session))

    def show_command(self, command: str) -> None:
        """A command to copy, in a box."""
        from .widgets.command_box import CommandBox

        self.wizard.push_screen(CommandBox(flow.title_of(self.PAGE), self.session.id, command))

    def action_retry(self) -> None:
        """Ask again what failed."""
        self.lookups.retry()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.has_class("-too-small"):
            return False
        if action == "retry":
            return self.lookups.failed
        if action == "rail":
            return self.RAIL
        if action == "next":
            return self.wizard.opened is not None and flow.after(self.PAGE, self.session) is not None
        return True

    def on_rail_chosen(self, event: Rail.Chosen) -> None:
        self.wizard.go_to(event.page)

    def on_rail_left_out(self, event: Rail.LeftOut) -> None:
        self.notice.hint(event.reason)

    # Look-ups

    def look_up(
        self,
        what: str,
        call: Callable[[], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[WizardError], None] | None = None,
        quiet: bool = False,
    ) -> None:
        """Ask in a thread; `what` is the sentence shown meanwhile. A failure is shown here unless `quiet`; F5 asks
        again.
        """
        self.lookups.ask(what, call, cast(Callable[[Any], None], done), failed, quiet=quiet)
        if self.LOADED:
            self.set_timer(AFTER, self._hide_list)

    def empty(self) -> bool:
        """Whether the page's list waits for its first answer."""
        return False

    def _hide_list(self) -> None:
        if self.alive and self.lookups.busy and self.empty():
            self.query_one(self.LOADED).loading = True

    def _show_list(self) -> None:
        """The list is drawn again, and has the focus that it could not keep meanwhile."""
        if not self.LOADED or not self.query_one(self.LOADED).loading or (self.lookups.busy and self.empty()):
            return
        listed = self.query_one(self.LOADED)
        listed.loading = False
        if self.focused is None:
            listed.focus()
            self.app.call_later(self.begin)  # that focus may come later than the one of a page that was just mounted
        self.settle()

    def get_loading_widget(self) -> Widget:
        """What covers a list that waits for AWS: words, nothing that moves."""
        return Plain("⋯ " + _("asking …"), classes="quiet")

    def on_lookups_retrying(self, event: Lookups.Retrying) -> None:
        event.stop()
        if self.alive:
            self.lookups.retrying(event)

    def on_lookups_answered(self, event: Lookups.Answered) -> None:
        event.stop()
        if self.alive:
            self.lookups.answered(event)
            if self.alive:
                self._show_list()
