"""Calls that are long without an answer are told: botocore waits up to a minute for one, and says nothing meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from mwaa_wizard.i18n import _

FIRST = 5.0  # seconds without an answer until it is said
THEN = 15.0  # and until it is said again

Tell = Callable[[str], None]


class Waits:
    """The handlers of one client's `before-send` and `response-received` events, which come once a try.

    Both come in the thread that made the call.
    """

    def __init__(self, client: Any, side: str, tell: Tell) -> None:
        self._side, self._tell = side, tell
        self._region = str(client.meta.region_name)
        self._service = str(client.meta.service_model.signing_name)
        self._here = threading.local()

    def sent(self, event_name: str, **_event: Any) -> None:
        """A request goes out."""
        self.answered()
        self._here.wait = _Wait(event_name.rpartition(".")[2], self._say)

    def answered(self, **_event: Any) -> None:
        """Its answer is there, or it failed."""
        wait = getattr(self._here, "wait", None)
        if wait is not None:
            wait.end()
            self._here.wait = None

    def _say(self, operation: str, seconds: float) -> None:
        self._tell(
            _("{service}:{operation} has no answer after {seconds} s; still waiting ({side}, {region})").format(
                service=self._service, operation=operation, seconds=round(seconds), side=_(self._side),
                region=self._region,
            )
        )


class _Wait:
    """One try that is out."""

    def __init__(self, operation: str, say: Callable[[str, float], None]) -> None:
        self._operation, self._say = operation, say
        self._begun, self._over = time.monotonic(), False
        self._later(FIRST)

    def _later(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._told)
        self._timer.daemon = True
        self._timer.start()

    def _told(self) -> None:
        if not self._over:
            self._say(self._operation, time.monotonic() - self._begun)
            self._later(THEN)

    def end(self) -> None:
        """Say no more."""
        self._over = True
        self._timer.cancel()


def hook(client: Any, side: str, tell: Tell) -> None:
    """Let a client's long waits be told."""
    waits, events = Waits(client, side, tell), client.meta.events
    service = client.meta.service_model.service_id.hyphenize()
    events.register(f"before-send.{service}", waits.sent, unique_id="mwaa-wizard-sent")
    events.register(f"response-received.{service}", waits.answered, unique_id="mwaa-wizard-answered")
