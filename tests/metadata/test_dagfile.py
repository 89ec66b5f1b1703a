"""The files we upload to other people's Airflow: complete, old enough in their syntax, alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.metadata import bundle, catalogue, dagfile
from tests.metadata.inline import functions

ALL = dagfile.DAG_IDS_SOURCE + dagfile.DAG_IDS_TARGET
# botocore is part of boto3; the rest is the standard library.
OUTSIDE = {"airflow", "sqlalchemy", "psycopg2", "boto3", "botocore", "cryptography"}


@pytest.mark.parametrize("dag_id", ALL)
def test_it_parses_as_python_3_7(dag_id: str) -> None:
    ast.parse(dagfile.render(dag_id), feature_version=(3, 7))


@pytest.mark.parametrize("dag_id", ALL)
def test_it_imports_only_what_every_mwaa_image_has(dag_id: str) -> None:
    found = set()
    for node in ast.walk(ast.parse(dagfile.render(dag_id))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            found.add(str(node.module).split(".")[0])
    assert found <= OUTSIDE | set(sys.stdlib_module_names)
    assert "airflow" in found


@pytest.mark.parametrize("dag_id", ALL)
def test_heavy_modules_are_not_imported_when_the_scheduler_parses_the_file(dag_id: str) -> None:
    top = ast.parse(dagfile.render(dag_id)).body
    names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
    assert not names & {"boto3", "cryptography", "psycopg2", "airflow"}


@pytest.mark.parametrize("dag_id", ALL)
def test_every_name_is_defined(dag_id: str, tmp_path: Path) -> None:
    path = tmp_path / dagfile.file_name(dag_id)
    path.write_bytes(dagfile.render(dag_id))
    ruff = Path(sys.executable).parent / "ruff"
    done = subprocess.run(
        [str(ruff), "check", "--isolated", "--no-cache", "--select", "F821,F811", "--ignore", "F811", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert b"# include:" not in dagfile.render(dag_id)


@pytest.mark.parametrize("dag_id", ALL)
def test_the_bucket_layout_is_that_of_the_wizard(dag_id: str) -> None:
    inside = functions(dag_id)
    assert inside.FORMAT == bundle.FORMAT
    for name in ("INVENTORY", "PUBLIC_KEY", "MANIFEST", "IMPORT_RESULT", "VERIFY_RESULT", "PAUSED"):
        assert getattr(inside, name) == getattr(bundle, name)
    assert inside.REQUEST.format(dag_id=dag_id) == bundle.request_key(dag_id)
    assert inside.PROGRESS.format(dag_id=dag_id) == bundle.progress_key(dag_id)
    assert inside.PART.format(table="xcom", number=12) == bundle.part_key("xcom", 12)
    assert inside.SEALED.format(table="variable") == bundle.sealed_key("variable")
    assert inside.REJECTED.format(table="log") == bundle.rejected_key("log")
    assert inside.SOURCE_REJECTED.format(table="log") == bundle.source_rejected_key("log")
    assert inside.REPLACED.format(table="log") == bundle.replaced_key("log")
    assert inside.SEALED_REPLACED.format(table="variable") == bundle.sealed_replaced_key("variable")


def test_the_tables_are_those_of_the_catalogue() -> None:
    inside = functions("mwz_export")
    assert list(inside.LOAD_ORDER) == catalogue.names()
    assert {table.name for table in catalogue.TABLES if table.sealed} == set(inside.SECRET_TABLES)
    assert inside.GENERATED == catalogue.GENERATED
    for table in catalogue.TABLES:
        assert inside.DATES.get(table.name) == table.date_column
        if table.name in inside.NATURAL_KEYS:
            assert inside.NATURAL_KEYS[table.name] == table.keys
        else:
            assert table.name in inside.ORDERED


def test_docstring_says_what_the_file_is() -> None:
    for dag_id in ALL:
        assert (ast.get_docstring(ast.parse(dagfile.render(dag_id))) or "").startswith(dag_id)


def test_an_unknown_dag_is_refused() -> None:
    with pytest.raises(WizardError):
        dagfile.render("mwz_nothing")


def test_s3_actions_name_every_dag() -> None:
    assert set(dagfile.S3_ACTIONS) == set(ALL)
    assert "s3:AbortMultipartUpload" in dagfile.S3_ACTIONS["mwz_export"]
    for dag_id in ALL:
        aborts = "abort_multipart_upload" in dagfile.render(dag_id).decode()
        assert aborts == ("s3:AbortMultipartUpload" in dagfile.S3_ACTIONS[dag_id])
        assert "delete_object" not in dagfile.render(dag_id).decode()
