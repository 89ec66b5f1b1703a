"""What an environment's Airflow holds before and after it changes its version, as its own REST API tells it."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mwaa_wizard import paths
from mwaa_wizard.airflow import totals
from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import dagfile
from mwaa_wizard.session.store import write_atomic
from mwaa_wizard.text import clean

BEFORE, AFTER = "facts-before.json", "facts-after.json"


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class DagFacts(_Document):
    """One DAG; None where Airflow does not say (no REST API)."""

    paused: bool | None = None
    active: bool = True
    file: str = ""
    parsed: str = ""
    runs: int | None = None
    task_instances: int | None = None


class BrokenFile(_Document):
    """A DAG file that Airflow cannot import; `message` is the last line of the trace."""

    file: str
    message: str


class Facts(_Document):
    """Names and counts only. `unknown`: what could not be read, with the reason."""

    environment: str
    airflow_version: str
    at: str
    dags: dict[str, DagFacts] = Field(default_factory=dict)
    variables: list[str] | None = None
    connections: list[str] | None = None
    pools: dict[str, int] | None = None
    import_errors: list[BrokenFile] = Field(default_factory=list)
    unknown: dict[str, str] = Field(default_factory=dict)


def read(ctx: Context, *, counts: bool = True) -> Facts:
    """Ask the target side's Airflow. Raises WizardError where it does not answer at all, and Cancelled."""
    environment, api = sides.environment(ctx, "target"), sides.api(ctx, "target")
    found = Facts(
        environment=str(environment["Name"]),
        airflow_version=str(environment.get("AirflowVersion", "")),
        at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        import_errors=import_errors(ctx),
    )
    try:
        for dag in totals.dags(api):
            found.dags[dag.dag_id] = DagFacts(paused=dag.paused, active=dag.active, file=dag.file, parsed=dag.parsed)
    except RestUnavailable as problem:
        found.unknown["runs"] = clean(problem, limit=300)
        found.dags = {dag.dag_id: DagFacts(paused=dag.is_paused) for dag in api.dags()}
    for dag_id in dagfile.DAG_IDS_SOURCE + dagfile.DAG_IDS_TARGET:
        found.dags.pop(dag_id, None)
    if "runs" not in found.unknown:
        _names(ctx, found)
        if counts:
            _count(ctx, found)
    return found


def _names(ctx: Context, found: Facts) -> None:
    api = sides.api(ctx, "target")
    try:
        found.variables, found.connections = totals.variables(api), totals.connections(api)
        found.pools = totals.pools(api)
    except RestUnavailable as problem:
        found.unknown["names"] = clean(problem, limit=300)


def _count(ctx: Context, found: Facts) -> None:
    api = sides.api(ctx, "target")
    for number, (dag_id, dag) in enumerate(sorted(found.dags.items()), 1):
        ctx.safe_point()
        dag.runs, dag.task_instances = totals.runs(api, dag_id), totals.task_instances(api, dag_id)
        ctx.progress(number, len(found.dags), _("DAGs"), dag_id)


def import_errors(ctx: Context) -> list[BrokenFile]:
    """The DAG files that Airflow cannot import now, cleaned."""
    return [
        BrokenFile(file=clean(file, limit=300), message=last_line(trace))
        for file, trace in sides.api(ctx, "target").import_errors()
    ]


def last_line(trace: str) -> str:
    """What a stack trace says at its end: the exception."""
    lines = [line for line in trace.strip().splitlines() if line.strip()]
    return clean(lines[-1].strip(), limit=500) if lines else ""


def same_file(one: str, other: str) -> bool:
    """Whether two Airflows mean the same DAG file: 3.x names it below its bundle, 2.x with the whole path."""
    return one == other or one.endswith(f"/{other}") or other.endswith(f"/{one}")


def new_errors(before: list[BrokenFile], after: list[BrokenFile]) -> list[BrokenFile]:
    """Those of files that could be imported before."""
    return [error for error in after if not any(same_file(error.file, old.file) for old in before)]


def save(ctx: Context, name: str, found: Facts) -> None:
    """Keep it in the run folder."""
    write_atomic(paths.run_dir(ctx.session.id) / name, found.model_dump_json(indent=2) + "\n")


def load(session_id: str, name: str) -> Facts | None:
    """The run folder's copy; None where there is none or it cannot be read."""
    try:
        return Facts.model_validate_json((paths.run_dir(session_id) / name).read_text(encoding="utf-8"))
    except (OSError, ValidationError):
        return None


def forget(session_id: str, name: str) -> None:
    """Drop the run folder's copy."""
    (paths.run_dir(session_id) / name).unlink(missing_ok=True)
