"""Route: the version to reach, what must be kept, and every way there with what survives, time and cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Input, OptionList, Select
from textual.widgets.option_list import Option

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import questions, route_text, routing
from mwaa_wizard.front.question import give
from mwaa_wizard.front.question import problems as problems_of
from mwaa_wizard.front.questions.route import keep_word, keepable
from mwaa_wizard.i18n import N_, _, listed
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean

from .page import WizardPage
from .widgets.field import Pick
from .widgets.filter import Filtering
from .widgets.line import Line
from .widgets.marks import Check
from .widgets.pane import Pane
from .widgets.plain import Plain
from .widgets.row import Row
from .widgets.toned import Toned
from .widgets.why import Why

if TYPE_CHECKING:
    from mwaa_wizard.environments.routes.model import Route, Routes

_OTHER = "other"


class RoutePage(Filtering, WizardPage):
    """All of it follows from the session and the planner; only the highlighted line is the page's own."""

    PAGE = "route"
    LIST = "#routes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "version", N_("version")),
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("pagedown", "page(1)", N_("read on"), key_display="pgdn", priority=True),
        Binding("pagedown", "page(0)", show=False, priority=True),  # read to its end: not a key of the list meanwhile
        Binding("pageup", "page(-1)", N_("read back"), show=False, priority=True),
    ]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("choose")}

    def __init__(self) -> None:
        super().__init__()
        self._found: Routes | None = None
        self._listed: list[Route] = []  # those that the filter leaves
        self._filling = True

    def body(self) -> ComposeResult:
        with Row(_("Version")):
            yield Pick("route.version", self._versions(), id="version")
            asked = questions.must("route.version")
            yield Line(
                id="other", placeholder=asked.hint, restrict=asked.restrict, longest=asked.longest, classes="short"
            )
        with Row(_("Keep"), classes="spaced", id="keep-row"):
            for asset in keepable():
                yield Check(keep_word(asset), id=f"keep-{asset}")
        yield Toned(id="routes", compact=True)
        with Pane(id="route-pane", can_focus=False):
            yield Plain(id="route-facts")

    def heading(self) -> tuple[str, str]:
        source = self.session.source
        return _("Which version, and by which way?"), f"{clean(source.environment)} {clean(source.airflow_version)}"

    def why(self) -> list[str]:
        route = self._highlighted()
        told = route_text.reasons(self._found, route) if self._found and route else []
        return [
            _("Every way from this source to that version, the recommended first. What must be kept changes the order "
              "only; nothing is changed by choosing."),
            _("The same in a shell: {command}").format(command=routing.command(self.session)),
            *told,
        ]  # fmt: skip

    def help_keys(self) -> list[tuple[str, str]]:
        return [("shift+tab", _("to what must be kept, and to the version"))]

    # Filling

    @staticmethod
    def _versions() -> list[tuple[Content, str]]:
        choices = questions.must("route.version").choices
        listed = choices(Session()) if choices is not None else ()
        return [
            *((Content(f"{one.value}  {one.words}".rstrip()), one.value) for one in listed),
            (Content(_("other …")), _OTHER),
        ]

    def entered(self) -> None:
        session = self.session
        if questions.suggest(self.PAGE, session):
            self.opened.save()
        version = routing.wanted(session)
        select: Select[str] = self.query_one("#version", Select)
        self._filling = True
        known = any(version == value for _words, value in self._versions())
        select.value = version if known else _OTHER
        self.query_one("#other", Input).value = version
        self.query_one("#other").display = not known
        for asset in keepable():
            self.query_one(f"#keep-{asset}", Checkbox).value = asset in session.keep
        begun = routing.begun(self.session)
        for name in ("#version", "#other", *(f"#keep-{asset}" for asset in keepable())):
            self.query_one(name).disabled = begun
        self.call_after_refresh(self._filled)
        self._plan(choose=True)
        self.query_one("#routes").focus()

    def _filled(self) -> None:
        self._filling = False
        if routing.begun(self.session):
            self.notice.hint(routing.locked())

    def _decided(self) -> bool:
        done = self.session.page.done
        return self.PAGE in done or "target" in done

    def _plan(self, *, choose: bool = False) -> None:
        """Ask the planner again; `choose`: highlight the chosen route, or else the recommended one."""
        before = None if choose else self._highlighted()
        options = self.query_one("#routes", OptionList)
        try:
            self._found = routing.routes(self.session)
        except WizardError as problem:
            self._found = None
            options.clear_options()
            self.query_one("#route-facts", Plain).say("")
            self.notice.error(problem, retry=False)
            self.refresh_chrome()
            return
        self._listed = [
            route for route in self._found.routes
            if self.holds(route_text.line(route, 200, chosen=False))
        ]  # fmt: skip
        self._show_lines()
        kinds = [route.kind for route in self._listed]
        chosen, first = self._found.of(self.session.route), self._found.routes[0].kind
        wanted = before.kind if before else self.session.route if self._decided() and chosen.possible else first
        if kinds:
            options.highlighted = kinds.index(wanted) if wanted in kinds else 0
        self._show_facts()
        if not kinds:
            self.notice.hint(_("Nothing matches; esc shows all again."))
        elif self._decided() and not chosen.possible:
            said = _("Route {name}, chosen before, is blocked now: choose another.")
            self.notice.hint(said.format(name=chosen.kind))
        elif not routing.begun(self.session):
            self.notice.hint()
        self.refresh_chrome()

    def _show_lines(self) -> None:
        options = self.query_one("#routes", OptionList)
        highlighted = options.highlighted
        cells = max(30, options.size.width or self.size.width - 18)
        options.clear_options()
        for route in self._listed if self._found else ():
            chosen = self._decided() and route.kind == self.session.route
            text = route_text.line(route, cells, chosen=chosen)
            style = "$text" if route.possible else "$text-muted"
            options.add_option(Option(Content.styled(text, style), id=route.kind))
        options.highlighted = highlighted

    def _highlighted(self) -> Route | None:
        index = self.query_one("#routes", OptionList).highlighted if self.is_mounted else None
        return self._listed[index] if self._found and index is not None and index < len(self._listed) else None

    def _show_facts(self) -> None:
        route = self._highlighted()
        pane = self.query_one("#route-pane")
        if self._found is None or route is None:
            return
        cells = max(30, pane.size.width - 2)
        self.query_one("#route-facts", Plain).say("\n".join(route_text.facts(self._found, route, cells)))
        pane.scroll_home(animate=False)
        self.query_one(Why).show(self.why())
        self.call_after_refresh(self.refresh_bindings)  # what there is to read on is known once it is laid out

    def fitted(self) -> None:
        if self._found is not None:
            self._show_lines()
            self._show_facts()

    # What the user does

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_list.id == "routes":
            self._show_facts()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_list.id != "routes" or self._found is None:
            return
        event.stop()
        if self._take(self._listed[event.option_index]):
            self.action_next()

    def on_select_changed(self, event: Select.Changed) -> None:
        if self._filling or event.value is Select.NULL:
            return
        other = self.query_one("#other", Input)
        other.display = event.value == _OTHER
        if event.value == _OTHER:
            other.focus()
        else:
            self._want(str(event.value))
            self.query_one("#routes").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input.id != "other":
            return
        if self._want(event.value.strip()) and self._found is not None:
            self.query_one("#routes").focus()

    def on_input_blurred(self, event: Input.Blurred) -> None:
        if event.input.id == "other" and event.input.display:
            self._want(event.value.strip())

    def _want(self, version: str) -> bool:
        """Take a version; False where it is none, which is said."""
        if self._filling or not version or version == routing.wanted(self.session):
            return True
        problems = give(self.session, questions.must("route.version"), version)
        if problems:
            self.notice.problems(problems)
            return False
        self.query_one("#other", Input).value = version
        self.opened.save()
        self._plan(choose=True)
        return True

    def filtered(self) -> None:
        self._plan()

    def action_back(self) -> None:
        """Out of the filter first, then a page back."""
        if not self.close_filter():
            super().action_back()

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        if self._filling:
            return
        kept = [asset for asset in keepable() if self.query_one(f"#keep-{asset}", Checkbox).value]
        give(self.session, questions.must("route.keep"), kept)
        self.opened.save()
        self._plan(choose=True)

    def _take(self, route: Route) -> bool:
        if routing.begun(self.session) and route.kind != self.session.route:
            self.notice.problems([routing.locked()])
            return False
        if not route.possible:
            self.notice.problems([clean(reason.text) for reason in route.blocked])
            self.wizard.bell()
            return False
        if routing.begun(self.session):
            return True
        forgotten = routing.choose(self.session, route.kind)
        if self.PAGE not in self.session.page.done:
            self.session.page.done = [*self.session.page.done, self.PAGE]
        self.save()
        self._show_lines()
        if forgotten:
            # The page is left at once: said where it is read.
            self.wizard.notify(
                _("These edits were for a new environment and are forgotten: {names}").format(
                    names=listed(forgotten)
                ),
                markup=False,
            )
        return True

    def action_version(self) -> None:
        """To the version, with its list open."""
        select: Select[str] = self.query_one("#version", Select)
        if not select.disabled:
            select.focus()
            select.action_show_overlay()

    def action_page(self, direction: int) -> None:
        """Scroll the facts: the list keeps the focus."""
        pane = self._read()
        if direction > 0:
            pane.scroll_page_down(animate=False)
        elif direction < 0:
            pane.scroll_page_up(animate=False)
        self.call_after_refresh(self.refresh_bindings)

    def _read(self) -> Widget:
        """What is read with the two keys: the facts, or the reasons beside them where those are all in sight."""
        pane = self.query_one("#route-pane")
        return self.query_one(Why) if pane.max_scroll_y == 0 and self.has_class("-wide") else pane

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "page" and parameters == (1,) and self.is_mounted:
            pane = self._read()
            return pane.scroll_target_y < pane.max_scroll_y
        return super().check_action(action, parameters)

    def reasons(self) -> list[str]:
        other = self.query_one("#other", Input)
        if other.display and not other.disabled and not self._want(other.value.strip()):
            return problems_of(self.session, questions.must("route.version"), other.value.strip())
        route = self._highlighted()
        if self._found is None or route is None:
            return super().reasons() or [_("Choose the Airflow version to reach.")]
        if not self._decided() and not self._take(route):
            return [clean(reason.text) for reason in route.blocked]
        return super().reasons()

