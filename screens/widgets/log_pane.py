"""The end of a step's log file. While the user reads further up, nothing moves; End follows again."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Log

from screens.log_tail import LogTail

MAX_LINES = 5000


class LogPane(Log):
    """`show(path)` brings the pane up to date with the file."""

    def __init__(self, *, id: str) -> None:
        super().__init__(highlight=False, max_lines=MAX_LINES, id=id)
        self._tail: LogTail | None = None
        self._held: list[str] = []

    @property
    def behind(self) -> int:
        """Lines held back because the user reads further up."""
        return len(self._held)

    def show(self, path: Path) -> None:
        """Append what the file got since the last call, or start over with another file."""
        if self._tail is None or self._tail.path != path:
            self._tail = LogTail(path)
            self._held = []
            self.clear()
        fresh = self._tail.read()
        if not fresh:
            return
        if not self.is_vertical_scroll_end and self.line_count:
            # Writing would prune old lines at the maximum and shift what is being read.
            self._held = (self._held + fresh)[-MAX_LINES:]
            return
        self.write_lines(self._held + fresh)
        self._held = []

    def follow(self) -> None:
        """Write what was held back and stay at the end."""
        if self._held:
            held, self._held = self._held, []
            self.write_lines(held, scroll_end=True)
        self.scroll_end(animate=False)
