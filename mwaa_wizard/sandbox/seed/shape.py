"""The words in which the catalogue describes a DAG: enough to write a believable history of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from mwaa_wizard.sandbox.seed.schedule import Schedule

#: Operators that a scheduler finishes by itself: no worker, no log, no job (Airflow: DagRun.schedule_tis).
NEVER_ON_A_WORKER = "EmptyOperator"


@dataclass(frozen=True)
class Task:
    """One task of a DAG.

    ``seconds`` is the usual duration; ``fails`` the chance that one try fails; ``mapped`` the range of
    expanded instances; ``branches`` the tasks a branching task chooses from, with weights, or the tasks that
    a short circuit may skip (``skips`` is then the chance that it does); ``rule`` Airflow's trigger rule.
    """

    task_id: str
    operator: str
    upstream: tuple[str, ...] = ()
    seconds: float = 6.0
    fails: float = 0.01
    retries: int = 1
    pool: str = "default_pool"
    queue: str = "default"
    rule: str = "all_success"
    mapped: tuple[int, int] | None = None
    branches: tuple[tuple[str, float], ...] = ()
    skips: float = 0.0
    custom_operator: str | None = None
    returns: Callable[[int], Any] | None = None
    sla_seconds: float | None = None


@dataclass(frozen=True)
class Dag:
    """One DAG: what its file says, plus how far back its history goes (``days`` before ``ended_days_ago``).

    ``manual_runs`` are spread over ``days``; ``confs`` and ``notes`` are drawn for those.
    """

    dag_id: str
    file: str
    schedule: Schedule
    tasks: tuple[Task, ...]
    owner: str = "data-platform"
    paused: bool = False
    catchup: bool = False
    days: float = 90.0
    ended_days_ago: float = 0.0
    manual_runs: int = 0
    confs: tuple[dict[str, Any], ...] = ({},)
    notes: tuple[str, ...] = ()
    log_days: float = 10.0
    stale_backfill: bool = False
    by_id: dict[str, Task] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self.by_id.update({task.task_id: task for task in self.tasks})

    def downstream(self, task_id: str) -> set[str]:
        """Every task below ``task_id``: Airflow's default priority weight is their number plus one."""
        below: set[str] = set()
        for task in self.tasks:  # catalogue order is topological
            if any(up == task_id or up in below for up in task.upstream):
                below.add(task.task_id)
        return below


def chain(*tasks: Task) -> tuple[Task, ...]:
    """The tasks one after another."""
    linked = [tasks[0]]
    for task in tasks[1:]:
        linked.append(replace(task, upstream=(linked[-1].task_id,)))
    return tuple(linked)


def empty(task_id: str, *upstream: str, rule: str = "all_success") -> Task:
    return Task(task_id, NEVER_ON_A_WORKER, upstream, seconds=0.0, fails=0.0, rule=rule)


def taskflow(task_id: str, *upstream: str, **more: Any) -> Task:
    """An ``@task`` function: Airflow stores the operator's class and ``@task`` as the custom name."""
    return Task(task_id, "_PythonDecoratedOperator", upstream, custom_operator="@task", **more)


def bash(task_id: str, *upstream: str, **more: Any) -> Task:
    return Task(task_id, "BashOperator", upstream, **more)


def python(task_id: str, *upstream: str, **more: Any) -> Task:
    return Task(task_id, "PythonOperator", upstream, **more)
