"""DAG buckets: in the environment's region, versioned, closed to the public; a new one's name must be free.

Sources: MWAA user guide mwaa-s3-bucket, custom-keys-certs; Amazon S3 user guide bucketnamingrules.
"""

from __future__ import annotations

import re

from mwaa_wizard.aws.errors import code_of, is_missing
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight.finding import Finding, Findings, Verdict, label, look, target_values
from mwaa_wizard.resources import bucket as buckets

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_OLD_NAMES = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}  # GetBucketLocation, S3 API reference


def source(ctx: Context) -> Findings:
    """The source runs with its bucket, so what does not fit blocks nothing."""
    bucket = names.bucket_of(sides.environment(ctx, "source")["SourceBucketArn"])
    yield from _bucket(ctx, "source", bucket, "warn")


def target(ctx: Context) -> Findings:
    """The chosen bucket as MWAA wants it, or a free name for the one that is made."""
    name, bucket = label("target", _("bucket")), sides.target_bucket(ctx)
    if not ctx.session.target.create_bucket:
        yield from _bucket(ctx, "target", bucket, "fail")
    elif not _NAME.fullmatch(bucket):
        yield Finding(name, "fail", _("{bucket} is not a name that a bucket can have").format(bucket=bucket),
                      _("Choose another target name, or a bucket on page Settings."))  # fmt: skip
    elif buckets.exists(ctx.client("target", "s3"), bucket) and not buckets.is_ours(ctx, "target", bucket):
        yield Finding(name, "fail", _("{bucket} exists and is not ours").format(bucket=bucket),
                      _("Choose a bucket on page Settings, or another target name."))  # fmt: skip
    else:
        yield Finding(name, "pass", bucket)


def _bucket(ctx: Context, side: Side, bucket: str, verdict: Verdict) -> Findings:
    name, found = label(side, _("bucket")), []
    region = ctx.clients.place(side).region
    try:
        place = look(ctx, side, "s3", "get_bucket_location", Bucket=bucket).get("LocationConstraint")
    except Exception as problem:
        if not is_missing(problem):
            raise
        yield Finding(name, verdict, _("there is no bucket {bucket}").format(bucket=bucket),
                      _("Choose a bucket that exists on page Settings, or let the wizard make one."))  # fmt: skip
        return
    if (there := _OLD_NAMES.get(place, str(place))) != region:
        found.append((_("{bucket} is in {there}, not in {region}").format(bucket=bucket, there=there, region=region),
                      _("MWAA takes a bucket of its own region only: choose another.")))  # fmt: skip
    if look(ctx, side, "s3", "get_bucket_versioning", Bucket=bucket).get("Status") != "Enabled":
        found.append((_("{bucket} is not versioned").format(bucket=bucket),
                      _("Turn versioning on: MWAA needs it (mwaa-s3-bucket).")))  # fmt: skip
    if not _blocks_public_access(ctx, side, bucket):
        found.append((_("{bucket} does not block all public access").format(bucket=bucket),
                      _("Turn all four blocks on: MWAA needs them (mwaa-s3-bucket).")))  # fmt: skip
    for evidence, remedy in found:
        yield Finding(name, verdict, evidence, remedy)
    if not found:
        yield Finding(name, "pass", _("{bucket} in {region} is versioned and private").format(
            bucket=bucket, region=region))  # fmt: skip


def _blocks_public_access(ctx: Context, side: Side, bucket: str) -> bool:
    try:
        block = look(ctx, side, "s3", "get_public_access_block", Bucket=bucket)["PublicAccessBlockConfiguration"]
    except Exception as problem:
        if code_of(problem) == "NoSuchPublicAccessBlockConfiguration":
            return False
        raise
    return all(block.get(switch) for switch in BLOCKS)


def target_encryption(ctx: Context) -> Findings:
    """A chosen bucket that is encrypted with a key of its own: the execution role needs that key, too."""
    if ctx.session.target.create_bucket:
        return
    name, bucket = label("target", _("bucket encryption")), sides.target_bucket(ctx)
    try:
        answer = look(ctx, "target", "s3", "get_bucket_encryption", Bucket=bucket)
    except Exception as problem:
        if code_of(problem) == "ServerSideEncryptionConfigurationNotFoundError" or is_missing(problem):
            return
        raise
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"]
    keys = {rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID", "") for rule in rules} - {""}
    own = str(target_values(ctx).get("KmsKey") or "").rsplit("/", 1)[-1]
    foreign = sorted(key for key in keys if key.rsplit("/", 1)[-1] != own)
    if foreign:
        yield Finding(name, "warn", _("{bucket} is encrypted with {key}, the environment is not").format(
            bucket=bucket, key=listed(foreign)),
            _("Let the execution role use that key (kms:Decrypt), or choose it as the environment's key."))  # fmt: skip
    else:
        yield Finding(name, "pass", _("no other key than the environment's"))
