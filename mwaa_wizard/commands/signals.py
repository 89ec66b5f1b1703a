"""What Ctrl-C, TERM and a lost terminal mean to a run: stop where stopping leaves nothing half-done."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from mwaa_wizard.execution.runner import Runner

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def stop_on_signals(runner: Runner) -> Iterator[None]:
    """The first signal stops the run at its next safe point; the second ends the process with 128 + its number."""
    asked = 0

    def stop(number: int, _frame: object) -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            sys.exit(128 + number)
        with contextlib.suppress(OSError):  # the terminal may be what is gone
            print(_("Stopping at the next safe point; once more ends at once."), file=sys.stderr)
        runner.stop()

    before = {name: signal.signal(name, stop) for name in SIGNALS}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
