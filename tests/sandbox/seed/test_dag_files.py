"""The DAG files, requirements.txt and plugins.zip that go into a bucket."""

from __future__ import annotations

import ast
import io
import zipfile

import pytest

from mwaa_wizard.sandbox.seed import CANARIES
from mwaa_wizard.sandbox.seed.catalogue import CATALOGUE
from mwaa_wizard.sandbox.seed.files import dag_files, plugins_zip, python_of, requirements

_PYTHON_FILES = {path: body for path, body in dag_files().items() if path.endswith(".py")}


@pytest.mark.parametrize("path", sorted(_PYTHON_FILES))
def test_dag_file_compiles_for_the_oldest_python(path: str) -> None:
    ast.parse(_PYTHON_FILES[path], path, feature_version=(3, 7))


@pytest.mark.parametrize("path", sorted(p for p in _PYTHON_FILES if "/" not in p))
def test_airflow_safe_mode_finds_the_dag(path: str) -> None:
    # airflow.utils.file.might_contain_dag: both words must be in the file, or it is never parsed
    body = _PYTHON_FILES[path].lower()
    assert b"dag" in body
    assert b"airflow" in body


def test_every_catalogued_dag_has_its_file_and_every_file_a_dag() -> None:
    assert {dag.file for dag in CATALOGUE} == {path for path in _PYTHON_FILES if "/" not in path}


def test_no_file_for_the_bucket_holds_a_canary() -> None:
    bodies = [*dag_files().values(), requirements("2.8.1"), plugins_zip()]
    assert not [canary for canary in CANARIES for body in bodies if canary.encode() in body]


def test_byte_code_is_not_put_into_the_bucket() -> None:
    assert not [path for path in dag_files() if path.endswith(".pyc")]


def test_plugin_is_one_module_with_a_working_macro() -> None:
    with zipfile.ZipFile(io.BytesIO(plugins_zip())) as archive:
        assert archive.namelist() == ["company_plugin.py"]
        source = archive.read("company_plugin.py").decode()
    function = next(node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))
    scope: dict[str, object] = {}
    exec(compile(ast.Module([function], []), "plugin", "exec"), scope)
    quarter = scope["fiscal_quarter"]
    assert callable(quarter)
    assert [quarter("2024-04-01"), quarter("2024-12-31"), quarter("2025-03-31")] == [
        "FY2024-Q1",
        "FY2024-Q3",
        "FY2024-Q4",
    ]
    assert plugins_zip() == plugins_zip()


@pytest.mark.parametrize(
    ("version", "python"),
    [("2.2.2", "3.7"), ("2.4.3", "3.10"), ("2.8.1", "3.11"), ("2.11.2", "3.12"), ("3.0.6", "3.12")],
)
def test_requirements_name_the_constraints_of_the_version(version: str, python: str) -> None:
    assert python_of(version) == python
    first, package = requirements(version).decode().splitlines()
    assert first.endswith(f'/constraints-{version}/constraints-{python}.txt"')
    assert "==" in package
