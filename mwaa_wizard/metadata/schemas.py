"""The metadata schemas of released Airflow versions, as real databases had them: for previews before anything runs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata import mapping, rules
from mwaa_wizard.metadata.bundle import Inventory

_FOLDER = Path(__file__).parent / "schemas"


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


@cache
def versions() -> tuple[str, ...]:
    """Airflow versions whose schema is known, oldest first."""
    return tuple(sorted((path.stem for path in _FOLDER.glob("*.json")), key=_number))


@cache
def load(version: str) -> dict[str, Any]:
    """{"alembic": head, "tables": {table: {"columns", "primary_key", "unique", "foreign_keys"}}} of a version.

    Raises WizardError for a version that is not among versions().
    """
    if version not in versions():
        raise WizardError(
            what=_("The metadata schema of Airflow {version} is not known.").format(version=version),
            changed=_("Nothing was changed."),
            remedy=_("Known are: {versions}.").format(versions=listed(versions())),
        )
    document: dict[str, Any] = json.loads((_FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    return document


def alembic_head(version: str) -> str:
    """The alembic revision of a fresh or fully upgraded database of that version."""
    return str(load(version)["alembic"])


def columns(version: str, table: str) -> dict[str, dict[str, object]]:
    """column -> {"type", "nullable", "default"}; empty where that version has no such table."""
    found = load(version)["tables"].get(table, {}).get("columns", {})
    return dict(found)


def exported(table: str, found: dict[str, str]) -> dict[str, str]:
    """The columns of a source table as they are in a bundle: what means something in one database only left out,
    look-ups added.

    `found`: column -> type of the source's table, as the inventory has it.
    """
    kept = {name: kind for name, kind in found.items() if name not in rules.GENERATED.get(table, ())}
    if table == "dag_run" and "log_template_id" in found:
        kept["log_template_filename"] = "text"
    if table in rules.RUN_TABLES:
        for name in ("dag_id", "run_id"):
            if name not in found:
                kept[name] = "character varying(250)"
    return kept


def planned(source: str, target: str, bridge: bool = False) -> dict[str, list[mapping.ColumnPlan]]:
    """{table: what happens to each of its columns} for two released versions, in load order.

    A table only one of them has is missing. Raises WizardError for an unknown version.
    """
    from mwaa_wizard.metadata.catalogue import names

    out = {}
    for table in names():
        found = {name: str(facts["type"]) for name, facts in columns(source, table).items()}
        there = columns(target, table)
        if found and there:
            out[table] = mapping.plan(exported(table, found), there, table, (source, target), bridge)
    return out


def preview(
    inventory: Inventory, table: str, target_version: str, bridge: bool = False
) -> list[mapping.ColumnPlan]:
    """What the import will do with every column of a table, from the source's inventory and the target's version.

    Empty where the target has no such table. The import itself reflects the target's real columns.
    """
    target = columns(target_version, table)
    if not target:
        return []
    source = exported(table, inventory.columns.get(table, {}))
    return mapping.plan(source, target, table, (inventory.airflow_version, target_version), bridge)
