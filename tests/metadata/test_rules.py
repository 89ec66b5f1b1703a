"""The named rules: each says what it does and where it comes from, and each is needed by some pair."""

from __future__ import annotations

import itertools

import pytest

from mwaa_wizard.metadata import catalogue, mapping, pairs, rules, schemas

BEFORE_3 = [version for version in schemas.versions() if not version.startswith("3.")]
PAIRS = [pair for pair in itertools.combinations_with_replacement(BEFORE_3, 2) if not pair[1].startswith("1.")]


def every_plan() -> list[tuple[str, str, str, mapping.ColumnPlan]]:
    return [
        (source, target, table, row)
        for source, target in PAIRS
        for bridge in {False, target == pairs.bridge()}
        for table, rows in schemas.planned(source, target, bridge).items()
        for row in rows
    ]


PLANS = every_plan()


def test_every_supported_pair_is_planned() -> None:
    assert {(source, target) for source, target, _, _ in PLANS} == set(PAIRS)
    assert len(PAIRS) == 14 * 15 // 2 - 3  # no target is a 1.10
    assert {row.action for _, _, _, row in PLANS} <= {
        "copied", "renamed", "computed", "defaulted", "nulled", "generated", "dropped",
    }  # fmt: skip
    assert all(row.reason for _, _, _, row in PLANS)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: f"{rule.name}-{rule.table}-{rule.column}")
def test_a_rule_has_words_and_a_source_and_some_pair_needs_it(rule: rules.Rule) -> None:
    assert rule.words
    assert rule.source
    assert not rule.table or rule.table in catalogue.names()
    if rule.column:
        assert (rule.table, rule.column) in {(table, row.column) for _, _, table, row in PLANS if row.rule == rule.name}


def test_what_never_leaves_the_source_has_no_value_in_the_target() -> None:
    for _, _, table, row in PLANS:
        if row.column in rules.GENERATED.get(table, ()) and row.column not in ("log_template_id", "dag_run_id"):
            assert row.expression == "", (table, row)
        assert row.source not in rules.GENERATED.get(table, ()), (table, row)


@pytest.mark.parametrize(("source", "target"), [("1.10.12", "2.11.2"), ("2.2.2", "2.11.2"), ("2.0.2", "2.4.3")])
def test_a_row_keyed_by_date_gets_its_run_id(source: str, target: str) -> None:
    for table in ("xcom", "task_fail", "rendered_task_instance_fields"):
        plan = {row.column or row.source: row for row in schemas.planned(source, target)[table]}
        assert (plan["run_id"].action, plan["run_id"].rule) == ("computed", "execution_date_to_run_id")
        assert plan["execution_date"].action == "dropped"
        assert "run id" in plan["execution_date"].reason
        assert plan["map_index"].rule == "map_index_minus_one"


def test_old_runs_get_their_type_as_airflow_itself_gives_it() -> None:
    plan = {row.column: row for row in schemas.planned("1.10.12", "2.5.1")["dag_run"]}
    assert plan["run_type"].rule == "run_type_from_run_id"
    assert "'backfill__%'" in plan["run_type"].expression
    assert plan["log_template_id"].action == "nulled"
    assert plan["data_interval_start"].rule == "data_interval_inferred"
    assert plan["dag_id"].check == 's."dag_id" IS NULL'


def test_a_shrunk_column_is_checked_not_cut() -> None:
    wanted: dict[str, dict[str, object]] = {
        "x": {"type": "character varying(10)", "nullable": False, "default": None}
    }
    row = mapping.plan({"x": "text"}, wanted, "log", ("a", "b"))[0]
    assert (row.action, row.expression) == ("copied", 's."x"')
    assert row.check == 'char_length(s."x") > 10 OR s."x" IS NULL'


# What is told to be empty only in the source's own database, or rejected where it is empty.
NEVER_EMPTY = {("connection", "is_encrypted"), ("connection", "is_extra_encrypted"), ("variable", "is_encrypted"),
               ("variable", "key")}  # the target's own models give them, and a variable without a key stays


def test_nothing_goes_empty_to_where_airflow_3_must_have_a_value() -> None:
    enters, later = pairs.bridge(), [version for version in schemas.versions() if version.startswith("3.")]
    wanted = {
        (table, name)
        for version in later
        for table in catalogue.names()
        for name, facts in schemas.columns(enters, table).items()
        if facts["nullable"] and schemas.columns(version, table).get(name, {"nullable": True})["nullable"] is False
    }
    assert ("task_instance", "try_number") in wanted
    ruled = {(rule.table, rule.column) for rule in rules.RULES if rule.when == "bridge"}
    assert wanted - NEVER_EMPTY <= ruled
    for source in ("1.10.12", "2.2.2", "2.10.3"):
        plans = schemas.planned(source, enters, True)
        for table, column in wanted - NEVER_EMPTY:
            row = next(row for row in plans[table] if row.column == column)
            assert (row.action, row.expression.startswith("coalesce(")) == ("computed", True), (source, table, column)
