"""IAM's quotas and grammar, just inside and just outside."""

from __future__ import annotations

import json

import pytest

from .conftest import World, refusal


def of_length(length: int, spaces: int = 0) -> str:
    """A policy document of so many characters that are not whitespace."""
    text = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "R"}]},
        separators=(",", ":"),
    )
    filler = "arn:aws:s3:::" + "b" * (length - len(text) - 12)
    return text.replace('"R"', f'"{filler}"').replace("{", "{" + " " * spaces, 1)


def test_inline_role_policies_share_10240_characters(world: World) -> None:
    iam, role = world.client("iam"), world.role().rpartition("/")[2]
    assert len(of_length(5_000)) == 5_000
    iam.put_role_policy(RoleName=role, PolicyName="one", PolicyDocument=of_length(5_000, spaces=3_000))
    iam.put_role_policy(RoleName=role, PolicyName="two", PolicyDocument=of_length(5_240))
    code, status, message = refusal(
        iam.put_role_policy, RoleName=role, PolicyName="two", PolicyDocument=of_length(5_241)
    )
    assert (code, status) == ("LimitExceeded", 409)
    assert f"Maximum policy size of 10240 bytes exceeded for role {role}" in message
    assert sorted(iam.list_role_policies(RoleName=role)["PolicyNames"]) == ["one", "two"]


def test_user_and_managed_limits(world: World) -> None:
    iam = world.client("iam")
    name = world.name("user")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=of_length(2_048))
    long = {"UserName": name, "PolicyName": "p", "PolicyDocument": of_length(2_049)}
    assert refusal(iam.put_user_policy, **long)[0] == "LimitExceeded"
    iam.create_policy(PolicyName=world.name("m"), PolicyDocument=of_length(6_144))
    managed = {"PolicyName": world.name("m"), "PolicyDocument": of_length(6_145)}
    assert refusal(iam.create_policy, **managed)[0] == "LimitExceeded"


def test_document_characters(world: World) -> None:
    iam, role = world.client("iam"), world.role().rpartition("/")[2]
    document = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bÿ/*"}],
        },
        ensure_ascii=False,
        indent="\t",
    )
    iam.put_role_policy(RoleName=role, PolicyName="p", PolicyDocument=document)
    code = refusal(iam.put_role_policy, RoleName=role, PolicyName="p", PolicyDocument=document.replace("ÿ", "Ā"))[0]
    assert code == "ValidationError"


def test_trust_policy_length(world: World) -> None:
    def trust(length: int) -> str:
        statement = '{"Sid":"","Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}'
        text = f'{{"Version":"2012-10-17","Statement":[{statement}]}}'
        return text.replace('"Sid":""', f'"Sid":"{"s" * (length - len(text))}"')

    iam, role = world.client("iam"), world.role().rpartition("/")[2]
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust(2_048))
    assert refusal(iam.update_assume_role_policy, RoleName=role, PolicyDocument=trust(2_049))[0] == "LimitExceeded"


@pytest.mark.parametrize(("seconds", "valid"), [(900, True), (3600, True), (3601, False)])
def test_session_duration(world: World, seconds: int, valid: bool) -> None:
    role = world.role()
    if valid:
        world.assume(role, DurationSeconds=seconds)
    else:
        sts = world.client("sts")
        code = refusal(sts.assume_role, RoleArn=role, RoleSessionName="session", DurationSeconds=seconds)[0]
        assert code == "ValidationError"


def test_chained_sessions_end_after_an_hour(world: World) -> None:
    long = world.role(MaxSessionDuration=7200)
    first = world.assume(world.role())
    sts = world.client("sts", first)
    arguments = {"RoleArn": long, "RoleSessionName": "session"}
    sts.assume_role(**arguments, DurationSeconds=3600)
    assert "role chaining" in refusal(sts.assume_role, **arguments, DurationSeconds=3601)[2]
