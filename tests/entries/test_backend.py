"""Secrets backends in Airflow options, and the one that the target gets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mwaa_wizard.entries import backend as backends
from mwaa_wizard.entries.backend import BACKEND, KWARGS, SECRETS_MANAGER, backend_of
from mwaa_wizard.environments import effective
from mwaa_wizard.session.model import Connection, Entries, Session, Source, Target

SSM = "airflow.providers.amazon.aws.secrets.systems_manager.SystemsManagerParameterStoreBackend"


def _options(name: str, **kwargs: Any) -> dict[str, str | None]:
    return {BACKEND: name, KWARGS: json.dumps(kwargs)}


def _session(**changes: Any) -> Session:
    place = Connection(profile="p", region="us-east-1", account="111122223333")
    return Session(
        route="settings-only",
        source=Source(connection=place, environment="old", airflow_version="3.0.6"),
        target=Target(connection=place, environment="new", airflow_version="3.3.1"),
        entries=Entries(**changes),
    )


def _environment(options: dict[str, str | None]) -> dict[str, Any]:
    return {"Name": "old", "AirflowVersion": "3.0.6", "AirflowConfigurationOptions": options}


@pytest.mark.parametrize(
    ("options", "kind", "connections", "variables"),
    [
        ({}, "", "x", "x"),
        ({BACKEND: SECRETS_MANAGER}, "secrets-manager", "airflow/connections/x", "airflow/variables/x"),
        ({BACKEND: SSM}, "ssm", "/airflow/connections/x", "/airflow/variables/x"),
        (_options(SECRETS_MANAGER, connections_prefix="a/b/", sep="-"), "secrets-manager", "a/b/-x",
         "airflow/variables-x"),
        (_options(SECRETS_MANAGER, connections_prefix="", variables_prefix=None), "secrets-manager", "x", "x"),
        (_options(SSM, connections_prefix="/c"), "ssm", "/c/x", "/airflow/variables/x"),
        ({BACKEND: "airflow.contrib.secrets.aws_secrets_manager.SecretsManagerBackend"}, "secrets-manager",
         "airflow/connections/x", "airflow/variables/x"),
        ({BACKEND: "company.vault.Backend"}, "other", "x", "x"),
    ],
)  # fmt: skip
def test_paths_are_those_of_airflow(
    options: dict[str, str | None], kind: str, connections: str, variables: str
) -> None:
    found = backend_of(options)
    assert found.kind == kind
    assert found.path("connections", "x") == connections
    assert found.path("variables", "x") == variables


def test_a_kind_that_is_not_asked_for() -> None:
    found = backend_of(_options(SECRETS_MANAGER, variables_prefix=None, connections_lookup_pattern="^prod_"))
    assert not found.asks("variables")
    assert found.looks_up("connections", "PROD_db")
    assert not found.looks_up("connections", "db")
    assert not backend_of(_options(SECRETS_MANAGER, connections_lookup_pattern="(")).looks_up("connections", "db")


@pytest.mark.parametrize("text", ["", "no json", "[]", None])
def test_arguments_that_cannot_be_read_are_never_guessed(text: str | None) -> None:
    found = backend_of({BACKEND: SECRETS_MANAGER, KWARGS: text})
    assert not found.readable
    assert not found.asks("connections")


def test_a_target_without_backend_gets_one_of_its_own() -> None:
    session, environment = _session(), _environment({"core.parallelism": "8"})
    options = effective.target_options(session, environment)
    assert options[BACKEND] == SECRETS_MANAGER
    assert json.loads(options[KWARGS] or "") == {
        "connections_prefix": "mwaa/new/connections", "variables_prefix": None, "config_prefix": None,
    }  # fmt: skip
    target = backends.of_target(session, environment)
    assert target.path("connections", "db") == "mwaa/new/connections/db"


def test_a_secrets_manager_backend_comes_along_as_it_is() -> None:
    options = _options(SECRETS_MANAGER, connections_prefix="shared/c")
    found = effective.target_options(_session(), _environment(options))
    assert found[KWARGS] == options[KWARGS]
    apart = effective.target_options(_session(prefix="mine"), _environment(options))
    assert json.loads(apart[KWARGS] or "")["connections_prefix"] == "mine/connections"
    assert json.loads(apart[KWARGS] or "")["variables_prefix"] == "mine/variables"


def test_parameter_store_becomes_secrets_manager_for_variables_too() -> None:
    found = effective.target_options(_session(), _environment({BACKEND: SSM}))
    assert found[BACKEND] == SECRETS_MANAGER
    assert json.loads(found[KWARGS] or "")["variables_prefix"] == "mwaa/new/variables"


@pytest.mark.parametrize(
    "options", [{BACKEND: "company.vault.Backend", KWARGS: "{}"}, _options(SSM, region_name="eu-west-1")]
)
def test_a_backend_that_only_the_user_can_replace_stays(options: dict[str, str | None]) -> None:
    assert effective.target_options(_session(), _environment(options)) == options


def test_what_the_user_set_stays() -> None:
    session = _session()
    session.target.airflow_options = {BACKEND: "mine.Backend"}
    assert effective.target_options(session, _environment({}))[BACKEND] == "mine.Backend"
    session.target.airflow_options = {BACKEND: None}
    assert BACKEND not in effective.target_options(session, _environment({BACKEND: SECRETS_MANAGER}))


def test_other_routes_and_connections_left_behind_change_nothing() -> None:
    session = _session(connections="leave")
    assert effective.target_options(session, _environment({})) == {}
    session = _session()
    session.route = "new-environment"
    assert effective.target_options(session, _environment({})) == {}
