"""Settings-only into another account and region: secrets are read in the one and written in the other."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.entries import result
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.sandbox import control
from mwaa_wizard.session.model import Entries, Session
from tests.airflows import near
from tests.e2e.canary import files_of
from tests.e2e.routes.two_accounts import Side, TwoAccounts

pytestmark = pytest.mark.e2e

OLD, NEW = "vaulted-prod", "vaulted-eu"
BACKEND = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
PASSWORD = "canary-vault-" + "G4mXw8RtL2"
SECRETS = {
    "prod/connections/dwh": f"postgresql://etl:{PASSWORD}@dwh.example:5432/marts",
    "prod/variables/api_key": PASSWORD,
    "production/connections/other": "below another prefix",
}
RESOLVE = """
import json
from airflow.models import Connection, Variable
one = Connection.get_connection_from_secrets("dwh")
print("JSON:" + json.dumps([one.login, one.password, one.host, Variable.get("api_key"), Variable.get("stage")]))
"""


def _until_available(mwaa: Any, name: str) -> None:
    for _turn in range(300):
        if mwaa.get_environment(Name=name)["Environment"]["Status"] == "AVAILABLE":
            return
        time.sleep(1)
    raise AssertionError(f"{name} did not come back from its update")


@pytest.fixture(scope="module")
def two(home: Path) -> Iterator[TwoAccounts]:
    """A source with a secrets backend in the first account, a network in the second."""
    other = control.add_account("333344445555", "eu-central-1", "sandbox-vault", print)
    version, later = near("2.10.3"), near("2.11.2")
    status = control.up([(OLD, version)], "none", print)
    first = next(place for place in status.accounts if place.profile == status.profile)
    os.environ.update(status.environ())
    source, target = Side(home, version, later, first), Side(home, version, later, other)
    mwaa, vault = source.client("mwaa"), source.client("secretsmanager")
    kwargs = json.dumps({"connections_prefix": "prod/connections", "variables_prefix": "prod/variables"})
    mwaa.update_environment(
        Name=OLD, AirflowConfigurationOptions={"secrets.backend": BACKEND, "secrets.backend_kwargs": kwargs}
    )
    _until_available(mwaa, OLD)
    body = {"key": "stage", "value": "prod"}
    mwaa.invoke_rest_api(Name=OLD, Method="POST", Path="/variables", Body=body)
    for name, value in SECRETS.items():
        vault.create_secret(Name=name, SecretString=value)
    yield TwoAccounts(home, source, target, OLD)
    for name in SECRETS:
        vault.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    source.drop(OLD)


def _names(side: Side) -> set[str]:
    return {row["Name"] for row in side.client("secretsmanager").list_secrets()["SecretList"]}


@pytest.fixture(scope="module")
def moved(two: TwoAccounts) -> Session:
    session = two.new_session(NEW, route="settings-only", entries=Entries(prefix="eu"))
    outcome = Runner(session, plan_for(session), lambda event: None).run()
    assert outcome.finished, outcome.error.lines() if outcome.error else outcome
    return session


def test_secrets_are_copied_into_the_target_s_account(two: TwoAccounts, moved: Session) -> None:
    found = result.load(moved.id)
    assert found.same, found
    assert (found.of("connection").written, found.of("secret-variable").written) == (["dwh"], ["api_key"])
    assert {"eu/connections/dwh", "eu/variables/api_key"} == {name for name in _names(two.target) if "eu/" in name}
    assert _names(two.source) >= set(SECRETS)
    assert not [name for name in _names(two.source) if name.startswith("eu/")]


def test_the_target_s_own_airflow_reads_them(two: TwoAccounts, moved: Session) -> None:
    assert two.target.inside(NEW, RESOLVE) == ["etl", PASSWORD, "dwh.example", PASSWORD, "prod"]
    assert files_of(PASSWORD) == []


def test_undo_takes_only_the_copies(two: TwoAccounts, moved: Session) -> None:
    outcome = Runner(moved, plan_for(moved), lambda event: None).undo()
    assert outcome.finished, outcome.error.lines() if outcome.error else outcome
    assert not [name for name in _names(two.target) if name.startswith("eu/")]
    assert _names(two.source) >= set(SECRETS)
