"""What depends on its own width: drawn anew when it has another one. The page is resized before its widgets are, and
styles may give them yet another width afterwards.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.text import Text
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable

from .plain import Plain


class Fitted(Plain):
    """One text that is made for a number of cells."""

    _made: Callable[[int], str | Content] | None = None

    def say_fitting(self, make: Callable[[int], str | Content]) -> None:
        """`make` is given the cells there are, now and whenever they change."""
        self._made = make
        super().say(make(self.size.width))

    def say(self, text: str | Content) -> None:
        """A text for every width."""
        self._made = None
        super().say(text)

    def on_resize(self) -> None:
        if self._made is not None:
            super().say(self._made(self.size.width))


class FittedTable(DataTable[Text]):
    """Tells when it is as wide as no row was made for yet; the marked row stays in sight."""

    class Sized(Message):
        """The rows have to be made for another width."""

    _cells = 0

    def on_resize(self) -> None:
        if self.size.width != self._cells:
            self._cells = self.size.width
            self.post_message(self.Sized())
        elif self.row_count:
            self.move_cursor(row=self.cursor_row)
