"""sts:AssumeRole: the role's trust policy, and the caller's own permission."""

from __future__ import annotations

import json

from mwaa_wizard.sandbox.aws.authorise.authoriser import trusts_service

from .conftest import ACCOUNT, OTHER, World, allow, deny, refusal


def test_trust_naming_the_account_needs_the_callers_policy(world: World) -> None:
    role = world.role(trust=f"arn:aws:iam::{ACCOUNT}:root")
    sts = world.client("sts", world.user())
    code, status, message = refusal(sts.assume_role, RoleArn=role, RoleSessionName="session")
    assert (code, status) == ("AccessDenied", 403)
    assert f'sts:AssumeRole on resource: "{role}"' in message
    world.assume(role, world.user(allow("sts:AssumeRole", role)))


def test_trust_naming_the_user_is_enough(world: World) -> None:
    keys = world.user()
    arn = world.client("sts", keys).get_caller_identity()["Arn"]
    world.assume(world.role(trust=arn), keys)
    denied = world.user(deny("sts:AssumeRole"))
    arn = world.client("sts", denied).get_caller_identity()["Arn"]
    sts = world.client("sts", denied)
    assert refusal(sts.assume_role, RoleArn=world.role(trust=arn), RoleSessionName="session")[0] == "AccessDenied"


def test_trust_must_say_so(world: World) -> None:
    somebody = world.client("sts", world.user()).get_caller_identity()["Arn"]
    keys = world.user(allow("sts:AssumeRole"))
    sts = world.client("sts", keys)
    role = world.role(trust=somebody)
    assert refusal(sts.assume_role, RoleArn=role, RoleSessionName="session")[0] == "AccessDenied"
    missing = f"arn:aws:iam::{ACCOUNT}:role/none"
    assert refusal(sts.assume_role, RoleArn=missing, RoleSessionName="session")[0] == "AccessDenied"


def test_external_id(world: World) -> None:
    role = world.role()
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "secret-word"}},
    }
    world.client("iam").update_assume_role_policy(
        RoleName=role.rpartition("/")[2], PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    keys = world.user(allow("sts:AssumeRole"))
    sts = world.client("sts", keys)
    assert refusal(sts.assume_role, RoleArn=role, RoleSessionName="session")[0] == "AccessDenied"
    world.assume(role, keys, ExternalId="secret-word")


def test_other_account_needs_both(world: World) -> None:
    role = world.role(allow("iam:ListRoles"), trust=f"arn:aws:iam::{ACCOUNT}:root", account=OTHER)
    sts = world.client("sts", world.user())
    assert refusal(sts.assume_role, RoleArn=role, RoleSessionName="session")[0] == "AccessDenied"
    session = world.assume(role, world.user(allow("sts:AssumeRole", role)))
    assert world.client("sts", session).get_caller_identity()["Account"] == OTHER
    arns = [found["Arn"] for found in world.client("iam", session).list_roles()["Roles"]]
    assert role in arns
    assert all(f"::{OTHER}:" in arn for arn in arns)


def test_service_trust_with_confused_deputy_conditions(world: World) -> None:
    role = world.role()
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": f"arn:aws:airflow:us-east-1:{ACCOUNT}:environment/prod"},
        },
    }
    world.client("iam").update_assume_role_policy(
        RoleName=role.rpartition("/")[2], PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )
    environment = f"arn:aws:airflow:us-east-1:{ACCOUNT}:environment/prod"
    sent = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": environment}
    assert trusts_service(role, "airflow.amazonaws.com", sent)
    assert not trusts_service(role, "airflow.amazonaws.com", {**sent, "aws:SourceAccount": OTHER})
    assert not trusts_service(role, "ec2.amazonaws.com", sent)
    assert not trusts_service(f"{role}-none", "airflow.amazonaws.com", sent)
