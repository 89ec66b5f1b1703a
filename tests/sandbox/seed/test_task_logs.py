"""Task log streams: names, times within the try, and what is written to CloudWatch Logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from mwaa_wizard.sandbox.seed import SeedTarget, put_files, task_log_group, task_log_stream
from mwaa_wizard.sandbox.seed.cloudwatch import MOST_BYTES, MOST_EVENTS, batches, write_streams
from mwaa_wizard.sandbox.seed.runs import plan_runs
from mwaa_wizard.sandbox.seed.simulate import simulate
from mwaa_wizard.sandbox.seed.task_logs import MOST_STREAMS, Stream, plan_streams

GROUP = task_log_group("analytics-prod")


@pytest.fixture(scope="module")
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def streams(now: datetime) -> list[Stream]:
    return list(plan_streams(plan_runs(now), now, "2.8.1"))


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


@pytest.mark.parametrize(
    ("map_index", "expected"),
    [
        (-1, "dag_id=d/run_id=scheduled__2026-01-01T00_00_00+00_00/task_id=g.t/attempt=2.log"),
        (0, "dag_id=d/run_id=scheduled__2026-01-01T00_00_00+00_00/task_id=g.t/map_index=0/attempt=2.log"),
    ],
)
def test_stream_name_is_the_one_airflow_looks_for(map_index: int, expected: str) -> None:
    assert task_log_stream("d", "scheduled__2026-01-01T00:00:00+00:00", "g.t", map_index, 2) == expected


def test_group_is_mwaas() -> None:
    assert GROUP == "airflow-analytics-prod-Task"


def test_streams_are_few_unique_and_named_as_cloudwatch_allows(streams: list[Stream]) -> None:
    names = [stream.name for stream in streams]
    assert 800 < len(names) <= MOST_STREAMS
    assert len(set(names)) == len(names)
    assert not [name for name in names if re.search(r"[:*]", name) or len(name) > 512]
    assert any("/map_index=" in name for name in names)
    assert any(name.endswith("/attempt=2.log") for name in names)


def test_events_lie_within_the_try_and_are_young_enough(now: datetime, streams: list[Stream]) -> None:
    tries = {
        task_log_stream(run.dag.dag_id, run.run_id, i.task.task_id, i.map_index, number): one
        for run in plan_runs(now)
        if now - run.due < timedelta(days=14)
        for i in simulate(run, now).instances
        for number, one in enumerate(i.tries, start=1)
    }
    for stream in streams:
        one = tries[stream.name]
        stamps = [stamp for stamp, _message in stream.events]
        assert stamps == sorted(stamps)
        assert one.start.timestamp() * 1000 - 1 <= stamps[0]
        assert stamps[-1] <= one.end.timestamp() * 1000
        assert now.timestamp() * 1000 - stamps[0] < 14 * 86_400_000


def test_batches_keep_the_limits_of_put_log_events() -> None:
    many = Stream("s", tuple((n, "x") for n in range(MOST_EVENTS + 1)))
    assert [len(batch) for batch in batches(many)] == [MOST_EVENTS, 1]
    wide = Stream("s", tuple((n, "あ" * 100_000) for n in range(8)))
    sizes = [sum(len(event["message"].encode()) + 26 for event in batch) for batch in batches(wide)]
    assert len(sizes) == 3
    assert max(sizes) <= MOST_BYTES


@pytest.mark.usefixtures("aws")
def test_written_streams_can_be_read_back_and_a_second_time_adds_nothing(streams: list[Stream]) -> None:
    logs: Any = boto3.client("logs", region_name="us-east-1")
    said: list[str] = []
    some = streams[:30]
    assert write_streams(logs, GROUP, some, said.append) == (30, sum(len(stream.events) for stream in some))
    assert write_streams(logs, GROUP, some, said.append) == (0, 0)
    for stream in some[:5]:
        answer = logs.get_log_events(logGroupName=GROUP, logStreamName=stream.name, startFromHead=True)
        assert [(e["timestamp"], e["message"]) for e in answer["events"]] == list(stream.events)


@pytest.mark.usefixtures("aws")
def test_files_are_put_with_versions_and_none_puts_nothing(tmp_path: Path) -> None:
    s3: Any = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="seeded-bucket")
    s3.put_bucket_versioning(Bucket="seeded-bucket", VersioningConfiguration={"Status": "Enabled"})
    target = SeedTarget("a", "2.8.1", tmp_path, {}, "seeded-bucket", "dags", s3, None, GROUP)
    assert put_files(target, "none").requirements_version is None
    assert "Contents" not in s3.list_objects_v2(Bucket="seeded-bucket")
    files = put_files(target, "small")
    listed = {item["Key"] for item in s3.list_objects_v2(Bucket="seeded-bucket")["Contents"]}
    assert listed == {*files.dag_keys, "requirements.txt", "plugins.zip"}
    assert "dags/common/airflow_compat.py" in listed
    for key, version in (("requirements.txt", files.requirements_version), ("plugins.zip", files.plugins_version)):
        assert s3.head_object(Bucket="seeded-bucket", Key=key)["VersionId"] == version
