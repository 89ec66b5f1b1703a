"""Two accounts on one endpoint: who called what is counted, and a bucket answers in its own region only."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.aws.conftest import ACCOUNT, OTHER, World, allow


def mine(world: World, caller: str) -> list[dict[str, Any]]:
    return [row for row in world.aws.calls() if row["caller"] == caller]


def name_of(world: World, keys: tuple[str, str, str | None]) -> str:
    arn = world.client("sts", keys).get_caller_identity()["Arn"]
    return "user/" + str(arn).rsplit("/", 1)[1]


def test_calls_are_counted_by_caller_region_and_owner(world: World) -> None:
    bucket = world.bucket(OTHER)
    world.client("s3", world.root(OTHER)).put_object(Bucket=bucket, Key="a", Body=b"1")
    keys = world.user(allow("s3:*"))
    caller = name_of(world, keys)
    with pytest.raises(ClientError):
        world.client("s3", keys).get_object(Bucket=bucket, Key="a")
    world.client("logs", keys, region="eu-west-1")  # to make a client asks nothing
    rows = {(row["service"], row["operation"], row["region"], row["owner"]): row for row in mine(world, caller)}
    refused = rows["s3", "GetObject", "us-east-1", OTHER]
    assert (refused["account"], refused["count"]) == (ACCOUNT, 1), "a call that is refused was made all the same"
    assert set(rows) == {("sts", "GetCallerIdentity", "us-east-1", ACCOUNT), ("s3", "GetObject", "us-east-1", OTHER)}


def test_a_copy_counts_for_both_owners(world: World) -> None:
    theirs, ours = world.bucket(OTHER), world.bucket()
    keys = world.user(allow("s3:*"))
    caller = name_of(world, keys)
    with pytest.raises(ClientError):
        world.client("s3", keys).copy_object(Bucket=ours, Key="a", CopySource={"Bucket": theirs, "Key": "a"})
    assert {row["owner"] for row in mine(world, caller) if row["operation"] == "CopyObject"} == {ACCOUNT, OTHER}


def test_a_bucket_redirects_from_other_regions(world: World) -> None:
    """boto3 follows by itself; who does not is told where the bucket is."""
    bucket = world.bucket()
    keys = world.user(allow("s3:*"))
    caller = name_of(world, keys)
    world.client("s3", keys, region="eu-west-1").put_object(Bucket=bucket, Key="a", Body=b"1")
    assert {row["region"] for row in mine(world, caller) if row["operation"] == "PutObject"} == {
        "eu-west-1", "us-east-1",
    }  # fmt: skip
    answer = world.client("s3", keys, region="eu-west-1").head_bucket(Bucket=bucket)
    assert answer["BucketRegion"] == "us-east-1"
