"""Source: which environment is left, looked for in one region or in many at once."""

from __future__ import annotations

import datetime as dt
import threading
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine
from mwaa_wizard.front.questions.source import choose, problem_of
from mwaa_wizard.front.words import age, shorten, shorten_middle
from mwaa_wizard.i18n import N_, _, ngettext
from mwaa_wizard.text import clean, width

from .page import WizardPage
from .widgets.long_list import LongList
from .widgets.plain import Plain
from .widgets.rail import WORDS_FROM

_AT_ONCE = 8  # regions asked at the same time: each makes clients of its own, which costs CPU more than network


class SourcePage(WizardPage):
    """Rows appear as each region answers; a region that refuses is a row with its reason."""

    PAGE = "source"
    LOADED = "#source-table"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("g", "regions", N_("regions")),
        Binding("r", "retry", N_("ask again")),
    ]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("choose")}

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, list[engine.EnvironmentLine]] = {}
        self._shown: list[engine.EnvironmentLine] = []
        self._labels: list[str] = []
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def body(self) -> ComposeResult:
        yield Input(id="source-filter", compact=True, placeholder=_("part of a name, region, status, version or class"))
        yield LongList(id="source-table")
        yield Plain(id="source-detail", classes="quiet")

    def heading(self) -> tuple[str, str]:
        chosen = self.session.source.environment
        return _("Which environment is to be moved?"), _("chosen: {name}").format(
            name=clean(chosen)
        ) if chosen else ""

    def why(self) -> list[str]:
        return [
            _("Looking changes nothing. By most routes the source is only read, until the export: then the wizard adds "
              "one inline policy to its role and one DAG file to its bucket, and takes both away again at the end."),
            _("Its DAGs are paused while the history is copied; each gets its paused state back."),
            _("“regions” looks in several regions at once, all with this profile. Choosing an environment of another "
              "region moves the source's side there; a target that was in the same region moves along."),
        ]  # fmt: skip

    def help_keys(self) -> list[tuple[str, str]]:
        return [("/", _("shows only rows that match; enter takes the only one, esc shows all again"))]

    # Asking

    def empty(self) -> bool:
        return not self._found

    def entered(self) -> None:
        self.query_one(LongList).focus()
        self.query_one("#source-filter").display = bool(self._words())
        self._columns()
        self._ask()

    def _regions(self) -> list[str]:
        own = self.session.source.connection.region
        return [*dict.fromkeys([own, *self.opened.regions])] if own else list(self.opened.regions)

    def _ask(self) -> None:
        self._found = {}
        self._show()
        for region in self._regions():
            self._ask_one(region)

    def _ask_one(self, region: str) -> None:
        session = self.session.model_copy(deep=True)
        session.source.connection.region = region
        alone = len(self._regions()) == 1

        def call() -> list[engine.EnvironmentLine]:
            with self._turns:
                return engine.environments(session)

        def done(found: list[engine.EnvironmentLine]) -> None:
            self._found[region] = found
            self._columns()
            self._show()

        def failed(problem: WizardError) -> None:
            if not alone:
                self._found[region] = [engine.EnvironmentLine("", "", "", "", "", region, _said(problem))]
                self._columns()
                self._show()

        # Beside others a refusal is a row; alone it is what the page has to say.
        what = _("Asking for the environments of {region} …").format(region=clean(region))
        self.look_up(what, call, done, failed=failed, quiet=not alone)

    # Showing

    def _columns(self) -> None:
        several = len(self._regions()) > 1
        cells = [(_("Region"), 14)] * several + [(_("Status"), 10), (_("Version"), max(7, width(_("Version"))))]
        # The body's own width is that of the layout before, while the terminal changes its size.
        wide = self.size.width - 16 - 38 * self.has_class("-wide") - 10 * (self.size.width >= WORDS_FROM)
        if wide >= 76 or not several:
            cells.append((_("Class"), 10))
        cells.append((_("Age"), width(_("{count} mo").format(count=11))))
        room = wide - 2 - sum(taken + 2 for _label, taken in cells)
        self._labels = [_("Name"), *(label for label, _cells in cells)]
        # No wider than the longest name: on a wide terminal the rest would be far from it.
        names = [width(self._mark(one) + (one.name or f"✘ {one.problem}")) for of in self._found.values() for one in of]
        self.query_one(LongList).columns([(_("Name"), max(16, min(room, max([36, *names])))), *cells])

    def _show(self) -> None:
        table = self.query_one(LongList)
        before = self._current()
        order = {region: number for number, region in enumerate(self._regions())}
        lines = [line for region in sorted(self._found, key=lambda one: order.get(one, 99)) for line in
                 self._found[region]]  # fmt: skip
        words = self._words()
        self._shown = [line for line in lines if words in _searched(line)]
        today = dt.date.today()

        def cells(row: int) -> list[str]:
            line = self._shown[row]
            known = {
                _("Name"): self._mark(line) + (line.name or f"✘ {line.problem}"), _("Region"): line.region,
                _("Status"): line.status or ("✘" if line.problem else ""), _("Version"): line.version,
                _("Class"): line.environment_class, _("Age"): age(line.created, today),
            }  # fmt: skip
            return [clean(known[label]) for label in self._labels]

        others = bool(table.count) != bool(self._shown)
        table.rows(len(self._shown), cells)
        if others:
            self.refresh_chrome()  # an empty list has no keys
        self._move_to(before)
        if not self.lookups.busy:
            self._say(lines)
        self._detail()

    def _mark(self, line: engine.EnvironmentLine) -> str:
        return "✔ " if self._is_chosen(line) else "  "

    def _is_chosen(self, line: engine.EnvironmentLine) -> bool:
        source = self.session.source
        same_region = not line.region or line.region == source.connection.region
        return bool(line.name) and line.name == source.environment and same_region

    def _move_to(self, before: engine.EnvironmentLine | None) -> None:
        wanted = next((n for n, line in enumerate(self._shown) if before is not None and line == before), None)
        if wanted is None:
            wanted = next((n for n, line in enumerate(self._shown) if self._is_chosen(line)), 0)
        if self._shown:
            self.query_one(LongList).go(wanted)

    def _say(self, lines: list[engine.EnvironmentLine]) -> None:
        if self.lookups.failed and len(self._regions()) == 1:
            return  # the refusal stands in the notice
        if not lines:
            self.notice.problems(
                [_("There is no environment in {region}. Other regions: g; another profile: esc.").format(
                    region=clean(", ".join(self._regions())))]
            )  # fmt: skip
        elif not self._shown:
            self.notice.hint(_("Nothing matches; esc shows all again."))
        else:
            known = sum(bool(line.name) for line in lines)
            told = ngettext("{count} environment", "{count} environments", known).format(count=known)
            where = ngettext("{count} region", "{count} regions", len(self._found)).format(count=len(self._found))
            several = _("{environments} in {regions}. ").format(environments=told, regions=where)
            self.notice.hint((several if len(self._found) > 1 else "") + _("Enter chooses and goes on."))

    def _current(self) -> engine.EnvironmentLine | None:
        row = self.query_one(LongList).row
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _detail(self) -> None:
        line, detail = self._current(), self.query_one("#source-detail", Plain)
        if line is None:
            detail.say("")
            return
        cells = max(20, detail.size.width)
        if line.problem:
            detail.say(shorten(clean(f"{line.region} {line.name}".strip() + f": {line.problem}"), cells * 2))
            return
        parts = [line.name, line.region, line.status, line.version, line.environment_class]
        if line.created:
            parts.append(_("made {date}").format(date=line.created))
        detail.say(shorten_middle(" · ".join(clean(part) for part in parts if part), cells * 2))

    def on_long_list_highlighted(self) -> None:
        self._detail()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        # Also before anything was found: how wide the page is, is known from its first resize on.
        self._columns()
        if self._found:
            self._show()

    # Filter and regions

    def _words(self) -> str:
        return self.query_one("#source-filter", Input).value.strip().lower()

    def action_filter(self) -> None:
        """Show the field that narrows the list."""
        field = self.query_one("#source-filter", Input)
        field.display = True
        field.focus()

    def action_back(self) -> None:
        """Out of the filter first, then a page back."""
        field = self.query_one("#source-filter", Input)
        if field.display:
            field.value = ""
            field.display = False
            self.query_one(LongList).focus()
            self._show()
            return
        super().action_back()

    def on_input_changed(self) -> None:
        self._show()

    def on_input_submitted(self) -> None:
        if len(self._shown) == 1 and self._choose(0):
            self.action_next()
            return
        self.query_one(LongList).focus()

    def action_regions(self) -> None:
        """Choose the regions that are looked through."""
        from .widgets.regions import RegionsBox

        def answered(chosen: list[str] | None) -> None:
            if chosen is not None:
                self.opened.regions = chosen
                self._columns()
                self._ask()

        own = self.session.source.connection.region

        def show(known: list[str]) -> None:
            listed = [*dict.fromkeys([own, *known])] if own else known
            self.wizard.push_screen(RegionsBox(listed, self._regions()), answered)

        self.look_up(_("Reading the regions …"), lambda: engine.regions_beside(own), show)

    # Choosing

    def on_long_list_selected(self, event: LongList.Selected) -> None:
        if self._choose(event.row):
            self.action_next()

    def _choose(self, row: int) -> bool:
        line = self._shown[row]
        if refused := problem_of(line):
            self.notice.problems([refused, _("F5 asks again.")])
            return False
        choose(self.session, line)
        self.save()
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "retry" and not self.has_class("-too-small"):
            return not self.lookups.busy
        if action == "filter" and not self.has_class("-too-small"):
            return any(self._found.values())
        return super().check_action(action, parameters)

    def action_retry(self) -> None:
        """Ask again, also after an answer: a status may have changed."""
        self._ask()


def _searched(line: engine.EnvironmentLine) -> str:
    return " ".join((line.name, line.region, line.status, line.version, line.environment_class, line.problem)).lower()


def _said(problem: WizardError) -> str:
    """A refusal in one line, with what mends it: an expired login names its command."""
    return clean(" ".join(part for part in (problem.what, problem.remedy) if part), limit=300)
