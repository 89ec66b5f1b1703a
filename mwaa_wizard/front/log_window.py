"""The part of a file that is on the screen: moved by rows, kept at the end while it grows, filled a slice at a time.

Knows nothing of Textual. Lines may be broken into rows; a position is a line and a row of it.
"""

from __future__ import annotations

from collections.abc import Callable

from .log_file import CHUNK, LevelName, LineAt, LogFile

Rows = Callable[[LineAt], list[str]]

# Bytes a slice looks at under a filter: some milliseconds.
SLICE = 2 * CHUNK
# Beyond so much news the lines between are not gone through: only the file's end is looked at.
NEWS = 1 << 18
FILTERED_NEWS = 32 * CHUNK


class LogWindow:
    """`page()` are the rows to show. After each call `hungry` says whether another slice is wanted."""

    def __init__(self, file: LogFile, rows: Rows) -> None:
        self.file, self.rows_of = file, rows
        self.height = 1
        self.level: LevelName = ""
        self.following = True
        self.hungry = False
        self._lines: list[LineAt] = []
        self._low = self._high = 0  # what was looked at: every line in between that passes the filter is in _lines
        self._top = self._skip = 0
        self._owed = 0  # rows still to go up once a slice has found more lines

    # Where it stands

    @property
    def top(self) -> int:
        """The offset of the first line shown."""
        return self._lines[self._top].start if self._top < len(self._lines) else self._high

    @property
    def reached(self) -> float:
        """How far the slices have come, as a share of the file; 1 where nothing is looked for."""
        if not self.hungry or not self.file.size:
            return 1.0
        looked = self._high - self._low
        return min(1.0, looked / self.file.size)

    def page(self) -> list[tuple[LineAt, str]]:
        """(line, row) pairs, at most `height`."""
        found: list[tuple[LineAt, str]] = []
        skip = self._skip
        for line in self._lines[self._top :]:
            found += [(line, row) for row in self.rows_of(line)[skip:]]
            skip = 0
            if len(found) >= self.height:
                break
        return found[: self.height]

    # Ways to a place

    def to_end(self) -> None:
        """To the end, and stay there."""
        self.following, self._owed = True, 0
        self._begin(self.file.size)
        self._fill()

    def to(self, offset: int) -> None:
        """The line at `offset` comes first; at the end of the file the last page is shown."""
        self.following, self._owed = False, 0
        self._begin(self.file.start_of(offset))
        self._fill()

    def again(self, level: LevelName | None = None) -> None:
        """Lay the same place out anew: another width, another filter."""
        self.level = self.level if level is None else level
        if self.following:
            self.to_end()
        else:
            self.to(self.top)

    def _begin(self, offset: int) -> None:
        self._lines, self._low, self._high, self._top, self._skip = [], offset, offset, 0, 0

    # Growing and filling

    def look(self) -> bool:
        """Take in what the file got since; True where the page may have changed."""
        other = self.file.refresh()
        if other:
            self.to_end()
            return True
        if self.hungry:
            self._fill()
            return True
        if self._high >= self.file.size:
            return False
        if not self.following:
            short = sum(len(self.rows_of(line)) for line in self._lines[self._top :]) < self.height
            if short:
                self._fill()
            return short
        if self.file.size - self._high > (FILTERED_NEWS if self.level else NEWS):
            self.to_end()
        else:
            self._fill()
        return True

    def _down(self, count: int) -> bool:
        """Look for lines below; whether more may come."""
        last = self._lines[-1] if self._lines else None
        if last is not None and last.end == self._high and len(last.raw) == last.end - last.start:
            # It had no newline yet: it may have grown.
            self._lines.pop()
            self._high = last.start
        found = self.file.forward(self._high, count, self.level, most=SLICE)
        self._lines += found.lines
        self._high = found.reached
        return not found.whole

    def _up(self, count: int) -> bool:
        found = self.file.backward(self._low, count, self.level, most=SLICE)
        self._lines[:0] = found.lines
        self._top += len(found.lines)
        self._low = found.reached
        return not found.whole

    def _fill(self) -> None:
        """Fill the page, by one slice at most in each direction."""
        self.hungry = False
        if self.following:
            if self._high < self.file.size:
                self.hungry = self._down(1 << 20)
            self._rest_at_end()
            if self._rows(self._top) < self.height and self._low > 0:
                self.hungry = self._up(self.height) or self.hungry
            self._rest_at_end()
            self._trim()
            return
        if self._rows(self._top) < self.height and self._high < self.file.size:
            self.hungry = self._down(self.height)
        if self._owed:
            owed, self._owed = self._owed, 0
            self._scroll_up(owed)
        elif not self.hungry and self._rows(self._top) < self.height and self._high >= self.file.size and self._low > 0:
            # Less than a page is left: the lines in front of it come in from above.
            self.hungry = self._up(self.height)
            self._rest_at_end()

    def _rows(self, first: int) -> int:
        """Rows from a line on, counted no further than a page."""
        count = -self._skip
        for line in self._lines[first:]:
            count += len(self.rows_of(line))
            if count >= self.height:
                break
        return count

    def _rest_at_end(self) -> None:
        """The last row at the bottom."""
        self._top, self._skip = self._end()

    def _end(self) -> tuple[int, int]:
        """(line, row) of the page's first row where the last line is at the bottom."""
        rows = 0
        for index in range(len(self._lines) - 1, -1, -1):
            rows += len(self.rows_of(self._lines[index]))
            if rows >= self.height:
                return index, rows - self.height
        return 0, 0

    def _trim(self) -> None:
        """Forget lines far above: they can be read again."""
        spare = self._top - 2 * self.height
        if spare > 0:
            del self._lines[:spare]
            self._top -= spare
            self._low = self._lines[0].start

    # Moving

    def scroll(self, rows: int) -> None:
        """Down by `rows`, up where negative. Going up ends following, reaching the end takes it up again."""
        if rows < 0:
            self.following = False
            self._scroll_up(-rows)
        elif not self.following:
            self._scroll_down(rows)

    def _scroll_up(self, rows: int) -> None:
        while rows > 0:
            step = min(rows, self._skip)
            self._skip, rows = self._skip - step, rows - step
            if rows <= 0:
                return
            if self._top == 0:
                if self._low == 0:
                    return
                more = self._up(max(rows, self.height))
                if self._top == 0:
                    # Nothing in this slice: the rest of the way is gone when the next one has found something.
                    self.hungry, self._owed = more, rows if more else 0
                    return
            self._top -= 1
            self._skip = len(self.rows_of(self._lines[self._top]))

    def _scroll_down(self, rows: int) -> None:
        self._skip += rows
        while self._top < len(self._lines):
            count = len(self.rows_of(self._lines[self._top]))
            if self._skip < count:
                break
            if self._top + 1 == len(self._lines) and self._high < self.file.size:
                self.hungry = self._down(max(rows, self.height))
                if self._top + 1 >= len(self._lines):
                    self._skip = max(0, count - 1)
                    return
                continue
            self._skip, self._top = self._skip - count, self._top + 1
        if self._rows(self._top) < self.height and self._high < self.file.size:
            self.hungry = self._down(self.height)
        if self._high >= self.file.size and (self._top, self._skip) >= self._end():
            self._rest_at_end()
            self.following = True
        spare = self._top - 20 * self.height
        if spare > 0:
            del self._lines[:spare]
            self._top -= spare
            self._low = self._lines[0].start
