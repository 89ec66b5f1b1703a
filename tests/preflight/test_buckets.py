"""Buckets: versioning, public access, region, name, encryption."""

from __future__ import annotations

import pytest

from mwaa_wizard.execution import names
from mwaa_wizard.preflight import buckets
from tests.execution.fakes import Rig
from tests.preflight import world
from tests.preflight.world import one, tell


@pytest.fixture
def chosen(rig: Rig) -> Rig:
    """The target takes the source's bucket, in which nothing is wrong."""
    world.keep_role_and_bucket(rig)
    one(rig, buckets.target, "pass")
    return rig


def test_a_bucket_without_versioning_fails(chosen: Rig) -> None:
    chosen.s3.put_bucket_versioning(Bucket=chosen.source_bucket, VersioningConfiguration={"Status": "Suspended"})
    assert "not versioned" in one(chosen, buckets.target, "fail").evidence
    one(chosen, buckets.source, "warn")


def test_a_bucket_open_to_the_public_fails(chosen: Rig) -> None:
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True}
    chosen.s3.put_public_access_block(
        Bucket=chosen.source_bucket,
        PublicAccessBlockConfiguration={**block, "RestrictPublicBuckets": False},
    )
    assert "public access" in one(chosen, buckets.target, "fail").evidence
    chosen.s3.delete_public_access_block(Bucket=chosen.source_bucket)
    one(chosen, buckets.target, "fail")


def test_a_bucket_of_another_region_fails(chosen: Rig) -> None:
    bucket = f"far-{chosen.session.id}"
    chosen.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    chosen.session.target.settings["SourceBucketArn"] = f"arn:aws:s3:::{bucket}"
    told = tell(chosen, buckets.target)
    assert "is in eu-west-1, not in us-east-1" in told[0].evidence
    assert {finding.verdict for finding in told} == {"fail"}
    assert len(told) == 2  # and it is not versioned


def test_a_bucket_that_is_not_there_fails(chosen: Rig) -> None:
    chosen.session.target.settings["SourceBucketArn"] = "arn:aws:s3:::no-such-bucket-here"
    assert "no bucket" in one(chosen, buckets.target, "fail").evidence


def test_a_new_buckets_name_must_be_free(rig: Rig) -> None:
    name = names.target_bucket(rig.session)
    assert one(rig, buckets.target, "pass").evidence == name
    rig.s3.create_bucket(Bucket=name)
    assert "not ours" in one(rig, buckets.target, "fail").evidence
    rig.s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": names.tag_list(rig.session)})
    one(rig, buckets.target, "pass")


def test_a_bucket_with_a_key_of_its_own_is_a_warning(chosen: Rig) -> None:
    one(chosen, buckets.target_encryption, "pass")
    key = chosen.clients.client("target", "kms").create_key()["KeyMetadata"]["Arn"]
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    chosen.s3.put_bucket_encryption(
        Bucket=chosen.source_bucket, ServerSideEncryptionConfiguration={"Rules": [rule]}
    )
    assert key in one(chosen, buckets.target_encryption, "warn").evidence
    chosen.session.target.settings["KmsKey"] = key
    one(chosen, buckets.target_encryption, "pass")
    chosen.session.target.create_bucket = True
    assert tell(chosen, buckets.target_encryption) == []
