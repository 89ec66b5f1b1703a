"""Keeps calls under AWS's quotas: a small gap between calls, which grows when AWS throttles and shrinks again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from mwaa_wizard.aws.errors import THROTTLED, code_of
from mwaa_wizard.execution.context import Context

# First gaps in seconds. Quotas per second, account and region (CloudWatch Logs quotas): GetLogEvents 10 to 30,
# DescribeLogStreams 25, CreateLogStream 50, PutLogEvents 5000. The gaps settle where the region's quota is.
_FIRST = {"get_log_events": 0.02, "describe_log_streams": 0.02, "create_log_stream": 0.02, "put_log_events": 0.002}
_LONGEST = 2.0
_TRIES = 12


class Pace:
    """One for each client; shared by all threads that use it."""

    def __init__(self, ctx: Context, client: Any) -> None:
        self._ctx, self._client = ctx, client
        self._lock = threading.Lock()
        self._gap = dict(_FIRST)
        self._next = dict.fromkeys(_FIRST, 0.0)

    def call(self, operation: str, **request: Any) -> Any:
        """Call the client's operation in its turn; throttled calls are made again, up to 12 times."""
        method: Callable[..., Any] = getattr(self._client, operation)
        for attempt in range(1, _TRIES + 1):
            self._ctx.sleep(self._turn(operation))
            try:
                answer = method(**request)
            except Exception as problem:
                if code_of(problem) not in THROTTLED or attempt == _TRIES:
                    raise
                self._slower(operation)
            else:
                self._faster(operation)
                return answer
        raise AssertionError("unreachable: the last try returns or raises")

    def _turn(self, operation: str) -> float:
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next[operation])
            self._next[operation] = at + self._gap[operation]
            return at - now

    def _slower(self, operation: str) -> None:
        with self._lock:
            self._gap[operation] = min(_LONGEST, self._gap[operation] * 2)
            self._next[operation] = max(self._next[operation], time.monotonic() + self._gap[operation])

    def _faster(self, operation: str) -> None:
        with self._lock:
            self._gap[operation] = max(_FIRST[operation], self._gap[operation] * 0.99)
