"""A long list whose lines have keys: the marked one is kept by its key, and each is drawn as one text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from mwaa_wizard.text import clean, fit

from .long_list import LongList

# (text of a line in so many cells, its tone as LongList has them)
Draw = Callable[[int, int], tuple[str, str]]


class RowList(LongList):
    """`show` gives it keys and how to draw a row."""

    DEFAULT_CSS: ClassVar[str] = """
    RowList { width: 1fr; scrollbar-gutter: stable; }
    RowList > .long-list--error { text-style: bold; }
    """

    class Marked(Message):
        """Another row is marked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Chosen(Message):
        """Enter or a click on the marked row."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._keys: Sequence[str] = ()
        self._told = ""

    @property
    def key(self) -> str:
        """The marked row's key; empty where there is none."""
        return self._keys[self.row] if 0 <= self.row < len(self._keys) else ""

    @property
    def cells(self) -> int:
        """How wide a row is: without the scroll bar."""
        return self.scrollable_content_region.width

    def show(self, keys: Sequence[str], draw: Draw) -> None:
        """Other rows, or the same drawn otherwise."""
        before, same = self.key, self._keys == keys
        self._keys = list(keys)
        self._cells = lambda row: (draw(row, self.cells)[0],)
        self._tone = lambda row: draw(row, self.cells)[1]
        if not same:
            self._count = len(self._keys)
            self._measure()
            self.go(self._keys.index(before) if before in self._keys else self.row)
        self.refresh()
        self._tell()

    def go_to(self, key: str) -> None:
        """Mark a row by its key."""
        if key in self._keys:
            self.go(self._keys.index(key))

    def action_select_cursor(self) -> None:
        """Enter."""
        if self.key:
            self.post_message(self.Chosen(self.key))

    def _tell(self) -> None:
        if self.key != self._told:
            self._told = self.key
            self.post_message(self.Marked(self.key))

    def _line(self, cells: Sequence[str], style: Style) -> Strip:
        return Strip([Segment(fit(clean(cells[0]), self.cells), style)])
