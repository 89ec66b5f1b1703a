"""How target columns are filled, for every pair of known versions."""

from __future__ import annotations

import itertools

import pytest

from mwaa_wizard.metadata import catalogue, mapping, schemas
from mwaa_wizard.metadata.bundle import Inventory

BEFORE_3 = [version for version in schemas.versions() if not version.startswith("3.")]
PAIRS = [pair for pair in itertools.combinations_with_replacement(BEFORE_3, 2) if not pair[1].startswith("1.")]


def plans(source: str, target: str, table: str) -> dict[str, mapping.ColumnPlan]:
    found = {name: str(facts["type"]) for name, facts in schemas.columns(source, table).items()}
    rows = mapping.plan(
        schemas.exported(table, found), schemas.columns(target, table), table, (source, target)
    )
    return {row.column or row.source: row for row in rows}


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_upgrade_fills_every_column_that_must_not_be_empty(source: str, target: str) -> None:
    for table in catalogue.names():
        rows = plans(source, target, table)
        columns = schemas.columns(target, table)
        if not schemas.columns(source, table):
            continue  # the source has no such table, so there is nothing to fill it from
        assert set(columns) <= set(rows)
        for name, facts in columns.items():
            row = rows[name]
            assert row.action != "impossible", (table, row)
            if not facts["nullable"] and facts["default"] is None:
                assert row.expression, (table, row)
            assert row.reason


def test_columns_new_in_the_target() -> None:
    runs = plans("2.7.2", "2.8.1", "dag_run")
    assert runs["clear_number"].action == "computed"
    assert runs["clear_number"].expression == "0"
    assert plans("2.7.2", "2.11.2", "dag_run")["clear_number"].action == "defaulted"
    tasks = plans("2.8.1", "2.11.2", "task_instance")
    assert tasks["executor"].action == "nulled"
    assert "2.8.1" in tasks["executor"].reason


def test_numbers_of_the_source_are_never_copied() -> None:
    for source, target in PAIRS:
        assert plans(source, target, "dag_run")["id"].action == "generated"
        templates = "computed" if source >= "2.4" or source.startswith("2.1") else "nulled"
        for table, column, action, expression in (
            ("dag_run", "log_template_id", templates, None),
            ("xcom", "dag_run_id", "computed", "r.id"),
            ("dag_run_note", "dag_run_id", "computed", "r.id"),
            ("task_instance", "job_id", "nulled", ""),
            ("task_instance", "trigger_id", "nulled", ""),
            ("task_instance", "queued_by_job_id", "nulled", ""),
            ("task_instance", "external_executor_id", "nulled", ""),
        ):
            if column in schemas.columns(target, table) and schemas.columns(source, table):
                row = plans(source, target, table)[column]
                assert row.action == action, (source, target, row)
                assert expression is None or row.expression == expression


def test_a_column_the_target_lost_is_dropped_and_says_so() -> None:
    rows = mapping.plan({"pool": "text", "colour": "text"}, {"pool": fact("text")}, "slot_pool", ("2.7.2", "9.9"))
    assert [(row.action, row.source) for row in rows] == [("copied", "pool"), ("dropped", "colour")]


def test_a_renamed_column_is_found_in_both_directions() -> None:
    stamp = "timestamp with time zone"
    forth = mapping.plan({"execution_date": stamp}, {"logical_date": fact(stamp)}, "dag_run", ("2.11.2", "3.0.6"))
    back = mapping.plan({"logical_date": stamp}, {"execution_date": fact(stamp)}, "dag_run", ("3.0.6", "2.11.2"))
    assert [row.action for row in forth + back] == ["renamed", "renamed"]
    assert forth[0].expression == 's."execution_date"'


@pytest.mark.parametrize(
    ("kind", "wanted", "expression"),
    [
        ("character varying(30)", "character varying(60)", 's."x"'),
        ("character varying(500)", "text", 's."x"'),
        ("integer", "bigint", 's."x"'),
        ("bigint", "integer", 's."x"::integer'),
        ("json", "jsonb", 's."x"::jsonb'),
        ("bytea", "jsonb", ""),
        ("timestamp without time zone", "timestamp with time zone", "s.\"x\" AT TIME ZONE 'UTC'"),
        ("timestamp with time zone", "boolean", ""),
    ],
)
def test_types(kind: str, wanted: str, expression: str) -> None:
    row = mapping.plan({"x": kind}, {"x": fact(wanted)}, "log", ("a", "b"))[0]
    assert row.expression == expression
    assert (row.action == "impossible") == (not expression)


def test_a_column_nobody_can_fill_is_impossible() -> None:
    row = mapping.plan({}, {"new": {"type": "text", "nullable": False, "default": None}}, "log", ("a", "b"))[0]
    assert row.action == "impossible"


def test_preview_from_an_inventory() -> None:
    columns = {name: str(facts["type"]) for name, facts in schemas.columns("2.8.1", "dag_run").items()}
    inventory = Inventory(
        run_id="mw-1", environment="e", airflow_version="2.8.1", alembic_head="h", python_version="3.11",
        database="postgresql 15.4", created_at="now", tables={}, columns={"dag_run": columns}, dags=[],
    )  # fmt: skip
    rows = schemas.preview(inventory, "dag_run", "2.11.2")
    assert {row.action for row in rows} == {"copied", "generated", "computed", "nulled"}
    assert schemas.preview(inventory, "no_such_table", "2.11.2") == []


def fact(kind: str) -> dict[str, object]:
    return {"type": kind, "nullable": True, "default": None}
