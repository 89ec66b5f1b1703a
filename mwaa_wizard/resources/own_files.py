"""Files that the user names for the target and the source does not have there: a startup script of its own, say.

They are taken from where they lie, the target's bucket before the source's, and pinned to the version found: MWAA user
guide, using-startup-script (its version is mandatory) and mwaa-s3-bucket (versions are per bucket).
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean


def head(client: Any, bucket: str, key: str, version: str = "") -> dict[str, Any] | None:
    """HeadObject's answer, or None where there is no such object."""
    try:
        found: dict[str, Any] = client.head_object(
            Bucket=bucket, Key=key, **({"VersionId": version} if version else {})
        )  # fmt: skip
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    return found


def prepared(ctx: Context, bucket: str, key: str) -> dict[str, Any] | None:
    """What lies at `key` in the target's bucket and was not brought there by this session: the user's own file."""
    found = head(ctx.client("target", "s3"), bucket, key)
    if found is None:
        return None
    ours = {(r["bucket"], r["key"], r["version_id"]) for r in ctx.journal.live("object")}
    return None if (bucket, key, str(found.get("VersionId") or "null")) in ours else found


def demand(member: str, key: str, target_bucket: str, source_bucket: str) -> WizardError:
    """The question to the user where neither bucket has the file."""
    return WizardError(
        what=_("{member} names {key}, which the source does not have and which is in neither bucket.").format(
            member=member, key=clean(key, limit=200)
        ),
        where=f"s3://{target_bucket}/{clean(key, limit=200)} · s3://{source_bucket}/{clean(key, limit=200)}",
        remedy=_("Upload it (aws s3 cp FILE s3://{bucket}/{key}) or leave the setting out on page Settings; "
                 "then resume.").format(bucket=target_bucket, key=clean(key, limit=200)),
        exit_code=EXIT_RESUMABLE,
    )  # fmt: skip
