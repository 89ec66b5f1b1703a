"""The end of a step's log file. While the user reads further up, nothing moves; End follows again."""

from __future__ import annotations

import re
from pathlib import Path

from textual import events
from textual.widgets import Log

from mwaa_wizard.front.log_tail import LogTail
from mwaa_wizard.front.words import wrap

MAX_LINES = 5000


# `[step] 12:40:58 INFO  text`: only a level that stands out is worth its cells.
_LINE = re.compile(r"(\[[\w-]+\] )?(\d\d:\d\d:\d\d) (INFO|STEP|DEBUG) +")


def shown_lines(lines: list[str], cells: int) -> list[str]:
    """Lines of a step's log as they are shown, broken at words to `cells`."""
    rows: list[str] = []
    for line in lines:
        head = _LINE.match(line)
        if head is None:
            rows += wrap(line, cells, " " * 9, "")
            continue
        start = f"{head[2]} {'· ' if head[3] == 'STEP' else ''}"
        rows += wrap((head[1] or "") + line[head.end() :], cells, " " * 9, start)
    return rows


class LogPane(Log):
    """`show(path)` brings the pane up to date with the file."""

    def __init__(self, *, id: str) -> None:
        super().__init__(highlight=False, max_lines=MAX_LINES, id=id)
        self._tail: LogTail | None = None
        self._held: list[str] = []
        self._cells = 0
        self._following = True

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling up by key, wheel or bar holds the pane still; a changed layout does not."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value and new_value < self.max_scroll_y:
            self._following = False
        elif new_value >= self.max_scroll_y:
            self._following = True

    def on_resize(self, event: events.Resize) -> None:
        """Other widths break lines elsewhere: read the file's end again."""
        if event.size.width != self._cells and self._tail is not None:
            path, self._tail = self._tail.path, None
            self.show(path)
        elif self._following:
            self.call_after_refresh(self.scroll_end, animate=False)

    @property
    def behind(self) -> int:
        """Lines held back because the user reads further up."""
        return len(self._held)

    def show(self, path: Path) -> None:
        """Append what the file got since the last call, or start over with another file."""
        if not self.size.width:
            return  # not laid out yet: lines could not be broken
        if self._tail is None or self._tail.path != path:
            self._tail = LogTail(path)
            self._held = []
            self._cells = self.size.width
            self.clear()
            self._following = True
            # The first lines may come before the pane has its height.
            self.write_lines(self._shown(self._tail.read()), scroll_end=True)
            self.call_after_refresh(self.scroll_end, animate=False)
            return
        fresh = self._tail.read()
        if not fresh:
            return
        if not self._following and self.line_count:
            # Writing would prune old lines at the maximum and shift what is being read.
            self._held = (self._held + fresh)[-MAX_LINES:]
            return
        self.write_lines(self._shown(self._held + fresh), scroll_end=True)
        self._held = []

    def _shown(self, lines: list[str]) -> list[str]:
        # One cell for the scroll bar, which comes with the first line that needs it.
        return shown_lines(lines, max(20, self.size.width - 1))

    def follow(self) -> None:
        """Write what was held back and stay at the end."""
        if self._held:
            held, self._held = self._held, []
            self.write_lines(self._shown(held), scroll_end=True)
        self._following = True
        self.scroll_end(animate=False)
