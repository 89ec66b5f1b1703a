"""Airflow must like it: a history that a real Airflow wrote, moved, and lived on with by a real target and 3.x.

The tests run in this order: the last ones stop the target and upgrade a copy of its database.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.life import acts, history
from tests.life.choice import at_most, three
from tests.life.migration import DAYS, MANUAL_RUN, Migrated, Place, migrate

pytestmark = pytest.mark.e2e

SHORT_STAY = 25.0
TASKS = 4  # that share an export or an import


@dataclass
class Awake(Migrated):
    """The target has gone on by itself for a while."""

    served: history.History


@pytest.fixture(scope="module")
def life(place: Place) -> Awake:
    return lives_on(place, at_most("2.5.1"), at_most("2.11.2"), TASKS)


def lives_on(place: Place, source: str, target: str, tasks: int = 1) -> Awake:
    """A source's history in a target that has woken up."""
    done = migrate(place, source, target, tasks)
    served = acts.wake(done)
    return Awake(done.source, done.target, done.bucket, done.before, served)


def test_the_source_really_has_a_history(life: Awake) -> None:
    states = {task["state"] for task in life.before.tasks.values()}
    assert states >= {"success", "failed", "skipped", "upstream_failed"}
    assert len(life.before.dates("life_daily")) == DAYS - 2
    assert max(task["try_number"] for task in life.before.tasks.values()) >= 2
    if life.source.release >= (2, 3):
        assert [key for key in life.before.tasks if key[3] == 2]  # the third of the mapped ones


def test_the_schedulers_own_tasks_shared_the_work(life: Awake) -> None:
    for airflow, dag_id in ((life.source, "mwz_export"), (life.target, "mwz_import")):
        found = airflow.rows(f"SELECT task_id, state FROM task_instance WHERE dag_id = '{dag_id}'")
        assert {row["task_id"]: row["state"] for row in found} == dict.fromkeys(
            ["run", *(f"share_{number}" for number in range(1, TASKS)), "end"], "success"
        ), airflow.name
        begin = f"work/{dag_id}/"
        shared = [key for key in life.bucket.keys() if key.startswith(begin) and "/share-" in key]  # noqa: SIM118
        assert sum(len(life.bucket.json(key)["done"]) for key in shared) > 0, (airflow.name, shared)
        assert [key for key in shared if life.bucket.json(key)["error"]] == []


def test_the_api_lists_everything(life: Awake) -> None:
    assert history.missing(life.before, life.served) == []


def test_no_run_is_made_twice_and_the_next_follows_the_last(life: Awake) -> None:
    assert acts.runs_twice(life.before, life.served, life.target.release) == []
    assert history.new_runs(life.before, life.served, "life_often")


def test_the_schema_is_whole(life: Awake) -> None:
    assert "Traceback" not in life.target.call("airflow", "db", "check-migrations")


def test_secrets_and_xcoms_read(life: Awake) -> None:
    target = life.target
    assert target.get("/variables/life_secret")["value"] == "v%lue-é"
    found = target.get("/connections/life_database")
    assert (found["host"], found["login"], found["port"]) == ("db.internal", "app", 5432)
    assert json.loads(found["extra"]) == {"sslmode": "require"}
    run_id = max(run for dag_id, run in life.before.runs if dag_id == "life_daily")
    value = acts.xcom(target, "life_daily", run_id, "extract", "rows")
    assert (value["rows"], value["text"]) == ([1, 2, 3], "Zoë 'quoted', 東京")


def test_pages_of_a_migrated_run(life: Awake) -> None:
    browser = acts.Browser(life.target)
    run_id = max(run for dag_id, run in life.before.runs if dag_id == "life_daily")
    for path in ("/dags/life_daily/grid", "/dags/life_daily/graph", "/dags/life_daily/calendar"):
        assert "life_daily" in browser.page(path, dag_run_id=run_id)
    grid = json.loads(browser.page("/object/grid_data", dag_id="life_daily", num_runs="25"))
    assert {run["run_id"] for run in grid["dag_runs"]} >= {run for dag, run in life.before.runs if dag == "life_daily"}
    assert browser.page("/object/graph_data", dag_id="life_daily")
    assert "stumble" in browser.page("/taskinstance/list/", _flt_3_dag_id="life_daily", _flt_3_run_id=run_id)


def test_cleared_task_instances_run_again(life: Awake) -> None:
    acts.clear(life.target, "life_manual", MANUAL_RUN, "settings")
    run_id = min(run for dag_id, run in life.before.runs if dag_id == "life_daily")
    mapped = ("each",) if life.source.release >= (2, 3) else ()
    acts.clear(life.target, "life_daily", run_id, "transform", *mapped)


def test_nothing_of_it_made_a_process_stumble(life: Awake) -> None:
    acts.stay(life.target, 1)


def test_the_bridge(place: Place, life: Awake) -> None:
    life.target.stop()
    before = history.read(life.target)
    upgraded = place.airflow("bridge", three("3.3.1"))
    acts.bridge(life.target, upgraded)
    acts.see_new_runs(upgraded, before, 1)
    served = history.served(upgraded)
    assert history.missing(before, served) == []
    acts.stay(upgraded, SHORT_STAY)
    assert acts.runs_twice(before, history.served(upgraded), upgraded.release) == []
    acts.clear(upgraded, "life_manual", MANUAL_RUN, "settings")
    acts.clear(upgraded, "life_told", "told", "second")
    acts.stay(upgraded, 5)
    upgraded.stop()
