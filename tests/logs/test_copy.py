"""Copies between two accounts and regions of a local AWS that keeps CloudWatch Logs' limits."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest

from mwaa_wizard.errors import Cancelled, WizardError
from mwaa_wizard.execution.context import Context
from mwaa_wizard.logs import LogWanted, copy, streams
from tests.logs.cloud import SOURCE, TARGET, Cloud

_NUMBERS = itertools.count(1)
NOW = int(time.time() * 1000)
HOUR = 3_600_000
RUN = "manual__2024-01-02T00:00:00+00:00"
Event = tuple[int, str]


class Pair:
    """A source and a target with their task log groups."""

    def __init__(self, cloud: Cloud, *, groups: tuple[str, ...] = ("source", "target")) -> None:
        number = next(_NUMBERS)
        self.names = {"source": f"old{number}", "target": f"new{number}"}
        cloud.environment(self.names["source"], SOURCE, "us-east-1")
        cloud.environment(self.names["target"], TARGET, "eu-west-1")
        self.ctx: Context = cloud.context(cloud.session(self.names["source"], self.names["target"]))
        self.clients: dict[str, Any] = {
            "source": self.ctx.client("source", "logs"), "target": self.ctx.client("target", "logs")
        }  # fmt: skip
        for side in groups:
            self.clients[side].create_log_group(logGroupName=self.group(side))

    def group(self, side: str) -> str:
        return f"airflow-{self.names[side]}-Task"

    def write(self, stream: str, events: list[Event], side: str = "source") -> None:
        self.clients[side].create_log_stream(logGroupName=self.group(side), logStreamName=stream)
        self.clients[side].put_log_events(
            logGroupName=self.group(side), logStreamName=stream,
            logEvents=[{"timestamp": at, "message": text} for at, text in events],
        )  # fmt: skip

    def read(self, stream: str) -> list[Event]:
        token: dict[str, str] = {}
        found: list[Event] = []
        while True:
            answer = self.clients["target"].get_log_events(
                logGroupName=self.group("target"), logStreamName=stream, startFromHead=True, **token
            )
            found += [(event["timestamp"], event["message"]) for event in answer["events"]]
            if answer["nextForwardToken"] == token.get("nextToken"):
                return found
            token = {"nextToken": answer["nextForwardToken"]}

    def streams(self) -> list[str]:
        pages = self.clients["target"].get_paginator("describe_log_streams").paginate(logGroupName=self.group("target"))
        return sorted(stream["logStreamName"] for page in pages for stream in page["logStreams"])


def wanted(task: str = "load", map_index: int = -1, run: str = RUN, tries: int = 1) -> LogWanted:
    return LogWanted("etl", run, task, map_index, tries, "success", None, None)


def name(task: str = "load", map_index: int = -1, attempt: int = 1, run: str = RUN) -> str:
    return streams.stream_name("etl", run, task, map_index, attempt)


def test_every_try_with_its_times_and_nothing_of_other_runs(cloud: Cloud) -> None:
    pair = Pair(cloud)
    events = {
        name(attempt=1): [(NOW - HOUR, "one"), (NOW - HOUR, "two"), (NOW - HOUR, "one")],
        name(attempt=2): [(NOW - 2000, "again é")],
        name(attempt=2) + ".trigger.9.log": [(NOW - 1000, "deferred")],
        name("map", 0): [(NOW - 500, "m0")],
        name("map", 10): [(NOW - 500, "m10")],
    }
    others = [name("load2"), name(run="manual__2024-01-03T00:00:00+00:00"), name("map", 1), "scheduler_1.log"]
    for stream, lines in events.items():
        pair.write(stream, lines)
    for stream in others:
        pair.write(stream, [(NOW, "not this")])
    result = copy.copy_logs(pair.ctx, [wanted(tries=2), wanted("map", 0), wanted("map", 10), wanted("gone")])
    assert pair.streams() == sorted(events)
    for stream, lines in events.items():
        assert pair.read(stream) == sorted(lines, key=lambda line: line[0])
    assert (result.streams_found, result.streams_copied, result.already_there) == (5, 5, 0)
    assert (result.events_read, result.events_written, result.missing, result.rejected) == (7, 7, 1, {})


def test_a_second_copy_writes_nothing(cloud: Cloud) -> None:
    pair = Pair(cloud)
    pair.write(name(), [(NOW - 5, "a"), (NOW - 5, "a"), (NOW, "b")])
    copy.copy_logs(pair.ctx, [wanted()])
    again = copy.copy_logs(pair.ctx, [wanted()])
    assert (again.streams_copied, again.already_there, again.events_written) == (0, 1, 0)
    assert pair.read(name()) == [(NOW - 5, "a"), (NOW - 5, "a"), (NOW, "b")]


def test_a_half_written_stream_is_completed_without_doubles(cloud: Cloud) -> None:
    pair = Pair(cloud)
    lines = [(NOW - 10 + i, f"line {i}") for i in range(10)]
    pair.write(name(), lines)
    pair.write(name(), lines[:4], side="target")
    result = copy.copy_logs(pair.ctx, [wanted()])
    assert pair.read(name()) == lines
    assert (result.events_read, result.events_written, result.streams_copied) == (10, 6, 1)


def test_a_stream_that_was_made_but_not_filled_is_filled(cloud: Cloud) -> None:
    pair = Pair(cloud)
    pair.write(name(), [(NOW, "x")])
    pair.clients["target"].create_log_stream(logGroupName=pair.group("target"), logStreamName=name())
    assert copy.copy_logs(pair.ctx, [wanted()]).events_written == 1


def test_more_events_than_a_page_and_a_batch_over_days(cloud: Cloud) -> None:
    pair = Pair(cloud)
    lines = [(NOW - 3 * 24 * HOUR + i * 10_000, f"{i}") for i in range(12_000)]
    stream = name()
    pair.clients["source"].create_log_stream(logGroupName=pair.group("source"), logStreamName=stream)
    for start in range(0, len(lines), 4000):
        pair.clients["source"].put_log_events(
            logGroupName=pair.group("source"), logStreamName=stream,
            logEvents=[{"timestamp": at, "message": text} for at, text in lines[start : start + 4000]],
        )  # fmt: skip
    result = copy.copy_logs(pair.ctx, [wanted()])
    assert (result.events_read, result.events_written) == (12_000, 12_000)
    assert pair.read(stream) == lines


def test_more_streams_than_a_page(cloud: Cloud) -> None:
    pair = Pair(cloud)
    for index in range(51):
        pair.write(name("map", index), [(NOW, f"{index}")])
    result = copy.copy_logs(pair.ctx, [wanted("map", index) for index in range(51)])
    assert (result.streams_copied, result.missing) == (51, 0)
    assert len(pair.streams()) == 51


def test_what_the_group_does_not_keep_is_counted(cloud: Cloud) -> None:
    pair = Pair(cloud)
    pair.write(name(), [(NOW - 5 * 24 * HOUR, "old"), (NOW, "new")][1:])
    pair.write(name(attempt=2), [(NOW - 5 * 24 * HOUR, "old")])
    pair.clients["target"].put_retention_policy(logGroupName=pair.group("target"), retentionInDays=3)
    result = copy.copy_logs(pair.ctx, [wanted(tries=2)])
    assert result.rejected == {"expired": 1}
    assert (result.events_read, result.events_written) == (2, 1)
    assert copy.copy_logs(pair.ctx, [wanted(tries=2)]).already_there == 2


def test_runs_whose_ids_share_streams_are_copied_once(cloud: Cloud) -> None:
    pair = Pair(cloud)
    pair.write(name(run="a:b"), [(NOW, "x")])
    result = copy.copy_logs(pair.ctx, [wanted(run="a:b"), wanted(run="a_b")])
    assert pair.read(name(run="a_b")) == [(NOW, "x")]
    assert result.events_written == 1


def test_no_source_group_is_no_failure(cloud: Cloud) -> None:
    pair = Pair(cloud, groups=("target",))
    result = copy.copy_logs(pair.ctx, [wanted()])
    assert (result.missing, result.events_read) == (1, 0)
    assert any(pair.group("source") in line for line in cloud.lines())


def test_no_target_group_is_a_clear_failure(cloud: Cloud) -> None:
    pair = Pair(cloud, groups=("source",))
    with pytest.raises(WizardError) as caught:
        copy.copy_logs(pair.ctx, [wanted()])
    assert pair.group("target") in caught.value.what
    assert caught.value.remedy


def test_nothing_wanted_asks_nothing(cloud: Cloud) -> None:
    pair = Pair(cloud, groups=())
    assert copy.copy_logs(pair.ctx, []).wanted == 0


def test_stopping_leaves_what_a_later_copy_finds(cloud: Cloud) -> None:
    pair = Pair(cloud)
    pair.write(name(), [(NOW, "x")])
    pair.ctx.cancel.set()
    with pytest.raises(Cancelled):
        copy.copy_logs(pair.ctx, [wanted()])
    pair.ctx.cancel.clear()
    assert copy.copy_logs(pair.ctx, [wanted()]).events_written == 1


def test_undo_removes_what_was_made_and_nothing_else(cloud: Cloud) -> None:
    pair = Pair(cloud)
    pair.write(name(), [(NOW, "x")])
    pair.write(name(attempt=2), [(NOW, "y")])
    pair.write(name(attempt=2), [(NOW, "y")], side="target")
    pair.write("airflow's own", [(NOW, "z")], side="target")
    copy.copy_logs(pair.ctx, [wanted(tries=2)])
    assert copy.remove_copies(pair.ctx) == 1
    assert pair.streams() == sorted(["airflow's own", name(attempt=2)])
    assert pair.ctx.journal.live(copy.KIND) == []
    assert copy.remove_copies(pair.ctx) == 0


def test_the_counts_are_in_the_journal(cloud: Cloud) -> None:
    pair = Pair(cloud)
    pair.write(name(), [(NOW, "x")])
    result = copy.copy_logs(pair.ctx, [wanted()])
    record = pair.ctx.journal.last("logs", copy.COPIED)
    assert record is not None
    assert {key: record[key] for key in result.as_facts()} == result.as_facts()
