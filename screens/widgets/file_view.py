"""A window over a text file of any size: only what is shown is read, following stops on scroll and resumes at End."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from mwaa_wizard.front.log_file import LEVELS, LevelName, LineAt, LogFile
from mwaa_wizard.front.log_window import LogWindow
from mwaa_wizard.i18n import N_
from mwaa_wizard.text import clean

# Cells a line has at most where it is not broken; more are not worth laying out.
_LONGEST = 8000
_PAN = 20
_MORE = "…"
_LEVEL = re.compile(rb"\b(?:DEBUG|INFO|STEP|(WARN(?:ING)?)|(ERROR|CRITICAL|FATAL))\b")


def _loud(raw: bytes) -> str:
    """The style of a line whose level stands out; empty for others. The first level word in it is its own."""
    found = _LEVEL.search(raw[:120])
    if found is None:
        return ""
    return "file-view--warn" if found[1] else "file-view--error" if found[2] else ""


class FileView(Widget, can_focus=True):
    """Shows `path`; `look()` brings it up to date. Lines are cut at the edge and panned; a subclass may break
    them.
    """

    DEFAULT_CSS = """
    FileView { height: 1fr; width: 1fr; }
    FileView > .file-view--warn { color: $text-warning; }
    FileView > .file-view--error { color: $text-error; text-style: bold; }
    FileView > .file-view--match { text-style: reverse; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"file-view--warn", "file-view--error", "file-view--match"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll_up", N_("up"), show=False),
        Binding("down", "scroll_down", N_("down"), show=False),
        Binding("pageup", "page_up", N_("read back"), show=False),
        Binding("pagedown", "page_down", N_("read on"), show=False),
        Binding("home", "first", N_("to the beginning"), show=False),
        Binding("left", "scroll_left", N_("left"), show=False),
        Binding("right", "scroll_right", N_("right"), show=False),
    ]

    class Moved(Message):
        """Another part of the file is shown, or a search has moved on."""

    class Searched(Message):
        """A search has ended: `line` is where, None where there is no further match."""

        def __init__(self, line: LineAt | None, token: object) -> None:
            super().__init__()
            self.line, self.token = line, token

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.file = LogFile(Path())
        self.window = LogWindow(self.file, self._rows)
        self.word = ""
        self.searching: float | None = None  # share of the file searched, None where no search is under way
        self.missed = False  # whether the last search found nothing
        self._path: Path | None = None
        self._wanted: Path | None = None
        self._pan = 0
        self._found = -1  # offset of the line that the last search stopped at
        self._behind = self._counted = 0
        self._laid_out: dict[int, tuple[bytes, list[str]]] = {}
        self._strips: list[Strip] = []
        self._stop_search: threading.Event | None = None
        self._slicing = False

    # What is shown

    @property
    def path(self) -> Path | None:
        """The file that is shown."""
        return self._path

    def show(self, path: Path) -> None:
        """Show a file, or what it got since the last call."""
        self._wanted = path
        if not self.size.height:
            return  # not laid out yet: comes with the first size
        if path != self._path:
            self._path = path
            self.file.close()
            self.file.path = path
            self.file.refresh()
            self._laid_out.clear()
            self._pan, self._found = 0, -1
            self.cancel_search()
            self._settle(self.window.to_end)
            return
        self.look()

    def look(self) -> None:
        """Take in what the file got since the last call."""
        if self._path is None or not self.size.height:
            return
        if self.window.look():
            self._draw()
        if self.window.following:
            self._behind, self._counted = 0, self.file.size
        elif self.file.size > self._counted:
            # Counted in parts, so that a flood of lines costs no more than a few.
            end = min(self.file.size, self._counted + (4 << 20))
            self._behind += self.file.newlines(self._counted, end)
            self._counted = end
        if self.window.hungry and not self._slicing:
            # A rare level is looked for in slices: keys are heard between them.
            self._slicing = True
            self.set_timer(0.005, self._slice)

    def _slice(self) -> None:
        self._slicing = False
        self.look()
        self.post_message(self.Moved())

    def _settle(self, move: object, *args: object) -> None:
        """Carry out a move of the window, and draw."""
        self.window.height = max(1, self.size.height)
        move(*args)  # type: ignore[operator]
        if self.window.following:
            self._behind = 0
            self._counted = self.file.size
        self._draw()
        if self.window.hungry:
            self.look()
        self.post_message(self.Moved())

    @property
    def behind(self) -> int:
        """Lines that came since the user began to read further up."""
        return self._behind

    @property
    def following(self) -> bool:
        """Whether the end is shown as it grows."""
        return self.window.following

    @property
    def level(self) -> LevelName:
        """The least level that is shown, empty for all lines."""
        return self.window.level

    def follow(self) -> None:
        """To the end, and stay there."""
        self._settle(self.window.to_end)

    def goto(self, offset: int) -> None:
        """The line at an offset comes first."""
        self._settle(self.window.to, offset)

    def next_level(self) -> LevelName:
        """Show the next level's lines only; after the last, all lines."""
        level = LEVELS[(LEVELS.index(self.window.level) + 1) % len(LEVELS)]
        self.cancel_search()
        self._settle(self.window.again, level)
        return level

    def on_resize(self, event: events.Resize) -> None:
        self._laid_out.clear()
        if not event.size.height:
            return
        if self._path is not None:
            self._settle(self.window.again)
        elif self._wanted is not None:
            self.show(self._wanted)

    def notify_style_update(self) -> None:
        """Another theme: what was drawn has the colours of the one before."""
        super().notify_style_update()
        if self._path is not None and self.size.height:
            self._draw()

    def on_unmount(self) -> None:
        self.cancel_search()
        self.file.close()

    # Rows and strips

    def rows_of(self, text: str) -> list[str]:
        """The rows of one line."""
        return [text if len(text) <= _LONGEST else text[:_LONGEST] + _MORE]

    def _rows(self, line: LineAt) -> list[str]:
        known = self._laid_out.get(line.start)
        if known is not None and known[0] == line.raw:
            return known[1]
        if len(self._laid_out) > 2000:
            self._laid_out.clear()
        rows = self.rows_of(clean(line.text.expandtabs(4), limit=_LONGEST * 2)) or [""]
        self._laid_out[line.start] = (line.raw, rows)
        return rows

    def _draw(self) -> None:
        width, base = self.size.width, self.rich_style
        styles = {name: self.get_component_rich_style(name) for name in self.COMPONENT_CLASSES}
        match = styles["file-view--match"] + Style(reverse=True)
        strips = []
        for line, row in self.window.page():
            loud = _loud(line.raw)
            style = base + styles[loud] if loud else base
            strip = Strip(self._segments(row, style, match + Style(underline=line.start == self._found)))
            strips.append(self._cut(strip, base))
        blank = Strip.blank(width, base)
        self._strips = strips + [blank] * max(0, self.size.height - len(strips))
        self.refresh()

    def _cut(self, strip: Strip, base: Style) -> Strip:
        """The part of a row that is in sight; … where it goes on beyond an edge."""
        width, cells = self.size.width, strip.cell_length
        shown, mark = strip.crop_extend(self._pan, self._pan + width, base), Strip([Segment(_MORE, base)])
        if cells > self._pan + width:
            shown = Strip.join([shown.crop(0, width - 1), mark])
        if self._pan and cells:
            shown = Strip.join([mark, shown.crop(1, width)])
        return shown

    def _segments(self, row: str, style: Style, match: Style) -> list[Segment]:
        word = self.word.lower()
        if not word or word not in row.lower() or len(row.lower()) != len(row):
            return [Segment(row, style)]
        found, start, low = [], 0, row.lower()
        while (at := low.find(word, start)) >= 0:
            found += [Segment(row[start:at], style), Segment(row[at : at + len(word)], style + match)]
            start = at + len(word)
        return [*found, Segment(row[start:], style)]

    def render_line(self, y: int) -> Strip:
        """One row of what was drawn last."""
        return self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width, self.rich_style)

    # Searching

    def search(self, word: str) -> None:
        """Show the next line that holds `word` from the top of the page on; from the end, the last one that does."""
        self.word, self._found = word, -1
        self._draw()
        self.find(back=self.following)

    def find(self, *, back: bool = False) -> None:
        """The next match, or the one before; the file is searched in a thread, `Searched` tells the end of it."""
        if not self.word or self._path is None:
            return
        self.cancel_search()
        self.missed = False
        here = self.file.size if self.following and back else self.window.top
        if self._found >= 0 and any(line.start == self._found for line, _row in self.window.page()):
            here = self._found
            if not back and (line := self.file.line_at(here)) is not None:
                here = line.end
        stop = self._stop_search = threading.Event()
        self.searching = 0.0
        arguments = (self._path, self.word, here, back, self.window.level, stop)
        threading.Thread(target=self._search, args=arguments, name="search", daemon=True).start()
        self.post_message(self.Moved())

    def _search(
        self, path: Path, word: str, start: int, back: bool, level: LevelName, stop: threading.Event
    ) -> None:
        file = LogFile(path)
        file.refresh()
        size = max(1, file.size)

        def told(reached: int) -> bool:
            if self._stop_search is stop:
                self.searching = min(1.0, (start - reached if back else reached - start) / size)
            return not stop.is_set()

        line = file.find(word, start, back=back, level=level, told=told)
        file.close()
        if not stop.is_set():
            self.post_message(self.Searched(line, stop))

    def cancel_search(self) -> bool:
        """Break a search off; whether there was one."""
        stop, self._stop_search = self._stop_search, None
        self.searching = None
        if stop is not None:
            stop.set()
        return stop is not None

    def end_search(self) -> None:
        """Forget the word."""
        self.cancel_search()
        self.word, self._found, self.missed = "", -1, False
        self._draw()

    def on_file_view_searched(self, event: Searched) -> None:
        if event.token is not self._stop_search:
            event.stop()
            return  # another one was begun since
        self._stop_search, self.searching = None, None
        self.missed = event.line is None
        if event.line is None:
            return
        self._found = event.line.start
        shown = [line.start for line, _row in self.window.page()]
        if self._found in shown and not self.window.following:
            self._draw()
            return
        # A few lines in front of the match are shown, too.
        before = self.file.backward(self._found, min(3, self.size.height // 3), self.level, most=1 << 20).lines
        self._settle(self.window.to, before[0].start if before else self._found)

    # Keys and wheel

    def scroll_rows(self, rows: int) -> None:
        """Down by rows, up where negative."""
        self._settle(self.window.scroll, rows)

    def action_scroll_up(self) -> None:
        """One row up; following stops."""
        self.scroll_rows(-1)

    def action_scroll_down(self) -> None:
        """One row down."""
        self.scroll_rows(1)

    def action_page_up(self) -> None:
        """A page up; following stops."""
        self.scroll_rows(-max(1, self.size.height - 1))

    def action_page_down(self) -> None:
        """A page down."""
        self.scroll_rows(max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the beginning of the file."""
        self.goto(0)

    def action_scroll_left(self) -> None:
        """Pan to the beginning of long lines."""
        self._pan = max(0, self._pan - _PAN)
        self._draw()

    def action_scroll_right(self) -> None:
        """Pan to the end of long lines."""
        widest = max((Strip([Segment(row)]).cell_length for _line, row in self.window.page()), default=0)
        self._pan = min(self._pan + _PAN, max(0, widest - self.size.width))
        self._draw()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_rows(-3)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_rows(3)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return True

    def page_text(self) -> str:
        """The rows on the screen."""
        return "\n".join(row for _line, row in self.window.page())
