"""Which failures of a call are tried again, when, and how that is told.

botocore asks every `needs-retry` handler after each try and waits for as many seconds as one of them answers. Its own
handler keeps silent about what it does and gives up at once on a wrong clock, so this one decides in its place.

Sources: botocore guide "Retries" (standard mode: throttling, 500, 502, 503, 504, connection errors; backoff with
jitter up to 20 s); AWS SDKs reference, "Retry behavior".
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.aws import clock
from mwaa_wizard.i18n import _

TRIES = 5
LONGEST = 20.0  # seconds between two tries
THROTTLED = {
    "BandwidthLimitExceeded", "EC2ThrottledException", "PriorRequestNotComplete", "RequestLimitExceeded",
    "RequestThrottled", "RequestThrottledException", "SlowDown", "Throttling", "ThrottledException",
    "ThrottlingException", "TooManyRequestsException",
}  # fmt: skip
_TRANSIENT = {"RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure", "ServiceUnavailable"}
_STATUS = {500, 502, 503, 504}
# The first wait's scale in seconds: who is throttled asks too often, whose connection broke may ask again at once.
_BASE = {"throttled": 1.0, "clock": 1.0, "failed": 0.25, "unreachable": 0.25}
# A clock that is wrong is set by a person, or by the system within moments; long waits help nobody.
_TRIES = {"clock": 3}


@dataclass(frozen=True)
class Retry:
    """One try that failed and is made again. `attempt` is the coming one, `seconds` the wait before it."""

    side: str
    region: str
    service: str
    operation: str
    why: str
    attempt: int
    tries: int
    seconds: float

    def text(self) -> str:
        """`airflow:GetEnvironment throttled, try 2 of 5 in 1.3 s (source, us-east-1)`."""
        return _("{service}:{operation} {why}, try {attempt} of {tries} in {seconds} s ({side}, {region})").format(
            service=self.service,
            operation=self.operation,
            why=self.why,
            attempt=self.attempt,
            tries=self.tries,
            seconds=f"{self.seconds:.1f}",
            side=_(self.side),
            region=self.region,
        )


Tell = Callable[[Retry], None]


class Sparing:
    """Tells what it hears, of each kind at most once in `every` seconds: many threads are throttled at one time."""

    def __init__(self, tell: Tell, every: float = 5.0) -> None:
        self._tell, self._every = tell, every
        self._told: dict[tuple[str, str, str, str], float] = {}
        self._lock = threading.Lock()

    def __call__(self, retry: Retry) -> None:
        kind, now = (retry.side, retry.service, retry.operation, retry.why), time.monotonic()
        with self._lock:
            last = self._told.get(kind)
            if last is not None and now - last < self._every and retry.attempt <= 2:
                return
            self._told[kind] = now
        self._tell(retry)


class Again:
    """The handler of one client's `needs-retry` events."""

    def __init__(self, client: Any, side: str, tell: Tell) -> None:
        self._side, self._tell = side, tell
        self._region = str(client.meta.region_name)
        self._service = str(client.meta.service_model.signing_name)

    def __call__(
        self, response: Any, operation: Any, attempts: int, caught_exception: BaseException | None, **_event: Any
    ) -> float | None:
        """Seconds to wait before the next try; None where there is none."""
        found = reason(response, caught_exception)
        if found is None or attempts >= (tries := _TRIES.get(found[0], TRIES)):
            return None
        kind, why = found
        seconds = max(_wait(kind, attempts), _asked_for(response))
        self._tell(
            Retry(self._side, self._region, self._service, str(operation.name), why, attempts + 1, tries, seconds)
        )
        return seconds


def hook(client: Any, side: str, tell: Tell) -> None:
    """Let a client's failures be tried again and told."""
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"needs-retry.{service}", Again(client, side, tell), unique_id="mwaa-wizard-retries")


def reason(response: Any, caught: BaseException | None) -> tuple[str, str] | None:
    """(kind, words) of a failure that is worth another try; None for an answer and for every other failure."""
    if caught is not None:
        return ("unreachable", _("was not reached")) if _is_connection(caught) else None
    if response is None:
        return None
    http, parsed = response
    code = str(parsed.get("Error", {}).get("Code", "")) if isinstance(parsed, dict) else ""
    status = int(getattr(http, "status_code", 0) or 0)
    if status == 429 or code in THROTTLED:
        return "throttled", _("throttled")
    if code and clock.is_skewed(code, off := clock.skew(getattr(http, "headers", None) or {})):
        return "clock", _("refused: {clock}").format(clock=clock.said(off).rstrip("."))
    if code in _TRANSIENT or status in _STATUS:
        return "failed", _("failed with {code}").format(code=code if code and code != str(status) else status)
    return None


def _is_connection(problem: BaseException) -> bool:
    from botocore import exceptions

    # A proxy or a certificate that is refused stays so; everything else of the way there may pass.
    if isinstance(problem, exceptions.SSLError | exceptions.ProxyConnectionError):
        return False
    return isinstance(problem, exceptions.ConnectionError | exceptions.HTTPClientError)


def _wait(kind: str, attempts: int) -> float:
    most = min(_BASE[kind] * 2.0 ** (attempts - 1), LONGEST)
    return most * random.uniform(0.5, 1.0)


def _asked_for(response: Any) -> float:
    """The wait the service itself asks for in Retry-After (seconds) or x-amz-retry-after (milliseconds)."""
    headers = getattr(response[0], "headers", None) if response else None
    for name, unit in (("x-amz-retry-after", 0.001), ("Retry-After", 1.0)):
        text = str((headers or {}).get(name) or "")
        if text.isdigit():
            return min(int(text) * unit, LONGEST)
    return 0.0
