"""Airflow's REST API through `mwaa:InvokeRestApi`: no network path to the web server is needed.

Source: MWAA user guide, access-mwaa-apache-airflow-rest-api; botocore mwaa 2020-07-01 InvokeRestApiRequest (Path has
1 to 64 characters, and comes without `/api/v1` or `/api/v2`). botocore's standard mode already repeats what MWAA itself
throttles; what is repeated here are the answers of Airflow behind it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.aws.errors import code_of
from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.aws.retries import Retry
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

MAX_PATH = 64
_TRIES = 4
# The caller may not, or this environment cannot: the CLI endpoint may still work.
_UNAVAILABLE = {"AccessDeniedException", "AccessDenied", "ValidationException", "ResourceNotFoundException"}


# Airflow's status, the coming try, how many there are, the seconds until then.
Waiting = Callable[[int, int, int, float], None]


class RestUnavailable(Exception):
    """InvokeRestApi cannot be used for this call; the message says why, `code` is AWS's error code or empty."""

    def __init__(self, message: object, code: str = "") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class RestAnswer:
    """Airflow's status and document."""

    status: int
    body: dict[str, Any]

    @property
    def said(self) -> str:
        """Airflow's own words for a refusal (problem+json, or FastAPI's `detail`)."""
        parts = [str(self.body.get(name)) for name in ("title", "detail") if self.body.get(name)]
        return clean(": ".join(parts) or self.body, limit=500)

    @property
    def said_of_fields(self) -> str:
        """The same without a word of what was sent: FastAPI's refusals repeat the input, which may be a secret."""
        detail = self.body.get("detail")
        if isinstance(detail, list):
            rows = [row for row in detail if isinstance(row, dict)]
            return clean("; ".join(f"{row.get('loc')}: {row.get('type')}" for row in rows), limit=300)
        return clean(self.body.get("title") or "", limit=100)


def invoke(
    client: Any,
    environment: str,
    method: str,
    path: str,
    *,
    query: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
    repeat: bool = False,
    quiet: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    waiting: Waiting | None = None,
) -> RestAnswer:
    """One call; a 4xx of Airflow is an answer, not an exception.

    Reads are repeated on Airflow's 5xx, other calls with `repeat` (where doing it twice does no harm), and every call
    on its 429, which says that nothing was done; `waiting` hears of it. `quiet`: what Airflow says of a failure is
    left out of errors, as it may repeat what was sent. Raises RestUnavailable where the call cannot be made this way
    (denied, path too long, environment too old), WizardError where Airflow keeps failing, ClientError for the rest.
    """
    if len(path) > MAX_PATH:
        raise RestUnavailable(f"path longer than {MAX_PATH} characters")
    request: dict[str, Any] = {"Name": environment, "Method": method, "Path": path}
    if query:
        request["QueryParameters"] = query
    if body is not None:
        request["Body"] = body
    tries = _TRIES if repeat or method in ("GET", "DELETE") else 1
    for attempt in range(1, _TRIES + 1):
        try:
            answer = client.invoke_rest_api(**request)
        except Exception as problem:
            code = code_of(problem)
            if code == "RestApiClientException":
                refusal = _refusal(problem)
                if refusal.status == 429 and attempt < _TRIES:
                    _wait(sleep, waiting, refusal.status, attempt, _TRIES, float(2**attempt))
                    continue
                return refusal
            if code == "RestApiServerException":
                refusal = _refusal(problem)
                # A read that took too long takes as long again: whoever asks for pages asks for a smaller one.
                if attempt < tries and not (refusal.status == 504 and method == "GET" and attempt > 1):
                    _wait(sleep, waiting, refusal.status, attempt, tries, 0.5 * attempt)
                    continue
                raise WizardError(
                    what=_("Airflow of {environment} has an error of its own.").format(environment=environment),
                    where=f"{method} {path}: {refusal.status if quiet else refusal.said}",
                    remedy=_("See whether its web server is healthy, then resume."),
                    code=f"{code} {refusal.status}",
                    exit_code=EXIT_RESUMABLE,
                ) from None
            if code in _UNAVAILABLE:
                raise RestUnavailable(code if quiet else clean(problem, limit=400), code) from None
            raise
        return RestAnswer(int(answer.get("RestApiStatusCode", 200)), _document(answer.get("RestApiResponse")))
    raise AssertionError("unreachable")


def _wait(
    sleep: Callable[[float], None], waiting: Waiting | None, status: int, attempt: int, tries: int, seconds: float
) -> None:
    if waiting is not None:
        waiting(status, attempt + 1, tries, seconds)
    sleep(seconds)


def tell_of(clients: Clients, side: Side) -> Waiting:
    """Words each wait as the other retries of a side's calls are worded (`Clients.on_retry`)."""

    def tell(status: int, attempt: int, tries: int, seconds: float) -> None:
        if clients.on_retry is not None:
            why, region = _("answered {status}").format(status=status), clients.place(side).region
            clients.on_retry(Retry(side, region, "airflow", "InvokeRestApi", why, attempt, tries, seconds))

    return tell


def _refusal(problem: BaseException) -> RestAnswer:
    response: dict[str, Any] = getattr(problem, "response", {})
    return RestAnswer(int(response.get("RestApiStatusCode", 0)), _document(response.get("RestApiResponse")))


def _document(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    return {} if value in (None, "") else {"detail": value}
