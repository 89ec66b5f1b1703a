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
from mwaa_wizard.policies import actions
from mwaa_wizard.preflight.finding import look_all
from mwaa_wizard.text import clean

State = Literal["allowed", "denied", "unknown"]
_MANY = 25  # a statement's wildcards stand for so many actions at most


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
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": [item.replace("*", "x") for item in listed(values)],
         "ContextKeyType": "stringList" if operator.startswith("For") else "string"}
        for operator, keys in wanted.get("Condition", {}).items() for key, values in keys.items()
    ]  # fmt: skip
    entries = [{**one, "ContextKeyValues": one["ContextKeyValues"][:1]} for one in entries]
    resources = [example(arn) for arn in listed(wanted["Resource"])]
    try:
        rows = look_all(
            ctx, side, "iam", "simulate_principal_policy", "EvaluationResults", PolicySourceArn=principal,
            ActionNames=names[:_MANY], ResourceArns=resources, **({"ContextEntries": entries} if entries else {}),
        )  # fmt: skip
    except Exception as problem:
        code = code_of(problem)
        if not code or code in HOPELESS or code == "NoSuchEntity":
            raise
        return Verdict(sid, "unknown", _("IAM's simulator could not tell: {code}").format(code=clean(code, limit=100)))
    return _summed(sid, rows)


def _summed(sid: str, rows: list[dict[str, Any]]) -> Verdict:
    refused = sorted({str(row["EvalActionName"]) for row in rows if row["EvalDecision"] != "allowed"})
    missing = sorted({str(name) for row in rows for name in row.get("MissingContextValues") or []})
    if refused and missing:
        return Verdict(sid, "unknown", _("It depends on {keys}.").format(keys=", ".join(missing)))
    if refused:
        return Verdict(sid, "denied", ", ".join(refused))
    by = {str(one.get("SourcePolicyId", "")) for row in rows for one in row.get("MatchedStatements") or []}
    return Verdict(sid, "allowed", ", ".join(sorted(clean(name, limit=200) for name in by if name)))
