"""What a step may use: the session, clients of both sides, the journal, and a way to talk."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.errors import Cancelled
from mwaa_wizard.execution.events import Event, Level, Line, Progress, Waiting, now
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean

# Shorter waits are not worth a countdown.
_TOLD_FROM = 3.0


@dataclass
class Context:
    """Handed to every step. `step` is set by the runner; `cancel` is set when the user asks to stop; `ask` puts a
    question of yes or no to the user, and is None where everything was confirmed before.
    """

    session: Session
    clients: Clients
    journal: Journal
    emit: Callable[[Event], None]
    cancel: threading.Event = field(default_factory=threading.Event)
    step: str = ""
    dry_run: bool = False
    ask: Callable[[str], bool] | None = None
    memory: dict[str, Any] = field(
        default_factory=dict
    )  # look-ups shared by the steps of one run; never needed

    def client(self, side: Side, service: str) -> Any:
        """A boto3 client of a side."""
        return self.clients.client(side, service)

    def log(self, text: str, level: Level = "INFO") -> None:
        """One line for the step's log pane."""
        self.emit(Line(step=self.step, level=level, text=clean(text)))

    def progress(self, done: int, total: int | None, unit: str, detail: str = "") -> None:
        """How far the step is."""
        self.emit(Progress(step=self.step, done=done, total=total, unit=unit, detail=clean(detail)))

    def made(self, kind: str, name: str, **facts: Any) -> None:
        """Journal something this step made (before the next thing is touched)."""
        self.journal.write(self.step, "made", kind=kind, name=name, **facts)

    def changed(self, kind: str, name: str, before: Any, **facts: Any) -> None:
        """Journal a change to something that was there, with what it was."""
        self.journal.write(self.step, "changed", kind=kind, name=name, before=before, **facts)

    def removed(self, kind: str, name: str, **facts: Any) -> None:
        """Journal that something of ours is gone, or put back as it was."""
        self.journal.write(self.step, "removed", kind=kind, name=name, **facts)

    def safe_point(self) -> None:
        """Raise Cancelled if the user asked to stop; call it where stopping leaves nothing half-done."""
        if self.cancel.is_set():
            raise Cancelled

    def sleep(self, seconds: float) -> None:
        """Wait, but end at once (with Cancelled) when the user asks to stop. Long waits tell when they end."""
        if seconds >= _TOLD_FROM:
            self.emit(Waiting(step=self.step, until=now() + dt.timedelta(seconds=seconds)))
        if self.cancel.wait(seconds):
            raise Cancelled

    def poll(self, every: float, at_most: float) -> PollClock:
        """`for elapsed in ctx.poll(every=2, at_most=600): ...` waits between turns and ends after `at_most` seconds."""
        return PollClock(self, every, at_most)


class PollClock:
    """Iterates elapsed seconds; the caller breaks on success and raises its own error after the loop."""

    def __init__(self, context: Context, every: float, at_most: float) -> None:
        self._context, self._every, self._at_most = context, every, at_most

    def __iter__(self) -> PollClock:
        self._start = time.monotonic()
        self._first = True
        return self

    def __next__(self) -> float:
        if not self._first:
            if time.monotonic() - self._start >= self._at_most:
                raise StopIteration
            self._context.sleep(self._every)
        self._first = False
        return time.monotonic() - self._start
