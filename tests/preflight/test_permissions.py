"""What the caller may do: an IAM user whose policy the test sets, against the endpoint's enforcing IAM."""

from __future__ import annotations

import functools
import itertools
import json
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mwaa_wizard.aws.factory import Identity
from mwaa_wizard.execution import preflight
from mwaa_wizard.preflight import permissions, subnets
from mwaa_wizard.preflight.finding import Check, Refused
from mwaa_wizard.sandbox.aws.bootstrap import operator_policy
from mwaa_wizard.sandbox.aws.server import SandboxAws
from tests.execution.fakes import ACCOUNT, REGION, Rig
from tests.preflight.world import one, tell

_NUMBERS = itertools.count(1)


class User:
    """The caller of both sides from now on."""

    def __init__(self, rig: Rig, endpoint: SandboxAws) -> None:
        self._iam, self.name = rig.iam, f"caller-{next(_NUMBERS)}"
        self.arn = self._iam.create_user(UserName=self.name)["User"]["Arn"]
        key = self._iam.create_access_key(UserName=self.name)["AccessKey"]
        self._policy = ""

        @functools.cache
        def make(service: str) -> Any:
            return boto3.Session().client(
                service, endpoint_url=endpoint.endpoint_url, region_name=REGION,
                aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"],
                config=Config(retries={"max_attempts": 0}, inject_host_prefix=False),
            )  # fmt: skip

        rig.clients._make, rig.clients._made = make, {}

    def may(self, *statements: dict[str, Any]) -> None:
        """Everything that the operator's policy gives, and these statements (mostly refusals)."""
        document = operator_policy()
        document["Statement"] = [*document["Statement"], *statements]
        if self._policy:
            self._iam.detach_user_policy(UserName=self.name, PolicyArn=self._policy)
        name = f"{self.name}-{next(_NUMBERS)}"
        made = self._iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(document))
        self._policy = str(made["Policy"]["Arn"])
        self._iam.attach_user_policy(UserName=self.name, PolicyArn=self._policy)


def deny(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": list(actions), "Resource": "*", **more}


@pytest.fixture
def user(furnished: Rig, endpoint: SandboxAws) -> User:
    made = User(furnished, endpoint)
    made.may()
    return made


def test_root_needs_no_grant(rig: Rig) -> None:
    for check in (permissions.source, permissions.target):
        assert "root" in one(rig, check, "pass").evidence


def test_the_operators_policy_is_enough_for_every_look_and_every_call(furnished: Rig, user: User) -> None:
    for check in (permissions.source, permissions.target, permissions.source_role):
        one(furnished, check, "pass")
    wrong = [f for f in preflight.findings(furnished.context("preflight")) if f.verdict != "pass"]
    assert wrong == []
    assert f"{user.arn}" in next(preflight.findings(furnished.context("preflight"))).evidence


@pytest.mark.parametrize(
    ("action", "check"),
    [
        ("airflow:CreateEnvironment", permissions.target),
        ("iam:PassRole", permissions.target),
        ("iam:CreateRole", permissions.target),
        ("s3:CreateBucket", permissions.target),
        ("ec2:CreateVpcEndpoint", permissions.target),
        ("logs:PutLogEvents", permissions.target),
        ("s3:GetEncryptionConfiguration", permissions.target),
        ("kms:CreateGrant", permissions.target),
        ("s3:CreateBucket", permissions.source),
        ("logs:GetLogEvents", permissions.source),
        ("s3:PutObject", permissions.source),
    ],
)
def test_a_missing_permission_fails_by_its_name(furnished: Rig, user: User, action: str, check: Check) -> None:
    furnished.session.target.settings["KmsKey"] = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/x"
    user.may(deny(action))
    told = one(furnished, check, "fail")
    assert action in told.evidence
    assert user.arn in told.remedy


def test_what_is_not_asked_for_is_not_demanded(furnished: Rig, user: User) -> None:
    user.may(deny("iam:CreateRole", "s3:CreateBucket", "logs:*"))
    furnished.session.target.create_role = furnished.session.target.create_bucket = False
    furnished.session.logs.copy_logs = False
    one(furnished, permissions.target, "pass")


def test_a_role_that_may_not_be_given_a_policy_is_a_warning_with_what_to_paste(furnished: Rig, user: User) -> None:
    user.may(deny("iam:PutRolePolicy"))
    told = one(furnished, permissions.source_role, "warn")
    assert "--for source-role" in told.remedy


def test_a_simulator_that_may_not_be_asked_is_a_warning_that_names_it(furnished: Rig, user: User) -> None:
    user.may(deny("iam:SimulatePrincipalPolicy"))
    for check in (permissions.source, permissions.target):
        assert "iam:SimulatePrincipalPolicy is refused" in one(furnished, check, "warn").evidence
    one(furnished, permissions.source_role, "pass")  # the step itself will tell


REFUSED = [
    ("iam:GetRole", "source role trust"),
    ("iam:ListAttachedRolePolicies", "source role policy"),
    ("s3:GetBucketVersioning", "source bucket"),
    ("s3:GetBucketPublicAccessBlock", "source bucket"),
    ("s3:GetBucketLocation", "source bucket"),
    ("ec2:DescribeSubnets", "target subnets"),
    ("ec2:DescribeRouteTables", "target routes"),
    ("ec2:DescribeVpcAttribute", "target VPC DNS"),
    ("ec2:DescribeSecurityGroups", "target security groups"),
    ("ec2:DescribeNetworkAcls", "target network ACLs"),
    ("logs:DescribeLogGroups", "target log groups"),
]


@pytest.mark.parametrize(("action", "name"), REFUSED)
def test_a_refused_look_is_a_warning_with_the_missing_action(
    furnished: Rig, user: User, action: str, name: str
) -> None:
    user.may(deny(action))
    told = [f for f in preflight.findings(furnished.context("preflight")) if f.name == name]
    assert [finding.verdict for finding in told] == ["warn"], told
    assert action in told[0].evidence
    assert action in told[0].remedy


def test_conditions_that_the_simulator_misses_are_a_warning(furnished: Rig, user: User) -> None:
    class Simulator:
        """IAM's answer where a policy asks for multi-factor authentication (IAM API reference)."""

        def __init__(self, real: Any) -> None:
            self._real = real

        def __getattr__(self, name: str) -> Any:
            return getattr(self._real, name)

        def get_paginator(self, method: str) -> Any:
            assert method == "simulate_principal_policy"
            return self

        def paginate(self, **request: Any) -> Any:
            rows = [
                {"EvalActionName": action, "EvalDecision": "implicitDeny",
                 "MissingContextValues": ["aws:MultiFactorAuthPresent"]}
                for action in request["ActionNames"]
            ]  # fmt: skip
            return [{"EvaluationResults": rows}]

    furnished.clients.overrides["target", "iam"] = Simulator(furnished.iam)
    assert "depends on conditions" in one(furnished, permissions.target, "warn").evidence


@pytest.mark.parametrize(("path", "verdict"), [("/", "pass"), ("/aws-reserved/sso.amazonaws.com/", "pass")])
def test_a_session_is_asked_for_as_its_role_with_its_path(furnished: Rig, user: User, path: str, verdict: str) -> None:
    role = f"operator-{next(_NUMBERS)}"
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    root = user._iam
    root.create_role(RoleName=role, Path=path, AssumeRolePolicyDocument=json.dumps(trust))
    root.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=json.dumps(operator_policy()))
    session = Identity(ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/me", "aws", REGION)
    furnished.clients._identities["target"] = session
    one(furnished, permissions.target, verdict)


def test_a_federated_user_cannot_be_simulated(furnished: Rig) -> None:
    furnished.clients._identities["target"] = Identity(
        ACCOUNT, f"arn:aws:sts::{ACCOUNT}:federated-user/me", "aws", REGION
    )
    assert "federated" in one(furnished, permissions.target, "warn").evidence


def test_a_refusal_within_a_check_reaches_the_caller_as_such(furnished: Rig, user: User) -> None:
    user.may(deny("ec2:DescribeSubnets"))
    with pytest.raises(Refused, match="ec2:DescribeSubnets"):
        tell(furnished, subnets.target)
