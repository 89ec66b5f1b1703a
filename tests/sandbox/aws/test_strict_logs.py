"""CloudWatch Logs' limits, just inside and just outside."""

from __future__ import annotations

import time
from typing import Any

import pytest

from .conftest import World, refusal

DAY = 24 * 3_600_000
INVALID = "InvalidParameterException"


@pytest.fixture
def put(world: World) -> Any:
    """Puts events into a fresh stream and answers the response."""
    logs = world.client("logs")
    group = world.name("group")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")

    def call(events: list[tuple[int, str]]) -> Any:
        listed = [{"timestamp": stamp, "message": message} for stamp, message in events]
        return logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=listed)

    call.group = group  # type: ignore[attr-defined]
    call.logs = logs  # type: ignore[attr-defined]
    return call


def now() -> int:
    return int(time.time() * 1000)


def kept(put: Any) -> list[str]:
    found = put.logs.get_log_events(logGroupName=put.group, logStreamName="s", startFromHead=True)
    return [event["message"] for event in found["events"]]


def test_event_count(put: Any) -> None:
    stamp = now()
    put([(stamp, "m")] * 10_000)
    assert refusal(put, events=[(stamp, "m")] * 10_001)[0] == INVALID


def test_batch_bytes_count_26_per_event_and_utf8(put: Any) -> None:
    stamp = now()
    half = 1_048_576 // 2 - 26
    put([(stamp, "x" * half), (stamp, "x" * half)])
    code, status, message = refusal(put, events=[(stamp, "x" * half), (stamp, "x" * (half + 1))])
    assert (code, status) == (INVALID, 400)
    assert "Upload too large: 1048577 bytes exceeds limit of 1048576" in message
    put([(stamp, "é" * (half // 2)), (stamp, "x" * half)])
    assert refusal(put, events=[(stamp, "é" * (half // 2 + 1)), (stamp, "x" * half)])[0] == INVALID


def test_span_of_a_day(put: Any) -> None:
    stamp = now()
    put([(stamp - DAY, "a"), (stamp, "b")])
    assert "24 hours" in refusal(put, events=[(stamp - DAY - 1, "a"), (stamp, "b")])[2]


def test_order(put: Any) -> None:
    stamp = now()
    put([(stamp, "a"), (stamp, "b")])
    assert "chronological" in refusal(put, events=[(stamp, "a"), (stamp - 1, "b")])[2]


def test_too_old_events_are_dropped_with_an_exclusive_end(put: Any) -> None:
    edge = now() - 14 * DAY
    answer = put([(edge - 60_000, "old 1"), (edge - 50_000, "old 2"), (edge + 60_000, "kept")])
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 2}
    assert kept(put) == ["kept"]


def test_too_new_events_are_dropped_from_an_inclusive_start(put: Any) -> None:
    edge = now() + 2 * 3_600_000
    answer = put([(edge - 60_000, "kept"), (edge + 60_000, "new")])
    assert answer["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}
    assert kept(put) == ["kept"]


def test_everything_dropped_is_still_a_success(put: Any) -> None:
    edge = now() - 14 * DAY
    answer = put([(edge - 60_000, "old")])
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 1}
    assert kept(put) == []


def test_events_older_than_the_retention_are_dropped(put: Any) -> None:
    put.logs.put_retention_policy(logGroupName=put.group, retentionInDays=3)
    edge = now() - 3 * DAY
    answer = put([(edge - 60_000, "expired"), (edge + 60_000, "kept")])
    assert answer["rejectedLogEventsInfo"] == {"expiredLogEventEndIndex": 1}
    assert kept(put) == ["kept"]


def test_accepted_batch_has_no_rejections(put: Any) -> None:
    assert "rejectedLogEventsInfo" not in put([(now(), "m")])


def test_end_time_is_exclusive(put: Any) -> None:
    stamp = now()
    put([(stamp - 1, "a"), (stamp, "b")])
    found = put.logs.get_log_events(logGroupName=put.group, logStreamName="s", endTime=stamp, startFromHead=True)
    assert [event["message"] for event in found["events"]] == ["a"]


@pytest.mark.parametrize(("name", "valid"), [("a" * 512, True), ("a/b=c d", True), ("a:b", False), ("a*b", False)])
def test_stream_names(put: Any, name: str, valid: bool) -> None:
    if valid:
        put.logs.create_log_stream(logGroupName=put.group, logStreamName=name)
    else:
        code = refusal(put.logs.create_log_stream, logGroupName=put.group, logStreamName=name)[0]
        assert code == INVALID


def test_stream_name_length(put: Any) -> None:
    assert refusal(put.logs.create_log_stream, logGroupName=put.group, logStreamName="a" * 513)[0] == INVALID


@pytest.mark.parametrize(("days", "valid"), [(1, True), (14, True), (3653, True), (2, False), (42, False)])
def test_retention_values(put: Any, days: int, valid: bool) -> None:
    if valid:
        put.logs.put_retention_policy(logGroupName=put.group, retentionInDays=days)
        groups = put.logs.describe_log_groups(logGroupNamePrefix=put.group)["logGroups"]
        assert groups[0]["retentionInDays"] == days
    else:
        assert refusal(put.logs.put_retention_policy, logGroupName=put.group, retentionInDays=days)[0] == INVALID


@pytest.mark.parametrize(("name", "valid"), [("/aws/a-b_c.d#1", True), ("a b", False), ("a:b", False), ("ü", False)])
def test_group_names(world: World, name: str, valid: bool) -> None:
    logs = world.client("logs")
    if valid:
        logs.create_log_group(logGroupName=world.name(name))
    else:
        assert refusal(logs.create_log_group, logGroupName=name)[0] == INVALID


@pytest.mark.parametrize("from_head", [True, False])
def test_a_page_ends_at_a_megabyte(put: Any, from_head: bool) -> None:
    stamp = now()
    expected = []
    for batch in range(5):
        put([(stamp + batch, f"{batch}{half}".ljust(400_000, "x")) for half in range(2)])
        expected += [f"{batch}{half}" for half in range(2)]
    found: list[str] = []
    token: dict[str, str] = {}
    pages = 0
    name = "nextForwardToken" if from_head else "nextBackwardToken"
    while True:
        page = put.logs.get_log_events(logGroupName=put.group, logStreamName="s", startFromHead=from_head, **token)
        texts = [event["message"][:2] for event in page["events"]]
        assert len(texts) <= 2
        found = found + texts if from_head else texts + found
        if not texts:
            break
        pages += 1
        token = {"nextToken": page[name]}
    assert found == expected
    assert pages == 5
