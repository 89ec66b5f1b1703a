"""The decision: explicit deny, then who has to allow.

Source: IAM user guide, "Policy evaluation logic" (within one account, across accounts, permissions boundaries,
session policies) and "AWS KMS key policies" / "role trust policies", where the resource's policy must allow.
Organizations' SCPs and RCPs are not modelled: the sandbox has no organization.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mwaa_wizard.sandbox.aws.authorise.policy import Ask, Naming, applying, parse

Outcome = Literal["allowed", "explicitDeny", "implicitDeny"]


@dataclass(frozen=True)
class Policies:
    """Everything that has a say. Documents are JSON texts; ``boundary`` None means the principal has none.

    ``resource_must_allow``: the resource's own policy has to allow (KMS key, role trust); the identity's
    policies count only where that policy delegates to the account.
    """

    identity: Sequence[str] = ()
    resource: str | None = None
    boundary: str | None = None
    session: Sequence[str] = ()
    same_account: bool = True
    resource_must_allow: bool = False


@dataclass(frozen=True)
class Decision:
    """``reason`` completes "... is not authorized ... because"; empty when allowed."""

    outcome: Outcome
    reason: str = ""

    @property
    def allowed(self) -> bool:
        return self.outcome == "allowed"


_RANK: dict[Naming, int] = {"none": 0, "account": 1, "role": 2, "direct": 3}


def _denied(kind: str) -> Decision:
    article = "an" if kind[0] in "aeiou" else "a"
    return Decision("explicitDeny", f"of an explicit deny in {article} {kind}")


def _not_allowed(kind: str, action: str) -> Decision:
    return Decision("implicitDeny", f"no {kind} allows the {action} action")


def _resource_says(policies: Policies, ask: Ask) -> tuple[bool, Naming]:
    """(explicitly denied, how closely the best Allow names the caller)."""
    if policies.resource is None:
        return False, "none"
    best: Naming = "none"
    for statement in parse(policies.resource):
        naming = statement.names(ask.principal)
        if naming == "none" or not statement.applies(ask):
            continue
        if statement.effect == "Deny":
            return True, "none"
        if _RANK[naming] > _RANK[best]:
            best = naming
    return False, best


def evaluate(policies: Policies, ask: Ask) -> Decision:
    """Decide one request by IAM's evaluation logic."""
    if ask.principal.kind == "root":
        # The sandbox's own provisioning runs as root; nothing a user writes may lock it out.
        return Decision("allowed")
    for kind, documents in (
        ("identity-based policy", policies.identity),
        ("permissions boundary", [policies.boundary] if policies.boundary else []),
        ("session policy", policies.session),
    ):
        if applying(documents, "Deny", ask):
            return _denied(kind)
    resource_denies, naming = _resource_says(policies, ask)
    if resource_denies:
        return _denied("resource-based policy")
    return _allow(policies, ask, naming)


def _allow(policies: Policies, ask: Ask, naming: Naming) -> Decision:
    identity = bool(applying(policies.identity, "Allow", ask))
    if not policies.same_account:
        if naming == "none":
            return _not_allowed("resource-based policy", ask.action)
        if not identity:
            return _not_allowed("identity-based policy", ask.action)
        return _limits(policies, ask)
    if policies.resource_must_allow and naming == "none":
        return _not_allowed("resource-based policy", ask.action)
    if naming == "direct":
        # Inside one account a resource policy that names the user or the session itself is enough, and
        # neither a boundary nor a session policy can take it away by silence.
        return Decision("allowed")
    if naming == "role" or identity:
        return _limits(policies, ask)
    return _not_allowed("identity-based policy", ask.action)


def _limits(policies: Policies, ask: Ask) -> Decision:
    if policies.boundary is not None and not applying([policies.boundary], "Allow", ask):
        return _not_allowed("permissions boundary", ask.action)
    if policies.session and not applying(policies.session, "Allow", ask):
        return _not_allowed("session policy", ask.action)
    return Decision("allowed")
