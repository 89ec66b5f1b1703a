"""The route's own checks, each made to fail for its real reason."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mwaa_wizard.airflow.cli_endpoint import CliAnswer
from mwaa_wizard.aws.factory import SIDES, Identity
from mwaa_wizard.entries import command_line, survey
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import preflight
from mwaa_wizard.preflight import choice, entries, permissions
from mwaa_wizard.preflight.finding import Check, Finding
from tests.entries.conftest import Move
from tests.entries.fakes import variable
from tests.entries.test_read import ROW
from tests.execution.fakes import client_error


def _tell(move: Move, check: Check) -> list[Finding]:
    return list(check(move.context("preflight")))


def _one(move: Move, check: Check, verdict: str) -> Finding:
    told = _tell(move, check)
    assert [finding.verdict for finding in told] == [verdict], told
    assert bool(told[0].remedy) == (verdict != "pass")
    return told[0]


def test_the_route_asks_for_nothing_that_it_does_not_touch(move: Move) -> None:
    asked = [check for _name, check in preflight.checks(move.rig.session)]
    assert choice.tables not in asked
    assert permissions.source_role not in asked
    assert [check for _name, check in entries.checks()] == asked[-5:]


def test_readable_settings_pass_with_their_counts(move: Move) -> None:
    move.source.rows["variables"] = [variable("a", "1"), variable("b", "2")]
    assert "2 variables and 1 pools" in _one(move, entries.readable, "pass").evidence


def test_masked_variables_are_named(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(client: Any, environment: str, words: list[str]) -> CliAnswer:
        raise WizardError(what="The web server of old cannot be reached.")

    monkeypatch.setattr(command_line, "run_cli", unreachable)
    move.source.rows["variables"] = [variable("api_token", "hidden"), variable("release", "1.10")]
    hidden, doubtful = _tell(move, entries.readable)
    assert "api_token" in hidden.evidence
    assert "cannot be reached" in hidden.evidence
    assert "release" in doubtful.evidence
    assert (hidden.verdict, doubtful.verdict) == ("warn", "warn")


def test_a_rest_api_that_is_refused_fails(move: Move) -> None:
    move.source.moods = [client_error("AccessDeniedException", "not authorized to perform: airflow:InvokeRestApi")]
    with pytest.raises(WizardError, match="cannot be used"):
        _tell(move, entries.readable)


def test_rows_over_6_mb_are_counted(move: Move) -> None:
    move.source.rows["variables"] = [variable("a", "x" * 7_000_000), variable("b", "1")]
    told = _tell(move, entries.readable)
    assert [finding.verdict for finding in told] == ["pass", "warn"]
    assert "1 rows" in told[1].evidence


def test_connections_that_need_a_value_are_named(move: Move) -> None:
    move.source.rows["connections"] = [{**ROW, "connection_id": "db"}, {**ROW, "connection_id": "é", "password": None}]
    needed, impossible = _tell(move, entries.connections)
    assert "db" in needed.evidence
    assert f"mwaa-wizard secret {move.rig.session.id}" in needed.remedy
    assert "é" in impossible.evidence
    survey.give(move.rig.session, "db", "pw")
    assert len(_tell(move, entries.connections)) == 1
    move.rig.session.entries.connections = "leave"
    assert "2 are left" in _one(move, entries.connections, "pass").evidence


def _options(move: Move, name: str, **kwargs: Any) -> None:
    options = {"secrets.backend": name, "secrets.backend_kwargs": json.dumps(kwargs)}
    move.rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = options


def test_the_target_s_backend(move: Move) -> None:
    assert "mwaa/new/connections/" in _one(move, entries.target_backend, "pass").evidence
    _options(move, "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend")
    assert "airflow/connections/" in _one(move, entries.target_backend, "warn").evidence
    _options(move, "company.vault.Backend")
    assert "company.vault.Backend" in _one(move, entries.target_backend, "warn").evidence


def _caller(move: Move, *denied: str) -> None:
    """An operator whose policy allows all but these."""
    iam, name = move.rig.iam, "operator"
    there = any(user["UserName"] == name for user in iam.list_users()["Users"])
    user = (iam.get_user if there else iam.create_user)(UserName=name)["User"]["Arn"]
    statements: list[dict[str, Any]] = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    if denied:
        statements.append({"Effect": "Deny", "Action": list(denied), "Resource": "*"})
    iam.put_user_policy(
        UserName=name, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements})
    )
    for side in SIDES:
        move.rig.clients._identities[side] = Identity("111122223333", user, "aws", "us-east-1")


@pytest.mark.parametrize("action", ["secretsmanager:CreateSecret", "airflow:InvokeRestApi", "iam:PutRolePolicy"])
def test_a_missing_permission_on_the_target_is_named(move: Move, action: str) -> None:
    _caller(move)
    _one(move, entries.target_permissions, "pass")
    _caller(move, action)
    assert action in _one(move, entries.target_permissions, "fail").evidence


def test_a_missing_permission_on_the_source_s_secrets_is_named(move: Move) -> None:
    _caller(move)
    assert _tell(move, entries.source_permissions) == []
    _options(move, "airflow.providers.amazon.aws.secrets.systems_manager.SystemsManagerParameterStoreBackend")
    _one(move, entries.source_permissions, "pass")
    _caller(move, "ssm:GetParameter")
    assert "ssm:GetParameter" in _one(move, entries.source_permissions, "fail").evidence
    # A listing is asked for on the path itself, as the generated document grants it.
    _caller(move, "ssm:GetParametersByPath")
    evidence = _one(move, entries.source_permissions, "fail").evidence
    assert "ssm:GetParametersByPath (arn:aws:ssm:us-east-1:111122223333:parameter/airflow/connections)" in evidence


@pytest.mark.parametrize(
    ("source", "wanted", "verdict"),
    [("3.0.6", "3.3.1", "pass"), ("3.3.1", "3.0.6", "pass"), ("2.4.3", "3.3.1", "pass"), ("3.0.6", "2.6.3", "fail"),
     ("1.10.12", "2.11.2", "fail"), ("3.0.6", "3.9.9", "warn")],
)  # fmt: skip
def test_any_version_that_mwaa_makes(move: Move, source: str, wanted: str, verdict: str) -> None:
    move.rig.mwaa.environments["old"]["AirflowVersion"] = source
    move.rig.session.target.airflow_version = wanted
    assert _one(move, choice.version, verdict)
