"""What unpausing would do: times counted from a schedule, and an Airflow's own words put into sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from mwaa_wizard.execution.unpausing import forecast, ticks
from tests.execution.fakes import Rig

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text + "+00:00")


@pytest.mark.parametrize(
    ("schedule", "first", "until", "expected"),
    [
        ("@daily", "2026-11-20T00:00", "2026-11-23T12:00", 4),
        ("0 * * * *", "2026-11-23T09:00", "2026-11-23T12:00", 4),
        ("*/15 8-10 * * 1-5", "2026-11-20T08:00", "2026-11-23T08:15", 14),
        ("30 3 1 * *", "2026-01-01T03:30", "2026-11-23T00:00", 11),
        ("0 0 13 * 5", "2026-11-01T00:00", "2026-11-30T00:00", 5),
        ("0 0 * * 7", "2026-11-01T00:00", "2026-11-30T00:00", 5),
        ("0 0 * jan-mar MON", "2026-01-05T00:00", "2026-11-30T00:00", 13),
        ("@daily", "2026-11-24T00:00", "2026-11-23T12:00", 0),
        ("0 0 * * 1#2", "2026-11-01T00:00", "2026-11-30T00:00", None),
        ("Asset", "2026-11-01T00:00", "2026-11-30T00:00", None),
        ("61 * * * *", "2026-11-01T00:00", "2026-11-30T00:00", None),
        ("", "2026-11-01T00:00", "2026-11-30T00:00", None),
    ],
)
def test_times_of_a_schedule_are_counted(schedule: str, first: str, until: str, expected: int | None) -> None:
    assert ticks.count(schedule, at(first), at(until)) == expected


def test_an_interval_is_counted_too() -> None:
    length = ticks.interval({"__type": "TimeDelta", "days": 0, "seconds": 5400, "microseconds": 0})
    assert ticks.count(length, at("2026-11-23T00:00"), at("2026-11-23T12:00")) == 9
    assert ticks.interval({"__type": "RelativeDelta", "days": 1}) is None


def test_the_clock_of_the_dag_decides() -> None:
    first, until = at("2026-11-20T21:00"), at("2026-11-22T20:00")
    assert ticks.count("0 6 * * *", first, until, "Asia/Tokyo") == 2
    assert ticks.count("0 6 * * *", first, until, "No/Where") is None


def told(rig: Rig, **details: Any) -> forecast.Forecast:
    airflow = rig.mwaa.add("new", "b", "arn:aws:iam::111122223333:role/new")
    airflow.dags["daily"] = True
    airflow.details["daily"] = {
        "schedule_interval": {"__type": "CronExpression", "value": "0 0 * * *"}, "catchup": True, "timezone": "UTC",
        "next_dagrun": "2026-11-19T00:00:00+00:00", "next_dagrun_create_after": "2026-11-20T00:00:00+00:00",
        "max_active_runs": 2, **details,
    }  # fmt: skip
    airflow.newest["daily"] = "2026-11-18T00:00:00+00:00"
    rig.mwaa._sync = lambda name: None  # type: ignore[method-assign]
    return forecast.of(rig.context(), "daily", NOW)


def test_a_dag_that_catches_up_makes_every_run_that_is_due(rig: Rig) -> None:
    rig.mwaa.airflows["old"].counts["daily"] = (3, 9)
    found = told(rig)
    assert (found.at_once, found.again) == (4, 3)
    words = " ".join(found.sentences())
    assert "4 runs at once, from 2026-11-19 00:00 UTC" in words
    assert "At most 2 at a time." in words
    assert "The source has made 3 runs of this span" in words


def test_a_dag_that_does_not_catch_up_makes_one(rig: Rig) -> None:
    assert told(rig, catchup=False).at_once == 1


def test_after_its_end_date_no_more_are_made(rig: Rig) -> None:
    assert told(rig, end_date="2026-11-21T00:00:00+00:00").at_once == 2


def test_where_nothing_is_due_the_next_time_is_told(rig: Rig) -> None:
    found = told(rig, next_dagrun_create_after="2026-11-24T00:00:00+00:00")
    assert (found.at_once, found.brief()) == (0, "next 2026-11-24 00:00 UTC")


def test_a_schedule_that_cannot_be_counted_is_not_guessed(rig: Rig) -> None:
    found = told(rig, schedule_interval={"__type": "CronExpression", "value": "custom timetable"})
    assert found.at_once is None
    assert "not known how many" in found.brief()


def test_without_a_schedule_it_waits_for_a_trigger(rig: Rig) -> None:
    found = told(rig, schedule_interval=None, next_dagrun=None, next_dagrun_create_after=None)
    assert found.brief() == "waits for a trigger"


def test_airflow_3_names_the_same_differently(rig: Rig) -> None:
    found = told(
        rig, schedule_interval=None, next_dagrun=None, next_dagrun_create_after=None, timetable_summary="6:00:00",
        next_dagrun_logical_date="2026-11-23T00:00:00Z", next_dagrun_run_after="2026-11-23T00:00:00Z",
    )  # fmt: skip
    assert found.at_once == 3


def test_an_id_too_long_for_the_rest_path_is_told_as_not_known(rig: Rig) -> None:
    rig.mwaa.add("new", "b", "arn:aws:iam::111122223333:role/new")
    found = forecast.of(rig.context(), "x" * 70, NOW)
    assert found.brief() == "not known"
    assert "64 characters" in found.why


def test_a_dag_that_has_no_next_run_yet_is_not_called_idle(rig: Rig) -> None:
    rig.mwaa.airflows["old"].counts["daily"] = (0, 0)
    airflow = rig.mwaa.add("new", "b", "arn:aws:iam::111122223333:role/new")
    airflow.dags["fresh"] = True
    airflow.details["fresh"] = {"schedule_interval": {"__type": "CronExpression", "value": "@daily"}, "catchup": True}
    rig.mwaa._sync = lambda name: None  # type: ignore[method-assign]
    assert "not worked out its next run" in forecast.of(rig.context(), "fresh", NOW).why
