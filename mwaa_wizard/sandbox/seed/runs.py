"""Which DAG runs the seeded history holds: a list in order of time, before any task is simulated."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from mwaa_wizard.sandbox.seed.catalogue import CATALOGUE
from mwaa_wizard.sandbox.seed.shape import Dag

#: One seed for everything: the same moment gives the same history.
SEED = "mwaa-wizard history 1"

#: An interval that ended less than this before now is left to the scheduler.
SETTLED = timedelta(seconds=90)


@dataclass(frozen=True)
class Run:
    """One DAG run before simulation; ``number`` counts from 1 in order of start, over all DAGs."""

    number: int
    dag: Dag
    run_type: str
    logical_date: datetime
    interval: tuple[datetime, datetime]
    due: datetime
    stale: bool = False

    @property
    def run_id(self) -> str:
        """As Airflow's DagRun.generate_run_id words it: type, two underscores, ISO date."""
        return f"{self.run_type}__{self.logical_date.isoformat()}"

    def rng(self) -> random.Random:
        """Randomness that depends on this run only, so that a later look at the same day finds the same past."""
        return random.Random(f"{SEED} {self.dag.dag_id} {self.run_id}")


def _scheduled(dag: Dag, now: datetime, factor: int) -> list[Run]:
    end = now - (timedelta(days=dag.ended_days_ago) or SETTLED)
    begin = end - timedelta(days=dag.days * factor)
    return [Run(0, dag, "scheduled", a, (a, b), b) for a, b in dag.schedule.intervals(begin, end)]


def _manual(dag: Dag, now: datetime, factor: int) -> list[Run]:
    """Runs by hand at office hours, one in each equal slice of the period."""
    runs = []
    count = dag.manual_runs * factor
    step = timedelta(days=dag.days * factor) / max(count, 1)
    for index in range(1, count + 1):
        rng = random.Random(f"{SEED} {dag.dag_id} {index}")
        at = now - step * (index - rng.uniform(0.05, 0.95)) - timedelta(hours=1)
        at = at.replace(microsecond=rng.randrange(1, 1_000_000))
        runs.append(Run(0, dag, "manual", at, dag.schedule.interval_before(at), at))
    return runs


def _others(dag: Dag, now: datetime) -> list[Run]:
    if dag.schedule.once_at is not None:
        start = dag.schedule.once_at
        return [Run(0, dag, "scheduled", start, (start, start), now - timedelta(days=88))]
    if dag.stale_backfill:
        # A backfill whose process was killed: its rows stay "running" for ever, because the scheduler never
        # touches backfill runs (Airflow: DagRun.next_dagruns_to_examine, adopt_or_reset_orphaned_tasks).
        ended = now - timedelta(days=dag.ended_days_ago)
        first, last = dag.schedule.intervals(ended - timedelta(days=200), ended - timedelta(days=199))[0]
        return [Run(0, dag, "backfill", first, (first, last), ended, stale=True)]
    return []


def plan_runs(now: datetime, factor: int = 1) -> list[Run]:
    """Every run of the catalogue that was over by ``now`` (UTC), oldest first, numbered from 1.

    ``factor`` stretches each DAG's period: 1 is about 2,000 runs over 90 days.
    """
    found: list[Run] = []
    for dag in CATALOGUE:
        found += _scheduled(dag, now, factor) + _manual(dag, now, factor) + _others(dag, now)
    found.sort(key=lambda run: (run.due, run.dag.dag_id))
    return [
        Run(number, run.dag, run.run_type, run.logical_date, run.interval, run.due, run.stale)
        for number, run in enumerate(found, start=1)
    ]
