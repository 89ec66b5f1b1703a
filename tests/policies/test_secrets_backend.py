"""The document for the target's secrets backend: what Airflow's own backends ask for, and nothing beside it."""

from __future__ import annotations

import dataclasses
import fnmatch
import json
from typing import Any

import pytest

from mwaa_wizard.policies import render, secrets_backend
from mwaa_wizard.policies.facts import Policy

from .combos import HERE, combo

SM, SSM = "a.b.SecretsManagerBackend", "a.b.SystemsManagerParameterStoreBackend"
SECRET, PARAMETER = f"arn:aws:secretsmanager:us-east-1:{HERE}:secret:", f"arn:aws:ssm:us-east-1:{HERE}:parameter/"


def document(backend: str, kwargs: Any, *, key: str | None = None, **more: str) -> Policy | None:
    """For a new environment that has these options from its source."""
    one = combo()
    options = {"secrets.backend": backend, "secrets.backend_kwargs": json.dumps(kwargs), **more}
    environment = {**one.environment, "AirflowConfigurationOptions": options}
    facts = dataclasses.replace(one.facts, secrets_kms_key_arn=key)
    return secrets_backend.for_session(one.session, facts, environment)


def only(backend: str, kwargs: Any, **more: str) -> tuple[list[str], list[str]]:
    """(actions, resources) of the only statement."""
    found = document(backend, kwargs, **more)
    assert found is not None
    assert render.check_policy(found) == []
    assert not any(render.statement_problems(found).values())
    (statement,) = found.document["Statement"]
    resources = statement["Resource"]
    return statement["Action"], [resources] if isinstance(resources, str) else resources


@pytest.mark.parametrize(
    ("kwargs", "resources"),
    [
        ({}, ["airflow/connections/*", "airflow/variables/*"]),
        ({"connections_prefix": "team/conn/", "variables_prefix": None}, ["team/conn/*"]),
        ({"connections_prefix": "team", "variables_prefix": "team", "sep": "-"}, ["team-*"]),
        ({"connections_prefix": "", "variables_prefix": "v"}, ["*"]),
    ],
)
def test_secrets_manager_by_prefix_and_separator(kwargs: Any, resources: list[str]) -> None:
    assert only(SM, kwargs) == (["secretsmanager:GetSecretValue"], [f"{SECRET}{name}" for name in resources])


@pytest.mark.parametrize(
    ("kwargs", "resources"),
    [
        ({}, ["airflow/connections/*", "airflow/variables/*"]),
        ({"connections_prefix": "/team/conn/", "variables_prefix": None}, ["team/conn/*"]),
        # Newer backends put the first slash there themselves.
        ({"connections_prefix": "team/conn", "variables_prefix": None, "sep": "-"}, ["team/conn/*"]),
        ({"connections_prefix": "", "variables_prefix": None}, ["*"]),
    ],
)
def test_the_parameter_store_by_path_with_one_slash(kwargs: Any, resources: list[str]) -> None:
    assert only(SSM, kwargs) == (["ssm:GetParameter"], [f"{PARAMETER}{name}" for name in resources])


def test_without_a_prefix_the_reason_says_how_to_narrow_it() -> None:
    for backend in (SM, SSM):
        found = document(backend, {"connections_prefix": ""})
        assert found is not None
        assert "name no prefix" in " ".join(found.why.values())


@pytest.mark.parametrize(
    ("backend", "kwargs"),
    [
        (SM, {"role_arn": "arn:aws:iam::1:role/r"}), (SSM, {"region_name": "eu-west-1"}), ("a.VaultBackend", {}),
        (SM, {"connections_prefix": None, "variables_prefix": None}), (SM, "text"),
    ],
)  # fmt: skip
def test_a_backend_elsewhere_or_of_another_kind_gets_no_document(backend: str, kwargs: Any) -> None:
    assert document(backend, kwargs) is None


@pytest.mark.parametrize(("backend", "place"), [(SM, SECRET), (SSM, PARAMETER)])
def test_options_that_are_secrets_themselves_are_read_too(backend: str, place: str) -> None:
    more = {"smtp.smtp_password_secret": "mail"}
    assert f"{place}airflow/config/*" in only(backend, {}, **more)[1]
    assert f"{place}conf/*" in only(backend, {"config_prefix": "conf/"}, **more)[1]
    assert not any("config" in arn for arn in only(backend, {"config_prefix": None}, **more)[1])
    assert not any("config" in arn for arn in only(backend, {})[1])


@pytest.mark.parametrize(("backend", "service"), [(SM, "secretsmanager"), (SSM, "ssm")])
def test_a_key_of_your_own_is_used_through_that_service_only(backend: str, service: str) -> None:
    key = f"arn:aws:kms:us-east-1:{HERE}:key/1b2c3d4e-1111-2222-3333-444455556666"
    found = document(backend, {}, key=key)
    assert found is not None
    decrypt = found.document["Statement"][1]
    assert (decrypt["Action"], decrypt["Resource"]) == (["kms:Decrypt"], key)
    assert decrypt["Condition"] == {"StringEquals": {"kms:ViaService": f"{service}.us-east-1.amazonaws.com"}}
    assert render.check_policy(found) == []


def test_the_next_teams_secrets_are_not_met() -> None:
    """`airflow/connections*` would be those of airflow/connections-finance, too."""
    for backend, place in ((SM, SECRET), (SSM, PARAMETER)):
        arns = only(backend, {})[1]
        assert any(fnmatch.fnmatchcase(f"{place}airflow/connections/db", arn) for arn in arns)
        assert not any(fnmatch.fnmatchcase(f"{place}airflow/connections-finance/db", arn) for arn in arns)
