"""Policy documents and which of their statements apply to a request.

Source: IAM user guide, "IAM JSON policy elements reference". No kept Python library evaluates policies with
conditions and variables: moto's IAMPolicy has neither, parliament and policy_sentry only read documents, and
cloud-copilot/iam-simulate is TypeScript under the AGPL.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from mwaa_wizard.sandbox.aws.authorise import conditions
from mwaa_wizard.sandbox.aws.authorise.patterns import Context, matches, matches_with_variables
from mwaa_wizard.sandbox.aws.principal import Principal, account_of

#: How closely a Principal element names the caller. Naming the account only delegates to its IAM policies.
Naming = Literal["none", "account", "role", "direct"]


@dataclass(frozen=True)
class Ask:
    """One question to IAM: may this principal do this action on this resource (an ARN or ``*``)?"""

    principal: Principal
    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True)
class Statement:
    """One statement, lists normalised. None means the element is absent."""

    effect: str
    actions: tuple[str, ...] | None
    not_actions: tuple[str, ...] | None
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    principal: Any
    not_principal: Any
    condition: dict[str, dict[str, Any]]
    variables: bool

    def applies(self, ask: Ask) -> bool:
        """Action, resource and condition (not the principal) fit."""
        return self._action(ask.action) and self._resource(ask) and conditions.holds(self.condition, ask.context)

    def _action(self, action: str) -> bool:
        if self.actions is not None:
            return any(matches(pattern, action, ignore_case=True) for pattern in self.actions)
        return not any(matches(pattern, action, ignore_case=True) for pattern in self.not_actions or ())

    def _resource(self, ask: Ask) -> bool:
        if self.resources is None and self.not_resources is None:
            # Trust policies have no Resource: the role they belong to is meant.
            return True
        if self.resources is not None:
            return any(self._matches(pattern, ask) for pattern in self.resources)
        return not any(self._matches(pattern, ask) for pattern in self.not_resources or ())

    def _matches(self, pattern: str, ask: Ask) -> bool:
        # Variables came with Version 2012-10-17; in an older document ${...} is plain text.
        if self.variables:
            return matches_with_variables(pattern, ask.resource, ask.context)
        return matches(pattern, ask.resource)

    def names(self, principal: Principal) -> Naming:
        """How this statement of a resource policy names the caller."""
        if self.not_principal is not None:
            return "none" if _naming(self.not_principal, principal) != "none" else "direct"
        return _naming(self.principal, principal)


def _naming(element: Any, principal: Principal) -> Naming:
    if element == "*":
        return "direct"
    if not isinstance(element, dict):
        return "none"
    if principal.kind == "service":
        return "direct" if principal.arn in conditions.as_list(element.get("Service", [])) else "none"
    wanted = conditions.as_list(element.get("AWS", []))
    if "*" in wanted or (principal.arn in wanted and principal.kind != "root"):
        return "direct"
    if principal.role_arn is not None and principal.role_arn in wanted:
        return "role"
    root = f"arn:{principal.partition}:iam::{principal.account}:root"
    if principal.account and (principal.account in wanted or root in wanted):
        return "account"
    return "none"


def _tuple(statement: dict[str, Any], name: str) -> tuple[str, ...] | None:
    return tuple(conditions.as_list(statement[name])) if name in statement else None


@functools.lru_cache(maxsize=1024)
def parse(document: str) -> tuple[Statement, ...]:
    """The statements of a JSON policy document. Raises ValueError if it is not one."""
    loaded = json.loads(document)
    if not isinstance(loaded, dict):
        raise ValueError("a policy document is a JSON object")
    statements = loaded.get("Statement", [])
    variables = loaded.get("Version") == "2012-10-17"
    return tuple(
        Statement(
            effect=str(item.get("Effect", "")),
            actions=_tuple(item, "Action"),
            not_actions=_tuple(item, "NotAction"),
            resources=_tuple(item, "Resource"),
            not_resources=_tuple(item, "NotResource"),
            principal=item.get("Principal"),
            not_principal=item.get("NotPrincipal"),
            condition=item.get("Condition") or {},
            variables=variables,
        )
        for item in (statements if isinstance(statements, list) else [statements])
    )


def applying(documents: Iterable[str], effect: str, ask: Ask) -> list[Statement]:
    """Statements with this effect that apply, over several documents."""
    return [
        statement
        for document in documents
        for statement in parse(document)
        if statement.effect == effect and statement.applies(ask)
    ]


def resource_account(arn: str, default: str) -> str:
    """Account that owns a resource; ``default`` where its ARN names none (S3, ``*``)."""
    return account_of(arn) or default
