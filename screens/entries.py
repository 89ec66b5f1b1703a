"""Entries: which variables, pools and connections move by route settings-only, and the values that no API returns."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Checkbox, DataTable

from mwaa_wizard.front import engine, engine_entries, questions
from mwaa_wizard.front.engine_entries import ConnectionLine, Listed
from mwaa_wizard.front.question import give
from mwaa_wizard.front.questions.values import ASKABLE, of_line
from mwaa_wizard.front.words import shorten, wrap
from mwaa_wizard.i18n import N_, _, listed, ngettext
from mwaa_wizard.text import clean, width

from .page import WizardPage
from .widgets.field import Field, Tick
from .widgets.filter import Filtering
from .widgets.fitted import FittedTable
from .widgets.marks import Check
from .widgets.plain import Plain


class EntriesPage(Filtering, WizardPage):
    """Choices are in `session.entries`; a value that is given goes to keyring, never into the session."""

    PAGE = "entries"
    ONWARD = True
    LOADED = "#entries-table"
    LIST = "#entries-table"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("space", "leave_one", N_("leave")),
        Binding("0", "no_password", N_("no password")),
        Binding("x", "leave_needed", N_("leave all")),
        Binding("r", "retry", N_("ask again")),
    ]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("give value")}

    def __init__(self) -> None:
        super().__init__()
        self._listed: Listed | None = None
        self._lines: list[ConnectionLine] = []
        self._listed_lines: list[ConnectionLine] = []  # those that the filter leaves

    def body(self) -> ComposeResult:
        for name in ("variables", "pools"):
            with Horizontal(classes="row"):
                yield Tick(f"entries.{name}", id=f"move-{name}")
                yield Plain(id=f"{name}-note", classes="beside")
        with Horizontal(classes="row"):
            yield Check(questions.must("entries.connections").label, id="move-connections")
            yield Plain(id="connections-note", classes="beside")
        yield Tick("entries.replace", id="replace")
        yield Field("entries.prefix", id="prefix", under=True, quiet=True)
        yield FittedTable(id="entries-table", cursor_type="row")
        yield Plain(id="entries-detail")

    def heading(self) -> tuple[str, str]:
        needed = len(self._needed())
        right = ngettext("{count} to give", "{count} to give", needed).format(count=needed) if needed else ""
        return _("Which variables, pools and connections move?"), right

    def why(self) -> list[str]:
        return [
            _("Variables and pools go through the REST API of both sides. Airflow 3 masks values whose names look "
              "secret; the run asks the source's command line for those, and lists by name what it could not get."),
            _("No API returns passwords of connections (MWAA user guide: connections-secrets-manager). What the "
              "source's secrets backend has is read there; the rest is given here once, and written to AWS Secrets "
              "Manager, where the target's Airflow finds it."),
            _("Airflow 2 does not tell whether a connection has a password at all: 0 says that it has none; space "
              "leaves it behind, or takes it along again; x leaves behind all that still need a value."),
            _("A value that is given here is not shown, and is in no file of the wizard: keyring keeps it where that "
              "is safe, else this window does. In a shell: mwaa-wizard secret {id} connection:NAME").format(
                id=self.session.id),
        ]  # fmt: skip

    # Filling

    def empty(self) -> bool:
        return self._listed is None

    def entered(self) -> None:
        self.load_answers()
        with self.prevent(Checkbox.Changed):
            self.query_one("#move-connections", Checkbox).value = self.session.entries.connections != "leave"
        self.query_one(DataTable).focus()
        self._read()

    def _read(self) -> None:
        session, known = self.session.model_copy(deep=True), self.opened.environment

        def ask() -> tuple[engine.Environment, Listed, list[ConnectionLine]]:
            environment = known if known is not None else engine.source_environment(session)
            found = engine_entries.listed(session)
            return environment, found, engine_entries.states(session, environment, found)

        def done(found: tuple[engine.Environment, Listed, list[ConnectionLine]]) -> None:
            self.opened.environment, self._listed, self._lines = found
            self._show()

        what = _("Asking {name} for its variables, pools and connections …")
        self.look_up(what.format(name=clean(session.source.environment)), ask, done)

    def _again(self, said: str = "") -> None:
        """The states follow from the session: after each choice they are made anew. `said` is told then."""
        found, environment = self._listed, self.opened.environment
        if found is None or environment is None:
            return
        session = self.session.model_copy(deep=True)

        def done(lines: list[ConnectionLine]) -> None:
            self._lines = lines
            self._show()
            self.notice.hint(said)

        what = _("Looking at the connections …")
        self.look_up(what, lambda: engine_entries.states(session, environment, found), done)

    def _show(self) -> None:
        found, entries = self._listed, self.session.entries
        self.query_one("#prefix-field").display = entries.connections != "leave"
        table = self.query_one(FittedTable)
        row = table.cursor_row
        table.clear(columns=True)
        room = max(40, table.size.width - 2 * 3 - 1)
        state = 24
        kind = 12 if room >= 52 else 0  # low terminals have no room for the type; the box that asks names it
        # Not wider than needed: on a wide terminal the state would be far from the name.
        name = min(room - state - kind, max([24, *(width(clean(one.conn_id)) for one in self._lines)]))
        for title, taken in ((_("Connection"), name), (_("Type"), kind), (_("State"), state)):
            if taken:
                table.add_column(Text(title), width=taken)
        self._listed_lines = [
            line for line in self._lines if self.holds(line.conn_id, line.conn_type, _word(line.state)[0])
        ]
        for line in self._listed_lines:
            word, tone = _word(line.state)
            types = [Text(shorten(clean(line.conn_type), kind))] if kind else []
            table.add_row(Text(shorten(clean(line.conn_id), name)), *types, Text(word, style=table.ink(tone)))
        if self._listed_lines:
            table.move_cursor(row=max(0, min(row, len(self._listed_lines) - 1)))
        if found is not None:
            hidden = ngettext("{count} of them masked", "{count} of them masked", len(found.hidden))
            said = [f"{found.variables:,}", *([hidden.format(count=len(found.hidden))] if found.hidden else [])]
            self._note("variables", listed(said) if entries.variables else _("stay behind"))
            self._note("pools", f"{found.pools:,}" if entries.pools else _("stay behind"))
            moved = sum(line.moves for line in self._lines)
            words = _("{moved} of {count} can move").format(moved=moved, count=len(self._lines))
            self._note("connections", words if entries.connections != "leave" else _("stay behind"))
        needed = len(self._needed())
        self.next_note = " " + _("({count} to give)").format(count=needed) if needed else ""
        self._detail()
        self.refresh_chrome()

    def _note(self, name: str, text: str) -> None:
        self.query_one(f"#{name}-note", Plain).say(text)

    def by_hand(self) -> bool:
        return bool(self._needed())

    def _needed(self) -> list[ConnectionLine]:
        return [line for line in self._lines if line.state == "needed"]

    def _current(self) -> ConnectionLine | None:
        row = self.query_one(DataTable).cursor_row if self.is_mounted else -1
        return self._listed_lines[row] if 0 <= row < len(self._listed_lines) else None

    def _detail(self) -> None:
        line, detail = self._current(), self.query_one("#entries-detail", Plain)
        text = f"{line.conn_id}: {line.why or _word(line.state)[0]}" if line is not None else ""
        rows = wrap(clean(text), max(20, detail.size.width), "", "")[:3] if text else []
        detail.say(Content.styled("\n".join(rows), "$text-muted"))

    def on_data_table_row_highlighted(self) -> None:
        self._detail()
        self.refresh_bindings()

    def on_fitted_table_sized(self) -> None:
        if self._listed is not None:
            self._show()

    # Choices

    def on_checkbox_changed(self, event: Checkbox.Changed) -> None:
        """The one box that is no yes-or-no question: ticked, connections go to Secrets Manager."""
        question, answer = questions.must("entries.connections"), "secrets-manager" if event.value else "leave"
        if event.checkbox.id == "move-connections" and answer != question.read(self.session):
            give(self.session, question, answer)
            self.save()
            self._show()
            self._again()

    def on_tick_answered(self) -> None:
        self._show()

    def on_field_answered(self) -> None:
        self._again()

    def on_field_entered(self, event: Field.Entered) -> None:
        event.stop()
        self.query_one(DataTable).focus()

    def filtered(self) -> None:
        self._show()

    def action_back(self) -> None:
        """Out of the filter first, then a page back."""
        if not self.close_filter():
            super().action_back()

    def on_data_table_row_selected(self) -> None:
        self.action_give()

    def action_give(self) -> None:
        """Ask for the value of the highlighted connection."""
        line = self._current()
        if line is None or line.state not in ASKABLE:
            return
        from .widgets.give_value import GiveValue

        def answered(text: str | None) -> None:
            if text is not None:
                self._keep(line, text)

        self.wizard.push_screen(GiveValue(of_line(line)), answered)

    def action_no_password(self) -> None:
        """The highlighted connection has none: the API of Airflow 2 does not tell."""
        line = self._current()
        if line is not None and line.state == "needed":
            self._keep(line, '{"password": ""}')

    def _keep(self, line: ConnectionLine, text: str) -> None:
        session = self.session.model_copy(deep=True)

        def kept(in_keyring: bool) -> None:
            alone = _("Kept in this window only: there is no safe keyring. Run it from here.")
            self._again("" if in_keyring else alone)

        self.look_up(_("Keeping the value …"), lambda: engine_entries.give(session, line.conn_id, text), kept)

    def action_leave_one(self) -> None:
        """Leave the highlighted connection behind, or take it along again."""
        line = self._current()
        if line is None:
            return
        left = self.session.entries.left
        without = [name for name in left if name != line.conn_id]
        self._leave(without if line.conn_id in left else [*left, line.conn_id])

    def action_leave_needed(self) -> None:
        """Leave behind all that still need a value."""
        self._leave([*self.session.entries.left, *(line.conn_id for line in self._needed())])

    def _leave(self, names: list[str]) -> None:
        give(self.session, questions.must("entries.left"), [*names])
        self.save()
        self._again()

    def reasons(self) -> list[str]:
        if wrong := self.field_problems():
            return wrong
        needed = self._needed()
        if not needed:
            return super().reasons()
        names = ", ".join(clean(line.conn_id, limit=40) for line in needed[:5])
        return [
            ngettext(
                "A connection needs a value: {names}. Enter gives it, space leaves it behind.",
                "{count} connections need a value: {names}. Enter gives it, space leaves one behind, x all of them.",
                len(needed),
            ).format(count=len(needed), names=names + (" …" if len(needed) > 5 else ""))
        ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.has_class("-too-small"):
            if action == "leave_one":
                line = self._current()
                return line is not None and self.session.entries.connections != "leave"
            if action == "no_password":
                line = self._current()
                return line is not None and line.state == "needed"
            if action == "leave_needed":
                return bool(self._needed())
            if action == "filter":
                return bool(self._lines)
            if action == "retry":
                return not self.lookups.busy
        return super().check_action(action, parameters)

    def action_retry(self) -> None:
        """Ask the source again: it may have changed meanwhile."""
        self._read()


def _word(state: str) -> tuple[str, str]:
    return {
        "backend": ("✔ " + _("in its secrets backend"), ""),
        "shared": ("✔ " + _("both ask one secret"), ""),
        "complete": ("✔ " + _("complete"), ""),
        "written": ("✔ " + _("written already"), "success"),
        "given": ("✔ " + _("given"), "success"),
        "needed": ("✘ " + _("needs a value"), "error"),
        "left": ("– " + _("left behind"), "quiet"),
        "impossible": ("✘ " + _("cannot move"), "warning"),
    }.get(state, (clean(state), ""))
