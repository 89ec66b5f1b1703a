"""Airflow's command line as a stand-in for REST: what its answers mean, also 1.10's."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.airflow import cli_airflow
from mwaa_wizard.airflow.cli_airflow import CliAirflow, Dag
from mwaa_wizard.airflow.cli_endpoint import CliAnswer
from mwaa_wizard.errors import WizardError

# As Airflow 1.10.12 prints it, log lines first.
LIST_DAGS = """[2026-11-22 20:41:02,114] {__init__.py:50} INFO - Using executor LocalExecutor
[2026-11-22 20:41:02,115] {dagbag.py:417} INFO - Filling up the DagBag from /usr/local/airflow/dags


-------------------------------------------------------------------
DAGS
-------------------------------------------------------------------
daily
mwz_export

"""
RULE = "-" * 120
LIST_RUNS = f"""

{RULE}
DAG RUNS
{RULE}
id  | run_id               | state      | execution_date       | state_date           |

7   | mw-0a1b2c3d          | running    | 2026-11-22T20:41:00+00:00 | 2026-11-22T20:41:01+00:00 |
3   | a|b                  | success    | 2026-11-21T00:00:00+00:00 | 2026-11-22T00:00:01+00:00 |
"""


class Endpoint:
    """Answers commands as told, and keeps them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: list[list[str]] = []
        self.answer = CliAnswer(True, "", "")
        monkeypatch.setattr(cli_airflow, "run_cli", self)

    def __call__(self, client: Any, environment: str, words: list[str]) -> CliAnswer:
        self.said.append(words)
        return self.answer


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Endpoint:
    return Endpoint(monkeypatch)


def airflow(version: str) -> CliAirflow:
    return CliAirflow(None, "old", version, "too old")


@pytest.mark.parametrize("version", ["1.10.12", "2.2.2"])
def test_a_failed_question_does_not_mean_that_the_run_is_gone(endpoint: Endpoint, version: str) -> None:
    endpoint.answer = CliAnswer(False, "", "sqlalchemy.exc.OperationalError: connection refused")
    with pytest.raises(WizardError, match="refused"):
        airflow(version).run_state("mwz_export", "mw-1")


def test_words_without_a_list_are_no_answer(endpoint: Endpoint) -> None:
    endpoint.answer = CliAnswer(True, "Traceback ...", "")
    with pytest.raises(WizardError, match="refused"):
        airflow("2.2.2").run_state("mwz_export", "mw-1")


@pytest.mark.parametrize("said", ["No data found\n", "[]\n"])
def test_an_empty_list_is_an_answer(endpoint: Endpoint, said: str) -> None:
    endpoint.answer = CliAnswer(True, said, "")
    assert airflow("2.2.2").run_state("mwz_export", "mw-1") is None


def test_a_dag_without_a_row_has_no_runs(endpoint: Endpoint) -> None:
    endpoint.answer = CliAnswer(False, "", "airflow.exceptions.DagNotFound: Dag id mwz_export not found in DagModel")
    assert airflow("2.2.2").run_state("mwz_export", "mw-1") is None


def test_flat_lists_are_read(endpoint: Endpoint) -> None:
    endpoint.answer = CliAnswer(True, LIST_DAGS, "")
    assert list(airflow("1.10.12").dags()) == [Dag("daily", None), Dag("mwz_export", None)]
    endpoint.answer = CliAnswer(True, LIST_RUNS, "")
    there = airflow("1.10.12")
    assert there.run_state("mwz_export", "mw-0a1b2c3d") == "running"
    assert there.run_state("mwz_export", "a|b") == "success"
    assert there.run_state("mwz_export", "mw-1") is None
    assert endpoint.said[-1] == ["list_dag_runs", "mwz_export"]


def test_unfinished_runs_are_named_and_no_answer_is_not_taken_for_rest(endpoint: Endpoint) -> None:
    endpoint.answer = CliAnswer(True, LIST_RUNS, "")
    assert airflow("1.10.12").unfinished_runs("mwz_export") == ["mw-0a1b2c3d"]
    said = '[{"run_id": "a", "state": "queued"}, {"run_id": "b", "state": "success"}]'
    endpoint.answer = CliAnswer(True, said, "")
    assert airflow("2.2.2").unfinished_runs("mwz_export") == ["a"]
    for version, ok, said in (("2.2.2", True, "Traceback ..."), ("1.10.12", False, "broken")):
        endpoint.answer = CliAnswer(ok, said, "")
        with pytest.raises(WizardError, match="refused"):
            airflow(version).unfinished_runs("mwz_export")


def test_a_flat_file_that_is_not_there_yet_is_no_answer(endpoint: Endpoint) -> None:
    endpoint.answer = CliAnswer(False, "", "airflow.exceptions.AirflowException: Dag id mwz_export not found")
    with pytest.raises(WizardError, match="refused"):
        airflow("1.10.12").run_state("mwz_export", "mw-1")


def test_flat_words(endpoint: Endpoint) -> None:
    there = airflow("1.10.12")
    there.trigger("mwz_export", "mw-1", {"a": 1})
    assert there.set_paused("daily", False)
    assert there.delete_dag("mwz_export")
    assert endpoint.said == [
        ["trigger_dag", "-r", "mw-1", "-c", '{"a": 1}', "mwz_export"],
        ["unpause", "daily"],
        ["delete_dag", "-y", "mwz_export"],
    ]


def test_only_a_dag_of_ours_is_asked_for_by_pausing(endpoint: Endpoint) -> None:
    endpoint.answer = CliAnswer(False, "", "AttributeError: 'NoneType' object has no attribute 'set_is_paused'")
    assert airflow("1.10.12").dag("mwz_export") is None
    endpoint.answer = CliAnswer(False, "", "airflow.exceptions.DagNotFound: Dag id mwz_export not found")
    assert airflow("1.10.12").dag("mwz_export") == Dag("mwz_export", True), "a row whose file is gone"
    endpoint.answer = CliAnswer(True, LIST_DAGS, "")
    assert airflow("1.10.12").dag("daily") == Dag("daily", None)
    assert endpoint.said == [["pause", "mwz_export"], ["pause", "mwz_export"], ["list_dags"]]


def test_a_run_that_is_there_already_is_left_alone(endpoint: Endpoint) -> None:
    endpoint.answer = CliAnswer(False, "", "airflow.exceptions.DagRunAlreadyExists: Run id mw-1 already exists")
    airflow("1.10.12").trigger("mwz_export", "mw-1", {})
    airflow("2.2.2").trigger("mwz_export", "mw-1", {})


def test_broken_files_are_named(endpoint: Endpoint) -> None:
    endpoint.answer = CliAnswer(
        True, LIST_DAGS,
        "ERROR - Failed to import: /usr/local/airflow/dags/mwz_key.py\nTraceback (most recent call last):\n"
        '  File "x.py", line 1\nModuleNotFoundError: No module named \'boto3\'\n',
    )  # fmt: skip
    assert airflow("1.10.12").import_errors() == [
        ("/usr/local/airflow/dags/mwz_key.py", "ModuleNotFoundError: No module named 'boto3'")
    ]


def test_a_missing_row_is_told_from_a_file_that_cannot_be_read(endpoint: Endpoint) -> None:
    there = airflow("1.10.12")
    endpoint.answer = CliAnswer(False, "", "AttributeError: 'NoneType' object has no attribute 'set_is_paused'")
    assert there.set_paused("daily", False) is False
    endpoint.answer = CliAnswer(False, "", "airflow.exceptions.DagNotFound: Dag id daily not found")
    assert there.set_paused("daily", False) is None
    assert airflow("2.2.2").set_paused("daily", False) is False, "2.x reads no file for it"
