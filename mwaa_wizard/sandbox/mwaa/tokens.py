"""Short-lived tokens: CLI and web-login tokens (60 s), and the sessions that a web login opens (12 h).

Source: MWAA user guide, call-mwaa-apis-cli and call-mwaa-apis-web.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

TOKEN_SECONDS = 60.0
SESSION_SECONDS = 12 * 3600.0


@dataclass(frozen=True)
class Grant:
    """What a token stands for."""

    kind: str
    environment: str
    role: str
    identity: str


class TokenBox:
    """Tokens of every environment, in memory only; `clock` is monotonic seconds (tests replace it)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[float, Grant]] = {}

    def mint(self, grant: Grant, seconds: float = TOKEN_SECONDS) -> str:
        token = secrets.token_urlsafe(48)
        with self._lock:
            moment = self._clock()
            self._held = {key: value for key, value in self._held.items() if value[0] > moment}
            self._held[token] = (moment + seconds, grant)
        return token

    def grant(self, token: str, kind: str, environment: str) -> Grant | None:
        """The live grant of `token`, or None when it is unknown, expired, or for something else."""
        with self._lock:
            found = self._held.get(token)
            if not found or found[0] <= self._clock():
                return None
        held = found[1]
        return held if (held.kind, held.environment) == (kind, environment) else None
