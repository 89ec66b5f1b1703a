"""`/` narrows a list to the lines that hold what is typed; Esc shows all of them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from mwaa_wizard.i18n import _

from .line import Line

T = TypeVar("T")

if TYPE_CHECKING:
    _Base = Screen[Any]
else:
    _Base = object


class Filter(Line):
    """Made when it is asked for the first time: most pages are left without."""

    def __init__(self) -> None:
        # Kept: each of ten thousand lines asks for them.
        self.words: list[str] = []  # all of them have to be in a line, in any order
        super().__init__(id="filter", placeholder=_("part of a line; enter goes to the list, esc shows all again"))

    def allow_focus(self) -> bool:
        """Only in sight: the focus would go to a hidden field, and what is typed into it."""
        return self.display and super().allow_focus()

    def watch_value(self, value: str) -> None:
        """Another text."""
        self.words = value.lower().split()

    def holds(self, *texts: str) -> bool:
        """Whether a line with these texts is shown."""
        line = " ".join(texts).lower()
        return all(word in line for word in self.words)


class Filtering(_Base):
    """For pages and boxes with one list: `LIST` selects it, `filtered` shows it anew. The field comes above it, or
    above what `BELOW` selects.
    """

    LIST: ClassVar[str] = ""
    BELOW: ClassVar[str] = ""
    _field: Filter | None = None

    @property
    def narrows(self) -> bool:
        """Whether the field is in sight."""
        return self._field is not None and self._field.display

    @property
    def words(self) -> list[str]:
        """What is typed in the field."""
        return self._field.words if self._field is not None else []

    def holds(self, *texts: str) -> bool:
        """Whether a line with these texts is shown."""
        return self._field is None or self._field.holds(*texts)

    def holding(self, lines: Sequence[T], texts: Sequence[str]) -> list[T]:
        """Of many lines those that are shown; `texts`: what is in each of them, in small letters."""
        left = list(zip(lines, texts, strict=True))
        for word in self.words:
            left = [(line, text) for line, text in left if word in text]
        return [line for line, _text in left]

    def filtered(self) -> None:
        """What is typed is another text: show what holds it."""

    def list_widget(self) -> Widget:
        """The list that is narrowed."""
        return self.query_one(self.LIST, Widget)

    def action_filter(self) -> None:
        """Show the field that narrows the list."""
        if self._field is None:
            self._field = Filter()
            below = self.query_one(self.BELOW or self.LIST, Widget)
            cast(Widget, below.parent).mount(self._field, before=below)
        self._field.display = True
        self._field.focus()

    def close_filter(self) -> bool:
        """Show all again; False where nothing was narrowed."""
        if self._field is None or not self._field.display:
            return False
        self._field.value = ""
        self._field.display = False
        self.list_widget().focus()
        self.filtered()
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self._field:
            event.stop()
            self.filtered()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.input is self._field:
            event.stop()
            self.list_widget().focus()
