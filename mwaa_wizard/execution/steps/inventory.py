"""Counts what the source holds, through its own Airflow."""

from __future__ import annotations

from pydantic import BaseModel

from mwaa_wizard.airflow import dag_files
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.steps.dag_steps import DagStep
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import bundle
from mwaa_wizard.session.model import Session


class InventoryStep(DagStep):
    """Runs mwz_inventory on the source; its document feeds the tables page and the export's guards."""

    id = "inventory"
    side = "source"
    dag_id = "mwz_inventory"
    key = bundle.INVENTORY
    model = bundle.Inventory

    @property
    def title(self) -> str:
        return _("Inventory")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Put our DAG files beside {name}'s and count its rows; they are removed at the end.").format(
                name=session.source.environment
            )
        ]

    def before_trigger(self, ctx: Context) -> None:
        # A target that is there already picks its files up while the source counts.
        if sides.made_environment(ctx) and sides.find_environment(ctx, "target", fresh=False) is not None:
            dag_files.put(ctx, "target")

    def read(self, ctx: Context, document: BaseModel) -> None:
        assert isinstance(document, bundle.Inventory)
        rows = sum(table.rows for table in document.tables.values())
        ctx.log(
            _("Airflow {version} on {database}: {tables} tables, {rows} rows, {dags} DAGs.").format(
                version=document.airflow_version,
                database=document.database,
                tables=len(document.tables),
                rows=rows,
                dags=len(document.dags),
            )
        )

    def undo(self, ctx: Context) -> None:
        super().undo(ctx)
        if any(record.get("side") == "source" for record in ctx.journal.live("dag-file")):
            dag_files.remove_files(ctx, "source")
            dag_files.remove_rows(ctx, ("source",))
