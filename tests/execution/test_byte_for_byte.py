"""Clean-up leaves roles, bucket policies and key policies byte for byte as they were, and undo leaves nothing new.

The steps that touch any of these, as each route's plan has them, on a real IAM, S3 and KMS. The whole of a run is
looked at in the same way by tests/e2e.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mwaa_wizard.aws.factory import Identity
from mwaa_wizard.execution import names
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.execution.step import Step
from mwaa_wizard.policies import secrets_backend
from mwaa_wizard.sandbox.aws.server import SandboxAws
from tests.execution.conftest import client_maker
from tests.execution.fakes import ACCOUNT, REGION, FakeClients, Rig
from tests.execution.test_inline_policies import ODD
from tests.policies import untouched
from tests.policies.untouched import Snapshot

OTHER = "444455556666"
TOUCHING = (
    "migration-bucket", "execution-role", "secrets-policy", "resources", "create-target", "source-policy",
    "target-policy",
)  # fmt: skip
TRUST = """{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow" ,
  "Principal":{"Service":"airflow.amazonaws.com"}}], "Version": "2012-10-17"}"""
KEY_POLICY = """{ "Version":"2012-10-17",
  "Statement" : {"Resource": "*", "Action":"kms:*",  "Effect":"Allow", "Principal": {"AWS":"*"}, "Sid": "Root" } }"""


def bucket_policy(bucket: str) -> str:
    """As somebody wrote it by hand."""
    return (
        '{"Statement":[ {"Condition": {"Bool":{"aws:SecureTransport":"false"}},"Resource":\n  ["arn:aws:s3:::'
        + bucket
        + '/*" ], "Principal":"*", "Effect":"Deny","Action":"s3:*","Sid":"theirs"} ],   "Version":"2012-10-17"}\n'
    )


class World:
    """Both accounts, with policies of other people everywhere."""

    def __init__(self, rig: Rig, sides: list[Callable[[str], Any]]) -> None:
        self.rig, self.accounts = rig, sides
        role = names.role_name_of(rig.mwaa.environments["old"]["ExecutionRoleArn"])
        self.chosen = f"{role}-chosen"
        for number, make in enumerate(sides):
            iam, kms = make("iam"), make("kms")
            if number == 0:
                make("s3").put_bucket_policy(Bucket=rig.source_bucket, Policy=bucket_policy(rig.source_bucket))
            else:
                self._role(iam, role)
            self._role(iam, self.chosen)
            for one in (role, self.chosen):
                self._belongings(iam, one, f"{one}-{number}")
            key = kms.create_key(Policy=KEY_POLICY)["KeyMetadata"]
            self.key = str(key["Arn"])
        self.account = OTHER if len(sides) > 1 else ACCOUNT
        self.before = self.look()

    @staticmethod
    def _role(iam: Any, name: str) -> None:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)

    @staticmethod
    def _belongings(iam: Any, role: str, policy: str) -> None:
        iam.put_role_policy(RoleName=role, PolicyName="theirs", PolicyDocument=ODD)
        # The name of another session of this program.
        iam.put_role_policy(RoleName=role, PolicyName="mwaa-wizard-00000000-source", PolicyDocument=ODD)
        arn = iam.create_policy(PolicyName=policy, PolicyDocument=ODD)["Policy"]["Arn"]
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        iam.tag_role(RoleName=role, Tags=[{"Key": "team", "Value": "データ"}])

    def look(self) -> Snapshot:
        """Both accounts."""
        return {
            f"{number} {name}": text
            for number, make in enumerate(self.accounts)
            for name, text in untouched.take(make("iam"), s3=make("s3"), kms=make("kms")).items()
        }

    def changed(self) -> set[str]:
        """What is not as it was at first."""
        return set(untouched.changed(self.before, self.look()))

    def run(self, steps: list[Step]) -> None:
        outcome = Runner(self.rig.session, steps, self.rig.events.append, self.rig.clients).run()
        assert outcome.finished, outcome.error and outcome.error.lines()

    def undo(self, steps: list[Step]) -> None:
        outcome = Runner(self.rig.session, steps, self.rig.events.append, self.rig.clients).undo()
        assert outcome.finished, outcome.error and outcome.error.lines()


@pytest.fixture
def world(rig: Rig, endpoint: SandboxAws, request: pytest.FixtureRequest) -> Iterator[World]:
    here = rig.clients._make
    accounts = [here]
    if request.param == "two accounts":
        there = client_maker(endpoint, *endpoint.root_credentials_for(OTHER), REGION)
        accounts.append(there)
        rig.clients._identities["target"] = Identity(OTHER, f"arn:aws:iam::{OTHER}:user/me", "aws", REGION)
        rig.session.target.connection = rig.session.target.connection.model_copy(update={"account": OTHER})
        _two_sided(rig.clients, there)
    made = World(rig, accounts)
    yield made
    for make in accounts:
        _empty(make("iam"))


def _two_sided(clients: FakeClients, there: Callable[[str], Any]) -> None:
    for service in ("iam", "s3", "kms", "secretsmanager"):
        clients.overrides["target", service] = there(service)


def _empty(iam: Any) -> None:
    """Other tests list roles, too."""
    for role in iam.list_roles()["Roles"]:
        if not role["RoleName"].endswith("-chosen"):
            continue
        for policy in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            iam.delete_role_policy(RoleName=role["RoleName"], PolicyName=policy)
        for policy in iam.list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]:
            iam.detach_role_policy(RoleName=role["RoleName"], PolicyArn=policy["PolicyArn"])
        iam.delete_role(RoleName=role["RoleName"])


def choose(world: World, *, route: str, role: str, key: bool, keep: bool) -> list[Step]:
    """The session's answers; the steps of its plan that may touch a policy."""
    session = world.rig.session
    session.route, session.keep_bundle = route, keep  # type: ignore[assignment]
    session.target.create_role = role == "new"
    if role == "chosen":
        session.target.settings["ExecutionRoleArn"] = f"arn:aws:iam::{world.account}:role/{world.chosen}"
    if key:
        session.target.settings["KmsKey"] = world.key
    if world.account == OTHER:
        session.target.settings["NetworkConfiguration.SubnetIds"] = ["subnet-3", "subnet-4"]
        session.target.settings["NetworkConfiguration.SecurityGroupIds"] = ["sg-2"]
    if route == "settings-only":
        world.rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = {
            "secrets.backend": "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
        }
    return plan_for(session)


# Where the accounts are two: an environment stays in its own, and a role of another account cannot be its role.
CASES = [
    ("one account", "new-environment", "new", False, False), ("one account", "new-environment", "chosen", True, False),
    ("one account", "new-environment", "cloned", False, True), ("one account", "bridge", "new", True, True),
    ("one account", "settings-only", "chosen", False, False), ("one account", "in-place", "cloned", True, False),
    ("two accounts", "new-environment", "chosen", True, True), ("two accounts", "bridge", "new", True, False),
    ("two accounts", "settings-only", "new", True, False),
]  # fmt: skip


@pytest.mark.parametrize(("world", "route", "role", "key", "keep"), CASES, indirect=["world"])
def test_after_clean_up_and_after_undo(
    world: World, route: str, role: str, key: bool, keep: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mwaa_wizard.airflow.dag_files._pickup", lambda *_: 0.0)
    monkeypatch.setattr("mwaa_wizard.execution.context.Context.sleep", lambda *_: None)
    plan = choose(world, route=route, role=role, key=key, keep=keep)
    session = world.rig.session
    touching = [step for step in plan if step.id in TOUCHING]
    last = [step for step in plan if step.id == "clean-up"]
    world.run(touching)
    if touching:
        assert world.changed()
    ctx = world.rig.context()
    for step in ("cut-over", "verify"):
        ctx.journal.write(step, "done")
    world.run(last)
    number = len(world.accounts) - 1
    new_role = f"{number} role {names.target_role(session)}"
    secrets = f"{number} role {world.chosen} inline {secrets_backend.policy_name(session)}"
    expected = {
        *([f"0 bucket {session.migration_bucket}"] if keep else []),
        *([f"{number} bucket {names.target_bucket(session)}"] if route != "in-place" else []),
        # The target reads its connections with it; the clean-up page names it among what stays.
        *([secrets] if (route, role) == ("settings-only", "chosen") else []),
    }
    left = world.changed()
    assert {name for name in left if not name.startswith(new_role)} == expected
    if role == "new" and route != "in-place":
        assert f"{new_role} inline mwaa-execution" in left
        assert not [name for name in left if session.policy_name("target") in name]
    world.undo([*touching, *last])
    assert world.changed() == set()


def test_the_snapshot_sees_white_space(rig: Rig) -> None:
    role = names.role_name_of(rig.mwaa.environments["old"]["ExecutionRoleArn"])
    rig.iam.put_role_policy(RoleName=role, PolicyName="theirs", PolicyDocument=ODD)
    before = untouched.take(rig.iam)
    assert before[f"role {role} inline theirs"] == ODD
    rig.iam.put_role_policy(RoleName=role, PolicyName="theirs", PolicyDocument=json.dumps(json.loads(ODD)))
    assert set(untouched.changed(before, untouched.take(rig.iam))) == {f"role {role} inline theirs"}
