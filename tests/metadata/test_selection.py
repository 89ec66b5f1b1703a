"""Small rules of what leaves the source."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mwaa_wizard.metadata import schemas
from tests.metadata.inline import functions

INSIDE: Any = functions("mwz_export")


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("*", ["", "a.b"], []),
        ("etl_*", ["etl_", "etl_a b"], ["xetl_a", "ETL_a"]),
        ("a.b?", ["a.bc"], ["aXbc", "a.b"]),
        ("a+(b)", ["a+(b)"], ["aab"]),
    ],
)
def test_shell_patterns(pattern: str, yes: list[str], no: list[str]) -> None:
    regex = INSIDE.pattern_regex(pattern)
    assert all(re.search(regex, name) for name in yes)
    assert not any(re.search(regex, name) for name in no)


@pytest.mark.parametrize("day", ["2025-13-01", "yesterday", "2025-01-01'; DROP TABLE dag_run; --"])
def test_only_dates_become_sql(day: str) -> None:
    with pytest.raises(INSIDE.Refused, match="not a date"):
        INSIDE.stamp(day)


def test_until_means_the_whole_day() -> None:
    assert INSIDE.stamp("2025-12-31", 1) == "'2026-01-01 00:00:00+00'::timestamptz"


def test_constants_and_names_are_quoted() -> None:
    assert INSIDE.literal("we'ird") == "'we''ird'"
    assert INSIDE.ident('a"b') == '"a""b"'


@pytest.mark.parametrize("version", [version for version in schemas.versions() if not version.startswith("3.")])
def test_exported_columns_are_those_the_wizard_previews(version: str) -> None:
    tables = schemas.load(version)["tables"]
    columns = {table: facts["columns"] for table, facts in tables.items()}
    for table in INSIDE.LOAD_ORDER:
        if table not in columns:
            continue
        chosen = INSIDE.Selection(table, columns, {"dag_pattern": "*"})
        types = {name: facts["type"] for name, facts in columns[table].items()}
        assert chosen.types == schemas.exported(table, types), table
        assert chosen.checked or table in INSIDE.ORDERED
        assert "dag_run_id" not in chosen.names
        if table in INSIDE.ORDERED:
            assert chosen.names[0] == INSIDE.ORDERED[table]
