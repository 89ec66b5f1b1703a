"""Imports the bundle into the target; rows that are there stay as they are, so it may run twice."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import documents, pausing, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check
from mwaa_wizard.execution.steps import orders
from mwaa_wizard.execution.steps.dag_steps import DagStep
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata import bundle
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.session.model import Session


class Import(DagStep):
    """Runs mwz_import on the target and checks its arithmetic."""

    id = "import"
    side = "target"
    dag_id = "mwz_import"
    key = bundle.IMPORT_RESULT
    model = bundle.ImportResult

    @property
    def title(self) -> str:
        return _("Import")

    def describe(self, session: Session) -> list[str]:
        name, policies = session.target.environment, session.tables.conflict.changed()
        lines = [_("Insert the bundle's rows into {name}; rows already there are kept.").format(name=name)]
        if policies:
            lines = [_("Insert the bundle's rows into {name}.").format(name=name)]
            words = {
                "replace": _("{kinds}: rows already there take the source's values; the old ones are kept in the "
                             "bundle."),
                "fail": _("{kinds}: where a row is already there, nothing at all is imported."),
            }  # fmt: skip
            for policy, text in words.items():
                kinds = [kind for kind, chosen in policies.items() if chosen == policy]
                lines += [text.format(kinds=listed(kinds))] if kinds else []
        if later := session.target.upgrade_to:
            told = _("Values that the later upgrade to Airflow {version} cannot convert are rejected: it would fail.")
            lines.append(told.format(version=later))
        return lines

    def check(self, ctx: Context) -> Check:
        found = super().check(ctx)
        manifest = documents.load(ctx.session.id, bundle.MANIFEST, bundle.Manifest)
        result = documents.load(ctx.session.id, bundle.IMPORT_RESULT, bundle.ImportResult)
        if found.done and manifest and result and manifest.run_id != result.manifest_run_id:
            return Check(False, _("what was imported is an older export"))
        if found.done and manifest and not sides.was_done(ctx, "verify"):
            body = documents.get_bytes(ctx, bundle.request_key(self.dag_id))
            given, wanted = json.loads(body) if body else {}, self.orders(ctx)
            if given and any(given.get(name) != wanted.get(name) for name in ("conflict", "bridge")):
                return Check(False, _("another policy or another way on was chosen since"))
        return found

    def run(self, ctx: Context) -> None:
        try:
            super().run(ctx)
        except WizardError as error:
            if _names_damaged_part(ctx, error.where):
                # Trying again would find the same bytes: the next run has to write the bundle anew.
                documents.forget(ctx.session.id, bundle.MANIFEST)
                error.remedy = _("The bundle was changed or damaged after the export. Resume exports again.")
            raise

    def orders(self, ctx: Context) -> dict[str, Any]:
        manifest = documents.need(ctx, bundle.MANIFEST, bundle.Manifest)
        return {
            "alembic_head": orders.target_head(ctx),
            "tables": list(manifest.tables),
            "manifest_run_id": manifest.run_id,
            "conflict": orders.conflict(ctx, list(manifest.tables)),
            **orders.bridge(ctx),
        }

    def changed_by_then(self, ctx: Context) -> str:
        return _(
            "Tables that were finished are in the target; the one at work was rolled back. The source is untouched."
        )

    def before_trigger(self, ctx: Context) -> None:
        pausing.hold_target(ctx)

    def read(self, ctx: Context, document: BaseModel) -> None:
        assert isinstance(document, bundle.ImportResult)
        for name, table in document.tables.items():
            told = _("{table}: {inserted} inserted, {present} there, {rejected} rejected.").format(
                table=name, inserted=table.inserted, present=table.present, rejected=table.rejected
            )
            if table.updated:
                told += " " + _("{updated} of those there took the source's values.").format(updated=table.updated)
            ctx.log(told)
            for reason, rows in table.reasons.items():
                kept = _("kept in {key}").format(key=bundle.rejected_key(name))
                ctx.log(f"{name}: {rows} × {in_words(reason)}" + (f"; {kept}" if table.rejected else ""), "WARN")
            for words, values in table.emptied.items():
                ctx.log(_("{table}: {values} values emptied: {words}").format(
                    table=name, values=values, words=in_words(words)),
                        "WARN")

    def verify(self, ctx: Context) -> None:
        """Each table read all that was exported, and every row read was inserted, there, or rejected."""
        manifest = documents.need(ctx, bundle.MANIFEST, bundle.Manifest)
        result = documents.need(ctx, bundle.IMPORT_RESULT, bundle.ImportResult)
        wrong = [] if result.manifest_run_id == manifest.run_id else [f"manifest {result.manifest_run_id}"]
        for name, exported in manifest.tables.items():
            table = result.tables.get(name)
            if table is None:
                wrong.append(_("{table} was not imported").format(table=name))
            elif table.read != exported.rows:
                wrong.append(
                    _("{table}: {read} of {rows} rows read").format(table=name, read=table.read, rows=exported.rows)
                )
            elif table.read != table.inserted + table.present + table.rejected:
                wrong.append(
                    _("{table}: {read} rows read, {told} accounted for").format(
                        table=name, read=table.read, told=table.inserted + table.present + table.rejected
                    )
                )
        if wrong:
            raise WizardError(
                what=_("The import's counts do not add up."),
                where=" · ".join(wrong),
                remedy=_("Resume imports again; rows that are in stay as they are."),
            )

    def undo(self, ctx: Context) -> None:
        imported = documents.load(ctx.session.id, bundle.IMPORT_RESULT, bundle.ImportResult) is not None
        super().undo(ctx)
        if imported:
            ctx.log(_("The imported rows go with the target environment."))


def _names_damaged_part(ctx: Context, said: str) -> bool:
    """Whether the DAG's words name a part of the bundle whose bytes are no longer those of the manifest."""
    manifest = documents.load(ctx.session.id, bundle.MANIFEST, bundle.Manifest)
    parts = [part for table in manifest.tables.values() for part in table.parts] if manifest else []
    for part in (part for part in parts if part.key in said):
        try:
            body = ctx.client("source", "s3").get_object(Bucket=ctx.session.migration_bucket, Key=part.key)["Body"]
        except Exception as problem:
            if is_missing(problem):
                return True
            raise
        found = hashlib.sha256()
        for chunk in body.iter_chunks(1 << 20):
            found.update(chunk)
        if found.hexdigest() != part.sha256:
            return True
    return False
