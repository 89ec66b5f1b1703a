"""IAM's simulator asked about whole statements: with examples for wildcards, and the conditions as they will hold.

Source: IAM API reference, SimulatePrincipalPolicy (ActionNames take no wildcards; MatchedStatements.SourcePolicyId).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from mwaa_wizard.aws.errors import HOPELESS, code_of
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.i18n import listed as in_a_row
from mwaa_wizard.policies import actions
from mwaa_wizard.preflight.finding import look_all
from mwaa_wizard.text import clean

State = Literal["allowed", "denied", "unknown"]
_MANY = 25  # actions a call
# What a condition operator begins with -> the type of its key (IAM API reference, ContextEntry).
_TYPES = (("Bool", "boolean"), ("Numeric", "numeric"), ("Date", "date"), ("IpAddress", "ip"), ("NotIp", "ip"),
          ("Binary", "binary"))  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """One statement. `detail` is what is refused, why it could not be told, or by which policies it is allowed."""

    sid: str
    state: State
    detail: str = ""


def listed(value: Any) -> list[str]:
    """A policy's element, always as a list."""
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def example(arn: str) -> str:
    """An ARN that the pattern stands for: `*` alone stays, elsewhere something takes its place."""
    if arn == "*":
        return arn
    parts = arn.split(":", 5)
    if len(parts) == 6 and parts[4] == "*":
        parts[4] = "123456789012"
    return ":".join(part.replace("*", "x").replace("?", "x") for part in parts)


def statement(ctx: Context, side: Side, principal: str, wanted: dict[str, Any]) -> Verdict:
    """What IAM says of a statement for a principal. Raises Refused where it may not be asked, and as boto3 does."""
    sid = str(wanted.get("Sid", ""))
    if wanted.get("Effect") != "Allow":
        return Verdict(sid, "unknown", _("A Deny allows nothing, so there is nothing to ask."))
    if "Resource" not in wanted:
        return Verdict(sid, "unknown", _("It depends on keys of other accounts, about which IAM cannot be asked."))
    names = [name for action in listed(wanted["Action"]) for name in actions.named(action, listed(wanted["Resource"]))]
    request: dict[str, Any] = {
        "PolicySourceArn": principal, "ResourceArns": [example(arn) for arn in listed(wanted["Resource"])]
    }  # fmt: skip
    if entries := _entries(wanted.get("Condition", {})):
        request["ContextEntries"] = entries
    rows: list[dict[str, Any]] = []
    try:
        for start in range(0, len(names), _MANY):
            rows += _rows(ctx, side, names[start : start + _MANY], request)
    except Exception as problem:
        code = code_of(problem)
        if not code or code in HOPELESS or code == "NoSuchEntity":
            raise
        return Verdict(sid, "unknown", _("IAM's simulator could not tell: {code}").format(code=clean(code, limit=100)))
    return _summed(sid, rows)


def _rows(ctx: Context, side: Side, names: list[str], request: dict[str, Any]) -> list[dict[str, Any]]:
    """EvaluationResults; one by one where IAM takes the actions not together (they need resources of other kinds)."""
    try:
        return look_all(
            ctx, side, "iam", "simulate_principal_policy", "EvaluationResults", ActionNames=names, **request
        )
    except Exception as problem:
        if code_of(problem) != "InvalidInput" or len(names) == 1:
            raise
    return [row for name in names for row in _rows(ctx, side, [name], request)]


def _entries(condition: dict[str, Any]) -> list[dict[str, Any]]:
    """The condition's keys as they will be in the real call."""
    found = []
    for operator, keys in condition.items():
        plain = operator.removeprefix("ForAnyValue:").removeprefix("ForAllValues:")
        kind = next((type_ for start, type_ in _TYPES if plain.startswith(start)), "string")
        for key, values in keys.items():
            value = example_text(listed(values)[0])
            kind_ = f"{kind}List" if plain != operator else kind
            found.append({"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": kind_})
    return found


def example_text(pattern: str) -> str:
    """A text that the pattern stands for."""
    return pattern.replace("*", "x").replace("?", "x")


def _summed(sid: str, rows: list[dict[str, Any]]) -> Verdict:
    refused = {str(row["EvalActionName"]): row for row in rows if not _allowed(row)}
    missing = sorted({str(name) for row in rows for name in row.get("MissingContextValues") or []})
    if refused and missing and not any(_stopper(row) for row in refused.values()):
        return Verdict(sid, "unknown", _("It depends on {keys}.").format(keys=in_a_row(missing)))
    if refused:
        return Verdict(sid, "denied", " · ".join(_by_reason(refused)))
    by = {str(one.get("SourcePolicyId", "")) for row in rows for one in row.get("MatchedStatements") or []}
    return Verdict(sid, "allowed", in_a_row(sorted(clean(name, limit=200) for name in by if name)))


def _allowed(row: dict[str, Any]) -> bool:
    """On every resource that was asked about: with several, IAM may answer each beside the sum."""
    each = [one.get("EvalResourceDecision") for one in row.get("ResourceSpecificResults") or []]
    return all(decision in (None, "allowed") for decision in (row["EvalDecision"], *each))


def _stopper(row: dict[str, Any]) -> str:
    """What no policy of the principal's own can help against; empty where one could."""
    if row.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return _("a service control policy of your organization does not allow it")
    if row.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return _("the permissions boundary does not allow it")
    if row["EvalDecision"] == "explicitDeny":
        return _("a Deny forbids it")
    return ""


def _by_reason(refused: dict[str, dict[str, Any]]) -> list[str]:
    """`s3:PutObject, s3:GetObject` or `s3:PutObject (a Deny forbids it)`, those of one reason together."""
    groups: dict[str, list[str]] = {}
    for action in sorted(refused):
        groups.setdefault(_stopper(refused[action]), []).append(action)
    return [in_a_row(several) + (f" ({why})" if why else "") for why, several in groups.items()]
