"""Reads a trust policy as IAM would for MWAA's call: who may assume, and under which conditions.

Sources: MWAA user guide mwaa-create-role, cross-service-confused-deputy-prevention; IAM user guide
reference_policies_elements_condition_operators.
"""

from __future__ import annotations

import fnmatch
import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from mwaa_wizard.text import clean

SERVICES = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
Outcome = Literal["yes", "no", "unknown"]


@dataclass(frozen=True)
class Trust:
    """Whether a service may assume the role; `condition`: what stands against it, empty where nobody is named."""

    outcome: Outcome
    condition: str = ""


def document_of(role: dict[str, Any]) -> dict[str, Any]:
    """A role's trust policy; botocore decodes it, other paths leave it URL-encoded JSON."""
    found = role.get("AssumeRolePolicyDocument", {})
    if isinstance(found, str):
        found = json.loads(unquote(found))
    return dict(found) if isinstance(found, dict) else {}


def admits(document: dict[str, Any], service: str, context: dict[str, str]) -> Trust:
    """May `service` assume a role with this trust policy, its call carrying `context` (condition key -> value)?"""
    keys = {key.lower(): value for key, value in context.items()}
    result = Trust("no")
    for statement in _listed(document.get("Statement", [])):
        if not isinstance(statement, dict) or not _names(statement, service):
            continue
        conditions = statement.get("Condition")
        outcome, why = _holds(conditions if isinstance(conditions, dict) else {}, keys)
        if statement.get("Effect") == "Deny":
            if outcome == "yes":
                return Trust("no", why or "Deny")
            if outcome == "unknown" and result.outcome == "yes":
                result = Trust("unknown", why)
            continue
        if outcome == "yes" and result.outcome != "unknown":
            result = Trust("yes")
        elif result.outcome == "no":
            result = Trust(outcome, why)
    return result


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _names(statement: dict[str, Any], service: str) -> bool:
    principal = statement.get("Principal", {})
    named = ["*"] if principal == "*" else _listed(principal.get("Service", [])) if isinstance(principal, dict) else []
    actions = {str(action).lower() for action in _listed(statement.get("Action", []))}
    return bool({service, "*"} & {str(name) for name in named}) and bool({"sts:assumerole", "sts:*", "*"} & actions)


def _holds(conditions: dict[str, Any], keys: dict[str, str]) -> tuple[Outcome, str]:
    """Whether all conditions hold, and the first that does not (or cannot be judged from here)."""
    unknown = ""
    for operator, pairs in conditions.items():
        for key, wanted in pairs.items() if isinstance(pairs, dict) else []:
            told = clean(f"{operator} {key} = {json.dumps(wanted)}", limit=400)
            met = _met(operator, keys.get(key.lower()), [str(item) for item in _listed(wanted)])
            if met is False:
                return "no", told
            if met is None:
                unknown = unknown or told
    return ("unknown", unknown) if unknown else ("yes", "")


def _met(operator: str, have: str | None, wanted: list[str]) -> bool | None:
    plain = operator.removeprefix("ForAnyValue:").removeprefix("ForAllValues:")
    lenient = plain.endswith("IfExists")
    plain = plain.removesuffix("IfExists").lower()
    if have is None:
        return True if lenient else None
    negative = "not" in plain
    plain = plain.replace("not", "")
    if plain == "stringequals":
        found = have in wanted
    elif plain == "stringequalsignorecase":
        found = have.lower() in [item.lower() for item in wanted]
    elif plain in ("stringlike", "arnlike", "arnequals"):
        found = any(_like(item, have) for item in wanted)
    else:
        return None
    return found != negative


def _like(pattern: str, text: str) -> bool:
    """IAM's `*` and `?`; brackets mean themselves, unlike in a shell."""
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))
