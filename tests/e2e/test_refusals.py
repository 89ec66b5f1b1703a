"""A refused permission at each step: one plain message, a non-zero exit, and the next run goes on from there.

One session runs against an operator from whom one permission after the other is taken; each run must stop at exactly
the step that needs it, and the last one, with everything granted, must end verified. Here one refusal a step; with
every one of them it runs in `make journeys` (long_refusals.py).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.errors import EXIT_RESUMABLE
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Logs, Session
from tests.e2e.world import REGION, SOURCE, World

pytestmark = pytest.mark.e2e

TARGET = "analytics-refused"
ROLE = "refused-operator"

# What only preflight asks.
LOOKS = [
    "s3:GetBucketVersioning", "s3:GetBucketPublicAccessBlock", "s3:GetBucketLocation", "ec2:DescribeSubnets",
    "ec2:DescribeRouteTables", "ec2:DescribeSecurityGroups", "ec2:DescribeNetworkAcls", "ec2:DescribeVpcAttribute",
    "iam:ListAttachedRolePolicies", "servicequotas:ListServiceQuotas", "airflow:ListEnvironments",
]  # fmt: skip
# step, refused actions, resource; {id} is the session's id, {bucket} its migration bucket
STAGES: list[tuple[str, list[str], str]] = [
    ("read-source", ["airflow:GetEnvironment"], "*"),
    ("preflight", ["airflow:CreateEnvironment"], "*"),
    # A refused look is a warning, so the run goes on to the first refusal that matters.
    ("migration-bucket", [*LOOKS, "s3:CreateBucket"], "*"),
    ("migration-bucket", ["s3:CreateBucket"], "arn:aws:s3:::{bucket}"),
    ("migration-bucket", ["s3:PutBucketPolicy"], "arn:aws:s3:::{bucket}"),
    ("execution-role", ["iam:CreateRole"], "*"),
    ("execution-role", ["iam:PutRolePolicy"], "*"),
    ("resources", ["s3:CreateBucket"], "*"),
    ("resources", ["s3:PutObject"], "*"),
    ("create-target", ["airflow:CreateEnvironment"], "*"),
    ("create-target", ["iam:PassRole"], "*"),
    ("source-policy", ["iam:PutRolePolicy"], "arn:aws:iam::*:role/mwaa-analytics-prod"),
    ("target-policy", ["iam:PutRolePolicy"], "arn:aws:iam::*:role/mwaa-analytics-refused-{id}"),
    ("inventory", ["airflow:InvokeRestApi", "airflow:CreateCliToken"], "*"),
    ("inventory", ["s3:GetObject"], "arn:aws:s3:::{bucket}/*"),
    ("key", ["s3:PutObject"], "arn:aws:s3:::{bucket}/requests/mwz_key.json"),
    ("export", ["airflow:InvokeRestApi", "airflow:CreateCliToken"], "arn:aws:airflow:*:*:*/analytics-prod*"),
    ("import", ["s3:PutObject"], "arn:aws:s3:::{bucket}/requests/mwz_import.json"),
    ("logs", ["logs:GetLogEvents", "logs:DescribeLogStreams", "logs:FilterLogEvents"], "*"),
    ("logs", ["logs:PutLogEvents", "logs:CreateLogStream"], "*"),
    ("verify", ["airflow:InvokeRestApi", "airflow:CreateCliToken"], "*"),
    ("clean-up", ["iam:DeleteRolePolicy"], "*"),
    ("clean-up", ["s3:DeleteObject", "s3:DeleteObjectVersion"], "*"),
    ("clean-up", ["s3:DeleteBucket"], "*"),
]
# The first of each step. Of the clean-up the last: what comes after it is the whole of the rest.
FIRST = [
    *(stage for number, stage in enumerate(STAGES) if stage[0] not in [step for step, *_ in STAGES[:number]]),
    STAGES[-1],
]


# The run does without the logs that were refused, as far as the next refusal; then they are taken in again.
MORE = {
    ("verify", "airflow:InvokeRestApi"): ("--leave-out", "logs"),
    ("clean-up", "iam:DeleteRolePolicy"): ("--take-in", "logs"),
}


class Operator:
    """An assumed role whose refusals the test sets; its keys lie in a profile `refused`."""

    def __init__(self, world: World, folder: Path) -> None:
        self._iam = world.client("iam")
        account = world.client("sts").get_caller_identity()["Account"]
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
            ],
        }
        arn = self._iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        self.refuse([], "*")
        keys = world.client("sts").assume_role(RoleArn=arn, RoleSessionName="refused")["Credentials"]
        self.credentials = folder / "credentials"
        self.config = folder / "config"
        self.credentials.write_text(
            f"[refused]\naws_access_key_id = {keys['AccessKeyId']}\n"
            f"aws_secret_access_key = {keys['SecretAccessKey']}\naws_session_token = {keys['SessionToken']}\n"
        )
        self.config.write_text(f"[profile refused]\nregion = {REGION}\n")

    def refuse(self, actions: list[str], resource: str, *, simulate: bool = True) -> None:
        """Allow everything but `actions` on `resource`; without `simulate` preflight cannot foresee it."""
        statements: list[dict[str, Any]] = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
        if actions:
            statements.append({"Effect": "Deny", "Action": actions, "Resource": resource})
        if not simulate:
            statements.append({"Effect": "Deny", "Action": "iam:SimulatePrincipalPolicy", "Resource": "*"})
        document = {"Version": "2012-10-17", "Statement": statements}
        self._iam.put_role_policy(RoleName=ROLE, PolicyName="all-but", PolicyDocument=json.dumps(document))


@pytest.fixture(scope="module")
def refused(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Operator, Session]]:
    operator = Operator(world, tmp_path_factory.mktemp("aws"))
    session = world.new_session(TARGET, logs=Logs(days=1))
    session.logs.days = 1  # the copy itself is proven elsewhere
    session.source.connection.profile = session.target.connection.profile = "refused"
    store.save(session)
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_CONFIG_FILE", str(operator.config))
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(operator.credentials))
    patch.setenv("AWS_PROFILE", "refused")
    yield operator, session
    patch.undo()


def test_each_refusal_stops_at_its_step_and_the_run_goes_on(world: World, refused: tuple[Operator, Session]) -> None:
    stops_at_each(world, refused, FIRST)


def stops_at_each(world: World, refused: tuple[Operator, Session], stages: list[tuple[str, list[str], str]]) -> None:
    """A run for each refusal, one after the other, and a last one with nothing refused."""
    operator, session = refused
    before = world_paused(world, operator)
    journal = Journal.of(session.id)
    for step, actions, resource in stages:
        where = resource.format(id=session.id, bucket=session.migration_bucket)
        operator.refuse(actions, where, simulate=step == "preflight")
        done = world.wizard("run", session.id, "--yes", *MORE.get((step, actions[0]), ()))
        said = f"{step} without {actions}:\n{done.stdout[-3000:]}\n{done.stderr}"
        assert done.returncode in (1, EXIT_RESUMABLE), said
        failed = [record["step"] for record in journal.records() if record["event"] == "failed"]
        assert failed, said
        assert failed[-1] == step, said
        assert "Traceback" not in done.stdout + done.stderr, said
        assert "Mend:" in done.stdout + done.stderr, said
        assert f"mwaa-wizard resume {session.id}" in done.stderr, said
        assert (f"resume {session.id} --leave-out logs" in done.stderr) == (step == "logs"), said
    chosen = [record["event"] for record in journal.of_step("logs") if record["event"] in ("left-out", "taken-in")]
    assert chosen == ["left-out", "taken-in"]
    assert journal.last("logs", "done") is not None, "it was done once it was taken in again"
    operator.refuse([], "*")
    done = world.wizard("run", session.id, "--yes")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    assert world_paused(world, operator) == before


def world_paused(world: World, operator: Operator) -> dict[str, bool]:
    """The source's paused states, read with nothing refused."""
    operator.refuse([], "*")
    return world.paused(SOURCE)


def test_undo_takes_the_migration_back(world: World, refused: tuple[Operator, Session]) -> None:
    operator, session = refused
    operator.refuse([], "*")
    done = world.wizard("undo", session.id, "--yes")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    mwaa = world.client("mwaa")
    end = time.monotonic() + 120
    while TARGET in mwaa.list_environments()["Environments"] and time.monotonic() < end:
        time.sleep(1)
    assert TARGET not in mwaa.list_environments()["Environments"]
    buckets = {bucket["Name"] for bucket in world.client("s3").list_buckets()["Buckets"]}
    assert not [name for name in buckets if session.id in name or name == session.migration_bucket]
    roles = {role["RoleName"] for role in world.client("iam").list_roles()["Roles"]}
    assert not [name for name in roles if session.id in name]
