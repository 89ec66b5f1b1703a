"""What the person who runs the wizard needs: exactly the calls of the session's steps, one document a side.

Sources: the steps' own calls (execution/steps, preflight, environments/lookups); IAM service authorization reference
(actions, resource types); MWAA user guide access-policies, mwaa-slr (what MWAA asks of its caller).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.policies.facts import Facts, Policy, Said, allow, compose
from mwaa_wizard.session.model import Session

PASSED = {"StringEquals": {"iam:PassedToService": "airflow.amazonaws.com"}}


@dataclass(frozen=True)
class Grant:
    """One statement. `planning`: it only reads, and is needed before anything is run; `replaced`: and whoever runs has
    another one that allows more. `conditions`: IAM's Condition.
    """

    sid: str
    why: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    planning: bool = False
    replaced: bool = False
    conditions: dict[str, Any] = field(default_factory=dict)

    def said(self) -> Said:
        """The statement with its reason."""
        more = {"Condition": self.conditions} if self.conditions else {}
        return Said(self.sid, self.why, allow(sorted(set(self.actions)), sorted(set(self.resources)), **more))


@dataclass(frozen=True)
class Place:
    """One side in ARNs. `source_environment`: GetEnvironment's answer, or the kept copy, or nothing yet."""

    session: Session
    facts: Facts
    side: Side
    source_environment: dict[str, Any] = field(default_factory=dict)

    @property
    def source(self) -> bool:
        """Whether this is the side that is left."""
        return self.side == "source"

    def arn(self, service: str, name: str) -> str:
        """An ARN of this side's region and account."""
        account = self.facts.source_account if self.source else self.facts.target_account
        region = self.facts.source_region if self.source else self.facts.target_region
        return f"arn:{self.facts.partition}:{service}:{region}:{account}:{name}"

    def role(self, name: str) -> str:
        """The ARN of a role of this account."""
        account = self.facts.source_account if self.source else self.facts.target_account
        return f"arn:{self.facts.partition}:iam::{account}:role/{name}"

    def bucket(self, name: str) -> str:
        """A bucket's ARN."""
        return f"arn:{self.facts.partition}:s3:::{name}"

    @property
    def name(self) -> str:
        """The environment's name."""
        return self.session.source.environment if self.source else self.session.target.environment

    @property
    def environment(self) -> str:
        """The environment's ARN."""
        return self.arn("airflow", f"environment/{self.name}")

    def airflow_role(self, role: str) -> str:
        """What InvokeRestApi and CreateWebLoginToken are granted on."""
        return self.arn("airflow", f"role/{self.name}/{role}")

    @property
    def caller(self) -> tuple[str, ...]:
        """Where IAM keeps who calls: a role under any path (STS leaves it out), or the user; empty for others."""
        found = self.facts.source_caller_arn if self.source else self.facts.target_caller_arn
        if ":assumed-role/" in found:
            name = found.split(":assumed-role/", 1)[1].split("/")[0]
            return (self.role(name), self.role(f"*/{name}"))
        return (found,) if ":user/" in found else ()

    @property
    def same_account(self) -> bool:
        """Whether both sides are one account."""
        return bool(self.facts.source_account) and self.facts.source_account == self.facts.target_account

    def via(self, service: str) -> dict[str, Any]:
        """The condition that a key is used through one service of this region only."""
        region = self.facts.source_region if self.source else self.facts.target_region
        return {"StringEquals": {"kms:ViaService": f"{service}.{region}.{self.facts.dns_suffix}"}}


def steps_of(session: Session) -> frozenset[str]:
    """Ids of the session's steps."""
    return frozenset(step.id for step in plan_for(session))


def policy(
    session: Session, facts: Facts, side: Side, environment: dict[str, Any] | None = None, *, planning: bool = False
) -> Policy:
    """The document of a side: all it takes to plan, run, clean up and undo; with `planning` only what reads."""
    from mwaa_wizard.policies import operator_source, operator_target

    place, steps = Place(session, facts, side, environment or {}), steps_of(session)
    module = operator_source if side == "source" else operator_target
    grants: Iterable[Grant] = module.grants(place, steps)
    document, why = compose([grant.said() for grant in grants if (grant.planning if planning else not grant.replaced)])
    name = f"mwaa-wizard-{session.id}-operator-{side}" + ("-planning" if planning else "")
    caller = facts.source_caller_arn if side == "source" else facts.target_caller_arn
    return Policy(name, "operator", caller, document, why)
