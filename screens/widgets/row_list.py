"""A list of lines of which only those in sight are made: ten thousand rows cost what twenty do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mwaa_wizard.i18n import N_
from mwaa_wizard.text import clean, fit

# (text of a line in so many cells, its tone); a tone is one of COMPONENT_CLASSES without `rows--`, or empty.
Draw = Callable[[int, int], tuple[str, str]]


class RowList(ScrollView, can_focus=True):
    """`show` gives it keys and how to draw a row; the marked row is kept by its key where it is still there."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor", "rows--good", "rows--warn", "rows--bad", "rows--quiet"}
    DEFAULT_CSS = """
    RowList { height: 1fr; width: 1fr; scrollbar-size: 1 1; background: $background; overflow-x: hidden;
        scrollbar-gutter: stable; }
    RowList > .rows--cursor { background: $panel; color: $foreground; }
    RowList:focus > .rows--cursor { background: $accent 30%; color: $foreground; text-style: bold; }
    RowList:nocolor:focus > .rows--cursor { text-style: reverse; }
    RowList > .rows--good { color: $text-success; }
    RowList > .rows--warn { color: $text-warning; }
    RowList > .rows--bad { color: $text-error; text-style: bold; }
    RowList > .rows--quiet { color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", N_("up"), show=False),
        Binding("down", "cursor_down", N_("down"), show=False),
        Binding("pageup", "page_up", N_("read back"), show=False),
        Binding("pagedown", "page_down", N_("read on"), show=False),
        Binding("home", "first", N_("to the beginning"), show=False),
        Binding("end", "last", N_("to the end"), show=False),
        Binding("enter", "choose", N_("choose"), show=False),
    ]

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
        self._draw: Draw = lambda index, cells: ("", "")
        self._at = 0

    @property
    def key(self) -> str:
        """The marked row's key; empty where there is none."""
        return self._keys[self._at] if 0 <= self._at < len(self._keys) else ""

    @property
    def cursor_line(self) -> int:
        """Which line of what is in sight is marked."""
        return self._at - self.scroll_offset.y

    @property
    def cells(self) -> int:
        """How wide a row is: without the scroll bar."""
        return self.scrollable_content_region.width

    def show(self, keys: Sequence[str], draw: Draw) -> None:
        """Other rows, or the same drawn otherwise."""
        before, row = self.key, self._at
        same = self._keys == keys
        self._keys, self._draw = list(keys), draw
        if not same:
            self._at = self._keys.index(before) if before in self._keys else max(0, min(row, len(self._keys) - 1))
            self.virtual_size = Size(self.size.width, len(self._keys))
            self._in_sight()
        self.refresh()
        if self.key != before:
            self.post_message(self.Marked(self.key))

    def go_to(self, key: str) -> None:
        """Mark a row by its key."""
        if key in self._keys:
            self._move(self._keys.index(key))

    def render_line(self, y: int) -> Strip:
        index = self.scroll_offset.y + y
        cells = self.cells
        if index >= len(self._keys):
            return Strip.blank(cells, self.rich_style)
        text, tone = self._draw(index, cells)
        style: Style = self.rich_style
        if tone:
            style += self.get_component_rich_style(f"rows--{tone}", partial=True)
        if index == self._at:
            style += self.get_component_rich_style("rows--cursor", partial=not self.has_focus and bool(tone))
        return Strip([Segment(fit(clean(text), cells), style)])

    def on_resize(self, event: events.Resize) -> None:
        self.virtual_size = Size(event.size.width, len(self._keys))
        self._in_sight()

    def _in_sight(self) -> None:
        self.scroll_to_region(Region(0, self._at, 1, 1), animate=False, force=True)

    def _move(self, to: int) -> None:
        to = max(0, min(to, len(self._keys) - 1))
        if to == self._at or not self._keys:
            return
        self._at = to
        self._in_sight()
        self.refresh()
        self.post_message(self.Marked(self.key))

    # Keys and mouse

    def action_cursor_up(self) -> None:
        """One row up."""
        self._move(self._at - 1)

    def action_cursor_down(self) -> None:
        """One row down."""
        self._move(self._at + 1)

    def action_page_up(self) -> None:
        """A screenful up."""
        self._move(self._at - max(1, self.size.height - 1))

    def action_page_down(self) -> None:
        """A screenful down."""
        self._move(self._at + max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the first row."""
        self._move(0)

    def action_last(self) -> None:
        """To the last row."""
        self._move(len(self._keys) - 1)

    def action_choose(self) -> None:
        """Enter."""
        if self.key:
            self.post_message(self.Chosen(self.key))

    def on_click(self, event: events.Click) -> None:
        index = self.scroll_offset.y + event.y
        if index == self._at:
            self.action_choose()
        else:
            self._move(index)
