"""A list of any length with columns: only the lines in sight are ever made, so that ten thousand cost what ten do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from mwaa_wizard.text import fit

_GAP = "  "
Cells = Callable[[int], Sequence[str]]
Tone = Callable[[int], str]


def plain(_row: int) -> str:
    """A line like all others."""
    return ""


class LongList(ScrollView, can_focus=True):
    """Lines come from a function of their number. A tone is `quiet`, `good`, `warning` or `error`, or empty."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", show=False),
        Binding("down", "cursor_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("enter", "select_cursor", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "long-list--header", "long-list--line", "long-list--cursor", "long-list--quiet", "long-list--good",
        "long-list--warning", "long-list--error",
    }  # fmt: skip
    DEFAULT_CSS = """
    LongList { height: 1fr; background: $background; color: $foreground; scrollbar-size: 1 1; overflow-x: hidden; }
    LongList > .long-list--header { color: $text-muted; }
    LongList > .long-list--quiet { color: $text-muted; }
    LongList > .long-list--good { color: $text-success; }
    LongList > .long-list--warning { color: $text-warning; }
    LongList > .long-list--error { color: $text-error; }
    LongList > .long-list--cursor { background: $panel; }
    LongList:focus > .long-list--cursor { background: $accent 30%; text-style: bold; }
    LongList:focus { background-tint: $foreground 0%; }
    """

    row: reactive[int] = reactive(0, repaint=False)

    class Highlighted(Message):
        """The cursor stands on another line, or the lines are others; -1 where there is none."""

        def __init__(self, sender: LongList, row: int) -> None:
            super().__init__()
            self.long_list, self.row = sender, row

        @property
        def control(self) -> LongList:
            return self.long_list

    class Selected(Message):
        """Enter, or a click on the line that the cursor stands on."""

        def __init__(self, sender: LongList, row: int) -> None:
            super().__init__()
            self.long_list, self.row = sender, row

        @property
        def control(self) -> LongList:
            return self.long_list

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._columns: list[tuple[str, int]] = []
        self._count = 0
        self._cells: Cells = lambda _row: ()
        self._tone: Tone = plain

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._count

    @property
    def cursor_line(self) -> int:
        """Which line of what is in sight the cursor stands on."""
        return max(0, self.row) - self.scroll_offset.y + self.head_rows

    @property
    def head_rows(self) -> int:
        """Rows that the labels take."""
        return 1 if any(label for label, _width in self._columns) else 0

    def columns(self, columns: Sequence[tuple[str, int]]) -> None:
        """Labels and widths in cells; a width of 0 shares what is left."""
        self._columns = list(columns)
        self._measure()

    def rows(self, count: int, cells: Cells, tone: Tone = plain) -> None:
        """Other lines: the cursor stays at its number as far as there is one."""
        self._count, self._cells, self._tone = count, cells, tone
        self._measure()
        wanted = max(-1 if not count else 0, min(self.row, count - 1))
        if wanted != self.row:
            self.row = wanted
        else:
            self._tell()

    def changed(self) -> None:
        """The same lines say something else."""
        self.refresh()

    def go(self, row: int) -> None:
        """Put the cursor on a line and bring it into sight."""
        if self._count:
            self.row = max(0, min(row, self._count - 1))
            self._into_sight()

    def _measure(self) -> None:
        self.virtual_size = Size(self.size.width, self._count + self.head_rows)
        self.refresh()

    def _tell(self) -> None:
        self.post_message(self.Highlighted(self, self.row))

    def watch_row(self) -> None:
        self.refresh()
        self._tell()

    def on_resize(self, _event: events.Resize) -> None:
        self._measure()
        self.call_after_refresh(self._into_sight)

    def _into_sight(self) -> None:
        if self.row >= 0 and self.size.height > self.head_rows:
            # The labels stand on the first row whatever is scrolled: a line must not be brought behind them.
            self.scroll_to_region(
                Region(0, self.row, 1, 1 + self.head_rows), animate=False, force=True, immediate=True
            )  # fmt: skip

    # Drawing

    def _widths(self) -> list[int]:
        room = self.size.width - 1 - len(_GAP) * max(0, len(self._columns) - 1)
        fixed = sum(width for _label, width in self._columns)
        shared = [place for place, (_label, width) in enumerate(self._columns) if not width]
        each = max(4, (room - fixed) // len(shared)) if shared else 0
        return [width or each for _label, width in self._columns]

    def _line(self, cells: Sequence[str], style: Style) -> Strip:
        parts = [fit(cell, width) for cell, width in zip(cells, self._widths(), strict=False)]
        return Strip([Segment(fit(" " + _GAP.join(parts), self.size.width), style)], self.size.width)

    def render_line(self, y: int) -> Strip:
        if y < self.head_rows:
            return self._line([label for label, _width in self._columns], self._style("header"))
        row = y - self.head_rows + self.scroll_offset.y
        if row >= self._count:
            return Strip([Segment(" " * self.size.width, self.rich_style)], self.size.width)
        tone = self._tone(row)
        style = self._style(tone or "line")
        if row == self.row:
            cursor = self._style("cursor")
            kept = Style(bgcolor=cursor.bgcolor, bold=cursor.bold, reverse=cursor.reverse)
            style = style + kept if tone else cursor
        return self._line(self._cells(row), style)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"long-list--{name}")

    # Keys and mouse

    def _page(self) -> int:
        return max(1, self.size.height - self.head_rows - 1)

    def action_cursor_up(self) -> None:
        """One line up."""
        self.go(self.row - 1)

    def action_cursor_down(self) -> None:
        """One line down."""
        self.go(self.row + 1)

    def action_page_up(self) -> None:
        """One screen up."""
        self.go(self.row - self._page())

    def action_page_down(self) -> None:
        """One screen down."""
        self.go(self.row + self._page())

    def action_first(self) -> None:
        """To the first line."""
        self.go(0)

    def action_last(self) -> None:
        """To the last line."""
        self.go(self._count - 1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return action != "select_cursor" or bool(self._count)

    def action_select_cursor(self) -> None:
        """Open what the cursor stands on."""
        if self._count:
            self.post_message(self.Selected(self, self.row))

    def on_click(self, event: events.Click) -> None:
        row = event.y - self.head_rows + self.scroll_offset.y
        if event.y < self.head_rows or row >= self._count:
            return
        if row == self.row:
            self.action_select_cursor()
        else:
            self.go(row)
