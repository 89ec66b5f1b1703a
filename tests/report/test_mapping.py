"""`mwaa-wizard mapping`: every column accounted for, aligned columns, plain refusals, nothing heavy loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.metadata import catalogue, pairs, schemas
from mwaa_wizard.metadata.bundle import Inventory
from mwaa_wizard.report import mapping, mapping_text
from mwaa_wizard.text import width
from tests.cli.cloud import wizard

ALL = [(source, target) for source in pairs.sources() for target in pairs.targets()
       if [int(n) for n in source.split(".")] <= [int(n) for n in target.split(".")]]  # fmt: skip


@pytest.mark.parametrize(("source", "target"), ALL)
def test_every_column_of_both_sides_has_its_line(source: str, target: str) -> None:
    found = mapping.build(pairs.pair(source, target))
    assert [table.name for table in found.tables] == catalogue.names()
    for table in found.tables:
        wanted = schemas.columns(found.pair.enters, table.name)
        if table.note:
            assert not wanted or not schemas.columns(source, table.name)
            continue
        assert {line.column for line in table.columns if line.column} == set(wanted)
        told = {line.source or line.column for line in table.columns} | {line.column for line in table.columns}
        assert set(schemas.columns(source, table.name)) <= told, table.name
        assert [line for line in table.columns if not line.plain and not line.reason] == []
        assert [line for line in table.columns if line.action == "impossible"] == []


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("everything", [False, True])
def test_text_keeps_to_its_width_and_its_columns(columns: int, everything: bool) -> None:
    found = mapping.build(pairs.pair(pairs.sources()[0], "3.3.1"))
    lines = mapping_text.to_text(found, columns, everything=everything).splitlines()
    assert [line for line in lines if width(line) > columns] == []
    table = next(table for table in found.tables if table.name == "task_instance")
    rows = mapping_text.table_lines(table, columns, everything=everything)[1:]
    begun = {row.index(word) for row in rows for word in (" nulled ", " copied ", " defaulted ") if word in row}
    assert len(begun) == 1, rows


def test_plain_copies_are_counted_unless_all_is_asked_for() -> None:
    found = mapping.build(pairs.pair("2.7.2", "2.11.2"), "dag_run")
    short, whole = mapping_text.to_text(found), mapping_text.to_text(found, everything=True)
    assert "  end_date " not in short
    assert f"{found.tables[0].copied} plain copies" in short
    assert "  end_date " in whole
    assert "clear_number" in short


@pytest.mark.parametrize("source", pairs.sources())
def test_every_rule_that_is_used_is_named_with_its_source(source: str) -> None:
    found = mapping.build(pairs.pair(source, "2.11.2"))
    used = {line.rule for table in found.tables for line in table.columns if line.rule}
    assert used <= {rule.name for rule in found.rules}
    assert all(rule.words and rule.source for rule in found.rules)
    assert ("xcom_newest_wins" in {rule.name for rule in found.rules}) == source.startswith("1.")


def test_what_is_left_out_has_its_reason() -> None:
    left_out = mapping.build(pairs.pair("2.10.3", "2.11.2")).left_out
    tables = [table for names in left_out.values() for table in names]
    for table in ("dag", "dag_tag", "dag_code", "serialized_dag", "import_error", "trigger", "log_template"):
        assert tables.count(table) == 1
    assert all(left_out)


def test_the_bridge_says_what_comes_after_the_import() -> None:
    found = mapping.build(pairs.pair("2.10.3", "3.3.1"))
    assert (found.pair.enters, found.pair.bridged) == ("2.11.2", True)
    text = mapping_text.to_text(found)
    assert text.startswith("Airflow 2.10.3 → 2.11.2 → 3.3.1\n")
    assert "db migrate" in text
    assert mapping.build(pairs.pair("2.10.3", "2.11.2")).bridge == []
    lines = {line.table: line for line in found.bridge}
    assert lines["task_fail"].gone
    assert "run_after" in lines["dag_run"].added
    assert "logical_date" not in lines["dag_run"].added
    assert any("e39a26ac59f6" in words for words in lines["dag_run"].values)


@pytest.mark.parametrize(
    ("source", "target", "what", "remedy"),
    [
        ("2.11.2", "2.7.2", "newer than the target", "2.11.2"),
        ("3.0.6", "3.3.1", "cannot be a source", "in place"),
        ("2.3.99", "2.11.2", "2.3.99 is not known", "For the source"),
        ("2.10.3", "2.12.9", "2.12.9 is not known", "For the target"),
        ("2.10.3", "1.10.12", "1.10.12 is not known", "For the target"),
        ("", "2.11.2", "is not known", "For the source"),
        ("x\x1b[2J", "2.11.2", "Airflow x is not known", "For the source"),
    ],
)
def test_what_cannot_be_is_refused_plainly(source: str, target: str, what: str, remedy: str) -> None:
    with pytest.raises(WizardError) as caught:
        pairs.pair(source, target)
    assert what in caught.value.what
    assert remedy in caught.value.remedy
    assert caught.value.exit_code == EXIT_USAGE


def test_a_narrower_column_says_that_values_may_be_rejected() -> None:
    columns = {name: str(facts["type"]) for name, facts in schemas.columns("2.7.2", "log").items()}
    inventory = Inventory(
        run_id="r", environment="e", airflow_version="2.7.2", alembic_head="", python_version="", database="",
        created_at="", tables={}, columns={"log": {**columns, "event": "text"}}, dags=[],
    )  # fmt: skip
    text = " ".join(" ".join(mapping_text.table_lines(mapping.of_inventory(inventory, "log", "2.11.2"), 160)).split())
    assert "event copied texts of up to 60 letters; a value that does not fit is rejected" in text
    wider = mapping.of_inventory(inventory, "log", "2.11.2").columns
    assert [line.name for line in wider if line.checked] == ["event"]


def test_the_command() -> None:
    said = wizard("mapping", "2.7.2", "2.11.2")
    assert said.code == 0, said.text
    assert "task_instance" in said.out
    assert "serialized_dag" in said.out
    said = wizard("mapping", "2.7.2", "2.11.2", "--json", "--table", "xcom")
    document = json.loads(said.out)
    assert [table["name"] for table in document["tables"]] == ["xcom"]
    assert document["pair"] == {"source": "2.7.2", "target": "2.11.2", "enters": "2.11.2", "bridged": False}
    said = wizard("mapping", "2.11.2", "2.7.2")
    assert (said.code, said.out) == (EXIT_USAGE, "")
    assert "newer than the target" in said.err
    said = wizard("mapping", "2.7.2", "2.11.2", "--table", "serialized_dag")
    assert said.code != 0
    assert "is not moved" in said.err


def test_the_command_loads_no_aws() -> None:
    code = (
        "import sys\nfrom mwaa_wizard.cli import main\nsys.argv = ['mwaa-wizard', 'mapping', '2.7.2', '2.11.2']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code in (0, None), end.code\n"
        "print([name for name in ('boto3', 'botocore', 'textual', 'questionary') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stdout + done.stderr


def test_a_real_source_is_mapped_by_what_it_has() -> None:
    columns = {"pool": "character varying(256)", "slots": "integer", "extra_of_ours": "text"}
    inventory = Inventory(
        run_id="r", environment="e", airflow_version="2.7.2", alembic_head="", python_version="", database="",
        created_at="", tables={}, columns={"slot_pool": columns}, dags=[],
    )  # fmt: skip
    lines = {line.name: line.action for line in mapping.of_inventory(inventory, "slot_pool", "2.11.2").columns}
    assert lines["pool"] == "copied"
    assert lines["extra_of_ours"] == "dropped"
    assert mapping.of_inventory(inventory, "xcom", "2.11.2").note
    with pytest.raises(WizardError, match="not known"):
        mapping.of_inventory(inventory, "slot_pool", "2.99.1")
