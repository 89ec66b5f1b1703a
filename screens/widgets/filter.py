"""`/` narrows a list to the lines that hold what is typed; Esc shows all of them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from mwaa_wizard.i18n import _

from .line import Line

if TYPE_CHECKING:
    _Base = Screen[Any]
else:
    _Base = object


class Filter(Line):
    """Out of sight until it is asked for."""

    def __init__(self, *, id: str = "filter") -> None:
        super().__init__(id=id, placeholder=_("part of a line; enter goes to the list, esc shows all again"))
        self.display = False

    def allow_focus(self) -> bool:
        """Only in sight: Textual's first focus would go to a hidden field, and what is typed ahead into it."""
        return self.display and super().allow_focus()

    @property
    def words(self) -> list[str]:
        """All of them have to be in a line, in any order."""
        return self.value.lower().split()

    def holds(self, *texts: str) -> bool:
        """Whether a line with these texts is shown."""
        line = " ".join(texts).lower()
        return all(word in line for word in self.words)


class Filtering(_Base):
    """For pages and boxes with one list: `LIST` selects it, `filtered` shows it anew."""

    LIST: ClassVar[str] = ""

    @property
    def filter(self) -> Filter:
        """The field."""
        return self.query_one(Filter)

    def filtered(self) -> None:
        """What is typed is another text: show what holds it."""

    def list_widget(self) -> Widget:
        """The list that is narrowed."""
        return self.query_one(self.LIST, Widget)

    def action_filter(self) -> None:
        """Show the field that narrows the list."""
        self.filter.display = True
        self.filter.focus()

    def close_filter(self) -> bool:
        """Show all again; False where nothing was narrowed."""
        if not self.filter.display:
            return False
        self.filter.value = ""
        self.filter.display = False
        self.list_widget().focus()
        self.filtered()
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self.filter:
            event.stop()
            self.filtered()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input is self.filter:
            event.stop()
            self.list_widget().focus()
