"""Small rules of what leaves the source."""

from __future__ import annotations

import fnmatch
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(name=st.text(max_size=12), pattern=st.text("ab.*?_+\\|^$", max_size=6).filter(bool))
def test_patterns_mean_what_the_shell_means(name: str, pattern: str) -> None:
    newline_free = name.replace("\n", "")
    found = re.search(INSIDE.pattern_regex(pattern), newline_free) is not None
    assert found == fnmatch.fnmatchcase(newline_free, pattern)
    both = INSIDE.pattern_regex([pattern, "else?"])
    assert (re.search(both, newline_free) is not None) == (found or fnmatch.fnmatchcase(newline_free, "else?"))


def test_several_patterns_in_one_line() -> None:
    regex = INSIDE.pattern_regex("etl_*, report")
    assert [bool(re.search(regex, name)) for name in ("etl_a", "report", "reports", "xetl_")] == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("version", ["1.10.12", "2.0.2", "2.2.2", "2.4.3", "2.11.2"])
def test_every_child_asks_for_its_parents(version: str) -> None:
    columns = {table: facts["columns"] for table, facts in schemas.load(version)["tables"].items()}
    for table in INSIDE.OF_RUN + INSIDE.OF_TASK:
        if table in columns:
            why = {rule.why for rule in INSIDE.Selection(table, columns, {}).rules}
            assert {"it has no run", "its run is not moved"} <= why
            assert ("its task instance is not moved" in why) == (table in INSIDE.OF_TASK)


def test_a_census_makes_the_copy_a_plain_one() -> None:
    columns = {table: facts["columns"] for table, facts in schemas.load("2.11.2")["tables"].items()}
    chosen = INSIDE.Selection("task_instance", columns, {"since": "2025-01-01"})
    assert "LEFT JOIN" in chosen.copy()
    assert "LEFT JOIN" in chosen.copy("t.ctid < '(9,0)'::tid")
    chosen.recall({"rules": [], "nameless_go": False, "secret_events": [], "shorter": {}, "dags_out": ["mwz_export"]})
    words = chosen.copy()
    assert "JOIN" not in words
    assert words.count("WHERE") == 1
    assert "t.dag_id NOT IN ('mwz_export')" in words


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
