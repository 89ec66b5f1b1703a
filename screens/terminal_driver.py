"""Textual's driver for a full-screen terminal, for terminals that may go away, as when SSH drops.

Two ways in which Textual 8.2 (linux_driver, _writer_thread) would leave a process behind that holds its session:

- The thread that writes dies of the first EIO; the queue before it is soon full, and whoever puts in waits for ever.
- A terminal that goes away sends SIGCONT behind SIGHUP. Whatever SIGCONT comes from, Textual begins application mode
  once more: a second thread that writes and one that reads, and the terminal's own settings taken from its raw ones.
"""

from __future__ import annotations

import asyncio
from typing import IO, Any, cast

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver


class Surviving:
    """A terminal's file that takes everything and writes nothing once the terminal is gone."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.gone = False

    def write(self, text: str) -> int:
        """As a file's; counts what is thrown away, too."""
        if not self.gone:
            try:
                return self._file.write(text)
            except OSError:
                self.gone = True
        return len(text)

    def flush(self) -> None:
        """As a file's."""
        if not self.gone:
            try:
                self._file.flush()
            except OSError:
                self.gone = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class TerminalDriver(LinuxDriver):
    """Goes on where the terminal is gone, and begins application mode again only where it was left."""

    def __init__(self, *words: Any, **named: Any) -> None:
        super().__init__(*words, **named)
        self._file = cast("Any", Surviving(cast("IO[str]", self._file)))

    def _sigcont_application(self, *_: object) -> None:
        if self._must_signal_resume:
            super()._sigcont_application()
            return
        # Stopped by somebody else (SIGSTOP): nothing was left, but others may have written on the screen.
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        loop.call_soon_threadsafe(self._draw_anew)

    def _draw_anew(self) -> None:
        if self._app.is_running:
            self._app.refresh(layout=True)


def surviving(found: type[Driver]) -> type[Driver]:
    """Ours in place of Textual's for a terminal; a browser's, and one that the environment names, stay."""
    return TerminalDriver if found is LinuxDriver else found
