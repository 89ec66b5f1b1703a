"""Read-only mode is kept by the engine: the clients, Airflow's command line and the runner refuse."""

from __future__ import annotations

import pytest

from mwaa_wizard import readonly
from mwaa_wizard.airflow import cli_endpoint
from mwaa_wizard.aws.factory import Clients, Place
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.events import Event
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.session.model import Session


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(readonly.VARIABLE, "1")


@pytest.mark.parametrize(
    "operation", ["GetEnvironment", "ListBuckets", "DescribeSubnets", "HeadObject", "SimulatePrincipalPolicy",
                  "FilterLogEvents", "GetCallerIdentity", "CreateCliToken", "ValidatePolicy"],
)  # fmt: skip
def test_reading_is_allowed(read_only: None, operation: str) -> None:
    readonly.refuse_call(operation, {})


@pytest.mark.parametrize(
    "operation", ["CreateEnvironment", "UpdateEnvironment", "DeleteEnvironment", "PutRolePolicy", "PutObject",
                  "CopyObject", "CreateBucket", "PutLogEvents", "TagResource", "Listen", "Getaway"],
)  # fmt: skip
def test_changing_is_refused_by_the_name_of_the_operation(read_only: None, operation: str) -> None:
    with pytest.raises(WizardError) as refused:
        readonly.refuse_call(operation, {})
    assert refused.value.exit_code == 2
    assert refused.value.changed == "Nothing was changed."


def test_rest_of_airflow_may_only_be_read(read_only: None) -> None:
    readonly.refuse_call("InvokeRestApi", {"Method": "GET", "Path": "/dags"})
    for method in ("PATCH", "POST", "DELETE"):
        with pytest.raises(WizardError):
            readonly.refuse_call("InvokeRestApi", {"Method": method, "Path": "/dags/x"})


@pytest.mark.parametrize("words", [["version"], ["dags", "list", "-o", "json"], ["variables", "list"], ["variables"]])
def test_reading_commands_of_airflow_are_allowed(read_only: None, words: list[str]) -> None:
    readonly.refuse_command(words)


@pytest.mark.parametrize(
    "words", [["dags", "pause", "x"], ["dags", "trigger", "x"], ["pause", "x"], ["variables", "set", "a", "b"],
              ["variables", "-s", "a", "b"], ["variables", "delete", "x"], ["dags", "listen"]],
)  # fmt: skip
def test_changing_commands_of_airflow_never_leave(read_only: None, words: list[str]) -> None:
    class NoClient:
        """Any use of it fails the test: the refusal comes before a token is asked for."""

    with pytest.raises(WizardError):
        cli_endpoint.run_cli(NoClient(), "env", words)


def test_a_client_refuses_before_the_request_is_sent(read_only: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    client = Clients({"source": Place(None, "us-east-1")}).client("source", "mwaa")
    with pytest.raises(WizardError, match="Read-only mode"):
        client.delete_environment(Name="x")


def test_the_runner_refuses_to_run_and_to_undo_but_not_a_dry_run(read_only: None, tmp_path: object) -> None:
    events: list[Event] = []
    runner = Runner(Session(), [], events.append)
    for call in (runner.run, runner.undo):
        with pytest.raises(WizardError, match="Read-only mode"):
            call()
    assert events == []
    assert runner.run(dry_run=True).finished


@pytest.mark.parametrize("value", ["", "0", "no", "False"])
def test_it_is_off_by_default_and_where_the_variable_says_no(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(readonly.VARIABLE, value)
    readonly.refuse_call("DeleteEnvironment", {})
    monkeypatch.delenv(readonly.VARIABLE)
    readonly.refuse_run()
