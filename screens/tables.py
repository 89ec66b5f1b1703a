"""Tables: what history comes along, with real row counts where they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets.selection_list import Selection

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine, questions
from mwaa_wizard.front.question import give
from mwaa_wizard.front.questions.tables import KINDS, selected
from mwaa_wizard.front.runs import Run
from mwaa_wizard.i18n import N_, _, ngettext
from mwaa_wizard.text import clean, fit, human_bytes

from .page import WizardPage
from .widgets.conflict import summary
from .widgets.field import Field
from .widgets.filter import Filtering
from .widgets.marks import Picker
from .widgets.plain import Plain
from .widgets.row import Row

if TYPE_CHECKING:
    from mwaa_wizard.metadata.bundle import Inventory

_NAME = 21  # cells of a table's name: of the common ones only rendered_task_instance_fields is longer
_WHOLE_NAME = 29  # that one, too


class TablesPage(Filtering, WizardPage):
    """`session.tables.selected` None means the default; the first pick writes it out."""

    PAGE = "tables"
    ONWARD = True
    LOADED = "#tables-list"
    LIST = "#tables-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("a", "all", N_("all")),
        Binding("0", "none", N_("none")),
        Binding("i", "invert", N_("invert")),
        Binding("m", "mapping", N_("columns")),
        Binding("e", "existing", N_("existing rows")),
        Binding("k", "count", N_("count rows")),
        Binding("p", "stop", N_("stop counting")),
    ]

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"space": N_("pick")}

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[engine.TableLine] = []
        self._listed: list[engine.TableLine] = []  # those that the filter leaves
        self._rows: dict[str, int] = {}
        self._bytes: dict[str, int] = {}
        self._spans: dict[str, str] = {}
        self._counted = False
        self._inventory: Inventory | None = None

    def body(self) -> ComposeResult:
        yield Picker(id="tables-list", compact=True)
        yield Plain(id="tables-detail")
        with Vertical(id="tables-form"):
            with Horizontal(classes="row"):
                yield Field("tables.since", id="since", label=_("Days"), under=True, quiet=True)
                yield Field("tables.until", id="until", label=_(" to"), under=True, quiet=True)
            with Horizontal(classes="row"):
                yield Field("tables.dag_patterns", id="patterns", under=True, quiet=True)
                yield Field("tables.workers", id="workers", quiet=True, narrow=True)
                yield Field("tables.drain_seconds", id="drain", label=_(" Wait s"), quiet=True, narrow=True)
            with Row(_("Existing")):
                yield Plain(id="existing", classes="beside")

    def heading(self) -> tuple[str, str]:
        chosen = self._chosen()
        count = ngettext("{count} of {all} tables", "{count} of {all} tables", len(chosen)).format(
            count=len(chosen), all=len(self._lines) or len(chosen)
        )
        if not self._rows:
            return _("What history comes along?"), count
        rows = sum(self._rows.get(name, 0) for name in chosen)
        size = sum(self._bytes.get(name, 0) for name in chosen)
        counted = _("{count} · {rows} rows · {size}")
        return _("What history comes along?"), counted.format(count=count, rows=f"{rows:,}", size=human_bytes(size))

    def why(self) -> list[str]:
        return [
            _("Only tables whose rows mean something in the new environment are listed: runs, task instances, XComs "
              "and the like. DAG rows, serialized DAGs and jobs in flight are filled by the target itself."),
            _("Variables and connections are sealed to a key made inside the target: neither bucket nor this "
              "computer can read them."),
            _("Days are whole days in UTC, both included; runs go by their logical date, their tasks go with them. "
              "Several DAG patterns are separated by spaces; * and ? stand for any letters and any one letter."),
            _("Tasks: one is enough for most. With more, export and import are spread over the environment's workers; "
              "the bundle is the same."),
            _("“columns” shows what becomes of each column of the highlighted table, and why, before anything runs."),
            _("Rows already in the target are kept unless you choose otherwise under “existing rows”; importing twice "
              "changes nothing."),
            _("“count rows” runs the inventory on the source now: it needs the migration bucket and a policy on the "
              "source's role, both listed on the Review page and removed at the end."),
        ]  # fmt: skip

    def empty(self) -> bool:
        return not self._lines

    def entered(self) -> None:
        self.load_answers()
        self._show_existing()
        self.query_one(Picker).focus()
        session = self.session.model_copy(deep=True)
        self.look_up(
            _("Reading the list of tables …"),
            lambda: (engine.tables(), engine.inventory(session)),
            self._fill,
        )

    def _fill(self, found: tuple[list[engine.TableLine], Inventory | None]) -> None:
        self._lines, self._inventory = found
        if (inventory := self._inventory) is not None:
            self._rows = {name: count.rows for name, count in inventory.tables.items()}
            self._bytes = {name: count.size_bytes for name, count in inventory.tables.items()}
            self._spans = {
                name: f"{clean(count.first)[:10]} … {clean(count.last)[:10]}"
                for name, count in inventory.tables.items()
                if count.first and count.last
            }
        self._show()
        self._hint()

    def _hint(self) -> None:
        run = self.opened.runs.get("inventory")
        if run is not None and run.active:
            self.run_changed(run)
        elif self._counted:
            self._counted = False
            self.notice.good(_("Counted on the source just now."))
        elif self._lines and not self._rows:
            self.notice.hint(_("Row counts are not known yet: k counts them on the source, or go on without."))

    def _chosen(self) -> list[str]:
        return selected(self.session)

    def filtered(self) -> None:
        self._show()

    def _show(self) -> None:
        picker = self.query_one(Picker)
        before = self._current()
        chosen = set(self._chosen())
        self._listed = [line for line in self._lines if self.holds(line.name, line.note)]
        # To show a choice is not to make one; Textual tells of each line that is picked from the start.
        with picker.prevent(Picker.SelectedChanged):
            picker.clear_options()
            picker.add_options(
                Selection(Content(self._prompt(line)), line.name, line.name in chosen) for line in self._listed
            )
        if self._listed:
            picker.highlighted = self._listed.index(before) if before in self._listed else 0
        self._detail()
        self.refresh_chrome()

    def _current(self) -> engine.TableLine | None:
        index = self.query_one(Picker).highlighted
        return self._listed[index] if index is not None and index < len(self._listed) else None

    def _prompt(self, line: engine.TableLine) -> str:
        count = f"{self._rows[line.name]:,}" if line.name in self._rows else ("–" if self._rows else "")
        size = human_bytes(self._bytes[line.name]) if self._bytes.get(line.name) else ""
        cells = max(20, self.query_one(Picker).size.width - 6)
        name = _WHOLE_NAME if cells >= 80 else _NAME
        brief = line.note.partition(". ")[0].partition(";")[0].partition("。")[0].rstrip(".")
        if not self._rows:
            return fit(clean(f"{fit(line.name, name)} {brief}"), cells)
        size = f" {size:>10}" if cells >= 70 else ""
        text = f"{fit(line.name, name)} {count:>9}{size} {self._spans.get(line.name) or brief}"
        return fit(clean(text), cells)

    def fitted(self) -> None:
        if self._lines:
            self._show()

    def on_selection_list_selection_highlighted(self) -> None:
        self._detail()

    def _detail(self) -> None:
        line = self._current()
        if line is None:
            self.query_one("#tables-detail", Plain).say(_("Nothing matches; esc shows all again."))
            return
        text = f"{clean(line.name)}: {clean(line.note)}"
        found = self._inventory.tables.get(line.name) if self._inventory else None
        if found is not None and found.size_bytes:
            # Below 100 columns the list has no room for it.
            text = f"{clean(line.name)}: {human_bytes(found.size_bytes)} · {clean(line.note)}"
        if found is not None and found.not_terminal:
            stays = _("{count} rows are in a state that stays in the source; the report names some.")
            text = stays.format(count=f"{found.not_terminal:,}") + " " + text
        self.query_one("#tables-detail", Plain).say(text)

    # Picks and fields

    def on_selection_list_selected_changed(self) -> None:
        # What the filter hides keeps its choice.
        shown = {line.name for line in self._listed}
        picked = {name for name in self._chosen() if name not in shown} | set(self.query_one(Picker).selected)
        give_to = questions.must("tables.selected")
        give_to.write(self.session, sorted(picked))
        self.save()

    def action_all(self) -> None:
        """Pick every table."""
        self.query_one(Picker).select_all()

    def action_none(self) -> None:
        """Pick none."""
        self.query_one(Picker).deselect_all()

    def action_invert(self) -> None:
        """Pick what was not picked."""
        self.query_one(Picker).toggle_all()

    def on_field_answered(self, event: Field.Answered) -> None:
        # The two days are judged together.
        other = {"since": "until", "until": "since"}.get(event.field.question.name.rpartition(".")[2])
        if other:
            self.query_one(f"#{other}-field", Field).take()
        if self.notice.kind == "problem" and not self.lookups.failed:
            self.notice.hint()

    def action_back(self) -> None:
        """Out of the filter first, then a page back."""
        if not self.close_filter():
            super().action_back()

    # Boxes

    def _show_existing(self) -> None:
        self.query_one("#existing", Plain).say(summary(self.session.tables.conflict) + "  (e)")

    def action_existing(self) -> None:
        """Choose what happens to rows that are in the target already."""
        from .widgets.conflict import ConflictBox

        def answered(chosen: dict[str, str] | None) -> None:
            for kind in KINDS if chosen else ():
                give(self.session, questions.must(f"tables.conflict.{kind}"), (chosen or {})[kind])
            if chosen:
                self.save()
                self._show_existing()

        self.wizard.push_screen(ConflictBox(self.session.tables.conflict), answered)

    def action_mapping(self) -> None:
        """Show what becomes of the columns of the highlighted table."""
        from .widgets.column_plan import ColumnPlanBox

        picker, names = self.query_one(Picker), [line.name for line in self._listed]
        session, inventory = self.session.model_copy(deep=True), self._inventory

        def lines(table: str, cells: int, everything: bool) -> list[str]:
            return engine.column_plan(session, inventory, table, cells, everything)

        def closed(table: str | None) -> None:
            if table is not None:
                picker.highlighted = names.index(table)

        self.wizard.push_screen(ColumnPlanBox(names, names[picker.highlighted or 0], lines), closed)

    # Counting

    def action_count(self) -> None:
        """Ask, then run the steps that lead to real row counts."""
        from .widgets.confirm import Confirm

        try:
            run = self.opened.run("inventory")
        except WizardError as problem:
            self.notice.error(problem, retry=False)
            return
        steps = "\n".join(f"· {title}" for _id, title in run.steps)
        text = _("These steps run now; the full run finds them done:\n{steps}\n\nAll of it is undone by the clean-up "
                 "or by: mwaa-wizard undo {id}").format(steps=steps, id=self.session.id)  # fmt: skip

        def answered(answer: str | None) -> None:
            if answer == "y":
                session = self.session
                run.start(lambda listener: engine.make_runner(session, "inventory", listener))
                self.run_changed(run)

        self.wizard.push_screen(
            Confirm(_("Count the source's rows now?"), text, _("count rows"), _("go on without")), answered
        )

    def action_stop(self) -> None:
        """Stop counting at the next safe point."""
        run = self.opened.runs.get("inventory")
        if run is not None:
            run.stop()
            self.run_changed(run)

    def run_changed(self, run: Run) -> None:
        """The app tells that the count moved."""
        if run.kind != "inventory":
            return
        state = run.state
        if state.outcome == "running":
            current = state.current
            name = current.title if current else ""
            line = _("counting, step {done}/{all}: {name}").format(
                done=min(state.done_count + 1, len(state.steps)), all=len(state.steps), name=clean(name)
            )
            self.notice.busy(line + (" · " + _("stopping at the next safe point") if state.stopping else ""))
        elif state.outcome == "failed" and state.error is not None:
            self.notice.error(state.error, retry=False)
        elif state.outcome == "stopped":
            self.notice.hint(_("Counting was stopped; k goes on."))
        elif state.outcome == "done":
            self._counted = True
            self.entered()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.has_class("-too-small"):
            run = self.opened.runs.get("inventory")
            counting = run is not None and run.active
            if action == "count":
                return bool(self._lines) and not counting and self.opened.active_run is None
            if action == "stop":
                return counting
            if action == "mapping":
                return bool(self._listed)
        return super().check_action(action, parameters)
