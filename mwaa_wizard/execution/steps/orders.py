"""What the session's choices about tables become in the orders of our DAG runs."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata import catalogue, schemas
from mwaa_wizard.metadata.bundle import Inventory
from mwaa_wizard.metadata.words import in_words

# A kind of its own in the conflict policy; every other table is history.
_KINDS = ("variable", "connection", "slot_pool")


def chosen_tables(ctx: Context) -> list[str]:
    """The tables that travel, parents included, in load order."""
    selected = ctx.session.tables.selected
    return list(catalogue.closure(catalogue.selected_default() if selected is None else selected))


def filters(ctx: Context) -> dict[str, Any]:
    """The export's rows: days in UTC, both included, and shell patterns of which one has to match a DAG's id."""
    tables = ctx.session.tables
    patterns = list(tables.dag_patterns)
    return {
        "since": tables.since.isoformat() if tables.since else None,
        "until": tables.until.isoformat() if tables.until else None,
        "dag_patterns": patterns,
        **({"dag_pattern": patterns[0]} if len(patterns) == 1 else {}),
    }


def conflict(ctx: Context, tables: list[str]) -> dict[str, str] | str:
    """The policy of each kind that the import meets; one word where it is the same for all."""
    policies: dict[str, str] = ctx.session.tables.conflict.model_dump()
    kinds = {table if table in _KINDS else "history" for table in tables}
    met = {kind: policy for kind, policy in policies.items() if kind in kinds}
    return next(iter(met.values())) if len(set(met.values())) == 1 else met


def bridge(ctx: Context) -> dict[str, bool]:
    """Says so where Airflow 3's own upgrade comes after the import: it fails on values that it cannot convert."""
    return {"bridge": True} if ctx.session.target.upgrade_to else {}


def target_head(ctx: Context) -> str | None:
    """The alembic revision the target's database must have, by the Airflow version it runs now.

    None where that version's schema is not known: the DAG then takes what it finds.
    """
    version = str(sides.environment(ctx, "target").get("AirflowVersion", ""))
    return schemas.alembic_head(version) if version in schemas.versions() else None


def demand_possible(ctx: Context, inventory: Inventory) -> None:
    """Raise WizardError where a column of the target cannot be filled: before the source's DAGs are paused for nothing.

    By the schema of the target's version; the import looks at the target's real columns and refuses by itself.
    """
    version = str(sides.environment(ctx, "target").get("AirflowVersion", ""))
    if version not in schemas.versions():
        return
    wrong: dict[str, list[str]] = {}
    for table in chosen_tables(ctx):
        rows = schemas.preview(inventory, table, version) if inventory.columns.get(table) else []
        for row in rows:
            if row.action == "impossible":
                wrong.setdefault(table, []).append(f"{row.column} ({in_words(row.reason)})")
    if wrong:
        raise WizardError(
            what=_("Some columns of {name} cannot be filled from the source.").format(name=sides.name(ctx, "target")),
            where=" · ".join(f"{table}: {', '.join(columns)}" for table, columns in wrong.items()),
            changed=_("Nothing was exported and no DAG was paused."),
            remedy=_("Leave out {tables} on page Tables, then resume.").format(tables=listed(wrong)),
        )
