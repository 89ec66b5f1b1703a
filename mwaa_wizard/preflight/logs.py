"""Task logs: on at both sides where they are to be copied, and what a former environment of that name left.

Sources: MWAA user guide monitoring-airflow (names of log groups); groups outlive their environment.
"""

from __future__ import annotations

from mwaa_wizard.aws.factory import Side
from mwaa_wizard.environments.fields import LOG
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.logs.group import task_log_group
from mwaa_wizard.preflight.finding import Finding, Findings, label, look_all, target_values


def source(ctx: Context) -> Findings:
    """The source writes task logs and, where they are to be copied, their group is there."""
    name = label("source", _("task logs"))
    module = (sides.environment(ctx, "source").get(LOG) or {}).get("TaskLogs") or {}
    group = task_log_group(ctx, "source")
    if not module.get("Enabled"):
        yield _off(ctx, name, _("the source writes none to CloudWatch"))
    elif ctx.session.logs.copy_logs and group not in _groups(ctx, "source", group):
        yield Finding(name, "warn", _("there is no log group {group}").format(group=group),
                      _("It was deleted: there is nothing to copy."))  # fmt: skip
    else:
        yield Finding(name, "pass", group)


def target(ctx: Context) -> Findings:
    """The target will write task logs."""
    name, module = label("target", _("task logs")), target_values(ctx).get(f"{LOG}.TaskLogs")
    if isinstance(module, dict) and module.get("Enabled"):
        yield Finding(name, "pass", f"{module.get('LogLevel')}")
    else:
        yield _off(ctx, name, _("the target will write none to CloudWatch"))


def _off(ctx: Context, name: str, evidence: str) -> Finding:
    remedy = _("Turn Task logs on (INFO) on page Settings; without them a task's log is nowhere.")
    if ctx.session.logs.copy_logs and name == label("source", _("task logs")):
        remedy = _("No task log can be copied; turn the copy off on page Logs if that is meant so.")
    return Finding(name, "warn", evidence, remedy)


def target_leftovers(ctx: Context) -> Findings:
    """Log groups of the target's name that exist before the target does."""
    name, wanted = label("target", _("log groups")), ctx.session.target.environment
    if sides.find_environment(ctx, "target", fresh=False) is not None:
        return  # its own, or the name is taken, which is told
    found = _groups(ctx, "target", f"airflow-{wanted}-")
    left = [group for group in found if group.removeprefix(f"airflow-{wanted}-") in _MODULES]
    if left:
        yield Finding(name, "warn", _("left by a former environment of that name: {groups}").format(
            groups=listed(left)),
            _("The target writes into them and shows what they hold; delete them first if not wanted."))  # fmt: skip
    else:
        yield Finding(name, "pass", _("none of that name yet"))


_MODULES = ("DAGProcessing", "Scheduler", "Task", "WebServer", "Worker")


def _groups(ctx: Context, side: Side, prefix: str) -> list[str]:
    rows = look_all(ctx, side, "logs", "describe_log_groups", "logGroups", logGroupNamePrefix=prefix)
    return [str(row["logGroupName"]) for row in rows]
