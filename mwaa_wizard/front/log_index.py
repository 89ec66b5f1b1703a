"""Line numbers of a large file: how many lines each block holds, counted in a thread a block at a time."""

from __future__ import annotations

import threading
from array import array
from pathlib import Path

from .log_file import LogFile

BLOCK = 1 << 20


class LineIndex:
    """Counts in a thread of its own; everything counted so far can be asked for at once."""

    def __init__(self, path: Path) -> None:
        self._file = LogFile(path)
        self._counts = array("L")  # newlines of each whole block
        self._before = array("Q", [0])  # newlines in front of each block
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to count, or go on where the file has grown; does nothing while a thread is at it."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._count, name="count-lines", daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until what there is now is counted."""
        if self._thread is not None:
            self._thread.join(seconds)

    def stop(self) -> None:
        """End the counting."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(2)
        self._file.close()

    def _count(self) -> None:
        if self._file.refresh():
            self._counts, self._before = array("L"), array("Q", [0])
        whole = self._file.size // BLOCK
        while len(self._counts) < whole and not self._stop.is_set():
            start = len(self._counts) * BLOCK
            found = self._file.newlines(start, start + BLOCK)
            self._before.append(self._before[-1] + found)
            self._counts.append(found)

    @property
    def counted(self) -> int:
        """Up to which offset lines were counted."""
        return len(self._counts) * BLOCK

    def line_of(self, offset: int, file: LogFile) -> int | None:
        """The number (from 1) of the line that starts at `offset`; None where it was not counted that far."""
        block = offset // BLOCK
        if block > len(self._counts):
            return None
        return int(self._before[block]) + file.newlines(block * BLOCK, offset) + 1

    def total(self, file: LogFile) -> int | None:
        """How many lines there are, a last one without newline among them; None while they are counted."""
        if file.size - self.counted >= 2 * BLOCK:
            return None
        whole = int(self._before[len(self._counts)]) + file.newlines(self.counted, file.size)
        return whole + (file.size > 0 and file.bytes(file.size - 1, file.size) != b"\n")

    def offset_of(self, number: int, file: LogFile) -> int | None:
        """Where line `number` starts; the last line where there are fewer; None where it was not counted that far."""
        wanted = max(0, number - 1)
        counts = len(self._counts)
        if wanted > self._before[counts] and file.size - self.counted >= 2 * BLOCK:
            return None
        low, high = 0, counts
        while low < high:  # the last block that begins at or in front of the wanted line
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._before[middle] < wanted else (low, middle - 1)
        missing, start = wanted - int(self._before[low]), low * BLOCK
        while missing > 0 and start < file.size:
            data = file.bytes(start, start + BLOCK)
            if not data:
                break
            found = data.count(b"\n")
            if found < missing:
                missing, start = missing - found, start + len(data)
                continue
            place = -1
            for _turn in range(missing):
                place = data.find(b"\n", place + 1)
            start, missing = start + place + 1, 0
        return file.start_of(max(0, min(start, file.size - 1))) if start >= file.size else start
