"""What is tried again, how long is waited, and what is told: over a real connection to a server of the test's own."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from mwaa_wizard.aws import clock, retries
from mwaa_wizard.aws.errors import EXPIRED, code_of, translate
from tests.aws.conftest import Server, Told, good, refusal


def test_throttling_is_tried_again_and_told(server: Server, told: Told) -> None:
    server.answers = [refusal("ThrottlingException"), refusal("TooManyRequestsException", 429), good()]
    assert told.clients.client("source", "mwaa").list_environments()["Environments"] == ["prod"]
    assert told.lines == [
        "airflow:ListEnvironments throttled, try 2 of 5 in 1.0 s (source, us-east-1)",
        "airflow:ListEnvironments throttled, try 3 of 5 in 2.0 s (source, us-east-1)",
    ]
    assert told.waits == [1.0, 2.0]


def test_each_side_is_told_as_itself(server: Server, told: Told) -> None:
    server.answers = [refusal("Throttling"), good()]
    told.clients.client("target", "mwaa").list_environments()
    assert [line.rsplit(" ", 2)[-2:] for line in told.lines] == [["(target,", "eu-west-1)"]]
    assert set(server.keys) == {"AKIATO"}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_service_that_fails_is_asked_again(server: Server, told: Told, status: int) -> None:
    server.answers = [(status, "", {}), good()]
    told.clients.client("source", "mwaa").list_environments()
    assert len(told.lines) == 1
    assert f"failed with {status}" in told.lines[0]


def test_a_broken_connection_is_made_again(server: Server, told: Told) -> None:
    server.answers = [None, None, good()]
    told.clients.client("source", "mwaa").list_environments()
    assert told.lines[1] == "airflow:ListEnvironments was not reached, try 3 of 5 in 0.5 s (source, us-east-1)"


def test_after_five_tries_it_is_enough(server: Server, told: Told) -> None:
    server.answers = [refusal("ThrottlingException")]
    with pytest.raises(ClientError) as caught:
        told.clients.client("source", "mwaa").list_environments()
    assert len(server.keys) == retries.TRIES == 5
    assert len(told.lines) == 4
    error = translate(caught.value)
    assert error.what == "AWS is throttling these calls."


def test_the_wait_that_the_service_asks_for_is_kept(server: Server, told: Told) -> None:
    server.answers = [refusal("ThrottlingException", headers={"Retry-After": "7"}), good()]
    told.clients.client("source", "mwaa").list_environments()
    assert told.waits == [7.0]
    assert "in 7.0 s" in told.lines[0]


def test_no_wait_is_longer_than_twenty_seconds(server: Server, told: Told) -> None:
    server.answers = [refusal("ThrottlingException", headers={"Retry-After": "900"}), good()]
    told.clients.client("source", "mwaa").list_environments()
    assert told.waits == [20.0]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ResourceNotFoundException"])
def test_a_refusal_is_not_tried_again(server: Server, told: Told, code: str) -> None:
    server.answers = [refusal(code)]
    with pytest.raises(ClientError):
        told.clients.client("source", "mwaa").list_environments()
    assert (len(server.keys), told.lines) == (1, [])


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """This computer's clock is 17 minutes fast."""
    ahead = dt.timedelta(minutes=17)
    monkeypatch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC) + ahead)


@pytest.mark.parametrize(
    "code", ["InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "RequestExpired"]
)
def test_a_wrong_clock_is_told_with_the_difference(server: Server, told: Told, fast: None, code: str) -> None:
    server.answers = [refusal(code, 403, "Signature expired")]
    with pytest.raises(ClientError) as caught:
        told.clients.client("source", "mwaa").list_environments()
    assert len(server.keys) == 3
    assert "refused: This computer's clock is 17 minutes fast, try 2 of 3 in 1.0 s" in told.lines[0]
    error = translate(caught.value)
    assert error.what == "This computer's clock is 17 minutes fast."
    assert "resume" in error.remedy
    assert error.code == code


def test_a_clock_that_is_set_meanwhile_lets_the_call_pass(server: Server, told: Told, fast: None) -> None:
    server.answers = [refusal("InvalidSignatureException", 403), good()]
    assert told.clients.client("source", "mwaa").list_environments()["Environments"] == ["prod"]


def test_a_wrong_key_is_no_wrong_clock(server: Server, told: Told) -> None:
    server.answers = [refusal("InvalidSignatureException", 403)]
    with pytest.raises(ClientError) as caught:
        told.clients.client("source", "mwaa").list_environments()
    assert (len(server.keys), told.lines) == (1, [])
    assert translate(caught.value).what == "AWS does not know the credentials of profile from."


def test_a_request_that_expired_with_a_right_clock_is_an_expired_session(server: Server, told: Told) -> None:
    server.answers = [refusal("RequestExpired")]
    with pytest.raises(ClientError) as caught:
        told.clients.client("source", "mwaa").list_environments()
    assert code_of(caught.value) in EXPIRED
    assert "have expired" in translate(caught.value).what


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1020.0, "17 minutes fast"),
        (-1020.0, "17 minutes slow"),
        (-60.0, "1 minute slow"),
        (7200 * 3, "6 hours fast"),
        (86400 * 30, "30 days fast"),
        (None, "is off"),
    ],
)
def test_how_far_a_clock_is_off_is_said_in_words(seconds: float | None, text: str) -> None:
    assert text in clock.said(seconds)


def test_an_answer_without_a_date_says_nothing_about_the_clock() -> None:
    assert clock.skew({}) is None
    assert clock.skew({"Date": "yesterday"}) is None


def test_nobody_has_to_listen(server: Server, told: Told) -> None:
    told.clients.on_retry = None
    server.answers = [refusal("ThrottlingException"), good()]
    assert told.clients.client("source", "mwaa").list_environments()["Environments"] == ["prod"]


def test_no_server_at_all(server: Server, told: Told, profiles: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert callable(profiles)
    profiles("[profile from]\nregion = us-east-1\n", "[from]\naws_access_key_id = A\naws_secret_access_key = s\n")
    with pytest.raises(BotoCoreError) as caught:
        told.clients.client("source", "mwaa").list_environments()
    assert len(told.lines) == 4
    assert translate(caught.value).what == "AWS cannot be reached."


def test_many_threads_that_are_throttled_alike_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[retries.Retry] = []
    sparing, clock_now = retries.Sparing(heard.append), [100.0]
    monkeypatch.setattr("mwaa_wizard.aws.retries.time.monotonic", lambda: clock_now[0])
    first = retries.Retry("target", "eu-west-1", "logs", "PutLogEvents", "throttled", 2, 5, 1.0)
    for _number in range(50):
        sparing(first)
    assert len(heard) == 1
    sparing(dataclasses.replace(first, attempt=3))
    sparing(dataclasses.replace(first, operation="CreateLogStream"))
    assert [(retry.operation, retry.attempt) for retry in heard[1:]] == [("PutLogEvents", 3), ("CreateLogStream", 2)]
    clock_now[0] += 6
    sparing(first)
    assert len(heard) == 4
