"""Reads a step's log file as it grows: the file is the truth, the pane only shows its end."""

from __future__ import annotations

from pathlib import Path

# Lines were cleaned when they were made; this drops what could still drive a terminal if the file was touched.
_INERT = dict.fromkeys([*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)])
_FIRST_BYTES = 600_000


class LogTail:
    """`read()` gives the complete lines added since the last call, at first at most the end of the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset: int | None = None
        self._rest = b""

    def read(self) -> list[str]:
        """New lines, without their newline; empty where there is no file yet."""
        try:
            with open(self.path, "rb") as file:
                size = file.seek(0, 2)
                skip_first = False
                if self._offset is None or self._offset > size:
                    self._offset, self._rest = max(0, size - _FIRST_BYTES), b""
                    skip_first = self._offset > 0
                file.seek(self._offset)
                data = self._rest + file.read()
                self._offset = file.tell()
        except FileNotFoundError:
            return []
        whole, newline, self._rest = data.rpartition(b"\n")
        if not newline:
            return []
        lines = whole.decode("utf-8", "replace").translate(_INERT).split("\n")
        return lines[1:] if skip_first else lines
