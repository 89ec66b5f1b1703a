"""Lets the target's role read its connections from Secrets Manager; unlike the migration's grants this one stays."""

from __future__ import annotations

import json
from typing import Any

from mwaa_wizard.entries import backend as backends
from mwaa_wizard.execution import inline_policies, names, policy_documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.steps import role_policy
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import secrets_backend, statements
from mwaa_wizard.session.model import Session

KIND = "secrets-policy"


class SecretsPolicy(Step):
    """Puts one inline policy on the target's role: read secrets below the target's prefixes."""

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
        if not _starts(ctx):
            return Check(True, _("the target's secrets backend is not Secrets Manager"))
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


def _starts(ctx: Context) -> list[str]:
    target = backends.of_target(ctx.session, sides.environment(ctx, "source"))
    if target.kind != "secrets-manager" or target.elsewhere:
        return []
    return [target.start(what) for what in backends.KINDS if target.asks(what)]


def _wanted(ctx: Context) -> dict[str, Any]:
    return secrets_backend.secrets_backend(ctx.session, policy_documents.facts(ctx), _starts(ctx)).document


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
