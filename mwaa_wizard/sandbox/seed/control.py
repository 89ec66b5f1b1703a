"""Entry points: what `sandbox up --data` calls for each new environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from mwaa_wizard.i18n import _
from mwaa_wizard.sandbox.seed.cloudwatch import write_streams
from mwaa_wizard.sandbox.seed.files import put_all
from mwaa_wizard.sandbox.seed.messages import history_messages, settings_message
from mwaa_wizard.sandbox.seed.process import run_fill
from mwaa_wizard.sandbox.seed.runs import Run, plan_runs
from mwaa_wizard.sandbox.seed.target import FACTORS, SeedFiles, SeedSummary, SeedTarget, Size
from mwaa_wizard.sandbox.seed.task_logs import plan_streams
from mwaa_wizard.sandbox.seed.through_rest import write_settings

Progress = Callable[[str], None]


def put_files(target: SeedTarget, size: Size = "small", progress: Progress = lambda text: None) -> SeedFiles:
    """Put DAGs, requirements.txt and plugins.zip into the bucket; call it before CreateEnvironment.

    Of ``target`` only version, bucket, dag_s3_path and s3 are used.  Size ``none`` puts nothing.
    """
    if size == "none":
        return SeedFiles()
    progress(_("{name}: putting DAG files into the bucket").format(name=target.name))
    return put_all(target)


def fill(
    target: SeedTarget, size: Size = "small", progress: Progress = lambda text: None, now: datetime | None = None
) -> SeedSummary:
    """Write settings and history into the environment's database, and recent task logs into CloudWatch.

    Call it when the database is migrated and, if possible, before the scheduler starts.  While a scheduler runs it
    is safe as long as new DAGs are paused at creation (MWAA's default): pause states are written last.  A database
    that has the history already gets its settings again and no rows; task log streams that exist are left alone,
    but runs younger than the first filling would get theirs.  An Airflow 3 has to run: it gets variables,
    connections and pools through its REST API, and no history.

    Raises WizardError when Airflow refuses the rows.
    """
    if size == "none":
        return SeedSummary()
    if int(target.version.split(".")[0]) >= 3 and target.rest is not None:
        progress(_("{name}: writing variables, connections and pools").format(name=target.name))
        return SeedSummary(write_settings(target.rest))
    now = now or datetime.now(UTC)
    factor = FACTORS[size]
    runs = plan_runs(now, factor)
    progress(
        _("{name}: writing {count} DAG runs and the task logs of recent days").format(name=target.name, count=len(runs))
    )
    streams = plan_streams(runs, now, target.version, factor)
    with ThreadPoolExecutor(1, thread_name_prefix="seed-logs") as pool:  # the database is another process's work
        logs = pool.submit(write_streams, target.logs, target.task_log_group, streams, progress)
        answer = run_fill(target.venv_python, target.process_env, _messages(runs, now, factor))
        written, events = logs.result()
    return SeedSummary(answer["rows"], written, events, answer["already_filled"])


def seed(target: SeedTarget, size: Size, progress: Progress) -> SeedSummary:
    """`put_files` and `fill` in one call, for an environment that exists already."""
    put_files(target, size, progress)
    return fill(target, size, progress)


def _messages(runs: list[Run], now: datetime, factor: int) -> Iterator[dict[str, Any]]:
    yield settings_message()
    yield from history_messages(runs, now, factor)
