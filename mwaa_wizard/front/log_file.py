"""Reads a text file of any size a screenful at a time: forwards, backwards, filtered, never whole into memory.

Positions are byte offsets. A line of enormous length is broken into pieces at fixed offsets, so that every look is
local: nothing here reads more than it is asked for. Plain reads, no memory map: a file that is cut short while it is
mapped would end the program.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

LevelName = Literal["", "INFO", "WARN", "ERROR"]
LEVELS: tuple[LevelName, ...] = ("", "INFO", "WARN", "ERROR")
Told = Callable[[int], bool]  # takes the offset reached; False ends the scan

# A line longer than this is shown in pieces.
PIECE = 1 << 16
CHUNK = 1 << 20

_WORDS = {
    "INFO": rb"INFO|STEP|WARN|WARNING|ERROR|CRITICAL|FATAL",
    "WARN": rb"WARN|WARNING|ERROR|CRITICAL|FATAL",
    "ERROR": rb"ERROR|CRITICAL|FATAL",
}
# `[step] 12:40:58 WARN  text`; of what other programs write, the first word that is a level.
_CLOCK = rb"(?:\[[\w-]+\] )?\d\d:\d\d:\d\d "
_OTHER = rb"(?!" + _CLOCK + rb")(?:(?!\b(?:DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b)[^\n]){0,100}?\b"
_MATCHERS = {
    level: re.compile(rb"(?m)^(?:" + _CLOCK + rb"|" + _OTHER + rb")(?:" + words + rb")\b[^\n]*")
    for level, words in _WORDS.items()
}


@dataclass(frozen=True)
class LineAt:
    """A line's bytes without its newline; `end` is where the next one starts."""

    start: int
    end: int
    raw: bytes

    @property
    def text(self) -> str:
        """The line as text; not yet made inert."""
        return self.raw.decode("utf-8", "replace")


@dataclass(frozen=True)
class Lines:
    """What a look found, in the file's order. `whole` is False where the look was ended before it had enough;
    `reached` is how far it came.
    """

    lines: list[LineAt]
    reached: int
    whole: bool = True


class LogFile:
    """One file, opened on first use; a file that was replaced or cut short is noticed by `refresh`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self._handle = -1
        self._inode = 0

    def refresh(self) -> bool:
        """Look how long the file is now; True where it is another file than before, or shorter."""
        try:
            found = os.stat(self.path)
        except OSError:
            other = self.size > 0
            self.close()
            return other
        other = self._handle >= 0 and (found.st_ino != self._inode or found.st_size < self.size)
        if other:
            self.close()
        if self._handle < 0:
            try:
                self._handle = os.open(self.path, os.O_RDONLY)
            except OSError:
                return other
            self._inode = found.st_ino
        self.size = found.st_size
        return other

    def close(self) -> None:
        """Forget the file; the next `refresh` opens it again."""
        handle, self._handle, self.size = self._handle, -1, 0
        if handle >= 0:
            os.close(handle)

    def bytes(self, start: int, end: int) -> bytes:
        """The bytes of a range; fewer where the file ends before."""
        wanted = min(end, self.size) - start
        if self._handle < 0 or wanted <= 0:
            return b""
        try:
            return os.pread(self._handle, wanted, start)
        except OSError:
            return b""

    def start_of(self, offset: int) -> int:
        """Where the line that holds `offset` starts."""
        offset = max(0, min(offset, self.size))
        whole = offset - offset % PIECE
        found = self.bytes(whole, offset).rfind(b"\n")
        if found >= 0:
            return whole + found + 1
        if whole == 0:
            return 0
        found = self.bytes(whole - PIECE, whole).rfind(b"\n")
        return whole if found < 0 else whole - PIECE + found + 1

    def line_at(self, start: int) -> LineAt | None:
        """The line that starts at `start`; None at the end of the file."""
        if start >= self.size:
            return None
        last = -(-start // PIECE) * PIECE + PIECE
        # Most lines are short: one small read finds their end.
        for most in (min(start + 1024, last), last):
            data = self.bytes(start, most)
            found = data.find(b"\n")
            if found >= 0:
                return LineAt(start, start + found + 1, data[:found])
        return LineAt(start, start + len(data), data) if data else None

    def forward(self, start: int, count: int, level: LevelName = "", told: Told | None = None, most: int = 0) -> Lines:
        """Up to `count` lines from the line start `start` on; `most` bytes at most are looked at (0: no limit)."""
        if level:
            return self._forward_filtered(start, count, level, told, most)
        lines: list[LineAt] = []
        while len(lines) < count and (line := self.line_at(start)) is not None:
            lines.append(line)
            start = line.end
        return Lines(lines, start)

    def _forward_filtered(self, start: int, count: int, level: LevelName, told: Told | None, most: int) -> Lines:
        lines: list[LineAt] = []
        begun = start
        while start < self.size:
            end = self._edge(start)
            for line in self._matching(start, end, level):
                lines.append(line)
                if len(lines) >= count:
                    return Lines(lines, line.end)
            start = end
            if (most and start - begun >= most) or (told is not None and not told(start)):
                return Lines(lines, start, whole=start >= self.size)
        return Lines(lines, start)

    def backward(self, end: int, count: int, level: LevelName = "", told: Told | None = None, most: int = 0) -> Lines:
        """Up to `count` lines in front of the line start `end`."""
        end = min(end, self.size)
        if level:
            return self._backward_filtered(end, count, level, told, most)
        lines: list[LineAt] = []
        while len(lines) < count and end > 0:
            start = self.start_of(end - 1)
            line = self.line_at(start)
            if line is None:
                break
            lines.append(line)
            end = start
        return Lines(lines[::-1], end)

    def _backward_filtered(self, end: int, count: int, level: LevelName, told: Told | None, most: int) -> Lines:
        lines: list[LineAt] = []
        begun = end
        while end > 0:
            start = self.start_of(max(0, end - CHUNK))
            lines = [*self._matching(start, end, level), *lines]
            end = start
            if len(lines) >= count:
                lines = lines[-count:]
                return Lines(lines, lines[0].start)
            if (most and begun - end >= most) or (told is not None and not told(end)):
                return Lines(lines, end, whole=end == 0)
        return Lines(lines, 0)

    def _edge(self, start: int) -> int:
        """The end of the last whole line about a chunk behind `start`; the file's end where that comes first."""
        if start + CHUNK >= self.size:
            return self.size
        edge = self.start_of(start + CHUNK)
        return edge if edge > start else min(self.size, start + CHUNK)

    def _matching(self, start: int, end: int, level: LevelName) -> list[LineAt]:
        data = self.bytes(start, end)
        return [
            LineAt(start + found.start(), min(start + found.end() + 1, self.size), found[0][:PIECE])
            for found in _MATCHERS[level].finditer(data)
        ]

    def passes(self, line: LineAt, level: LevelName) -> bool:
        """Whether a line is shown under a level."""
        return not level or _MATCHERS[level].match(line.raw) is not None

    def find(
        self, word: str, start: int, *, back: bool = False, level: LevelName = "", told: Told | None = None
    ) -> LineAt | None:
        """The next line from `start` on (or in front of it) that holds `word`, small and capital letters alike."""
        needle = word.encode().lower()
        if not needle:
            return None
        while (start > 0) if back else (start < self.size):
            low, high = (max(0, start - CHUNK), start) if back else (start, min(self.size, start + CHUNK))
            # A word may lie over the edge of two chunks.
            data = self.bytes(low, high + len(needle) - 1).lower()
            found = data.rfind(needle, 0, high - low + len(needle) - 1) if back else data.find(needle)
            while found >= 0:
                line = self.line_at(self.start_of(low + found))
                if line is not None and self.passes(line, level) and (not back or line.start < start):
                    return line
                found = data.rfind(needle, 0, found) if back else data.find(needle, found + 1)
            start = low if back else high
            if told is not None and not told(start):
                return None
        return None

    def newlines(self, start: int, end: int) -> int:
        """How many lines end in a range."""
        count = 0
        while start < end:
            data = self.bytes(start, min(end, start + CHUNK))
            if not data:
                break
            count += data.count(b"\n")
            start += len(data)
        return count
