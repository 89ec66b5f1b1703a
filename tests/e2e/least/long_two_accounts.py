"""From one account and region into another, one operator in each: the bridge to Airflow 3, then settings only.

The bridge takes chosen tables and no logs into an environment with a key and a role made by hand, whose Airflow reads
Systems Manager's Parameter Store as the source's does; settings-only reads the source's connections from there and
writes them to the other account's Secrets Manager.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from mwaa_wizard.entries import result
from mwaa_wizard.sandbox import control
from mwaa_wizard.session.model import Entries, Logs, Session, Tables
from tests.airflows import near
from tests.e2e.least.people import (
    People,
    Person,
    allow,
    environment_of,
    execution_role,
    its_own,
    let_key,
    roles_of,
    session_of,
)
from tests.e2e.least.told import unhindered, until_available
from tests.e2e.routes.two_accounts import Side
from tests.e2e.world import SOURCE
from tests.policies.minimal.recorder import recording

pytestmark = pytest.mark.e2e

BRIDGED, SET, ROLE = "least-eu-v3", "least-eu-set", "least-execution-eu"
STONE, AFTER = "2.11.2", near("3.3.1")
PARAMETERS = "airflow.providers.amazon.aws.secrets.systems_manager.SystemsManagerParameterStoreBackend"
VALUE = "least-" + "Hn4cT8"
RESOLVE = """
import json
from airflow.models import Connection, Variable
one = Connection.get_connection_from_secrets("dwh")
print("JSON:" + json.dumps([one.password, one.host, Variable.get("api_key")]))
"""


@dataclass
class Pair:
    """Two accounts and who works in each."""

    here: Side
    there: Side
    people: People
    leaving: Person
    arriving: Person

    def settings(self, **more: object) -> dict[str, object]:
        place = self.there.place
        return {
            "NetworkConfiguration.SubnetIds": list(place.subnet_ids),
            "NetworkConfiguration.SecurityGroupIds": list(place.security_group_ids), **more,
        }  # fmt: skip

    @property
    def who(self) -> dict[str, str]:
        return {self.leaving.arn: "operator-source", self.arriving.arn: "operator-target"}


@pytest.fixture(scope="module")
def pair(here: Side, people: People) -> Pair:
    place = control.add_account("222233334444", "eu-west-1", "sandbox-eu", print)
    there = Side(here.home, here.source_version, STONE, place)
    leaving = people.person(here, "least-source-us", "/team/")
    return Pair(here, there, people, leaving, people.person(there, "least-target-eu"))


@pytest.fixture(scope="module")
def parameters(pair: Pair) -> Iterator[None]:
    """The source reads its connections from the Parameter Store; the other account has the same names in its own."""
    here, mwaa = pair.here, pair.here.client("mwaa")
    source, place = environment_of(here, SOURCE), here.place
    before = source.get("AirflowConfigurationOptions") or {}
    its_own(here, source, "ssm:GetParameter", f"arn:aws:ssm:{place.region}:{place.account}:parameter/prod/*")
    kwargs = json.dumps({"connections_prefix": "/prod/connections", "variables_prefix": "/prod/variables"})
    options = {**before, "secrets.backend": PARAMETERS, "secrets.backend_kwargs": kwargs}
    mwaa.update_environment(Name=SOURCE, AirflowConfigurationOptions=options)
    until_available(here, SOURCE)
    uri = f"postgresql://etl:{VALUE}@dwh.example:5432/marts"
    for side in (here, pair.there):
        for name, value in {"/prod/connections/dwh": uri, "/prod/variables/api_key": VALUE}.items():
            side.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString")
    yield
    mwaa.update_environment(Name=SOURCE, AirflowConfigurationOptions=before)
    until_available(here, SOURCE)


def _key(pair: Pair) -> str:
    return str(pair.there.client("kms").create_key(Description="least")["KeyMetadata"]["Arn"])


def test_the_bridge_into_another_account(pair: Pair, parameters: None) -> None:
    key, role = _key(pair), f"arn:aws:iam::{pair.there.place.account}:role/{ROLE}"
    session = session_of(
        pair.leaving, pair.arriving, versions=(pair.here.source_version, STONE), names=(SOURCE, BRIDGED),
        target_more={"upgrade_to": AFTER, "create_role": False,
                     "settings": pair.settings(KmsKey=key, ExecutionRoleArn=role)},
        route="bridge",
        logs=Logs(copy_logs=False),
        tables=Tables(selected=["dag_run", "task_instance", "variable", "connection", "slot_pool"], workers=3),
    )  # fmt: skip
    environment = environment_of(pair.here, SOURCE)
    pieces = allow(session, environment, pair.leaving, pair.arriving)
    execution_role(pair.there, ROLE, pieces, "secrets")
    roles = roles_of(pair.here), roles_of(pair.there)
    let_key(pair.there, key, pieces["kms-key"].policy.document["Statement"])
    who: dict[str, str | tuple[str, ...]] = {**pair.who, role: ("execution-role", "secrets")}
    with recording("bridge-two-accounts", session, environment, who) as ledger:
        with pair.people.working():
            done = pair.here.wizard("run", session.id, "--yes", timeout=1400)
        unhindered(done)
        assert pair.there.inside(BRIDGED, RESOLVE) == [VALUE, "dwh.example", VALUE]
        with pair.people.working():
            undone = pair.here.wizard("undo", session.id, "--yes", timeout=900)
    assert "VERIFIED" in done.stdout
    assert f"dag_run {AFTER}" in done.stdout
    unhindered(undone)
    assert ledger.refused == []
    assert BRIDGED not in pair.there.client("mwaa").list_environments()["Environments"]
    assert (roles_of(pair.here), roles_of(pair.there)) == roles


def test_settings_only_into_another_account(pair: Pair, parameters: None) -> None:
    session: Session = session_of(
        pair.leaving, pair.arriving, versions=(pair.here.source_version, STONE), names=(SOURCE, SET),
        target_more={"settings": pair.settings()}, route="settings-only", entries=Entries(prefix="eu"),
        cut_over="switch",
    )  # fmt: skip
    environment, roles = environment_of(pair.here, SOURCE), (roles_of(pair.here), roles_of(pair.there))
    allow(session, environment, pair.leaving, pair.arriving)
    name = "settings-only-two-accounts"
    with recording(name, session, environment, pair.who) as ledger:
        with pair.people.working():
            done = pair.here.wizard("run", session.id, "--yes", timeout=1200)
        unhindered(done)
        found = result.load(session.id)
        assert found.same, found
        assert pair.there.inside(SET, RESOLVE) == [VALUE, "dwh.example", VALUE]
        with pair.people.working():
            undone = pair.here.wizard("undo", session.id, "--yes", timeout=900)
    unhindered(undone)
    assert ledger.refused == []
    assert pair.there.client("secretsmanager").list_secrets()["SecretList"] == []
    assert (roles_of(pair.here), roles_of(pair.there)) == roles
