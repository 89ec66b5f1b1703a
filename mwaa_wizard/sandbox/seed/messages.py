"""The seeded history as messages for `inside/fill.py`, streamed so that the large size needs little memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from mwaa_wizard.sandbox.seed.catalogue import CATALOGUE
from mwaa_wizard.sandbox.seed.rows import RowWriter
from mwaa_wizard.sandbox.seed.runs import Run
from mwaa_wizard.sandbox.seed.secrets import CONNECTIONS, POOLS, VARIABLES
from mwaa_wizard.sandbox.seed.shape import Dag
from mwaa_wizard.sandbox.seed.simulate import simulate

#: Tables in foreign-key order; every chunk is sent in this order.
TABLES = (
    "job", "dag_run", "task_instance", "dag_run_note", "task_instance_history", "task_fail", "xcom", "sla_miss", "log",
)  # fmt: skip

#: Runs per chunk, each committed by itself.
CHUNK_RUNS = 1000

Message = dict[str, Any]


def settings_message() -> Message:
    """Variables, connections and pools; holds secrets, so it may travel only through a pipe."""
    return {"settings": {"variables": VARIABLES, "connections": CONNECTIONS, "pools": POOLS}}


def _most_jobs(runs: list[Run]) -> int:
    """An upper bound of the job rows, known before anything is simulated."""
    sizes = {dag.dag_id: sum(task.mapped[1] if task.mapped else 1 for task in dag.tasks) for dag in CATALOGUE}
    return sum(sizes[run.dag.dag_id] for run in runs)


def history_messages(runs: list[Run], now: datetime, factor: int) -> Iterator[Message]:
    """Messages that write ``runs`` (as `plan_runs` gave them) and everything that hangs on them."""
    weeks = (now - runs[0].due).days // 7 + 2
    yield {
        "reserve": {"dag_run": len(runs), "job": _most_jobs(runs) + weeks},
        "dag_ids": [dag.dag_id for dag in CATALOGUE],
    }
    writer = RowWriter(now, factor)
    chunk: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for table, row in writer.scheduler_jobs(runs[0].due):
        chunk[table].append(row)
    for count, run in enumerate(runs, start=1):
        for table, row in writer.rows(simulate(run, now)):
            chunk[table].append(row)
        if count % CHUNK_RUNS == 0 or count == len(runs):
            yield from ({"table": table, "rows": rows} for table, rows in chunk.items() if rows)
            yield {"commit": True}
            chunk = {table: [] for table in TABLES}
    yield {"dags": [_dag_row(dag, now) for dag in CATALOGUE]}


def _dag_row(dag: Dag, now: datetime) -> dict[str, Any]:
    """Pause state, and the next run as the scheduler works it out from the last scheduled one."""
    row: dict[str, Any] = {"dag_id": dag.dag_id, "file": dag.file, "owners": dag.owner, "is_paused": dag.paused}
    end = now - timedelta(days=dag.ended_days_ago)
    ticks = dag.schedule.ticks(end - timedelta(days=40), end + timedelta(days=40))
    later = [tick for tick in ticks if tick > end]
    if later:
        begin = max(tick for tick in ticks if tick <= end)
        row |= {
            "next_dagrun": begin.timestamp(), "next_dagrun_data_interval_start": begin.timestamp(),
            "next_dagrun_data_interval_end": later[0].timestamp(), "next_dagrun_create_after": later[0].timestamp(),
        }  # fmt: skip
    return row
