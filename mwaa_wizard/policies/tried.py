"""The smallest real calls, where IAM's simulator may not be asked: one that only reads for the caller's own documents,
and for a role's what its DAGs have written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mwaa_wizard.aws.errors import DENIED, code_of, is_missing
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution import names
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import bundle
from mwaa_wizard.policies import actions
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.policies.simulated import Verdict, listed
from mwaa_wizard.preflight.finding import Refused, look
from mwaa_wizard.text import clean

_Request = Callable[[str], dict[str, Any]]


def _tail(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]


# Action -> client, method, and the request for a resource: nothing is changed, and little is answered.
_CALLS: dict[str, tuple[str, str, _Request]] = {
    "airflow:GetEnvironment": ("mwaa", "get_environment", lambda arn: {"Name": _tail(arn)}),
    "airflow:ListEnvironments": ("mwaa", "list_environments", lambda _arn: {"MaxResults": 1}),
    "ec2:DescribeSubnets": ("ec2", "describe_subnets", lambda _arn: {"MaxResults": 5}),
    "iam:GetRole": ("iam", "get_role", lambda arn: {"RoleName": names.role_name_of(arn)}),
    "kms:DescribeKey": ("kms", "describe_key", lambda arn: {"KeyId": arn}),
    "logs:DescribeLogGroups": ("logs", "describe_log_groups", lambda _arn: {"limit": 1}),
    "logs:DescribeLogStreams": (
        "logs", "describe_log_streams",
        lambda arn: {"logGroupName": arn.split(":log-group:")[-1].split(":")[0], "limit": 1},
    ),
    "s3:GetBucketVersioning": ("s3", "get_bucket_versioning", lambda arn: {"Bucket": names.bucket_of(arn)}),
    "s3:ListBucket": ("s3", "list_objects_v2", lambda arn: {"Bucket": names.bucket_of(arn), "MaxKeys": 1}),
    "secretsmanager:ListSecrets": ("secretsmanager", "list_secrets", lambda _arn: {"MaxResults": 1}),
    "servicequotas:ListServiceQuotas": (
        "service-quotas", "list_service_quotas", lambda _arn: {"ServiceCode": "airflow", "MaxResults": 1}
    ),
}  # fmt: skip


def statement(ctx: Context, side: Side, wanted: dict[str, Any]) -> Verdict:
    """A statement of the caller's own, told by one call. Never raises: other statements are tried all the same."""
    sid, resources = str(wanted.get("Sid", "")), listed(wanted.get("Resource", "*"))
    action = next((one for one in listed(wanted.get("Action", [])) if one in _CALLS), "")
    arn = next((one for one in resources if one == "*" or not set(_name(one)) & set("*?")), "")
    if wanted.get("Effect") != "Allow" or not action or not arn or "Condition" in wanted:
        return Verdict(sid, "unknown", _("no call of it only reads, so none was tried"))
    service, method, request = _CALLS[action]
    try:
        look(ctx, side, service, method, **request(arn))
    except Refused:
        return Verdict(sid, "denied", action)
    except Exception as problem:
        # S3 says that a bucket is missing to those, too, who may not look at it.
        if not is_missing(problem) or service == "s3":
            said = clean(code_of(problem) or type(problem).__name__, limit=100)
            return Verdict(sid, "unknown", _("{action} was tried: {code}").format(action=action, code=said))
    more = len(listed(wanted["Action"])) > 1
    words = _("{action} was tried; the statement's other actions were not") if more else _("{action} was tried")
    return Verdict(sid, "allowed", words.format(action=action))


def _name(arn: str) -> str:
    return arn.split(":", 5)[-1]


def written(ctx: Context, piece: Piece, wanted: dict[str, Any]) -> str:
    """What proves that a role may write to the migration bucket: an object that only its DAGs write. Empty where there
    is none, or where it may not be looked at.
    """
    key = {"source-role": bundle.INVENTORY, "target-role": bundle.PUBLIC_KEY}.get(piece.policy.principal, "")
    arn = f"{names.bucket_of(ctx.session.migration_bucket)}/{key}"
    allows = [one for one in listed(wanted.get("Resource", [])) if actions.meet(one.rsplit(":", 1)[-1], arn)]
    if not key or "s3:PutObject" not in listed(wanted.get("Action", [])) or not allows:
        return ""
    try:
        found = look(ctx, "source", "s3", "head_object", Bucket=ctx.session.migration_bucket, Key=key)
    except Refused:
        return ""
    except Exception as problem:
        if is_missing(problem) or code_of(problem) in DENIED:
            return ""
        raise
    when = found["LastModified"].strftime("%Y-%m-%d %H:%M:%SZ")
    return _("by this the role wrote {key} at {time}").format(key=key, time=when)
