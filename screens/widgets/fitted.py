"""What depends on its own width: drawn anew when it has another one. The page is resized before its widgets are, and
styles may give them yet another width afterwards.
"""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from rich.text import Text
from textual.color import Color
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
    """Tells when its rows have to be made anew, for another width or theme; the marked row stays in sight."""

    class Sized(Message):
        """The rows have to be made for another width, or in other colours."""

    _cells = 0
    # Until a key or the mouse is used on it, what is seen depends on its height alone, not on those it had before.
    _untouched = True

    def on_mount(self) -> None:
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.post_message(self.Sized()))

    def ink(self, tone: str) -> Style:
        """The theme's colour of `error`, `warning` or `success`; a cell's own text cannot name them. Else as it is."""
        if tone not in ("error", "warning", "success"):
            return Style(dim=tone == "quiet")
        colour = Color.parse(self.app.theme_variables[f"text-{tone}"]).rich_color
        return Style(color=colour, bold=tone == "error")

    def on_resize(self) -> None:
        if self.size.width != self._cells:
            self._cells = self.size.width
            self.post_message(self.Sized())
        elif self.row_count:
            if self._untouched:
                self.scroll_to(y=0, animate=False, immediate=True)
            self.move_cursor(row=self.cursor_row)

    def on_key(self) -> None:
        self._untouched = False

    def on_mouse_down(self) -> None:
        self._untouched = False

    def on_mouse_scroll_down(self) -> None:
        self._untouched = False

    def on_mouse_scroll_up(self) -> None:
        self._untouched = False
