"""Exports the source's history, one consistent picture, into the bundle."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import documents, pausing, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check
from mwaa_wizard.execution.steps import orders
from mwaa_wizard.execution.steps.dag_steps import DagStep
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata import bundle
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean

PARALLEL = 2  # threads: an MWAA worker of the smallest class has one or two virtual CPUs


class Export(DagStep):
    """Notes the pause states, then runs mwz_export, which pauses, drains and streams."""

    id = "export"
    side = "source"
    dag_id = "mwz_export"
    key = bundle.MANIFEST
    model = bundle.Manifest

    @property
    def title(self) -> str:
        return _("Export")

    def describe(self, session: Session) -> list[str]:
        chosen = session.tables
        tables = listed(chosen.selected) if chosen.selected is not None else _("the default tables")
        limits = []
        if chosen.since or chosen.until:
            days = _("Only runs and events of {since} … {until} (days in UTC, both included).")
            limits.append(days.format(since=chosen.since or _("the beginning"), until=chosen.until or _("today")))
        if chosen.dag_patterns:
            limits.append(_("Only DAGs like {patterns}.").format(patterns=listed(chosen.dag_patterns)))
        if chosen.workers > 1:
            told = _("Spread over {count} tasks, so over the environment's workers.")
            limits.append(told.format(count=chosen.workers))
        return [
            _("Pause all DAGs of {name}, let running tasks end (at most {seconds} s).").format(
                name=session.source.environment, seconds=session.tables.drain_seconds
            ),
            _("Write {tables} to the bundle; variables and connections sealed to the target's key.").format(
                tables=tables
            ),
            *limits,
        ]

    def orders(self, ctx: Context) -> dict[str, Any]:
        tables = ctx.session.tables
        inventory = documents.need(ctx, bundle.INVENTORY, bundle.Inventory)
        orders.demand_possible(ctx, inventory)
        return {
            "alembic_head": inventory.alembic_head,
            "tables": orders.chosen_tables(ctx),
            **orders.filters(ctx),
            "pause": True,
            "drain_seconds": tables.drain_seconds,
            "parallel": PARALLEL,
        }

    def check(self, ctx: Context) -> Check:
        found = super().check(ctx)
        if not found.done or sides.was_done(ctx, "verify"):
            return found
        if other := self._ordered_otherwise(ctx):
            return Check(False, _("other {what} were chosen since").format(what=listed(other)))
        if wrong := self._unlike(ctx):
            told = _("{count} parts of the bundle are missing or cut short.").format(count=len(wrong))
            return Check(False, told)
        return found

    def _ordered_otherwise(self, ctx: Context) -> list[str]:
        """What the orders of the last export said otherwise than the session says now; empty without those orders."""
        body = documents.get_bytes(ctx, bundle.request_key(self.dag_id))
        given = json.loads(body) if body else {}
        words = {
            "tables": _("tables"),
            "since": _("first day"),
            "until": _("last day"),
            "dag_patterns": _("DAG patterns"),
        }
        wanted = {"tables": orders.chosen_tables(ctx), **orders.filters(ctx)}
        return [word for name, word in words.items() if name in given and given[name] != wanted[name]]

    def before_trigger(self, ctx: Context) -> None:
        pausing.remember(ctx)

    def changed_by_then(self, ctx: Context) -> str:
        if pausing.known(ctx) is None:
            return _("Nothing was changed.")
        return _(
            "The source's DAGs may be paused; which were not is noted, and undo or the end of the run restores it."
        )

    def read(self, ctx: Context, document: BaseModel) -> None:
        assert isinstance(document, bundle.Manifest)
        if document.environment != ctx.session.source.environment:
            raise WizardError(
                what=_("The manifest is of environment {name}.").format(name=document.environment),
                where=bundle.MANIFEST,
                remedy=_("Check which environment the source's DAG folder belongs to, then resume."),
            )
        for name, table in document.tables.items():
            size = sum(part.bytes for part in table.parts)
            ctx.log(
                _("{table}: {rows} rows in {parts} parts, {size} bytes.").format(
                    table=name, rows=table.rows, parts=len(table.parts), size=size
                )
            )
            for reason, rows in table.left_out.items():
                told = _("{table}: {rows} rows left out: {reason}").format(table=name, rows=rows,
                                                                          reason=in_words(reason))
                # Rows of our own runs are no loss; anything else is.
                ctx.log(told + _examples(table, reason), "INFO" if "this tool" in reason else "WARN")
            for reason, rows in table.rejected.items():
                told = _("{table}: {rows} rows cannot be brought over: {reason}").format(
                    table=name, rows=rows, reason=in_words(reason)
                )
                kept = _("; kept in {key}").format(key=bundle.source_rejected_key(name))
                ctx.log(told + _examples(table, reason) + kept, "WARN")

    def verify(self, ctx: Context) -> None:
        """Every part of the manifest is in the bucket with the size it was written with."""
        wrong = self._unlike(ctx)
        if wrong:
            documents.forget(ctx.session.id, bundle.MANIFEST)
            raise WizardError(
                what=_("{count} parts of the bundle are missing or cut short.").format(count=len(wrong)),
                where=listed(wrong[:5]),
                remedy=_("Resume exports again."),
            )

    def _unlike(self, ctx: Context) -> list[str]:
        """Keys of the manifest's parts that are not in the bucket with their size; all of them where it is gone."""
        manifest = documents.need(ctx, bundle.MANIFEST, bundle.Manifest)
        client, there = ctx.client("source", "s3"), {}
        try:
            for page in client.get_paginator("list_objects_v2").paginate(Bucket=ctx.session.migration_bucket):
                there.update({entry["Key"]: entry["Size"] for entry in page.get("Contents", [])})
        except Exception as problem:
            if not is_missing(problem):
                raise
        parts = [part for table in manifest.tables.values() for part in table.parts]
        return [part.key for part in parts if there.get(part.key) != part.bytes]

    def undo(self, ctx: Context) -> None:
        super().undo(ctx)  # ends a run that is still at work: it would pause DAGs again
        if any(record.get("side") == "target" for record in ctx.journal.live("dag-pause")):
            raise WizardError(
                what=_("The target's DAGs could not be paused again; the source's stay paused: nothing may run twice."),
                remedy=_("Run undo again when the target's Airflow answers."),
                exit_code=EXIT_RESUMABLE,
            )
        pausing.restore_source(ctx, by="undo")


def _examples(table: bundle.TableExport, reason: str) -> str:
    """Names of a few of the rows, in brackets; nothing where the bundle tells none."""
    names = [clean(name, limit=120) for name in table.examples.get(reason, [])]
    return f" ({', '.join(names)})" if names else ""
