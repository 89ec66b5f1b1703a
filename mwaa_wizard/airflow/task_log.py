"""The end of a task's log in CloudWatch: what a user would look for first when one of our DAG runs failed."""

from __future__ import annotations

from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.text import clean


def log_group(ctx: Context, side: Side) -> str:
    """The task log group, as GetEnvironment names it or by MWAA's rule `airflow-<name>-Task`."""
    logging = sides.environment(ctx, side).get("LoggingConfiguration", {}).get("TaskLogs", {})
    arn = str(logging.get("CloudWatchLogGroupArn") or "")
    # arn:aws:logs:REGION:ACCOUNT:log-group:NAME[:*]
    return arn.split(":")[6] if arn.count(":") >= 6 else f"airflow-{sides.name(ctx, side)}-Task"


def tail(ctx: Context, side: Side, dag_id: str, run_id: str, lines: int = 20) -> list[str]:
    """The last lines that the run's tasks logged; empty where they cannot be read (a help, never a new failure)."""
    client = ctx.client(side, "logs")
    group = log_group(ctx, side)
    prefix = f"dag_id={dag_id}/run_id={run_id.replace(':', '_')}/"
    found: list[tuple[int, str]] = []
    try:
        for page in client.get_paginator("describe_log_streams").paginate(
            logGroupName=group, logStreamNamePrefix=prefix
        ):
            for stream in page["logStreams"]:
                answer = client.get_log_events(
                    logGroupName=group, logStreamName=stream["logStreamName"], limit=lines, startFromHead=False
                )
                found += [(event["timestamp"], clean(event["message"], limit=500)) for event in answer["events"]]
    except Exception as problem:
        ctx.log(f"{group}: {type(problem).__name__}", "DEBUG")
        return []
    return [text for _at, text in sorted(found)[-lines:]]
