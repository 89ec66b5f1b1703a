"""Lets the target's role read from its secrets backend; unlike the migration's grants this one stays."""

from __future__ import annotations

import json
from typing import Any

from mwaa_wizard.execution import inline_policies, names, policy_documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.steps import role_policy
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import secrets_backend, statements
from mwaa_wizard.policies.facts import Policy
from mwaa_wizard.session.model import Session

KIND = "secrets-policy"


class SecretsPolicy(Step):
    """Puts one inline policy on the target's role: read what is below the target's prefixes."""

    id = "secrets-policy"

    @property
    def title(self) -> str:
        return _("Secrets policy")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Put inline policy {policy} on the target's role: it reads the target's secrets, and stays.").format(
                policy=secrets_backend.policy_name(session)
            )
        ]

    def check(self, ctx: Context) -> Check:
        if _policy(ctx) is None:
            return Check(True, _("the target's options name no secrets backend of AWS in its own account and region"))
        return Check(_holds(ctx, _read(ctx)), secrets_backend.policy_name(ctx.session))

    def run(self, ctx: Context) -> None:
        arn, name = sides.role_arn(ctx, "target"), secrets_backend.policy_name(ctx.session)
        role, found = names.role_name_of(arn), _read(ctx)
        if _holds(ctx, found):
            ctx.log(_("{policy} is on {arn} already.").format(policy=name, arn=arn))
            return
        whose = inline_policies.whose(ctx.journal, KIND, role, name, found)
        if whose in ("foreign", "edited"):
            raise role_policy.not_ours(ctx, name, arn, "secrets", edited=whose == "edited")
        inline_policies.put(ctx, "target", KIND, role, name, json.dumps(_wanted(ctx)))
        ctx.log(_("Put {policy} on {arn}.").format(policy=name, arn=arn))

    def verify(self, ctx: Context) -> None:
        name = secrets_backend.policy_name(ctx.session)
        policy_documents.demand(_read(ctx) is not None, _("{policy} is not on the role.").format(policy=name))

    def undo(self, ctx: Context) -> None:
        name = secrets_backend.policy_name(ctx.session)
        if inline_policies.standing(ctx.journal, KIND, name):
            sides.demand_target_gone(ctx)
            inline_policies.take_off(ctx, "target", KIND, name)


def _policy(ctx: Context) -> Policy | None:
    """The document for the backend that the target's options name: Secrets Manager or the Parameter Store."""
    return secrets_backend.for_session(ctx.session, policy_documents.facts(ctx), sides.environment(ctx, "source"))


def _wanted(ctx: Context) -> dict[str, Any]:
    found = _policy(ctx)
    assert found is not None, "a step that has nothing to attach is found done"
    return found.document


def _read(ctx: Context) -> dict[str, Any] | None:
    role = names.role_name_of(sides.role_arn(ctx, "target"))
    return inline_policies.read(ctx, "target", role, secrets_backend.policy_name(ctx.session))


def _holds(ctx: Context, found: dict[str, Any] | None) -> bool:
    """Whether it is there, or in a policy of that name that somebody made or widened."""
    wanted, name = _wanted(ctx), secrets_backend.policy_name(ctx.session)
    if statements.same(found, wanted):
        return True
    role = names.role_name_of(sides.role_arn(ctx, "target"))
    whose = inline_policies.whose(ctx.journal, KIND, role, name, found)
    return whose in ("foreign", "edited") and statements.holds(found, wanted)
