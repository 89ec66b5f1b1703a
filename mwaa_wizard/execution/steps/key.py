"""Makes the key pair inside the target: only it can open the sealed secrets."""

from __future__ import annotations

from mwaa_wizard.airflow import dag_files, dag_runs, run_dag
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.steps import orders
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import bundle
from mwaa_wizard.session.model import Session

DAG_ID = "mwz_key"


def variable_name(session: Session) -> str:
    """The Airflow variable that holds the private half (`metadata/dags/sealing.py` names it the same way)."""
    return f"mwaa_wizard_key_{session.id}"


class Key(Step):
    """Runs mwz_key on the target and checks that the public half is in the bundle."""

    id = "key"

    @property
    def title(self) -> str:
        return _("Key")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Make a key pair in {name}: an Airflow variable there holds the private half until the end.").format(
                name=session.target.environment
            )
        ]

    def check(self, ctx: Context) -> Check:
        if sides.was_done(ctx, "clean-up"):
            return Check(True, _("it was deleted at the end"))
        return Check(sides.was_done(ctx, self.id) and _public_half(ctx), bundle.PUBLIC_KEY)

    def run(self, ctx: Context) -> None:
        name = variable_name(ctx.session)
        if not any(record["name"] == name for record in ctx.journal.live("variable")):
            ctx.made("variable", name, side="target", environment=ctx.session.target.environment)
        run_id = run_dag.run_dag(ctx, "target", DAG_ID, {"alembic_head": orders.target_head(ctx)})
        dag_runs.end_run(ctx, DAG_ID, run_id, "success")

    def verify(self, ctx: Context) -> None:
        if not _public_half(ctx):
            raise WizardError(
                what=_("The public key is not in the bundle."),
                where=f"s3://{ctx.session.migration_bucket}/{bundle.PUBLIC_KEY}",
                remedy=_("Resume makes it again."),
            )

    def undo(self, ctx: Context) -> None:
        begun = ctx.journal.live("variable") or dag_runs.open_run(ctx, DAG_ID)
        if not begun or sides.find_environment(ctx, "target") is None:
            return
        dag_runs.stop_open_run(ctx, "target", DAG_ID)
        remove_variable(ctx)
        if any(record.get("side") == "target" for record in ctx.journal.live("dag-file")):
            dag_files.remove_files(ctx, "target")
            # The rows go with the environment, which is deleted after this.


def remove_variable(ctx: Context) -> None:
    """Delete the private half from the target."""
    name = variable_name(ctx.session)
    if sides.api(ctx, "target").delete_variable(name):
        ctx.log(_("Deleted variable {name} from the target.").format(name=name))
    ctx.removed("variable", name)


def _public_half(ctx: Context) -> bool:
    body = documents.get_bytes(ctx, bundle.PUBLIC_KEY)
    return body is not None and body.lstrip().startswith(b"-----BEGIN PUBLIC KEY-----")
