"""What an environment held before and after its version changed, side by side, as the report shows it."""

from __future__ import annotations

import datetime as dt

from mwaa_wizard import paths
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.upgrades import facts
from mwaa_wizard.execution.upgrades.facts import Facts
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata.bundle import TableVerify, VerifyResult
from mwaa_wizard.session.store import write_atomic

UPGRADED = "verify-upgrade.json"  # a bridge's second comparison; an in-place upgrade has only that one, in verify.json
NAMED = 10


def compare(before: Facts, after: Facts) -> VerifyResult:
    """A row for each thing that was counted; a DAG whose totals differ is named."""
    tables = {
        "dag": _dags(before, after),
        "dag_run": _total(before, after, "runs"),
        "task_instance": _total(before, after, "task_instances"),
        "variable": _names(before.variables, after.variables, before, after),
        "connection": _names(before.connections, after.connections, before, after),
        "slot_pool": _names(_slots(before.pools), _slots(after.pools), before, after),
        "import_error": _errors(before, after),
    }
    return VerifyResult(
        run_id=f"rest-{before.airflow_version}-{after.airflow_version}",
        environment=after.environment,
        airflow_version=after.airflow_version,
        tables=tables,
        dags_differ=_differ(before, after),
        finished_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    )


def save(ctx: Context, result: VerifyResult) -> None:
    """Keep it where the report looks for it."""
    write_atomic(paths.run_dir(ctx.session.id) / file_of(ctx), result.model_dump_json(indent=2) + "\n")


def file_of(ctx: Context) -> str:
    """The run folder's file for the comparison of a session's upgrade."""
    return UPGRADED if ctx.session.route == "bridge" else "verify.json"


def _dags(before: Facts, after: Facts) -> TableVerify:
    was = {dag_id for dag_id, dag in before.dags.items() if dag.active}
    now = {dag_id for dag_id, dag in after.dags.items() if dag.active}
    notes = _listed(_("not listed any more: {names}"), was - now) + _listed(_("new: {names}"), now - was)
    return TableVerify(source_rows=len(was), target_rows=len(now), same=was == now, notes=notes)


def _total(before: Facts, after: Facts, what: str) -> TableVerify:
    """The sum over all DAGs; where a count is missing on either side nothing is called equal."""
    was = {dag_id: getattr(dag, what) for dag_id, dag in before.dags.items()}
    now = {dag_id: getattr(after.dags[dag_id], what) if dag_id in after.dags else 0 for dag_id in was}
    if None in was.values() or None in now.values():
        why = before.unknown.get("runs") or after.unknown.get("runs") or ""
        return TableVerify(source_rows=0, target_rows=0, same=False, notes=[_("not counted: {why}").format(why=why)])
    return TableVerify(source_rows=sum(was.values()), target_rows=sum(now.values()), same=was == now)


def _differ(before: Facts, after: Facts) -> dict[str, str]:
    found = {}
    for dag_id, was in sorted(before.dags.items()):
        now = after.dags.get(dag_id)
        if now is None:
            if was.runs or was.task_instances:
                found[dag_id] = _("{runs} runs before, the DAG is not there any more").format(runs=was.runs)
        elif None not in (was.runs, now.runs) and (was.runs, was.task_instances) != (now.runs, now.task_instances):
            found[dag_id] = _("{runs} runs and {tasks} task instances before, {now_runs} and {now_tasks} now").format(
                runs=was.runs, tasks=was.task_instances, now_runs=now.runs, now_tasks=now.task_instances
            )
    return found


def _names(was: list[str] | None, now: list[str] | None, before: Facts, after: Facts) -> TableVerify:
    if was is None or now is None:
        why = next((f.unknown[k] for f in (before, after) for k in ("names", "runs") if k in f.unknown), "")
        return TableVerify(source_rows=0, target_rows=0, same=False, notes=[_("not read: {why}").format(why=why)])
    gone, new = set(was) - set(now), set(now) - set(was)
    notes = _listed(_("gone: {names}"), gone) + _listed(_("new: {names}"), new)
    return TableVerify(source_rows=len(was), target_rows=len(now), same=not gone and not new, notes=notes)


def _slots(pools: dict[str, int] | None) -> list[str] | None:
    return None if pools is None else [f"{name} ({slots})" for name, slots in sorted(pools.items())]


def _errors(before: Facts, after: Facts) -> TableVerify:
    new = facts.new_errors(before.import_errors, after.import_errors)
    return TableVerify(
        source_rows=len(before.import_errors),
        target_rows=len(after.import_errors),
        same=not new,
        notes=[f"{error.file}: {error.message}" for error in new[:NAMED]],
    )


def _listed(text: str, names: set[str]) -> list[str]:
    return [text.format(names=listed(sorted(names)[:NAMED]))] if names else []
