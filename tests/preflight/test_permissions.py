"""What the caller may do: an IAM user whose policy the test sets, against the endpoint's enforcing IAM."""

from __future__ import annotations

import functools
import itertools
import json
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from mwaa_wizard.aws.factory import SIDES, Identity
from mwaa_wizard.execution import preflight
from mwaa_wizard.preflight import permissions, roles, subnets
from mwaa_wizard.preflight.finding import Check, Refused
from mwaa_wizard.sandbox.aws.bootstrap import operator_policy
from mwaa_wizard.sandbox.aws.server import SandboxAws
from tests.execution.fakes import ACCOUNT, REGION, Rig, client_error
from tests.preflight.world import keep_role_and_bucket, one, tell

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
        ("s3:PutBucketPolicy", permissions.source),
        ("s3:PutLifecycleConfiguration", permissions.source),
        ("s3:PutBucketVersioning", permissions.target),
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


class Simulator:
    """IAM with a simulator of the test's own; keeps (action, resource) of what it was asked."""

    def __init__(self, real: Any, problem: Exception | None = None) -> None:
        self._real, self._problem = real, problem
        self.asked: set[tuple[str, str]] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def get_paginator(self, method: str) -> Any:
        assert method == "simulate_principal_policy"
        return self

    def paginate(self, **request: Any) -> Any:
        """IAM's answer where a policy asks for multi-factor authentication (IAM API reference)."""
        self.asked |= {(action, request["ResourceArns"][0]) for action in request["ActionNames"]}
        if self._problem:
            raise self._problem
        rows = [
            {"EvalActionName": action, "EvalDecision": "implicitDeny",
             "MissingContextValues": ["aws:MultiFactorAuthPresent"]}
            for action in request["ActionNames"]
        ]  # fmt: skip
        return [{"EvaluationResults": rows}]


def test_conditions_that_the_simulator_misses_are_a_warning(furnished: Rig, user: User) -> None:
    furnished.clients.overrides["target", "iam"] = Simulator(furnished.iam)
    assert "depends on conditions" in one(furnished, permissions.target, "warn").evidence


@pytest.mark.parametrize("code", ["InvalidInput", "PolicyEvaluation", "ServiceFailure", "Throttling", "NoSuchEntity"])
def test_a_simulator_that_fails_says_nothing_about_the_permission(furnished: Rig, user: User, code: str) -> None:
    real = furnished.iam
    for side in SIDES:
        furnished.clients.overrides[side, "iam"] = Simulator(real, client_error(code))
    keep_role_and_bucket(furnished)
    for check in (permissions.source, permissions.target, roles.source_policy, roles.target_policy):
        evidence = one(furnished, check, "warn").evidence
        assert f"could not tell ({code})" in evidence
        assert "depends on conditions" not in evidence
    one(furnished, permissions.source_role, "pass")  # the step itself will tell


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId"])
def test_credentials_that_no_longer_count_are_not_taken_for_a_doubt(furnished: Rig, user: User, code: str) -> None:
    furnished.clients.overrides["target", "iam"] = Simulator(furnished.iam, client_error(code))
    with pytest.raises(ClientError, match=code):
        tell(furnished, permissions.target)


def test_log_actions_are_asked_on_what_they_act_on(furnished: Rig, user: User) -> None:
    simulator = Simulator(furnished.iam)
    for side in SIDES:
        furnished.clients.overrides[side, "iam"] = simulator
    tell(furnished, permissions.source)
    tell(furnished, permissions.target)
    old, new = (f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:airflow-{name}-Task" for name in ("old", "new"))
    assert {(action, resource) for action, resource in simulator.asked if action.startswith("logs:")} == {
        ("logs:DescribeLogStreams", f"{old}:*"),
        ("logs:GetLogEvents", f"{old}:log-stream:check"),
        ("logs:CreateLogStream", f"{new}:*"),
        ("logs:PutLogEvents", f"{new}:log-stream:check"),
    }


def test_a_policy_for_the_groups_streams_only_lets_events_be_read(furnished: Rig, user: User) -> None:
    streams = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:airflow-old-Task:log-stream:*"
    user.may({"Effect": "Deny", "Action": "logs:GetLogEvents", "NotResource": streams})
    one(furnished, permissions.source, "pass")


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
