"""Our DAG runs in the journal and in the bundle: which one is open, how far it is."""

from __future__ import annotations

from pydantic import ValidationError

from mwaa_wizard.execution import documents
from mwaa_wizard.execution.context import Context
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
