"""The steps in partition aws-cn, from an environment and a role whose names use what AWS allows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mwaa_wizard.aws.factory import SIDES, Place
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.execution.step import Step
from mwaa_wizard.execution.steps.create_target import CreateTarget
from mwaa_wizard.execution.steps.execution_role import ExecutionRole
from mwaa_wizard.execution.steps.migration_bucket import MigrationBucket
from mwaa_wizard.execution.steps.resources import Resources
from mwaa_wizard.execution.steps.role_policy import SourcePolicy, TargetPolicy, read
from mwaa_wizard.sandbox.aws.server import SandboxAws
from mwaa_wizard.session.model import Connection
from tests.execution.conftest import client_maker
from tests.execution.fakes import FakeClients, Rig, new_session

ACCOUNT, REGION, PARTITION = "333344445555", "cn-northwest-1", "aws-cn"
ENVIRONMENT, TARGET = "Prod_DATA--eu-_1", "N" * 79 + "_"
PATH, ROLE = "/service-role/team=a,b.c@d-+/", "MWAA+exec=1,x@y_z-."


@pytest.fixture
def china(endpoint: SandboxAws) -> Rig:
    """An environment, its bucket and role in aws-cn; `old` is renamed to something odd."""
    make = client_maker(endpoint, *endpoint.root_credentials_for(ACCOUNT, PARTITION), REGION)
    clients = FakeClients(make)
    clients._places = dict.fromkeys(SIDES, Place("p", REGION))
    session = new_session()
    connection = Connection(profile="p", region=REGION)
    session.source.connection = session.target.connection = connection
    session.source.environment, session.target.environment = ENVIRONMENT, TARGET
    s3, bucket = clients.client("source", "s3"), f"dags-{session.id}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=bucket, Key="dags/a.py", Body=b"a")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "airflow.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    iam = clients.client("source", "iam")
    role = f"{ROLE}{session.id}"
    made = iam.create_role(RoleName=role, Path=PATH, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    assert made["Arn"] == f"arn:{PARTITION}:iam::{ACCOUNT}:role{PATH}{role}"
    clients.mwaa.add(
        ENVIRONMENT,
        bucket,
        made["Arn"],
        Arn=f"arn:{PARTITION}:airflow:{REGION}:{ACCOUNT}:environment/{ENVIRONMENT}",
        SourceBucketArn=f"arn:{PARTITION}:s3:::{bucket}",
        NetworkConfiguration={"SubnetIds": ["subnet-0a1", "subnet-0b2"], "SecurityGroupIds": ["sg-0c3"]},
    )

    def create(request: dict[str, Any]) -> dict[str, Any]:
        clients.mwaa._create(request)
        arn = f"arn:{PARTITION}:airflow:{REGION}:{ACCOUNT}:environment/{request['Name']}"
        clients.mwaa.environments[request["Name"]]["Arn"] = arn
        return {"Arn": arn}

    clients.mwaa.create = create
    return Rig(session, clients, [])


def test_every_step_stays_in_its_partition(china: Rig) -> None:
    rig = china
    steps: list[Step] = [
        MigrationBucket(), ExecutionRole(), Resources(), CreateTarget(), SourcePolicy(), TargetPolicy(),
    ]  # fmt: skip
    outcome = Runner(rig.session, steps, rig.events.append, rig.clients).run()
    assert outcome.finished, outcome.error and outcome.error.lines()
    request = rig.mwaa.created[0]
    assert request["Name"] == TARGET
    assert request["ExecutionRoleArn"].startswith(f"arn:{PARTITION}:iam::{ACCOUNT}:role/mwaa-NNN")
    seen = [
        json.dumps(request),
        json.dumps(read(rig.context(), "source")),
        json.dumps(read(rig.context(), "target")),
        rig.s3.get_bucket_policy(Bucket=rig.session.migration_bucket)["Policy"],
        json.dumps(rig.iam.get_role(RoleName=request["ExecutionRoleArn"].rsplit("/", 1)[1])["Role"], default=str),
        rig.context().journal.path.read_text(),
        rig.lines(),
    ]
    for text in seen:
        assert "arn:aws:" not in text
    assert all("arn:aws-cn:" in text for text in seen[:6])
    outcome = Runner(rig.session, steps, rig.events.append, rig.clients).undo()
    assert outcome.finished, outcome.error and outcome.error.lines()
    assert read(rig.context(), "source") is None
    assert TARGET not in rig.mwaa.environments
