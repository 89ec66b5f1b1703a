"""Takes our DAGs and the import key out of a bridge's environment before it becomes an Airflow 3.

Tasks of Airflow 3 have no access to the metadata database, so our DAG files are broken there; what is taken away
while 2.11 still runs needs no explanation afterwards.
"""

from __future__ import annotations

from mwaa_wizard.airflow import dag_files
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.steps import key
from mwaa_wizard.execution.upgrades import jumps
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session


class ClearTarget(Step):
    """DAG files with all versions, DAG rows, and the variable that holds the private key."""

    id = "clear-target"

    @property
    def title(self) -> str:
        return _("Clear before upgrade")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Remove our DAG files, DAGs and the key variable from {name}: Airflow 3 cannot run them.").format(
                name=session.target.environment
            )
        ]

    def check(self, ctx: Context) -> Check:
        return Check(bool(jumps.made(ctx)) or (sides.was_done(ctx, self.id) and not dag_files.leftovers(ctx, "target")))

    def run(self, ctx: Context) -> None:
        key.remove_variable(ctx)
        dag_files.remove_files(ctx, "target")
        dag_files.remove_rows(ctx, ("target",))

    def verify(self, ctx: Context) -> None:
        name = sides.name(ctx, "target")
        left = [f"{entry['Key']} {entry['VersionId']}" for entry in dag_files.leftovers(ctx, "target")]
        left += [f"DAG {dag_id}" for dag_id in dag_files.present(ctx, "target")]
        if sides.api(ctx, "target").has_variable(key.variable_name(ctx.session)):
            left.append(key.variable_name(ctx.session))
        if left:
            raise WizardError(
                what=_("{count} things of ours are still in {name}.").format(count=len(left), name=name),
                where=" · ".join(left[:10]),
                remedy=_("Resume removes them again."),
                exit_code=EXIT_RESUMABLE,
            )
