"""Session files of older programs, brought to today's form one version at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


def _several_patterns(raw: Document) -> Document:
    """1 to 2: one DAG pattern became a list of them; what was not asked for then has today's default."""
    tables = raw.get("tables")
    if isinstance(tables, dict) and "dag_pattern" in tables:
        kept = {name: value for name, value in tables.items() if name != "dag_pattern"}
        pattern = tables["dag_pattern"]
        raw = {**raw, "tables": {"dag_patterns": [] if pattern in ("", "*") else [pattern], **kept}}
    return {**raw, "schema_version": 2}


# One function a step: the raw document of version n becomes that of version n + 1.
MIGRATIONS: dict[int, Callable[[Document], Document]] = {1: _several_patterns}
