"""IAM's simulator, asked what a principal may do; it sees no session policies and no policies of the resource.

Source: IAM API reference, SimulatePrincipalPolicy (EvalDecision, MissingContextValues; errors InvalidInput,
NoSuchEntity, PolicyEvaluation), CommonErrors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from mwaa_wizard.aws.errors import HOPELESS, code_of
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight.finding import look, look_all
from mwaa_wizard.text import clean

Decision = Literal["allowed", "denied", "unsure"]


@dataclass(frozen=True)
class Want:
    """Actions on one resource. `context`: condition keys the real call will carry; `shared`: the resource's own
    policy may allow what the principal's do not.
    """

    actions: tuple[str, ...]
    resource: str = "*"
    context: dict[str, str] = field(default_factory=dict)
    shared: bool = False


@dataclass(frozen=True)
class Answer:
    """What IAM says of one action: `unsure` where its policies ask for condition keys that are not known here, and
    where the simulator failed (`error`: AWS's code), which says nothing about the permission.
    """

    action: str
    resource: str
    decision: Decision
    error: str = ""

    def __str__(self) -> str:
        return self.action if self.resource == "*" else f"{self.action} ({self.resource})"


def simulate(ctx: Context, side: Side, principal_arn: str, wants: Sequence[Want]) -> list[Answer]:
    """Ask for every action of `wants`. Raises Refused where iam:SimulatePrincipalPolicy is not allowed, and as boto3
    does for credentials that have expired or are unknown and where IAM is not reached.
    """
    found: list[Answer] = []
    for want in wants:
        entries = [
            {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
            for key, value in want.context.items()
        ]
        try:
            rows = look_all(
                ctx, side, "iam", "simulate_principal_policy", "EvaluationResults",
                PolicySourceArn=principal_arn, ActionNames=list(want.actions), ResourceArns=[want.resource],
                **({"ContextEntries": entries} if entries else {}),
            )  # fmt: skip
        except Exception as problem:
            code = code_of(problem)
            if not code or code in HOPELESS:
                raise
            found += [Answer(action, want.resource, "unsure", code) for action in want.actions]
            continue
        for row in rows:
            found.append(Answer(row["EvalActionName"], want.resource, _decision(row, shared=want.shared)))
    return found


def doubts(answers: Sequence[Answer]) -> str:
    """The unsure answers in words, by their reason; empty without any."""
    by_error: dict[str, list[str]] = {}
    for answer in answers:
        if answer.decision == "unsure":
            by_error.setdefault(answer.error, []).append(str(answer))
    return " · ".join(
        _("IAM's simulator could not tell ({code}): {actions}").format(
            code=clean(code, limit=100), actions=listed(actions)
        )
        if code
        else _("depends on conditions: {actions}").format(actions=listed(actions))
        for code, actions in by_error.items()
    )


def _decision(row: dict[str, object], *, shared: bool) -> Decision:
    said = row["EvalDecision"]
    if said == "allowed":
        return "allowed"
    return "unsure" if row.get("MissingContextValues") or (shared and said == "implicitDeny") else "denied"


def caller_arn(ctx: Context, side: Side) -> str:
    """The ARN that the simulator takes for the caller: a session's role with its path, which only IAM knows.

    Empty for the account's root and for federated users, whom the simulator does not take. Raises Refused where the
    role may not be read.
    """
    arn = ctx.clients.identity(side).arn
    kind, _slash, rest = arn.split(":", 5)[5].partition("/")
    if kind == "assumed-role":
        return str(look(ctx, side, "iam", "get_role", RoleName=rest.split("/")[0])["Role"]["Arn"])
    return arn if kind == "user" else ""


def is_root(ctx: Context, side: Side) -> bool:
    """Whether the caller is the account's root, whom no identity policy limits."""
    return ctx.clients.identity(side).arn.endswith(":root")
