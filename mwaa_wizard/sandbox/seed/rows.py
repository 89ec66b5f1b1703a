"""Simulated runs as rows of Airflow's metadata tables, named by the columns of Airflow 2.11.

Older versions have fewer columns; the script inside the environment drops what its models do not know.
Datetimes are seconds since the epoch (UTC).  Numbers of runs and jobs count from 1; the script adds the offset
that it has reserved in the database's sequences.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from mwaa_wizard.sandbox.seed.runs import Run
from mwaa_wizard.sandbox.seed.simulate import Instance, Outcome

#: Days before now for which worker jobs and event log rows are kept, per factor (as after `airflow db clean`).
DETAIL_DAYS = 21

Row = dict[str, Any]

_EXECUTOR = "CeleryExecutor"
_SCHEDULER_HOST = "ip-10-192-20-12.ec2.internal"


def worker_host(rng: random.Random) -> str:
    """A Fargate worker's host name as MWAA shows it."""
    return f"ip-10-192-{rng.choice((20, 21))}-{rng.randint(4, 250)}.ec2.internal"


class RowWriter:
    """Makes rows run by run; remembers the last job number it gave out."""

    def __init__(self, now: datetime, factor: int) -> None:
        self.now = now
        self.detail_from = now - timedelta(days=DETAIL_DAYS * factor)
        self.jobs = 0

    def scheduler_jobs(self, oldest: datetime) -> Iterator[tuple[str, Row]]:
        """One SchedulerJob per week; the newest is the one that queued everything, and it is over."""
        at = oldest
        while at < self.now:
            end = min(at + timedelta(days=7), self.now)
            yield "job", self._job("SchedulerJob", None, at, end, "success", _SCHEDULER_HOST)
            at += timedelta(days=7)

    def _job(self, kind: str, dag_id: str | None, start: datetime, end: datetime, state: str, host: str) -> Row:
        self.jobs += 1
        return {
            "id": self.jobs, "dag_id": dag_id, "state": state, "job_type": kind, "start_date": start.timestamp(),
            "end_date": end.timestamp(), "latest_heartbeat": end.timestamp(), "executor_class": _EXECUTOR,
            "hostname": host, "unixname": "airflow",
        }  # fmt: skip

    def rows(self, outcome: Outcome) -> Iterator[tuple[str, Row]]:
        """(table, row) for one run, parents before children."""
        run = outcome.run
        rng = random.Random(f"rows {run.dag.dag_id} {run.run_id}")
        yield "dag_run", self._dag_run(outcome, rng)
        if run.run_type == "manual" and run.dag.notes and rng.random() < 0.5:
            at = (outcome.end or outcome.start).timestamp() + 120
            yield (
                "dag_run_note",
                {
                    "dag_run_id": run.number,
                    "content": rng.choice(run.dag.notes),
                    "created_at": at,
                    "updated_at": at,
                    "user_id": None,
                },
            )
        if run.run_type == "manual" and outcome.start > self.detail_from:
            yield "log", self._log(run, "trigger", outcome.queued.timestamp(), None, "admin", None)
        for instance in outcome.instances:
            yield from self._instance_rows(outcome, instance, rng)

    def _dag_run(self, outcome: Outcome, rng: random.Random) -> Row:
        run = outcome.run
        end = outcome.end.timestamp() if outcome.end else None
        return {
            "id": run.number, "dag_id": run.dag.dag_id, "queued_at": outcome.queued.timestamp(),
            "execution_date": run.logical_date.timestamp(), "start_date": outcome.start.timestamp(), "end_date": end,
            "state": outcome.state, "run_id": run.run_id, "creating_job_id": 1 if run.run_type == "scheduled" else None,
            "external_trigger": run.run_type == "manual", "run_type": run.run_type,
            "conf": rng.choice(run.dag.confs) if run.run_type == "manual" else {},
            "data_interval_start": run.interval[0].timestamp(), "data_interval_end": run.interval[1].timestamp(),
            "last_scheduling_decision": end, "dag_hash": hashlib.md5(run.dag.dag_id.encode()).hexdigest(),
            "updated_at": end or outcome.start.timestamp(), "clear_number": 0,
        }  # fmt: skip

    def _instance_rows(self, outcome: Outcome, instance: Instance, rng: random.Random) -> Iterator[tuple[str, Row]]:
        run, task = outcome.run, instance.task
        running = instance.state == "running"
        start, end = instance.start.timestamp(), instance.end.timestamp()
        last = instance.tries[-1] if instance.tries else None
        key: Row = {
            "dag_id": run.dag.dag_id,
            "task_id": task.task_id,
            "run_id": run.run_id,
            "map_index": instance.map_index,
            "execution_date": run.logical_date.timestamp(),  # the key before 2.2
        }
        job = None
        if last is not None and instance.start > self.detail_from and not running:
            row = self._job("LocalTaskJob", run.dag.dag_id, last.start, last.end, "success", worker_host(rng))
            job = row["id"]
            yield "job", row
        instance_row: Row = {
            **key, "start_date": start, "end_date": None if running else end,
            "duration": None if running else end - start,
            "state": instance.state, "try_number": len(instance.tries), "max_tries": task.retries,
            "hostname": worker_host(rng) if last else "", "unixname": "airflow", "job_id": job,
            "pool": task.pool, "pool_slots": 1, "queue": task.queue,
            "priority_weight": len(run.dag.downstream(task.task_id)) + 1, "operator": task.operator,
            "custom_operator_name": task.custom_operator, "queued_dttm": last.queued.timestamp() if last else None,
            "queued_by_job_id": 1 if last and not running else None, "pid": rng.randint(120, 32_000) if last else None,
            "executor": None, "executor_config": {}, "updated_at": end, "rendered_map_index": None,
            "external_executor_id": str(uuid.UUID(int=rng.getrandbits(128), version=4)) if last else None,
            "task_display_name": task.task_id, "trigger_id": None,
        }  # fmt: skip
        yield "task_instance", instance_row
        yield from self._tries(run, instance, instance_row, key)
        if task.returns is not None and instance.state == "success":
            yield "xcom", {
                **key, "dag_run_id": run.number, "key": "return_value", "timestamp": end,
                "value": task.returns(run.interval[1].toordinal()),
            }  # fmt: skip
        if task.sla_seconds is not None and end - run.interval[1].timestamp() > task.sla_seconds:
            yield "sla_miss", {
                "task_id": task.task_id, "dag_id": run.dag.dag_id, "execution_date": run.logical_date.timestamp(),
                "email_sent": True, "timestamp": end, "description": "", "notification_sent": False,
            }  # fmt: skip

    def _tries(self, run: Run, instance: Instance, row: Row, key: Row) -> Iterator[tuple[str, Row]]:
        detail = instance.start > self.detail_from
        for number, one in enumerate(instance.tries, start=1):
            start, end = one.start.timestamp(), one.end.timestamp()
            if detail:
                yield "log", self._log(run, "running", start, instance, run.dag.owner, number)
            if instance.state == "running":
                continue
            if detail:
                yield "log", self._log(run, "failed" if one.failed else "success", end, instance, run.dag.owner, number)
            if one.failed:
                yield "task_fail", {**key, "start_date": start, "end_date": end, "duration": int(end - start)}
            if number < len(instance.tries):  # Airflow 2.10 keeps the tries before the last one
                yield "task_instance_history", {
                    **row, "try_number": number, "start_date": start, "end_date": end, "duration": end - start,
                    "state": "failed", "job_id": None, "queued_dttm": one.queued.timestamp(), "updated_at": end,
                }  # fmt: skip

    def _log(self, run: Run, event: str, at: float, instance: Instance | None, owner: str, number: int | None) -> Row:
        extra = None
        if instance is None:
            extra = f'[("dag_id", "{run.dag.dag_id}"), ("conf", "{{}}")]'
        return {
            "dttm": at, "dag_id": run.dag.dag_id, "task_id": instance.task.task_id if instance else None,
            "map_index": instance.map_index if instance else None, "event": event,
            "execution_date": run.logical_date.timestamp(), "run_id": run.run_id, "try_number": number, "owner": owner,
            "owner_display_name": "Admin" if owner == "admin" else None, "extra": extra,
        }  # fmt: skip
