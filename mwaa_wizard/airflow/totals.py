"""What an Airflow holds, counted through its own REST API: runs and task instances of a DAG, names, what runs now.

The list endpoints (`POST .../list`) take the DAG's id in the body, so that no id is too long for InvokeRestApi's path
of 64 characters; they are the same in API v1 and v2 but for what a DAG's row is called.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mwaa_wizard.airflow.api import AirflowApi

RUNS = "/dags/~/dagRuns/list"
TASKS = "/dags/~/dagRuns/~/taskInstances/list"
BUSY = ("running", "queued", "restarting")


@dataclass(frozen=True)
class ListedDag:
    """A DAG's row. `file` is its fileloc, `parsed` its last_parsed_time as text."""

    dag_id: str
    paused: bool
    active: bool
    file: str
    parsed: str


@dataclass(frozen=True)
class BusyTask:
    """A task instance that a worker has, or is about to have."""

    dag_id: str
    run_id: str
    task_id: str
    state: str

    def __str__(self) -> str:
        return f"{self.dag_id} {self.run_id} {self.task_id} ({self.state})"


def dags(api: AirflowApi) -> Iterator[ListedDag]:
    """All DAGs, those without a file too: their history is still there."""
    query = {"only_active": False} if api.major < 3 else {"exclude_stale": False}
    for row in api.listed("/dags", "dags", query):
        active = row.get("is_active", not row.get("is_stale", False))
        yield ListedDag(
            str(row.get("dag_id", "")),
            bool(row.get("is_paused")),
            bool(active),
            str(row.get("fileloc") or ""),
            str(row.get("last_parsed_time") or ""),
        )


def runs(api: AirflowApi, dag_id: str) -> int:
    """How many runs a DAG has."""
    return int(api.ask("POST", RUNS, body={"dag_ids": [dag_id], "page_limit": 1})["total_entries"])


def task_instances(api: AirflowApi, dag_id: str) -> int:
    """How many task instances a DAG has, mapped ones one by one."""
    return int(api.ask("POST", TASKS, body={"dag_ids": [dag_id], "page_limit": 1})["total_entries"])


def busy(api: AirflowApi) -> list[BusyTask]:
    """Task instances that an end of the workers would kill; at most 100.

    Airflow 2 leaves the rows of a backfill that was killed "running" for ever: no scheduler touches them
    (DagRun.next_dagruns_to_examine), so they are not among these.
    """
    answer = api.ask("POST", TASKS, body={"state": list(BUSY), "page_limit": 100})
    found = [
        BusyTask(*(str(row.get(name) or "") for name in ("dag_id", "dag_run_id", "task_id", "state")))
        for row in answer.get("task_instances") or []
    ]
    return [task for task in found if api.major >= 3 or not task.run_id.startswith("backfill__")]


def variables(api: AirflowApi) -> list[str]:
    """Keys of all variables; no value is kept."""
    return sorted(str(row["key"]) for row in api.listed("/variables", "variables"))


def connections(api: AirflowApi) -> list[str]:
    """Ids of all connections."""
    return sorted(str(row["connection_id"]) for row in api.listed("/connections", "connections"))


def pools(api: AirflowApi) -> dict[str, int]:
    """Name -> slots of all pools."""
    return {str(row["name"]): int(row["slots"]) for row in api.listed("/pools", "pools")}
