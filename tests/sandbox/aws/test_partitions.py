"""Partitions: their accounts' keys and ARNs are their own, and services are called by their own names there."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import ACCOUNT, Keys, World, allow, document, refusal

CHINA, REGION = "222200001111", "cn-northwest-1"


@pytest.fixture(scope="module")
def root(world: World) -> Keys:
    return (*world.aws.root_credentials_for(CHINA, "aws-cn"), None)


def client(world: World, service: str, keys: Keys) -> Any:
    return world.client(service, keys, region=REGION)


def role_in_china(world: World, root: Keys, *statements: dict[str, Any]) -> Keys:
    """A role with these statements, assumed."""
    iam, name = client(world, "iam", root), world.name("role")
    trust = allow("sts:AssumeRole", Principal={"AWS": f"arn:aws-cn:iam::{CHINA}:root"})
    del trust["Resource"]
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
    found = client(world, "sts", root).assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
    return found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]


@pytest.mark.parametrize(("service", "call", "code"), [
    ("sts", "get_caller_identity", "InvalidClientTokenId"),
    ("iam", "list_roles", "InvalidClientTokenId"),
    ("s3", "list_buckets", "InvalidAccessKeyId"),
    ("kms", "list_keys", "UnrecognizedClientException"),
])  # fmt: skip
def test_keys_are_known_in_their_own_partition_only(
    world: World, root: Keys, service: str, call: str, code: str
) -> None:
    getattr(client(world, service, root), call)()
    assert refusal(getattr(world.client(service, root, region="us-east-1"), call))[0] == code
    assert refusal(getattr(client(world, service, world.root(ACCOUNT)), call))[0] == code


def test_a_policy_takes_no_arn_of_another_partition(world: World, root: Keys) -> None:
    iam, name = client(world, "iam", root), world.name("role")
    foreign = f"arn:aws:iam::{ACCOUNT}:root"
    trust = allow("sts:AssumeRole", Principal={"AWS": foreign})
    code, status, message = refusal(iam.create_role, RoleName=name, AssumeRolePolicyDocument=document(trust))
    assert (code, status) == ("MalformedPolicyDocument", 400)
    assert message == f'Invalid principal in policy: "AWS":"{foreign}"'
    trust["Principal"] = {"Service": "airflow.amazonaws.com"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
    policy = {"RoleName": name, "PolicyName": "p"}
    wrong = document(allow("s3:GetObject", ["arn:aws-cn:s3:::b/*", "arn:aws:s3:::b/*"]))
    code, status, message = refusal(iam.put_role_policy, **policy, PolicyDocument=wrong)
    assert (code, status) == ("MalformedPolicyDocument", 400)
    assert message == 'Partition "aws" is not valid for resource "arn:aws:s3:::b/*".'
    assert refusal(iam.create_policy, PolicyName=world.name("m"), PolicyDocument=wrong)[0] == "MalformedPolicyDocument"
    trust["Principal"] = {"AWS": [f"arn:aws-cn:iam::{CHINA}:root", foreign]}
    changed = {"RoleName": name, "PolicyDocument": document(trust)}
    assert refusal(iam.update_assume_role_policy, **changed)[0] == "MalformedPolicyDocument"
    good = document(allow("s3:GetObject", ["arn:aws-cn:s3:::b/*", "arn:*:s3:::c", "*"]))
    iam.put_role_policy(**policy, PolicyDocument=good)


def test_a_bucket_s_policy_takes_none_either(world: World, root: Keys) -> None:
    s3, bucket = client(world, "s3", root), world.name("bucket")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    mine = f"arn:aws-cn:iam::{CHINA}:root"

    def policy(resource: str, principal: str) -> str:
        return document(allow("s3:GetObject", resource, Principal={"AWS": principal}))

    for resource, principal, said in (
        (f"arn:aws:s3:::{bucket}/*", mine, "Policy has invalid resource"),
        (f"arn:aws-cn:s3:::{bucket}/*", f"arn:aws:iam::{ACCOUNT}:root", "Invalid principal in policy"),
    ):
        code, _status, message = refusal(s3.put_bucket_policy, Bucket=bucket, Policy=policy(resource, principal))
        assert (code, message) == ("MalformedPolicy", said)
    s3.put_bucket_policy(Bucket=bucket, Policy=policy(f"arn:aws-cn:s3:::{bucket}/*", mine))


def test_a_key_is_used_through_s3_by_its_name_there(world: World, root: Keys) -> None:
    s3, bucket = client(world, "s3", root), world.name("bucket")
    key = client(world, "kms", root).create_key()["KeyMetadata"]["Arn"]
    assert key.startswith(f"arn:aws-cn:kms:{REGION}:{CHINA}:key/")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=bucket, Key="a", Body=b"a", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)

    def reader(suffix: str) -> Any:
        via = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.{suffix}"}}
        wanted = allow("s3:GetObject", f"arn:aws-cn:s3:::{bucket}/*"), allow("kms:Decrypt", key, Condition=via)
        return client(world, "s3", role_in_china(world, root, *wanted))

    assert reader("amazonaws.com.cn").get_object(Bucket=bucket, Key="a")["Body"].read() == b"a"
    assert refusal(reader("amazonaws.com").get_object, Bucket=bucket, Key="a")[0] == "AccessDenied"
