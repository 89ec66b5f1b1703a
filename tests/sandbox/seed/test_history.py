"""The planned history: its size, its mixture, and that it is the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from mwaa_wizard.sandbox.seed.catalogue import CATALOGUE
from mwaa_wizard.sandbox.seed.messages import TABLES, history_messages
from mwaa_wizard.sandbox.seed.runs import plan_runs
from mwaa_wizard.sandbox.seed.simulate import Outcome, simulate

NOW = datetime(2026, 11, 22, 17, 20, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [simulate(run, NOW) for run in plan_runs(NOW)]


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for message in history_messages(plan_runs(NOW), NOW, 1):
        if "table" in message:
            found[message["table"]] += message["rows"]
    return found


def test_small_has_about_two_thousand_runs_and_twenty_thousand_instances(tables: dict[str, list[Any]]) -> None:
    assert len(CATALOGUE) == 25
    assert 1_900 <= len(tables["dag_run"]) <= 2_100
    assert 18_000 <= len(tables["task_instance"]) <= 22_000
    assert 1_500 <= len(tables["xcom"]) <= 2_500
    assert all(len(tables[name]) > 20 for name in TABLES)


def test_large_is_twenty_times_small() -> None:
    assert 18 <= len(plan_runs(NOW, 20)) / len(plan_runs(NOW)) <= 22


def test_same_moment_gives_the_same_rows(tables: dict[str, list[Any]]) -> None:
    again = [m for m in history_messages(plan_runs(NOW), NOW, 1) if m.get("table") == "task_instance"]
    assert [row for message in again for row in message["rows"]] == tables["task_instance"]


def test_an_hour_later_the_same_run_has_the_same_past(outcomes: list[Outcome]) -> None:
    later = NOW + timedelta(hours=1)
    known = {(o.run.dag.dag_id, o.run.run_id): o for o in outcomes}
    compared = 0
    for run in plan_runs(later):
        before = known.get((run.dag.dag_id, run.run_id))
        if (
            before is None
            or run.run_type != "scheduled"
            or NOW - run.due < timedelta(hours=3)
            or run.dag.schedule.once_at
        ):
            continue
        assert [i.state for i in simulate(run, later).instances] == [i.state for i in before.instances]
        compared += 1
    assert compared > 1_500


def test_states_are_terminal_but_for_two_stale_rows(outcomes: list[Outcome]) -> None:
    states = Counter(instance.state for outcome in outcomes for instance in outcome.instances)
    assert states.pop("running") == 2
    assert set(states) == {"success", "failed", "skipped", "upstream_failed"}
    assert 0.9 < states["success"] / states.total() < 0.98
    assert states["failed"] / states.total() > 0.005
    stale = [outcome for outcome in outcomes if outcome.state == "running"]
    assert [(o.run.dag.paused, o.run.run_type) for o in stale] == [(True, "backfill")]


def test_keys_are_unique(tables: dict[str, list[Any]]) -> None:
    runs = [(row["dag_id"], row["run_id"]) for row in tables["dag_run"]]
    dates = [(row["dag_id"], row["execution_date"]) for row in tables["dag_run"]]
    instances = [(r["dag_id"], r["task_id"], r["run_id"], r["map_index"]) for r in tables["task_instance"]]
    assert len(set(runs)) == len(set(dates)) == len(runs)
    assert len(set(instances)) == len(instances)
    assert {instance[0::2][:2] for instance in instances} <= set(runs)


def test_history_ends_before_now_and_starts_after_its_interval(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        assert outcome.end is None or outcome.end < NOW
        assert outcome.start >= outcome.run.due
        for instance in outcome.instances:
            assert instance.start <= instance.end < NOW
            moments = [moment for one in instance.tries for moment in (one.queued, one.start, one.end)]
            assert moments == sorted(moments)


@pytest.mark.parametrize("minute", [0, 4, 6, 34, 36, 59])
def test_every_complete_interval_of_an_unpaused_dag_is_covered(minute: int) -> None:
    now = NOW.replace(minute=minute)
    last = {}
    for run in plan_runs(now):
        if run.run_type == "scheduled":
            last[run.dag.dag_id] = run.interval[1]
    for dag in CATALOGUE:
        if dag.paused or dag.schedule.kind in ("manual", "once"):
            continue
        due = [tick for tick in dag.schedule.ticks(last[dag.dag_id], now) if tick > last[dag.dag_id]]
        assert all(now - tick <= timedelta(seconds=90) for tick in due), dag.dag_id


def test_a_run_that_ended_just_now_is_squeezed_into_the_past() -> None:
    now = NOW.replace(minute=7, second=0)
    run = next(r for r in reversed(plan_runs(now)) if r.dag.dag_id == "inventory_snapshot_hourly")
    assert now - run.due < timedelta(minutes=3)
    outcome = simulate(run, now)
    assert outcome.end is not None
    assert outcome.end < now


def test_retries_mapped_tasks_branches_and_manual_confs_occur(tables: dict[str, list[Any]]) -> None:
    instances = tables["task_instance"]
    assert sum(row["try_number"] > 1 for row in instances) > 300
    assert max(row["map_index"] for row in instances) >= 8
    assert any(row["state"] == "skipped" and row["task_id"] == "full_rebuild" for row in instances)
    manual = [row for row in tables["dag_run"] if row["run_type"] == "manual"]
    assert len(manual) > 60
    assert any(row["conf"] for row in manual)
    assert all(row["conf"] == {} for row in tables["dag_run"] if row["run_type"] == "scheduled")
    assert all(row["run_id"].startswith(row["run_type"] + "__") for row in tables["dag_run"])


def test_children_come_after_parents_and_ids_stay_in_the_reserved_range() -> None:
    messages = history_messages(plan_runs(NOW), NOW, 1)
    reserved = next(messages)["reserve"]
    first_chunk = list(islice(messages, len(TABLES)))
    order = [TABLES.index(message["table"]) for message in first_chunk if "table" in message]
    assert order == sorted(order)
    jobs = [
        row["id"] for message in [*first_chunk, *messages] if message.get("table") == "job" for row in message["rows"]
    ]
    assert len(set(jobs)) == len(jobs)
    assert max(jobs) <= reserved["job"]
