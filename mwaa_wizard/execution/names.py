"""Names of what the wizard makes; each holds the session's id, so that ours can be told from others'."""

from __future__ import annotations

import re

from mwaa_wizard.session.model import Session

SESSION_TAG = "mwaa-wizard:session"


def target_role(session: Session) -> str:
    """`mwaa-<target>-<session id>`, at most 64 characters (IAM quotas: role name)."""
    return f"mwaa-{session.target.environment[: 64 - 6 - len(session.id)]}-{session.id}"


def target_bucket(session: Session) -> str:
    """`mwaa-<target>-<session id>` in S3's alphabet, at most 63 characters (S3: bucket naming rules)."""
    middle = re.sub(r"[^a-z0-9-]+", "-", session.target.environment.lower())
    middle = middle[: 63 - 6 - len(session.id)].strip("-")
    return re.sub(r"-{2,}", "-", f"mwaa-{middle}-{session.id}")


def role_name_of(arn: str) -> str:
    """The name in a role's ARN; a path (`role/service-role/NAME`) is not part of it."""
    return arn.rsplit("/", 1)[-1]


def bucket_of(arn: str) -> str:
    """The name in a bucket's ARN."""
    return arn.rsplit(":", 1)[-1].split("/", 1)[0]


def tags(session: Session) -> dict[str, str]:
    """What everything of ours is tagged with."""
    return {SESSION_TAG: session.id}


def tag_list(session: Session) -> list[dict[str, str]]:
    """The tags in the form of IAM and S3."""
    return [{"Key": key, "Value": value} for key, value in tags(session).items()]
