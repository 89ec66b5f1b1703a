"""Private buckets: made encrypted, closed to the public, recognisable as ours; emptied with every version.

Sources: S3 API reference (CreateBucket LocationConstraint, DeleteObjects takes 1,000 keys), MWAA user guide
mwaa-s3-bucket (versioning on, public access blocked, same region as the environment).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from mwaa_wizard.aws.errors import code_of, is_missing
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _

BATCH = 1000


def exists(client: Any, bucket: str) -> bool:
    """Whether a bucket of that name exists anywhere; one that is not ours to read counts too."""
    try:
        client.head_bucket(Bucket=bucket)
    except Exception as problem:
        if is_missing(problem):
            return False
        if code_of(problem) in ("403", "AccessDenied"):
            return True
        raise
    return True


def is_ours(ctx: Context, side: Side, bucket: str) -> bool:
    """Whether this session made the bucket: the journal says so, or its tag does (a kill between the two)."""
    if any(record["name"] == bucket for record in ctx.journal.live("bucket")):
        return True
    with contextlib.suppress(Exception):
        found = ctx.client(side, "s3").get_bucket_tagging(Bucket=bucket)["TagSet"]
        return {"Key": names.SESSION_TAG, "Value": ctx.session.id} in found
    return False


def make_private(ctx: Context, side: Side, bucket: str, *, versioned: bool) -> None:
    """Create the bucket on a side, or go on with ours: encrypted (SSE-S3), public access blocked, tagged.

    Raises WizardError where the name belongs to somebody else.
    """
    client = ctx.client(side, "s3")
    region = ctx.clients.place(side).region
    planned = any(r["name"] == bucket for r in ctx.journal.live("bucket"))
    if exists(client, bucket):
        if not is_ours(ctx, side, bucket):
            raise WizardError(
                what=_("The bucket name {name} is taken, and not by this session.").format(name=bucket),
                where="s3:HeadBucket",
                remedy=_("Choose another name (or delete that bucket if it is yours), then resume."),
            )
        ctx.log(_("Bucket {name} is there already and is ours.").format(name=bucket))
        if not planned:
            ctx.made("bucket", bucket, side=side, region=region)
    else:
        # Journaled before the call: a kill in between leaves a name in the journal, never a bucket outside it.
        ctx.made("bucket", bucket, side=side, region=region)
        request: dict[str, Any] = {"Bucket": bucket}
        if region != "us-east-1":
            request["CreateBucketConfiguration"] = {"LocationConstraint": region}
        try:
            answer = client.create_bucket(**request)
        except Exception as problem:
            # A lost answer is retried by botocore, and the second try finds the bucket that the first one made.
            if code_of(problem) != "BucketAlreadyOwnedByYou":
                if not planned and code_of(problem):
                    ctx.removed("bucket", bucket, why="create refused")
                raise
            answer = {}
        ctx.log(_("Made bucket {name} in {region}.").format(name=bucket, region=region))
        ctx.journal.write(
            ctx.step,
            "answered",
            call="s3:CreateBucket",
            name=bucket,
            request_id=answer.get("ResponseMetadata", {}).get("RequestId", ""),
        )
    client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": names.tag_list(ctx.session)})
    client.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    client.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    if versioned:
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def blocks_public_access(client: Any, bucket: str) -> bool:
    """Whether all four public access blocks are on."""
    try:
        block = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    except Exception as problem:
        if code_of(problem) == "NoSuchPublicAccessBlockConfiguration":
            return False
        raise
    wanted = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return all(block.get(name) for name in wanted)


def is_versioned(client: Any, bucket: str) -> bool:
    """Whether versioning is enabled."""
    return bool(client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled")


def versions(client: Any, bucket: str, prefix: str = "") -> Iterator[dict[str, str]]:
    """Every object version and delete marker below a prefix, as Key and VersionId."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            yield {"Key": entry["Key"], "VersionId": entry["VersionId"]}


def delete_versions(client: Any, bucket: str, entries: Iterator[dict[str, str]] | list[dict[str, str]]) -> int:
    """Delete the given versions, 1,000 a call. Returns how many; raises WizardError where S3 refuses one."""
    count = 0
    batch: list[dict[str, str]] = []

    def flush() -> None:
        nonlocal count
        if not batch:
            return
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": list(batch), "Quiet": True})
        if errors := answer.get("Errors"):
            first = errors[0]
            raise WizardError(
                what=_("S3 would not delete {count} objects of {bucket}.").format(count=len(errors), bucket=bucket),
                where=f"s3:DeleteObjects {first.get('Key')}: {first.get('Message')}",
                remedy=_("Grant s3:DeleteObject and s3:DeleteObjectVersion there, then resume."),
                code=str(first.get("Code", "")),
            )
        count += len(batch)
        batch.clear()

    for entry in entries:
        batch.append(entry)
        if len(batch) == BATCH:
            flush()
    flush()
    return count


def remove(ctx: Context, side: Side, bucket: str) -> None:
    """Empty a bucket of ours, delete it and journal that; a bucket that is gone is fine."""
    client = ctx.client(side, "s3")
    if exists(client, bucket):
        ctx.log(_("Emptying bucket {name} …").format(name=bucket))  # many objects take minutes
        count = delete_versions(client, bucket, list(versions(client, bucket)))
        client.delete_bucket(Bucket=bucket)
        ctx.log(_("Deleted bucket {name} with {count} object versions.").format(name=bucket, count=count))
    ctx.removed("bucket", bucket)
