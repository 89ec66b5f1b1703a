"""Throttled calls are made again, later; other failures are not."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.logs.pace import Pace
from mwaa_wizard.session.model import Session


class Client:
    """Refuses as often as told."""

    def __init__(self, code: str, times: int) -> None:
        self.code, self.times, self.calls = code, times, 0

    def get_log_events(self, **request: Any) -> dict[str, Any]:
        self.calls += 1
        if self.calls <= self.times:
            raise ClientError({"Error": {"Code": self.code, "Message": ""}}, "GetLogEvents")
        return request


def pace(client: Client) -> Pace:
    session = Session()
    ctx = Context(session, session.clients(), Journal.of(session.id), lambda event: None, threading.Event())
    ctx.sleep = lambda seconds: None  # type: ignore[method-assign]
    return Pace(ctx, client)


def test_throttling_is_waited_out() -> None:
    client = Client("ThrottlingException", 11)
    assert pace(client).call("get_log_events", a=1) == {"a": 1}
    assert client.calls == 12


@pytest.mark.parametrize(("code", "calls"), [("ThrottlingException", 12), ("AccessDeniedException", 1)])
def test_in_the_end_the_failure_is_told(code: str, calls: int) -> None:
    client = Client(code, 99)
    with pytest.raises(ClientError):
        pace(client).call("get_log_events")
    assert client.calls == calls


def test_the_gap_grows_with_throttling_and_shrinks_again() -> None:
    made = pace(Client("ThrottlingException", 3))
    first = made._gap["get_log_events"]
    made.call("get_log_events")
    grown = made._gap["get_log_events"]
    assert grown > first
    for _turn in range(500):
        made.call("get_log_events")
    assert made._gap["get_log_events"] == first
