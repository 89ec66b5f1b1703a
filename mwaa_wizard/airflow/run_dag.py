"""One run of one of our DAGs: its orders put into the bundle, triggered under an id of ours, followed to its end.

The run id is journaled before the trigger, so a killed wizard attaches to the run it left, and never starts a second.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

from mwaa_wizard.airflow import dag_files, dag_runs
from mwaa_wizard.airflow.cli_airflow import OURS
from mwaa_wizard.airflow.follow import Follower
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import bundle


def run_dag(
    ctx: Context,
    side: Side,
    dag_id: str,
    orders: dict[str, Any],
    before_trigger: Callable[[], None] | None = None,
) -> str:
    """Run `dag_id` on a side with `orders` and follow it. Returns the run's id.

    Attaches to the run that an earlier process left open. `before_trigger` is called only when a new run starts.
    Raises WizardError when the run fails (with the DAG's own words and the end of its log), Cancelled on a stop:
    the run then goes on, and a resume attaches to it.
    """
    dag_files.put(ctx, side)
    api = sides.api(ctx, side)
    run_id = dag_runs.open_run(ctx, dag_id)
    state = api.run_state(dag_id, run_id) if run_id else None
    if run_id and state is not None:
        ctx.log(_("Attached to run {run} of {dag}: {state}.").format(run=run_id, dag=dag_id, state=state))
        if state in ("queued", "running"):
            # 1.10 is asked for a DAG by pausing it (CliAirflow.dag): left so, the run would stand still.
            _unpause(ctx, side, dag_id)
    else:
        dag_files.wait_listed(ctx, side, dag_id)
        ctx.safe_point()
        if before_trigger is not None:
            before_trigger()
        if run_id is None:
            run_id = f"mw-{secrets.token_hex(4)}"
            ctx.made("dag-run", run_id, side=side, dag_id=dag_id, environment=sides.name(ctx, side))
        documents.put_json(
            ctx,
            bundle.request_key(dag_id),
            {
                "format": bundle.FORMAT,
                "run_id": run_id,
                "environment": sides.name(ctx, side),
                **orders,
            },
        )
        _unpause(ctx, side, dag_id)
        place = ctx.clients.place("source")
        conf = {"bucket": ctx.session.migration_bucket, "region": place.region, "session": ctx.session.id}
        api.trigger(dag_id, run_id, conf)
        ctx.log(_("Triggered {dag} as run {run}.").format(dag=dag_id, run=run_id))
    started = time.monotonic()
    Follower(ctx, side, dag_id, run_id).follow()
    ctx.log(
        _("Run {run} of {dag} succeeded ({seconds:.0f} s).").format(
            run=run_id, dag=dag_id, seconds=time.monotonic() - started
        )
    )
    return run_id


def _unpause(ctx: Context, side: Side, dag_id: str) -> None:
    """Unpause a DAG of ours, and never another. Raises WizardError where Airflow does not know it."""
    if not dag_id.startswith(OURS):
        raise ValueError(f"{dag_id} is not ours to unpause")
    if not sides.api(ctx, side).set_paused(dag_id, False):
        raise WizardError(
            what=_("Airflow of {environment} lists {dag} but does not know it.").format(
                environment=sides.name(ctx, side), dag=dag_id
            ),
            remedy=_("See whether its scheduler is healthy, then resume."),
            exit_code=EXIT_RESUMABLE,
        )
