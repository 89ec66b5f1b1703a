"""S3: bucket policies, versions, copies, listing, and what a missing object looks like."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from .conftest import ACCOUNT, OTHER, World, allow, deny, refusal


def policy(world: World, bucket: str, *statements: dict[str, Any], account: str = ACCOUNT) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    world.client("s3", world.root(account)).put_bucket_policy(Bucket=bucket, Policy=text)


def test_objects_and_listing_are_separate(world: World) -> None:
    bucket = world.bucket()
    keys = world.user(
        allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/mine/*"),
        allow("s3:ListBucket", f"arn:aws:s3:::{bucket}", Condition={"StringLike": {"s3:prefix": "mine/*"}}),
    )
    s3 = world.client("s3", keys)
    s3.put_object(Bucket=bucket, Key="mine/a", Body=b"x")
    assert s3.get_object(Bucket=bucket, Key="mine/a")["Body"].read() == b"x"
    assert s3.list_objects_v2(Bucket=bucket, Prefix="mine/")["KeyCount"] == 1
    code, status, message = refusal(s3.put_object, Bucket=bucket, Key="else", Body=b"x")
    assert (code, status) == ("AccessDenied", 403)
    assert f's3:PutObject on resource: "arn:aws:s3:::{bucket}/else" because no identity-based policy' in message
    assert refusal(s3.list_objects_v2, Bucket=bucket)[0] == "AccessDenied"
    assert refusal(s3.delete_object, Bucket=bucket, Key="mine/a")[0] == "AccessDenied"
    assert refusal(s3.list_buckets)[0] == "AccessDenied"


def test_missing_object_is_403_without_list(world: World) -> None:
    bucket = world.bucket()
    objects = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    blind = world.client("s3", world.user(objects))
    assert refusal(blind.head_object, Bucket=bucket, Key="none")[:2] == ("403", 403)
    assert refusal(blind.get_object, Bucket=bucket, Key="none")[0] == "AccessDenied"
    seeing = world.client("s3", world.user(objects, allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")))
    assert refusal(seeing.head_object, Bucket=bucket, Key="none")[:2] == ("404", 404)
    assert refusal(seeing.get_object, Bucket=bucket, Key="none")[0] == "NoSuchKey"
    assert refusal(seeing.get_object, Bucket=f"{bucket}-none", Key="none")[0] == "AccessDenied"


def test_a_version_needs_its_own_action(world: World) -> None:
    bucket = world.bucket()
    root = world.client("s3")
    root.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    version = root.put_object(Bucket=bucket, Key="k", Body=b"x")["VersionId"]
    plain = world.client("s3", world.user(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")))
    plain.get_object(Bucket=bucket, Key="k")
    assert "s3:GetObjectVersion " in refusal(plain.get_object, Bucket=bucket, Key="k", VersionId=version)[2]
    versioned = world.client("s3", world.user(allow("s3:GetObjectVersion", f"arn:aws:s3:::{bucket}/*")))
    assert versioned.get_object(Bucket=bucket, Key="k", VersionId=version)["Body"].read() == b"x"
    lister = world.client("s3", world.user(allow("s3:ListBucketVersions", f"arn:aws:s3:::{bucket}")))
    assert lister.list_object_versions(Bucket=bucket)["Versions"][0]["VersionId"] == version


def test_deleting_a_version_needs_both_actions(world: World) -> None:
    bucket = world.bucket()
    root = world.client("s3")
    root.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    one, two = (root.put_object(Bucket=bucket, Key="k", Body=b"x")["VersionId"] for _turn in range(2))
    both = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    for alone in both:
        s3 = world.client("s3", world.user(allow(alone, f"arn:aws:s3:::{bucket}/*")))
        (missing,) = set(both) - {alone}
        assert f"{missing} " in refusal(s3.delete_object, Bucket=bucket, Key="k", VersionId=one)[2]
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k", "VersionId": two}]})
        assert [item["Code"] for item in answer["Errors"]] == ["AccessDenied"]
    s3 = world.client("s3", world.user(allow(both, f"arn:aws:s3:::{bucket}/*")))
    s3.delete_object(Bucket=bucket, Key="k", VersionId=one)
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k", "VersionId": two}]})
    assert "Versions" not in root.list_object_versions(Bucket=bucket)


def test_copy_reads_the_source(world: World) -> None:
    source, target = world.bucket(), world.bucket()
    world.client("s3").put_object(Bucket=source, Key="a b", Body=b"x")
    arguments = {"Bucket": target, "Key": "k", "CopySource": {"Bucket": source, "Key": "a b"}}
    write = allow("s3:PutObject", f"arn:aws:s3:::{target}/*")
    blind = world.client("s3", world.user(write))
    assert f's3:GetObject on resource: "arn:aws:s3:::{source}/a b"' in refusal(blind.copy_object, **arguments)[2]
    world.client("s3", world.user(write, allow("s3:GetObject", f"arn:aws:s3:::{source}/*"))).copy_object(**arguments)


@pytest.mark.parametrize(
    ("call", "action"),
    [
        ("get_bucket_location", "s3:GetBucketLocation"),
        ("get_bucket_versioning", "s3:GetBucketVersioning"),
        ("get_bucket_encryption", "s3:GetEncryptionConfiguration"),
        ("get_public_access_block", "s3:GetBucketPublicAccessBlock"),
        ("get_bucket_tagging", "s3:GetBucketTagging"),
        ("get_bucket_policy", "s3:GetBucketPolicy"),
        ("get_bucket_policy_status", "s3:GetBucketPolicyStatus"),
        ("get_bucket_lifecycle_configuration", "s3:GetLifecycleConfiguration"),
        ("list_multipart_uploads", "s3:ListBucketMultipartUploads"),
        ("head_bucket", "s3:ListBucket"),
    ],
)
def test_bucket_sub_resources(world: World, call: str, action: str) -> None:
    bucket = world.bucket()
    root = world.client("s3")
    root.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
    root.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    policy(world, bucket, deny("s3:DeleteBucket", f"arn:aws:s3:::{bucket}", Principal={"AWS": ACCOUNT}))
    allowed = world.client("s3", world.user(allow(action, f"arn:aws:s3:::{bucket}")))
    getattr(allowed, call)(Bucket=bucket)
    refused = world.client("s3", world.user(allow("s3:*", f"arn:aws:s3:::{bucket}/*")))
    assert refusal(getattr(refused, call), Bucket=bucket)[1] == 403


def test_tls_only_policy_lets_loopback_in(world: World) -> None:
    bucket = world.bucket()
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    policy(world, bucket, deny("s3:*", resources, Principal="*", Condition=insecure))
    s3 = world.client("s3", world.user(allow("s3:*", resources)))
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"
    s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k"}]})
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_bucket_policy_grants_and_denies(world: World) -> None:
    bucket = world.bucket()
    role = world.role()
    policy(
        world,
        bucket,
        allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal={"AWS": role}),
        deny("s3:PutObject", f"arn:aws:s3:::{bucket}/locked/*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
    )
    world.client("s3").put_object(Bucket=bucket, Key="k", Body=b"x")
    reader = world.client("s3", world.assume(role))
    assert reader.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"
    writer = world.client("s3", world.user(allow("s3:*")))
    writer.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert (
        "explicit deny in a resource-based policy"
        in refusal(writer.put_object, Bucket=bucket, Key="locked/k", Body=b"x")[2]
    )


def test_other_accounts_bucket_needs_both_sides(world: World) -> None:
    bucket = world.bucket(OTHER)
    keys = world.user(allow("s3:*"))
    s3 = world.client("s3", keys)
    assert refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"x")[0] == "AccessDenied"
    arn = world.client("sts", keys).get_caller_identity()["Arn"]
    resources = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    policy(world, bucket, allow("s3:*", resources, Principal={"AWS": arn}), account=OTHER)
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    owner = world.client("s3", world.root(OTHER))
    assert owner.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"
    assert bucket not in [found["Name"] for found in s3.list_buckets()["Buckets"]]


def test_delete_objects_is_answered_per_object(world: World) -> None:
    bucket = world.bucket()
    root = world.client("s3")
    for key in ("mine/a", "mine/b", "other/<c>"):
        root.put_object(Bucket=bucket, Key=key, Body=b"x")
    s3 = world.client("s3", world.user(allow("s3:DeleteObject", f"arn:aws:s3:::{bucket}/mine/*")))
    wanted = [{"Key": "mine/a"}, {"Key": "other/<c>"}]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": wanted})
    assert [item["Key"] for item in answer["Deleted"]] == ["mine/a"]
    assert [(item["Key"], item["Code"]) for item in answer["Errors"]] == [("other/<c>", "AccessDenied")]
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": wanted[1:]})
    assert "Deleted" not in answer
    assert answer["Errors"][0]["Key"] == "other/<c>"
    left = [item["Key"] for item in root.list_objects_v2(Bucket=bucket)["Contents"]]
    assert left == ["mine/b", "other/<c>"]


def test_name_held_by_another_account(world: World) -> None:
    bucket = world.bucket(OTHER)
    s3 = world.client("s3", world.user(allow("s3:*")))
    assert refusal(s3.create_bucket, Bucket=bucket)[0] == "BucketAlreadyExists"


def test_account_wide_block_has_its_own_actions(world: World) -> None:
    block = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    arguments: dict[str, Any] = {"AccountId": ACCOUNT, "PublicAccessBlockConfiguration": block}

    def control(action: str) -> Any:
        # botocore puts the account in front of the host, which no IP address can have.
        client = world.client("s3control", world.user(allow(action)))
        client.meta.events.register("before-sign.s3-control", drop_account)
        return client

    def drop_account(request: Any, **_: Any) -> None:
        request.url = request.url.replace(f"//{ACCOUNT}.", "//")

    reader = control("s3:GetAccountPublicAccessBlock")
    assert refusal(reader.put_public_access_block, **arguments)[:2] == ("AccessDenied", 403)
    control("s3:PutAccountPublicAccessBlock").put_public_access_block(**arguments)
    assert reader.get_public_access_block(AccountId=ACCOUNT)["PublicAccessBlockConfiguration"] == block


def test_anonymous_readers_need_a_public_policy(world: World) -> None:
    root, bucket = world.client("s3"), world.bucket()
    root.put_object(Bucket=bucket, Key="k", Body=b"x")
    url = f"{world.url}/{bucket}/k"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url, timeout=5)
    assert caught.value.code == 403
    caught.value.close()
    root.delete_public_access_block(Bucket=bucket)
    policy(world, bucket, allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal="*"))
    with urllib.request.urlopen(url, timeout=5) as answer:
        assert answer.read() == b"x"
