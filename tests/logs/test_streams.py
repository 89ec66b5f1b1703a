"""Stream names as Airflow's CloudWatch handler writes them."""

from __future__ import annotations

import datetime as dt

import pytest

from mwaa_wizard.logs import streams

RUN = "scheduled__2024-01-02T00:00:00+00:00"
FOLDER = "dag_id=etl/run_id=scheduled__2024-01-02T00_00_00+00_00/task_id=load/"


def test_names_of_a_run_a_task_and_a_try() -> None:
    assert streams.run_prefix("etl", RUN) == FOLDER.split("task_id")[0]
    assert streams.task_folder("etl", RUN, "load") == FOLDER
    assert streams.stream_name("etl", RUN, "load", -1, 2) == FOLDER + "attempt=2.log"
    assert streams.stream_name("etl", RUN, "load", 0, 1) == FOLDER + "map_index=0/attempt=1.log"


def test_names_by_the_old_template() -> None:
    when = dt.datetime(2024, 1, 2, tzinfo=dt.UTC)
    old = streams.legacy_folder("etl", "load", when)
    assert streams.legacy_stream_name("etl", "load", when, 3) == "etl/load/2024-01-02T00_00_00+00_00/3.log"
    assert streams.modern(old + "3.log", old, FOLDER) == FOLDER + "attempt=3.log"


@pytest.mark.parametrize(
    ("rest", "number"),
    [
        ("attempt=1.log", 1),
        ("attempt=12.log.trigger.7.log", 12),
        ("3.log", 3),
        ("map_index=0/attempt=1.log", None),
        ("attempt=x.log", None),
        ("attempt=1.log.bak", None),
    ],
)
def test_the_try_of_a_stream(rest: str, number: int | None) -> None:
    assert streams.try_of(FOLDER + rest, FOLDER) == number
    assert streams.try_of("other/" + rest, FOLDER) is None


@pytest.mark.parametrize(
    ("name", "good"), [("a", True), ("", False), ("a" * 512, True), ("a" * 513, False), ("a:b", False), ("a*", False)]
)
def test_what_cloudwatch_takes_as_a_name(name: str, good: bool) -> None:
    assert streams.fits(name) is good
