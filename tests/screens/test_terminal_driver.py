"""A terminal that goes away takes everything and says nothing; a window that goes on may write as much as it likes."""

from __future__ import annotations

import os
import pty
import threading
from typing import IO

from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.drivers.web_driver import WebDriver

from screens.terminal_driver import Surviving, TerminalDriver, surviving


def gone() -> IO[str]:
    """A terminal whose other end was closed."""
    ours, theirs = pty.openpty()
    os.close(ours)
    return os.fdopen(theirs, "w")


def test_writing_to_a_terminal_that_is_gone_never_waits() -> None:
    file = Surviving(gone())
    thread = WriterThread(file)  # type: ignore[arg-type]
    thread.start()

    def write() -> None:
        for _ in range(200):  # its queue takes 30
            thread.write("x" * 10_000)
        thread.stop()

    writing = threading.Thread(target=write, daemon=True)
    writing.start()
    writing.join(20)
    assert not writing.is_alive()
    assert file.gone


def test_only_a_terminals_driver_is_replaced() -> None:
    assert surviving(LinuxDriver) is TerminalDriver
    assert surviving(WebDriver) is WebDriver
