"""Lists of Airflow's REST API through InvokeRestApi: page by page, at MWAA's rate, with smaller pages where one is
too big or takes too long.

Source: MWAA user guide, access-mwaa-apache-airflow-rest-api (10 transactions a second, 10 seconds, 6 MB an answer);
Airflow's api.maximum_page_limit (100).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from mwaa_wizard.airflow.rest import RestAnswer, RestUnavailable, Waiting, invoke
from mwaa_wizard.errors import WizardError

PAGE = 100
PER_SECOND = 8.0  # below the quota of 10, as others may call this environment too
# AWS's code where an answer has more than 6 MB; the same code is used for other refusals, which stay with a page of 1.
_TOO_BIG = "ValidationException"
_BEHIND = 1_000_000_000

Sleep = Callable[[float], None]


class Turns:
    """Hands out turns so that no more than `per_second` calls are begun in a second, by all threads together."""

    def __init__(self, per_second: float = PER_SECOND, sleep: Sleep = time.sleep) -> None:
        self._gap, self._sleep = 1.0 / per_second, sleep
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when it is the caller's turn."""
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next)
            self._next = at + self._gap
        if at > now:
            self._sleep(at - now)


class Rest:
    """One environment's REST API in turns; `client` gives the MWAA client, which may be another after a login.

    Raises what `airflow.rest.invoke` raises.
    """

    def __init__(
        self,
        client: Callable[[], Any],
        environment: str,
        *,
        turns: Turns | None = None,
        sleep: Sleep = time.sleep,
        waiting: Waiting | None = None,
    ) -> None:
        self.environment = environment
        self._client, self._sleep, self._waiting = client, sleep, waiting
        self._turns = turns or Turns(sleep=sleep)

    def call(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        repeat: bool = False,
    ) -> RestAnswer:
        """One call in its turn. What was sent is in no error's text."""
        self._turns.wait()
        return invoke(
            self._client(), self.environment, method, path,
            query=query, body=body, repeat=repeat, quiet=body is not None, sleep=self._sleep, waiting=self._waiting,
        )  # fmt: skip

    def rows(self, path: str, member: str, *, page: int = PAGE) -> Iterator[dict[str, Any] | None]:
        """All rows of a list in Airflow's own order (by id); None stands for one that alone is over MWAA's limits.

        Raises RestUnavailable where the list may not be read.
        """
        offset, limit = 0, page
        total = -1
        while total < 0 or offset < total:
            try:
                answer = self.call("GET", path, query={"limit": limit, "offset": offset})
            except (RestUnavailable, WizardError) as problem:
                if not _too_much(problem):
                    raise
                if limit > 1:
                    limit = max(1, limit // 4)
                    continue
                if total < 0:
                    total = self._count(path)
                yield None
                offset += 1
                continue
            if answer.status >= 400:
                raise RestUnavailable(f"GET {path}: {answer.status} {answer.said}", str(answer.status))
            found = answer.body.get(member) or []
            yield from found
            offset += len(found)
            total = int(answer.body.get("total_entries", offset))
            if not found:
                return
            limit = min(page, limit * 2)

    def _count(self, path: str) -> int:
        """How many rows a list has, asked behind its end; raises where even that cannot be had."""
        answer = self.call("GET", path, query={"limit": 1, "offset": _BEHIND})
        return int(answer.body.get("total_entries", 0))


def _too_much(problem: Exception) -> bool:
    if isinstance(problem, RestUnavailable):
        return problem.code == _TOO_BIG
    return isinstance(problem, WizardError) and problem.code.endswith(" 504")
