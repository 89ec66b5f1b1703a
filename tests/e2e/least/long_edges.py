"""Cases at the edges, without history: Airflow 3 on both sides, backends without a prefix, a network without a way out.

A password that was given wrongly is given again before settings-only makes an Airflow 3 with a key of its own, whose
secrets backend has no prefix. People log in to it in each of Airflow's roles. From there settings-only is planned and
run into subnets that reach AWS through VPC endpoints alone, in a session that began on another machine: its bucket is
there, and this machine's journal does not know it. Moving history then finds its migration bucket in the same way.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mwaa_wizard.entries import result
from mwaa_wizard.entries.backend import BACKEND, KWARGS, SECRETS_MANAGER
from mwaa_wizard.execution import names
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.front import engine_policies
from mwaa_wizard.policies.ui_users import ROLES
from mwaa_wizard.preflight.endpoints import NEEDED, OWN_API
from mwaa_wizard.sandbox.seed.secrets import CANARY_VARIABLE
from mwaa_wizard.session.model import Entries, Logs, Session
from tests.airflows import near
from tests.e2e.least.people import People, Person, allow, environment_of, let_key, roles_of, session_of
from tests.e2e.least.planning import labels, look_at_all
from tests.e2e.least.told import unhindered
from tests.e2e.routes.two_accounts import Side
from tests.e2e.world import SOURCE, step_has
from tests.policies.minimal.recorder import recording

pytestmark = pytest.mark.e2e

FIRST, SECOND, HISTORY, USERS = "least-edge", "least-edge-private", "least-edge-history", "least-3-"
VERSION = near("3.3.1")
CONNECTION, WRONG, RIGHT = "warehouse_postgres", "least-" + "Wq2nD9", "least-" + "Rt5kM3"
NO_PREFIX = json.dumps({"connections_prefix": "", "variables_prefix": None, "config_prefix": None})
# Runs in an environment's own Airflow with its settings and its role: what its tasks would get.
RESOLVE = """
import json
from airflow.models import Connection, Variable
one = Connection.get_connection_from_secrets("warehouse_postgres")
print("JSON:" + json.dumps([one.password, Variable.get("reporting_api_token")]))
"""


@dataclass
class Scene:
    """Who works here: for the source's side somebody under a path, for the target's somebody under none."""

    here: Side
    people: People
    leaving: Person
    arriving: Person

    def session(self, source: tuple[str, str], target: str, more: dict[str, Any], **changes: Any) -> Session:
        """From (name, version) to an Airflow 3; history goes to an Airflow 2."""
        version = VERSION if changes.get("route") else self.here.target_version
        return session_of(
            self.leaving, self.arriving, versions=(source[1], version), names=(source[0], target), target_more=more,
            **changes,
        )  # fmt: skip

    def give(self, session: Session, value: str) -> subprocess.CompletedProcess[str]:
        """`mwaa-wizard secret SESSION connection:ID --now`, as on a machine without a keyring."""
        words = "secret", session.id, f"connection:{CONNECTION}", "--now"
        return subprocess.run(
            [sys.executable, "-m", "mwaa_wizard", *words], input=value, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def scene(here: Side, people: People) -> Scene:
    return Scene(here, people, people.person(here, "least-edge-source", "/team/"),
                 people.person(here, "least-edge-target"))  # fmt: skip


@pytest.fixture(scope="module")
def moved(scene: Scene) -> Iterator[Session]:
    """An Airflow 3 with a key of its own, made by settings-only; gone again at the end, by undo."""
    here = scene.here
    key = here.client("kms").create_key(Description="least")["KeyMetadata"]["Arn"]
    more = {"settings": {"KmsKey": key}, "airflow_options": {BACKEND: SECRETS_MANAGER, KWARGS: NO_PREFIX}}
    session = scene.session((SOURCE, here.source_version), FIRST, more, route="settings-only")
    environment, roles = environment_of(here, SOURCE), set(roles_of(here))
    pieces = allow(session, environment, scene.leaving, scene.arriving)
    let_key(here, key, pieces["kms-key"].policy.document["Statement"])
    with recording("settings-only-3", session, environment, labels(scene.leaving, scene.arriving)) as ledger:
        with scene.people.working():
            for value in (WRONG, RIGHT):
                unhindered(scene.give(session, value))
            unhindered(here.wizard("run", session.id, "--yes", timeout=1200))
        assert here.inside(FIRST, RESOLVE) == [RIGHT, CANARY_VARIABLE]
    assert ledger.refused == []
    found = result.load(session.id)
    assert found.same, found
    assert found.of("variable").not_moved == {}
    yield session
    allow(session, environment, scene.leaving, scene.arriving)
    who = labels(scene.leaving, scene.arriving)
    with recording("settings-only-3-undo", session, environment, who) as ledger, scene.people.working():
        unhindered(here.wizard("undo", session.id, "--yes", timeout=900))
    assert ledger.refused == []
    assert FIRST not in here.client("mwaa").list_environments()["Environments"]
    assert {name for name in roles_of(here) if not name.startswith(USERS)} == roles


def test_a_password_that_was_given_again_counts(scene: Scene, moved: Session) -> None:
    rows = scene.here.client("secretsmanager").list_secrets()["SecretList"]
    assert CONNECTION in {row["Name"] for row in rows}
    assert "KmsKey" in environment_of(scene.here, FIRST)


def test_people_log_in_to_airflow_3_in_their_roles(scene: Scene, moved: Session) -> None:
    here, people = scene.here, scene.people
    more = {"create_role": False, "create_bucket": False}
    session = scene.session((FIRST, VERSION), FIRST, more, route="in-place")
    environment = environment_of(here, FIRST)
    found = engine_policies.draft(session, environment).found.pieces()
    users = {name: people.person(here, f"{USERS}{name}") for name in found if name.startswith("ui-")}
    assert set(users) >= {*(f"ui-{role.lower()}" for role in ROLES), "ui-rest-api", "ui-cli"}
    for name, person in users.items():
        person.give([found[name]])
    who = {person.arn: name for name, person in users.items()}
    clients = {name: people.client(person, "mwaa") for name, person in users.items()}
    with recording("ui-users-3", session, environment, who) as ledger:
        seen = {role: _web(clients[f"ui-{role.lower()}"]) for role in ROLES}
        dags = clients["ui-rest-api"].invoke_rest_api(Name=FIRST, Path="/dags", Method="GET")["RestApiResponse"]
        clients["ui-cli"].create_cli_token(Name=FIRST)
    assert ledger.refused == []
    # Airflow's own answers to (what does the role see of DAGs, of variables): as Airflow 2's.
    assert seen == {"Admin": (200, 200), "Op": (200, 200), "User": (200, 403), "Viewer": (200, 403),
                    "Public": (403, 403)}  # fmt: skip
    assert dags["total_entries"] > 20


def _web(client: Any) -> tuple[int, int]:
    """Log in as a browser does, and look at DAGs and variables with the session: Airflow's two answers."""
    client.get_environment(Name=FIRST)
    token = client.create_web_login_token(Name=FIRST)
    connection = http.client.HTTPConnection(token["WebServerHostname"], timeout=120)
    try:
        connection.request("POST", "/pluginsv2/aws_mwaa/login", f"token={token['WebToken']}")
        entered = connection.getresponse()
        said = entered.read().decode()
        assert entered.status == 200, said
        bearer = str(entered.headers["Set-Cookie"]).split(";")[0].removeprefix("_token=")
        found = []
        for path in ("/api/v2/dags", "/api/v2/variables"):
            connection.request("GET", path, headers={"Authorization": f"Bearer {bearer}"})
            answer = connection.getresponse()
            answer.read()
            found.append(answer.status)
    finally:
        connection.close()
    return found[0], found[1]


@pytest.fixture(scope="module")
def private(scene: Scene, moved: Session) -> Session:
    """From Airflow 3 to Airflow 3, into a network without a way out; begun on another machine."""
    # Tasks of Airflow 3 call the web server: without a way out from within the VPC.
    network = {"WebserverAccessMode": "PUBLIC_AND_PRIVATE", **_private_network(scene.here)}
    more = {"settings": {"KmsKey": "", **network}}
    session = scene.session((FIRST, VERSION), SECOND, more, route="settings-only", entries=Entries(prefix="edge"))
    _begun_elsewhere(scene.here, session, names.target_bucket(session))
    return session


def _begun_elsewhere(here: Side, session: Session, bucket: str) -> None:
    """A bucket of the session, which this machine's journal does not have."""
    client = here.client("s3")
    client.create_bucket(Bucket=bucket)
    client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": names.tag_list(session)})


def _private_network(here: Side) -> dict[str, Any]:
    """Private routing as in MWAA's guide (vpc-vpe-create-access): two subnets, a table of routes without a default
    one, and the endpoints of every service.
    """
    ec2, region = here.client("ec2"), here.place.region
    vpc = ec2.create_vpc(CidrBlock="10.193.0.0/16")["Vpc"]["VpcId"]
    for switch in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{switch: {"Value": True}})
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]][:2]
    subnets = []
    for index, zone in enumerate(zones):
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.193.{index}.0/24", AvailabilityZone=zone)["Subnet"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet["SubnetId"])
        subnets.append(subnet["SubnetId"])
    group = ec2.create_security_group(GroupName="private", Description="private", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
    )
    for service in (*NEEDED, *OWN_API):
        kind: dict[str, Any] = {"VpcEndpointType": "Interface", "SubnetIds": subnets, "SecurityGroupIds": [group],
                                "PrivateDnsEnabled": True}  # fmt: skip
        if service == "s3":
            kind = {"VpcEndpointType": "Gateway", "RouteTableIds": [table]}
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{region}.{service}", **kind)
    return {"NetworkConfiguration.SubnetIds": subnets, "NetworkConfiguration.SecurityGroupIds": [group]}


def test_it_is_planned(scene: Scene, private: Session) -> None:
    environment, pair = environment_of(scene.here, FIRST), (scene.leaving, scene.arriving)
    beyond = "variables and pools", "connections"  # only Airflow's role Op sees these, and that may write, too
    look_at_all("settings-only-3-private-plan", scene.here, scene.people, private, environment, pair, beyond)


def test_settings_go_from_airflow_3_into_the_private_network(scene: Scene, private: Session) -> None:
    here, environment = scene.here, environment_of(scene.here, FIRST)
    allow(private, environment, scene.leaving, scene.arriving)
    who = labels(scene.leaving, scene.arriving)
    with recording("settings-only-3-private", private, environment, who) as ledger:
        with scene.people.working():
            unhindered(here.wizard("run", private.id, "--yes", timeout=1200))
        assert here.inside(SECOND, RESOLVE) == [RIGHT, CANARY_VARIABLE]
        with scene.people.working():
            unhindered(here.wizard("undo", private.id, "--yes", timeout=900))
    assert ledger.refused == []
    assert names.target_bucket(private) not in _buckets(here)
    assert SECOND not in here.client("mwaa").list_environments()["Environments"]


def test_history_that_was_begun_elsewhere_goes_on_with_its_bucket(scene: Scene) -> None:
    here = scene.here
    session = scene.session((SOURCE, here.source_version), HISTORY, {}, logs=Logs(copy_logs=False))
    environment = environment_of(here, SOURCE)
    _begun_elsewhere(here, session, session.migration_bucket)
    allow(session, environment, scene.leaving, scene.arriving)
    who = labels(scene.leaving, scene.arriving)
    with recording("begun-elsewhere", session, environment, who) as ledger, scene.people.working():
        here.run_and_kill("run", session.id, "--yes", when=step_has(session, "migration-bucket", "done"))
        unhindered(here.wizard("undo", session.id, "--yes", timeout=600))
    assert ledger.refused == []
    assert Journal.of(session.id).live("bucket") == []
    assert session.migration_bucket not in _buckets(here)


def _buckets(here: Side) -> set[str]:
    return {bucket["Name"] for bucket in here.client("s3").list_buckets()["Buckets"]}
