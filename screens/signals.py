"""Signals that end the program give the terminal back first."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable


def end_on_signals(leave: Callable[[int], None]) -> None:
    """Call `leave(128 + number)` in the running loop on SIGTERM, SIGHUP and SIGINT (ctrl+c is a key here, no signal).

    Without this the default action kills the process with the alternate screen and mouse reports left on.
    """
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        try:
            loop.add_signal_handler(number, leave, 128 + number)
        except (NotImplementedError, RuntimeError, ValueError):
            # Not the main thread (tests run the app in others), or a loop without signals: nothing to hand over to.
            return
