"""Our DAG runs in the journal and in the bundle: which one is open, how far it is."""

from __future__ import annotations

from pydantic import ValidationError

from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution import documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import bundle


def end_run(ctx: Context, dag_id: str, run_id: str, state: str) -> None:
    """Journal that a run needs no attaching any more: its result is read, or it failed."""
    ctx.journal.write(ctx.step, "ended", kind="dag-run", name=run_id, dag_id=dag_id, state=state)


def open_run(ctx: Context, dag_id: str) -> str | None:
    """The newest run of a DAG that was journaled and has not ended."""
    found: str | None = None
    for record in ctx.journal.records():
        if record.get("kind") != "dag-run" or record.get("dag_id") != dag_id:
            continue
        if record["event"] == "made":
            found = record["name"]
        elif record["event"] in ("ended", "removed") and record["name"] == found:
            found = None
    return found


def stop_open_run(ctx: Context, side: Side, dag_id: str) -> None:
    """End the run that an interrupted wizard left at work: undo must not race with it."""
    run_id = open_run(ctx, dag_id)
    if run_id is None:
        return
    if sides.find_environment(ctx, side) is not None:
        api = sides.api(ctx, side)
        try:
            if api.run_state(dag_id, run_id) in ("queued", "running"):
                api.stop_run(dag_id, run_id)
                ctx.log(_("Stopped run {run} of {dag}.").format(run=run_id, dag=dag_id))
        except RestUnavailable as problem:
            ctx.log(
                _("Run {run} of {dag} could not be stopped: {why}").format(run=run_id, dag=dag_id, why=problem), "WARN"
            )
    end_run(ctx, dag_id, run_id, "stopped")


def read_progress(ctx: Context, dag_id: str, run_id: str) -> bundle.Progress | None:
    """The DAG's progress object, or None where it is not there yet or another run's."""
    body = documents.get_bytes(ctx, bundle.progress_key(dag_id))
    if body is None:
        return None
    try:
        progress = bundle.Progress.model_validate_json(body)
    except ValidationError:
        return None
    return progress if progress.run_id == run_id else None
