"""The requirements.txt an environment is pinned to, rewritten for another Airflow version, as a new object version.

The old version stays in the bucket (MWAA wants it versioned), and its id in the journal: undo points back to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.resources.constraints import Rewritten, image_of, rewrite

PATH, VERSION = "RequirementsS3Path", "RequirementsS3ObjectVersion"
MOST = 1 << 20  # bytes; a larger file is no list of requirements


@dataclass(frozen=True)
class Requirements:
    """Where the file is, the version that is used now, and what becomes of it."""

    bucket: str
    key: str
    version_id: str
    rewritten: Rewritten


def look(ctx: Context, environment: dict[str, Any], edits: dict[str, object], version: str) -> Requirements | None:
    """The file that the environment will use with `version`; None where it uses none. Reads only.

    `edits`: settings that the user changes along. Raises WizardError where it is gone, or cannot be text.
    """
    key = str(edits.get(PATH) or environment.get(PATH) or "")
    if not key:
        return None
    bucket = names.bucket_of(str(edits.get("SourceBucketArn") or environment["SourceBucketArn"]))
    same = bucket == names.bucket_of(environment["SourceBucketArn"]) and key == environment.get(PATH)
    pinned = str(environment.get(VERSION) or "") if same else ""
    asked = {"Bucket": bucket, "Key": key, **({"VersionId": pinned} if pinned else {})}
    try:
        answer = ctx.client("target", "s3").get_object(**asked)
    except Exception as problem:
        if not is_missing(problem):
            raise
        raise _bad(_("The environment's requirements are not there."), f"s3://{bucket}/{key} {pinned}") from None
    body: bytes = answer["Body"].read(MOST + 1)
    try:
        text = body[: MOST + 1].decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if len(body) > MOST or (body and not text):
        raise _bad(_("The environment's requirements are not a text file."), f"s3://{bucket}/{key} {pinned}")
    found = rewrite(text, image_of(str(environment.get("AirflowVersion", ""))), image_of(version))
    return Requirements(bucket, key, str(answer.get("VersionId") or pinned), found)


def put(ctx: Context, wanted: Requirements) -> str:
    """The version id to pin: the file's own where nothing changes, else that of the new object (journaled).

    A new object of this session that has the text already is used again, so a resume puts none twice.
    """
    if not wanted.rewritten.changed:
        return wanted.version_id
    client, body = ctx.client("target", "s3"), wanted.rewritten.text.encode()
    for record in ctx.journal.live("object"):
        if record.get("bucket") == wanted.bucket and record.get("key") == wanted.key and record.get("step") == ctx.step:
            there = client.get_object(Bucket=wanted.bucket, Key=wanted.key, VersionId=record["version_id"])
            if there["Body"].read() == body:
                return str(record["version_id"])
    answer = client.put_object(Bucket=wanted.bucket, Key=wanted.key, Body=body, ContentType="text/plain")
    version_id = str(answer.get("VersionId") or "null")
    ctx.made(
        "object",
        f"{wanted.bucket}/{wanted.key}#{version_id}",
        bucket=wanted.bucket,
        key=wanted.key,
        version_id=version_id,
        member=VERSION,
        request_id=sides.request_id(answer),
    )
    ctx.log(_("Put a new version of {key} into {bucket}; the old one stays.").format(
        key=wanted.key, bucket=wanted.bucket))  # fmt: skip
    return version_id


def remove(ctx: Context, step: str) -> None:
    """Delete the versions that a step put there, so that the one before is the newest again."""
    from mwaa_wizard.resources import bucket as buckets

    for record in ctx.journal.live("object"):
        if record.get("step") != step:
            continue
        entry = {"Key": str(record["key"]), "VersionId": str(record["version_id"])}
        if buckets.exists(ctx.client("target", "s3"), record["bucket"]):
            buckets.delete_versions(ctx.client("target", "s3"), record["bucket"], [entry])
        ctx.removed("object", record["name"])


def _bad(what: str, where: str) -> WizardError:
    return WizardError(
        what=what,
        where=where,
        changed=_("The environment is as it was."),
        remedy=_("Put the file there, or choose another one on page Settings; then resume."),
    )
