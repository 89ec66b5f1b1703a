"""What the session's choices about tables become in the orders of our DAG runs."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.metadata import catalogue, schemas

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


def target_head(ctx: Context) -> str | None:
    """The alembic revision the target's database must have, by the Airflow version it runs now.

    None where that version's schema is not known: the DAG then takes what it finds.
    """
    version = str(sides.environment(ctx, "target").get("AirflowVersion", ""))
    return schemas.alembic_head(version) if version in schemas.versions() else None
