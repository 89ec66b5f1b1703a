"""What the steps that run one of our DAGs share: orders in, run followed, document read back."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel

from mwaa_wizard.airflow import dag_runs, run_dag
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session


class DagStep(Step):
    """Runs `dag_id` on `side` and reads the document `key` that it leaves in the bundle."""

    side: ClassVar[Side]
    dag_id: ClassVar[str]
    key: ClassVar[str]
    model: ClassVar[type[BaseModel]]

    def orders(self, ctx: Context) -> dict[str, Any]:
        """What goes into requests/<dag>.json beside run id and environment."""
        return {"alembic_head": None}

    def before_trigger(self, ctx: Context) -> None:
        """Called when a new run is about to start, not when an old one is attached to."""

    def check(self, ctx: Context) -> Check:
        done = sides.was_done(ctx, self.id) and documents.load(ctx.session.id, self.key, self.model) is not None
        return Check(done, _("{document} is there").format(document=documents.LOCAL[self.key]) if done else "")

    def run(self, ctx: Context) -> None:
        try:
            run_id = run_dag.run_dag(
                ctx, self.side, self.dag_id, self.orders(ctx), before_trigger=lambda: self.before_trigger(ctx)
            )
        except WizardError as error:
            error.changed = error.changed or self.changed_by_then(ctx)
            raise
        try:
            self.read(ctx, documents.fetch(ctx, self.key, self.model, run_id))
        except Exception:
            # A run whose document cannot be used must not be attached to again.
            dag_runs.end_run(ctx, self.dag_id, run_id, "unusable")
            raise
        dag_runs.end_run(ctx, self.dag_id, run_id, "success")

    def changed_by_then(self, ctx: Context) -> str:
        """What is different although the run failed, in one or two sentences."""
        return _("The environment's own DAGs and data are as they were.")

    def read(self, ctx: Context, document: BaseModel) -> None:
        """Look at the document and say what matters. Raises WizardError where it cannot be used."""

    def while_away(self, session: Session) -> str:
        name = session.source.environment if self.side == "source" else session.target.environment
        return _("A run of {dag} that was begun goes on in Airflow of {name}; a resume attaches to it.").format(
            dag=self.dag_id, name=name
        )

    def undo(self, ctx: Context) -> None:
        dag_runs.stop_open_run(ctx, self.side, self.dag_id)
        documents.forget(ctx.session.id, self.key)
