"""The exact text to paste, its size against IAM's limits, and what IAM's grammar would refuse.

Sources: IAM user guide, reference_policies_grammar, reference_iam-quotas; Amazon S3 user guide, bucket-policies.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from mwaa_wizard.i18n import _
from mwaa_wizard.policies.facts import VERSION, Document, Policy

# Characters without whitespace (IAM counts none): inline policies of a role together, trust policy, bucket policy.
INLINE_ROLE_LIMIT = 10_240
TRUST_LIMIT = 2_048
MANAGED_LIMIT = 6_144  # a policy of its own, to be attached to people
BUCKET_LIMIT = 20_480  # bytes, whitespace counted
KEY_LIMIT = 32_768  # bytes

_SID = re.compile(r"[A-Za-z0-9]*")
_ACTION = re.compile(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+")
_ARN = re.compile(r"arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S*")
_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_OPERATORS = (
    "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotLike", "ArnEquals",
    "ArnLike", "ArnNotEquals", "ArnNotLike", "Bool", "Null", "NumericEquals", "DateLessThan", "DateGreaterThan",
    "IpAddress", "NotIpAddress",
)  # fmt: skip
# Global services' ARNs have neither region nor account, S3's have none for buckets and objects.
_NO_PLACE = {"s3"}
_NO_REGION = {"iam", "s3"}


def to_json(policy: Policy) -> str:
    """The document as it is pasted or sent: two spaces, one newline at the end, no comments."""
    return json.dumps(policy.document, indent=2, ensure_ascii=True) + "\n"


def size(document: Document) -> int:
    """Characters IAM counts: the document without whitespace."""
    return len(re.sub(r"\s", "", json.dumps(document)))


def limit(policy: Policy) -> int:
    """The limit `size` is measured against."""
    if policy.principal in ("operator", "ui-users"):
        return MANAGED_LIMIT
    if policy.principal == "migration-bucket":
        return BUCKET_LIMIT
    if policy.principal == "kms-key":
        return KEY_LIMIT
    return TRUST_LIMIT if is_trust(policy.document) else INLINE_ROLE_LIMIT


def is_trust(document: Document) -> bool:
    """Whether the document says who may assume a role: no statement has a resource."""
    return all("Resource" not in s and "NotResource" not in s for s in document.get("Statement", []))


def split(policy: Policy) -> list[Policy]:
    """The policy, or as many of it as its limit demands, whole statements in each: `NAME`, `NAME-2` and so on."""
    parts: list[list[dict[str, Any]]] = [[]]
    for statement in policy.document["Statement"]:
        wider = {**policy.document, "Statement": [*parts[-1], statement]}
        if parts[-1] and size(wider) > limit(policy):
            parts.append([])
        parts[-1].append(statement)
    return [
        dataclasses.replace(
            policy,
            name=policy.name if number == 1 else f"{policy.name}-{number}",
            document={**policy.document, "Statement": part},
            why={str(one["Sid"]): policy.why[str(one["Sid"])] for one in part},
        )
        for number, part in enumerate(parts, 1)
    ]


def statement_problems(policy: Policy) -> dict[str, list[str]]:
    """Sid -> what IAM's grammar, AWS's list of actions and their resources have against the statement."""
    from mwaa_wizard.policies import actions

    return {
        str(one.get("Sid", "")): [*_statement(one), *([] if policy.principal == "kms-key" else actions.problems(one))]
        for one in policy.document["Statement"]
    }


def check_policy(policy: Policy) -> list[str]:
    """Everything `check` finds, and whether name and size fit."""
    found = check(policy.document)
    if not _NAME.fullmatch(policy.name):
        found.append(_("The policy's name {name} has characters IAM does not take.").format(name=policy.name))
    used, most = size(policy.document), limit(policy)
    if used > most:
        found.append(_("The document has {used} characters; IAM takes {most}.").format(used=used, most=most))
    return found


def check(document: Document) -> list[str]:
    """Grammar problems in plain words, empty if IAM would take the document."""
    found: list[str] = []
    if document.get("Version") != VERSION:
        found.append(_("Version must be {version}.").format(version=VERSION))
    found += [_("{name} is not an element of a policy.").format(name=n) for n in document if n not in _TOP]
    statements = document.get("Statement")
    if not isinstance(statements, list) or not statements:
        return [*found, _("There is no statement.")]
    sids = [str(s.get("Sid", "")) for s in statements if s.get("Sid")]
    found += [_("Sid {sid} is used twice.").format(sid=sid) for sid in sorted({s for s in sids if sids.count(s) > 1})]
    for number, statement in enumerate(statements, 1):
        sid = str(statement.get("Sid") or number)
        found += [_("Statement {sid}: {problem}").format(sid=sid, problem=text) for text in _statement(statement)]
    text = json.dumps(document, ensure_ascii=False)
    if any(not (char in "\t\n\r" or " " <= char <= "\u00ff") for char in text):
        found.append(_("Only characters up to U+00FF are taken."))
    return found


_TOP = ("Version", "Id", "Statement")
_ELEMENTS = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
             "Condition"}  # fmt: skip


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _statement(statement: dict[str, Any]) -> list[str]:
    found = [_("{name} is not an element of a statement.").format(name=n) for n in statement if n not in _ELEMENTS]
    if not _SID.fullmatch(str(statement.get("Sid", ""))):
        found.append(_("its Sid may hold letters and digits only."))
    if statement.get("Effect") not in ("Allow", "Deny"):
        found.append(_("Effect must be Allow or Deny."))
    if ("Action" in statement) == ("NotAction" in statement):
        found.append(_("it needs either Action or NotAction."))
    for action in _list(statement.get("Action", statement.get("NotAction", []))):
        if not isinstance(action, str) or not _ACTION.fullmatch(action):
            found.append(_("{action} is not an action; write service:Action.").format(action=action))
    has_resource = "Resource" in statement or "NotResource" in statement
    if not has_resource and "Principal" not in statement:
        found.append(_("it needs a Resource (or, as a trust policy, a Principal)."))
    for arn in _list(statement.get("Resource", statement.get("NotResource", []))):
        found += _resource(arn)
    return found + _condition(statement.get("Condition", {}))


def _resource(arn: Any) -> list[str]:
    if arn == "*":
        return []
    if not isinstance(arn, str) or not _ARN.fullmatch(arn):
        return [_("{arn} is not an ARN.").format(arn=arn)]
    _arn, _partition, service, region, account, _name = arn.split(":", 5)
    if service == "s3" and _name.startswith("/"):
        return [_("{arn} lacks its bucket; the environment could not be asked yet.").format(arn=arn)]
    if not _name or _name.endswith(("role/", ":")):
        return [_("{arn} lacks its name; the environment could not be asked yet.").format(arn=arn)]
    if (not region and service not in _NO_REGION) or (not account and service not in _NO_PLACE):
        return [_("{arn} lacks its region or account; connect that side first.").format(arn=arn)]
    return []


def _condition(condition: Any) -> list[str]:
    if not isinstance(condition, dict):
        return [_("Condition must be an object.")]
    found = []
    for operator, keys in condition.items():
        plain = operator.removesuffix("IfExists").removeprefix("ForAnyValue:").removeprefix("ForAllValues:")
        if plain not in _OPERATORS:
            found.append(_("{operator} is not a condition operator.").format(operator=operator))
        for key, value in keys.items() if isinstance(keys, dict) else [("", "")]:
            if ":" not in key:
                found.append(_("{key} is not a condition key.").format(key=key))
            elif any(not str(item) or "::" in str(item).replace("iam::", "") for item in _list(value)):
                found.append(_("condition {key} has no complete value; connect that side first.").format(key=key))
    return found
