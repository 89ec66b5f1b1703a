"""The task log group of either side."""

from __future__ import annotations

from mwaa_wizard.aws.factory import Side
from mwaa_wizard.environments import lookups
from mwaa_wizard.execution.context import Context


def task_log_group(ctx: Context, side: Side) -> str:
    """As GetEnvironment names it, else by MWAA's rule (MWAA user guide, monitoring-airflow: airflow-NAME-Task).

    Raises WizardError where the environment cannot be read.
    """
    name = ctx.session.source.environment if side == "source" else ctx.session.target.environment
    logging = lookups.environment(ctx.clients, side, name).get("LoggingConfiguration", {})
    arn = str(logging.get("TaskLogs", {}).get("CloudWatchLogGroupArn", ""))
    # arn:P:logs:R:A:log-group:NAME or …:NAME:*
    return arn.split(":log-group:", 1)[1].split(":")[0] if ":log-group:" in arn else f"airflow-{name}-Task"


def exists(ctx: Context, side: Side, group: str) -> bool:
    """Whether a log group of exactly that name is there."""
    pages = ctx.client(side, "logs").get_paginator("describe_log_groups").paginate(logGroupNamePrefix=group)
    return any(found["logGroupName"] == group for page in pages for found in page["logGroups"])
