"""What a metadata database says has happened, read past Airflow, and what Airflow's API says of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.life.airflow import Airflow

Run = tuple[str, str]  # dag_id, run_id
Task = tuple[str, str, str, int]  # dag_id, run_id, task_id, map_index

_OURS = "left({0}.dag_id, 5) = 'life_'"
RUN_STATES = ("success", "failed")
TASK_STATES = ("success", "failed", "skipped", "upstream_failed", "removed")


@dataclass(frozen=True)
class History:
    """Runs and task instances at rest: key -> what must not change; and the date of every run, at rest or not."""

    runs: dict[Run, dict[str, Any]]
    tasks: dict[Task, dict[str, Any]]
    known: dict[Run, datetime]

    def dates(self, dag_id: str) -> list[datetime]:
        """The logical dates of a DAG's runs, in order."""
        return sorted(date for (dag, _), date in self.known.items() if dag == dag_id)


def _columns(airflow: Airflow, table: str) -> set[str]:
    said = airflow.sql(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}'")
    return set(said.split())


def read(airflow: Airflow) -> History:
    """The history at rest of the test's own DAGs."""
    date = "logical_date" if airflow.release >= (3, 0) else "execution_date"
    columns = _columns(airflow, "task_instance")
    joined = "r.run_id = ti.run_id" if "run_id" in columns else "r.execution_date = ti.execution_date"
    index = "ti.map_index" if "map_index" in columns else "-1"
    runs = airflow.rows(
        f"SELECT r.dag_id, r.run_id, r.state, r.{date} AS date, r.start_date, r.end_date FROM dag_run r"
        f" WHERE {_OURS.format('r')} AND r.state IN {RUN_STATES}"
    )
    tasks = airflow.rows(
        f"SELECT ti.dag_id, r.run_id, ti.task_id, {index} AS map_index, ti.state, ti.start_date, ti.end_date,"
        f" ti.try_number FROM task_instance ti JOIN dag_run r ON r.dag_id = ti.dag_id AND {joined}"
        f" WHERE {_OURS.format('ti')} AND ti.state IN {TASK_STATES} AND r.state IN {RUN_STATES}"
    )
    known = airflow.rows(f"SELECT r.dag_id, r.run_id, r.{date} AS date FROM dag_run r WHERE {_OURS.format('r')}")
    return History(
        {(row["dag_id"], row["run_id"]): _dated(row) for row in runs},
        {(row["dag_id"], row["run_id"], row["task_id"], row["map_index"]): _dated(row) for row in tasks},
        {(row["dag_id"], row["run_id"]): datetime.fromisoformat(row["date"]) for row in known},
    )


def served(airflow: Airflow) -> History:
    """The same, as Airflow's stable REST API lists it, page by page."""
    runs = {
        (row["dag_id"], row["dag_run_id"]): {"state": row["state"], "date": _time(row["logical_date"])}
        for row in airflow.pages("/dags/~/dagRuns", "dag_runs")
    }
    tasks = {
        (row["dag_id"], row["dag_run_id"], row["task_id"], row["map_index"]): {"state": row["state"]}
        for row in airflow.pages("/dags/~/dagRuns/~/taskInstances", "task_instances")
    }
    return History(runs, tasks, {key: run["date"] for key, run in runs.items()})


def missing(before: History, now: History) -> list[str]:
    """Every run and task instance of `before` that `now` lacks or has in another state or with another date."""
    found = []
    for run, was in before.runs.items():
        here = now.runs.get(run)
        if here is None or (here["state"], here["date"]) != (was["state"], was["date"]):
            found.append(f"run {run}: {was} is {here}")
    for task, was in before.tasks.items():
        there = now.tasks.get(task)
        if there is None or there["state"] != was["state"]:
            found.append(f"task {task}: {was['state']} is {there}")
    return found


def new_runs(before: History, now: History, dag_id: str) -> list[datetime]:
    """The logical dates of a DAG's runs that `before` does not have."""
    return sorted(date for key, date in now.known.items() if key[0] == dag_id and key not in before.known)


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    keys = ("dag_id", "run_id", "task_id", "map_index")
    return {name: _time(value) if name.endswith("date") else value for name, value in row.items() if name not in keys}


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
