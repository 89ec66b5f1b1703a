"""Which Airflow CLI commands the MWAA CLI endpoint lets through.

Source: MWAA user guide, airflow-cli-command-reference (v3 and v2 tables; 1.10 in its own flat syntax).
"""

from __future__ import annotations

import shlex

from mwaa_wizard.sandbox.mwaa.names import version_tuple

_COMMON = {
    "cheat-sheet": {""}, "version": {""},
    "connections": {"add", "delete"},
    "dags": {
        "delete", "list", "list-jobs", "list-runs", "next-execution", "pause", "report", "show", "state", "test",
        "trigger", "unpause",
    },
    "providers": {"*"}, "roles": {"*"},
    "tasks": {"clear", "failed-deps", "list", "render", "state", "states-for-dag-run", "test"},
    "variables": {"delete", "get", "list", "set"},
}  # fmt: skip
_V1 = {
    "clear", "dag_state", "delete_dag", "list_dag_runs", "list_dags", "list_tasks", "next_execution", "pause", "render",
    "run", "show_dag", "task_failed_deps", "task_state", "test", "trigger_dag", "unpause", "variables", "version",
    "backfill", "rotate_fernet_key",
}  # fmt: skip


class RefusedCommand(Exception):
    """The command line is not one MWAA runs; the message is for the caller's stderr."""


def _allowed(version: str) -> dict[str, set[str]]:
    table = {group: set(commands) for group, commands in _COMMON.items()}
    at = version_tuple(version)
    if at >= (3,):
        table["assets"] = {"details", "list", "materialize"}
        table["backfill"] = {"create"}
    else:
        table["dags"].add("backfill")
        table["tasks"].add("run")
    if at >= (2, 4):
        table["dags"].add("reserialize")
        table["db"] = {"clean"}
    if at >= (2, 6):
        table["dags"].add("list-import-errors")
    return table


def split_command(text: str, version: str) -> list[str]:
    """`text` as an argument list for `airflow`; raises RefusedCommand for what MWAA does not run."""
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise RefusedCommand(f"cannot read the command line: {error}") from error
    if not words:
        raise RefusedCommand("no command given")
    group, sub = words[0], words[1] if len(words) > 1 else ""
    if version_tuple(version) < (2,):
        fits = group in _V1
    else:
        commands = _allowed(version).get(group, set())
        fits = "*" in commands or commands == {""} or sub in commands
    if not fits:
        raise RefusedCommand(f"airflow {group} {sub}".strip() + ": command is not supported on Amazon MWAA")
    return words
