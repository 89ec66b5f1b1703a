"""Lets the target's role read its connections from Secrets Manager; unlike the migration's grants this one stays."""

from __future__ import annotations

import json
from typing import Any

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.entries import backend as backends
from mwaa_wizard.execution import names, policy_documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import secrets_backend
from mwaa_wizard.session.model import Session


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
        return Check(_read(ctx) == _wanted(ctx), secrets_backend.policy_name(ctx.session))

    def run(self, ctx: Context) -> None:
        arn, name = sides.role_arn(ctx, "target"), secrets_backend.policy_name(ctx.session)
        if not any(record["name"] == name for record in ctx.journal.live("secrets-policy")):
            ctx.changed("secrets-policy", name, _read(ctx), role=names.role_name_of(arn))
        ctx.client("target", "iam").put_role_policy(
            RoleName=names.role_name_of(arn), PolicyName=name, PolicyDocument=json.dumps(_wanted(ctx))
        )
        ctx.log(_("Put {policy} on {arn}.").format(policy=name, arn=arn))

    def verify(self, ctx: Context) -> None:
        name = secrets_backend.policy_name(ctx.session)
        policy_documents.demand(_read(ctx) is not None, _("{policy} is not on the role.").format(policy=name))

    def undo(self, ctx: Context) -> None:
        for record in ctx.journal.live("secrets-policy"):
            sides.demand_target_gone(ctx)
            try:
                ctx.client("target", "iam").delete_role_policy(RoleName=record["role"], PolicyName=record["name"])
            except Exception as problem:
                if not is_missing(problem):
                    raise
            ctx.removed("secrets-policy", record["name"])


def _starts(ctx: Context) -> list[str]:
    target = backends.of_target(ctx.session, sides.environment(ctx, "source"))
    if target.kind != "secrets-manager" or target.elsewhere:
        return []
    return [target.start(what) for what in backends.KINDS if target.asks(what)]


def _wanted(ctx: Context) -> dict[str, Any]:
    return secrets_backend.secrets_backend(ctx.session, policy_documents.facts(ctx), _starts(ctx)).document


def _read(ctx: Context) -> dict[str, Any] | None:
    try:
        found = ctx.client("target", "iam").get_role_policy(
            RoleName=names.role_name_of(sides.role_arn(ctx, "target")),
            PolicyName=secrets_backend.policy_name(ctx.session),
        )["PolicyDocument"]
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    return dict(found)
