"""Compares source and target, table by table and DAG by DAG, inside the target's own Airflow."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import documents, reporting
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.steps import orders
from mwaa_wizard.execution.steps.dag_steps import DagStep
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata import bundle
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.session.model import Session


class Verify(DagStep):
    """Runs mwz_verify on the target and writes the report."""

    id = "verify"
    side = "target"
    dag_id = "mwz_verify"
    key = bundle.VERIFY_RESULT
    model = bundle.VerifyResult

    @property
    def title(self) -> str:
        return _("Verify")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Compare counts and checksums of the keys in {name} with the source's; write the report.").format(
                name=session.target.environment
            )
        ]

    def orders(self, ctx: Context) -> dict[str, Any]:
        manifest = documents.need(ctx, bundle.MANIFEST, bundle.Manifest)
        return {
            "alembic_head": orders.target_head(ctx),
            "tables": list(manifest.tables),
            "manifest_run_id": manifest.run_id,
            "conflict": orders.conflict(ctx, list(manifest.tables)),
            **orders.bridge(ctx),
        }

    def read(self, ctx: Context, document: BaseModel) -> None:
        assert isinstance(document, bundle.VerifyResult)
        for name, table in document.tables.items():
            ctx.log(
                f"{name}: {table.source_rows} → {table.target_rows}" + (" ✔" if table.same else " ✘ " + _("differs")),
                "INFO" if table.same else "ERROR",
            )
            for note in table.notes:
                ctx.log(f"{name}: {in_words(note)}", "WARN")
        for dag_id, why in document.dags_differ.items():
            ctx.log(f"{dag_id}: {in_words(why)}", "ERROR")
        ctx.memory["verified"] = document.same
        for path in reporting.write(ctx):
            ctx.log(_("Report: {path}").format(path=path))

    def verify(self, ctx: Context) -> None:
        """A difference stops the run only where the target would take over: with the source restored it is safe."""
        result = documents.need(ctx, bundle.VERIFY_RESULT, bundle.VerifyResult)
        if result.same:
            ctx.log(_("No difference."))
            return
        differs = [name for name, table in result.tables.items() if not table.same]
        differs += sorted(result.dags_differ)[:5]
        if ctx.session.cut_over == "switch":
            raise WizardError(
                what=_("The target differs from the source: {names}.").format(names=listed(differs)),
                where=_("see the report"),
                changed=_("All DAGs are paused on both sides."),
                remedy=_("Choose to restore the source on page Review and resume, or mend the difference and resume."),
            )
        ctx.log(_("The target differs from the source: {names}.").format(names=listed(differs)), "ERROR")
