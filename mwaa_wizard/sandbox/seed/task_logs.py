"""What a task instance's log says: one stream per try, lines as Airflow's task handler formats them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mwaa_wizard.sandbox.seed.naming import task_log_stream
from mwaa_wizard.sandbox.seed.runs import Run
from mwaa_wizard.sandbox.seed.simulate import Instance, Outcome, Try, simulate

#: CloudWatch takes no event older than 14 days (CloudWatch Logs quotas); one day of margin.
OLDEST = timedelta(days=13)

#: Streams per factor, newest runs first.
MOST_STREAMS = 1500

_TRACEBACK = """Task failed with exception
Traceback (most recent call last):
  File "/usr/local/lib/python3/site-packages/airflow/models/taskinstance.py", line 433, in _execute_task
    result = execute_callable(context=context, **execute_callable_kwargs)
ConnectionError: the other side closed the connection"""


@dataclass(frozen=True)
class Stream:
    """One log stream: its name and its (milliseconds since the epoch, message) events in order of time."""

    name: str
    events: tuple[tuple[int, str], ...]


def _body(outcome: Outcome, instance: Instance, number: int, one: Try, version: str) -> list[tuple[str, int, str, str]]:
    """(source file, line, level, text); the timestamps are spread over the try afterwards."""
    run, task = outcome.run, instance.task
    mapped = f" map_index={instance.map_index}" if instance.map_index >= 0 else ""
    name = f"<TaskInstance: {run.dag.dag_id}.{task.task_id} {run.run_id}{mapped} [queued]>"
    rng = random.Random(f"log {run.run_id} {task.task_id} {instance.map_index} {number}")
    lines = [
        ("taskinstance.py", 1956, "INFO", f"Dependencies all met for dep_context=non-requeueable deps ti={name}"),
        ("taskinstance.py", 1956, "INFO", f"Dependencies all met for dep_context=requeueable deps ti={name}"),
        ("taskinstance.py", 2170, "INFO", f"Starting attempt {number} of {task.retries + 1}"),
        ("taskinstance.py", 2191, "INFO", f"Executing <Task({task.operator}): {task.task_id}> on {run.logical_date}"),
        ("standard_task_runner.py", 60, "INFO", f"Started process {rng.randint(100, 9000)} to run task"),
        ("task_command.py", 423, "INFO", f"Running {name} on host worker.airflow-{version}.internal"),
        ("taskinstance.py", 2480, "INFO",
         f"Exporting env vars: AIRFLOW_CTX_DAG_OWNER='{run.dag.owner}' AIRFLOW_CTX_DAG_ID='{run.dag.dag_id}' "
         f"AIRFLOW_CTX_TASK_ID='{task.task_id}' AIRFLOW_CTX_DAG_RUN_ID='{run.run_id}'"),
    ]  # fmt: skip
    if task.operator == "BashOperator":
        lines.append(("subprocess.py", 75, "INFO", "Running command: ['/bin/bash', '-c', 'echo done']"))
        lines.append(("subprocess.py", 93, "INFO", "完了 ✓ 100% done"))
    for _ in range(rng.randint(1, 5)):
        lines.append(
            (
                "work.py",
                19,
                "INFO",
                f"Read {rng.randrange(50_000)} rows of {task.task_id} for {run.interval[0]:%Y-%m-%d}",
            )
        )
    about = f"dag_id={run.dag.dag_id}, task_id={task.task_id}"
    if one.failed:
        verdict = "FAILED" if number > task.retries else "UP_FOR_RETRY"
        lines += [
            ("taskinstance.py", 2698, "ERROR", _TRACEBACK),
            ("taskinstance.py", 1138, "INFO", f"Marking task as {verdict}. {about}"),
            ("local_task_job_runner.py", 234, "INFO", "Task exited with return code 1"),
        ]
    elif instance.state == "success":
        lines += [
            ("taskinstance.py", 1138, "INFO", f"Marking task as SUCCESS. {about}"),
            ("local_task_job_runner.py", 234, "INFO", "Task exited with return code 0"),
        ]
    return lines


def _stream(outcome: Outcome, instance: Instance, number: int, one: Try, version: str) -> Stream:
    run = outcome.run
    lines = _body(outcome, instance, number, one, version)
    step = (one.end - one.start) / (len(lines) + 1)
    events = []
    for index, (file, line, level, text) in enumerate(lines, start=1):
        at = one.start + step * index
        millis = int(at.timestamp() * 1000)
        stamp = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+0000"
        events.append((millis, f"[{stamp}] {{{file}:{line}}} {level} - {text}"))
    name = task_log_stream(run.dag.dag_id, run.run_id, instance.task.task_id, instance.map_index, number)
    return Stream(name, tuple(events))


def plan_streams(runs: Iterable[Run], now: datetime, version: str, factor: int = 1) -> Iterator[Stream]:
    """Streams of the recent runs, newest run first, at most ``MOST_STREAMS`` times ``factor``.

    Frequent DAGs keep fewer days (``Dag.log_days``).  The period does not grow with ``factor``: CloudWatch
    would refuse older events.
    """
    left = MOST_STREAMS * factor
    for run in sorted(runs, key=lambda run: run.number, reverse=True):
        if now - run.due > min(timedelta(days=run.dag.log_days), OLDEST):
            continue
        outcome = simulate(run, now)
        for instance in outcome.instances:
            for number, one in enumerate(instance.tries, start=1):
                if left == 0:
                    return
                left -= 1
                yield _stream(outcome, instance, number, one, version)
