"""The column plan of one table: what is copied, computed, emptied, dropped, and why, before anything runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .modal import Box
from .plain import Plain

# (table, cells, everything) -> lines
Lines = Callable[[str, int, bool], list[str]]


class ColumnPlanBox(Box[str]):
    """Goes through the tables with left and right; dismisses with the table it shows last."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "table(-1)", N_("table"), key_display="←→", priority=True),
        Binding("right", "table(1)", show=False, priority=True),
        Binding("c", "everything", N_("plain copies, too")),
        Binding("enter", "close", show=False),
    ]

    def __init__(self, tables: list[str], table: str, lines: Lines) -> None:
        super().__init__(_("What becomes of each column"))
        self._tables, self._index, self._lines = tables, tables.index(table), lines
        self._everything = False

    def inside(self) -> ComposeResult:
        with VerticalScroll(id="plan-scroll"):
            yield Plain(id="plan-text")

    def on_mount(self) -> None:
        self.add_class("-roomy")
        self.query_one("#plan-scroll").focus()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        scroll = self.query_one("#plan-scroll")
        cells = max(30, scroll.size.width - 1)
        try:
            lines = self._lines(self._tables[self._index], cells, self._everything)
        except WizardError as problem:
            lines = problem.lines()
        self.query_one("#plan-text", Plain).say("\n".join(clean(line) for line in lines))
        place = _("{number} of {count}").format(number=self._index + 1, count=len(self._tables))
        self.query_one("#box-title", Plain).say(f"{self._title}  ({place})")

    def action_table(self, step: int) -> None:
        """The table before or after this one."""
        self._index = (self._index + step) % len(self._tables)
        self.query_one("#plan-scroll").scroll_home(animate=False)
        self._show()

    def action_everything(self) -> None:
        """Show or hide the plain copies."""
        self._everything = not self._everything
        self._show()

    def action_close(self) -> None:
        """Back to the page, on the table shown here."""
        self.dismiss(self._tables[self._index])
