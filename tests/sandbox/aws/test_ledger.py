"""Decisions are kept while somebody asks for them: every permission that a request needs, as it was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa_wizard.sandbox.aws.authorise.ledger import LEDGER
from tests.sandbox.aws.conftest import ACCOUNT, World, allow


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    LEDGER.begin()
    yield
    LEDGER.end()


def asked(role: str) -> list[tuple[str, str, bool]]:
    rows: list[dict[str, Any]] = [row for row in LEDGER.rows() if row["principal"] == role]
    return sorted((row["action"], row["resource"].rpartition(":::")[2], row["allowed"]) for row in rows)


def test_a_copy_is_both_of_its_permissions_under_the_role(world: World) -> None:
    bucket = world.bucket()
    world.client("s3").put_object(Bucket=bucket, Key="a", Body=b"1")
    role = world.role(allow("s3:*"))
    s3 = world.client("s3", world.assume(role))
    s3.copy_object(Bucket=bucket, Key="b", CopySource={"Bucket": bucket, "Key": "a"})
    assert asked(role) == [("s3:GetObject", f"{bucket}/a", True), ("s3:PutObject", f"{bucket}/b", True)]


def test_what_is_refused_is_kept_as_refused(world: World) -> None:
    bucket, role = world.bucket(), world.role(allow("s3:GetObject"))
    with pytest.raises(ClientError):
        world.client("s3", world.assume(role)).get_object(Bucket=bucket, Key="none")
    # S3 says that it is not there only to those who may list.
    assert asked(role) == [("s3:GetObject", f"{bucket}/none", True), ("s3:ListBucket", bucket, False)]


def test_what_differs_in_numbers_is_one_row_and_what_is_asked_of_the_context_is_there(world: World) -> None:
    bucket, role = world.bucket(), world.role(allow("s3:*"))
    s3 = world.client("s3", world.assume(role))
    for number in range(3):
        s3.put_object(Bucket=bucket, Key=f"parts/{number}.gz", Body=b"1")
    for prefix in ("parts/", "work/"):
        s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
    assert asked(role).count(("s3:ListBucket", bucket, True)) == 2
    assert [row[1] for row in asked(role) if row[0] == "s3:PutObject"] == [f"{bucket}/parts/0.gz"]
    row = next(row for row in LEDGER.rows() if row["principal"] == role)
    assert row["context"] == {"s3:prefix": "parts/"}
    assert (row["kind"], row["account"], row["owner"], row["ours"]) == ("assumed-role", ACCOUNT, ACCOUNT, False)


def test_the_wizard_s_own_calls_are_told_by_its_name(world: World) -> None:
    role = world.role(allow("s3:ListAllMyBuckets"))
    world.client("s3", world.assume(role), user_agent_extra="mwaa-wizard").list_buckets()
    assert [row["ours"] for row in LEDGER.rows() if row["principal"] == role] == [True]


def test_nothing_is_kept_unasked_and_no_value_ever(world: World) -> None:
    role = world.role(allow(["secretsmanager:*"]))
    secrets = world.client("secretsmanager", world.assume(role))
    secrets.create_secret(Name=world.name("secret"), SecretString="canary-4711")
    assert "canary-4711" not in repr(LEDGER.rows())
    assert [row["action"] for row in LEDGER.rows() if row["principal"] == role] == ["secretsmanager:CreateSecret"]
    LEDGER.end()
    secrets.list_secrets()
    assert LEDGER.rows() == []
