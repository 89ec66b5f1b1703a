"""A document with a line cursor: what lies under it is explained elsewhere on the page."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.policy_text import Row

from .toned import Toned


class DocumentView(Toned, inherit_bindings=False):
    """Rows of `policy_text`; Enter stays with the page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
    ]

    class Moved(Message):
        """The cursor is on another statement."""

        def __init__(self, sid: str) -> None:
            super().__init__()
            self.sid = sid

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False, compact=True)
        self.rows: list[Row] = []
        self.sid = ""

    def show(self, rows: list[Row], line: int = -1) -> None:
        """Other rows; the cursor goes to a line of the text, or to the first statement."""
        self.rows = rows
        self.set_options([Option(row.content) for row in rows])
        first = next((place for place, row in enumerate(rows) if row.sid), 0)
        here = next((place for place, row in enumerate(rows) if row.line == line), first) if line >= 0 else first
        self.highlighted = here if rows else None
        if here <= first:
            self.scroll_home(animate=False)

    @property
    def line(self) -> int:
        """The line of the text that the cursor is on."""
        place = self.highlighted
        return self.rows[place].line if place is not None and place < len(self.rows) else -1

    def go_to(self, sid: str) -> None:
        """The cursor to where a statement names itself."""
        for place, row in enumerate(self.rows):
            if row.head and row.sid == sid:
                self.highlighted = place
                return

    def find(self, needle: str, *, on: bool = False) -> bool:
        """The cursor to the next row that has the text, from here (`on`: behind it), round the end."""
        here = (self.highlighted or 0) + on
        order = [*range(here, len(self.rows)), *range(min(here, len(self.rows)))]
        for place in order:
            if needle.lower() in self.rows[place].content.plain.lower():
                self.highlighted = place
                return True
        return False

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        place = event.option_index
        sid = self.rows[place].sid if place < len(self.rows) else ""
        if sid != self.sid:
            self.sid = sid
            self.post_message(self.Moved(sid))
