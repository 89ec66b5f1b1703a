"""The policies room's documents as the steps send them, checked before they leave."""

from __future__ import annotations

import dataclasses
import json
from typing import Literal

from mwaa_wizard.aws.errors import code_of, is_missing
from mwaa_wizard.aws.factory import SIDES, Identity
from mwaa_wizard.environments import effective
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import build, documents, render, secrets_backend, statements
from mwaa_wizard.policies.facts import Facts, Policy


def facts(ctx: Context) -> Facts:
    """What the documents are made from: both identities and roles as AWS says today."""
    source, target = (ctx.clients.identity(side) for side in SIDES)
    return dataclasses.replace(
        build.from_session(ctx.session),
        partition=target.partition,
        source_account=source.account,
        source_region=source.region,
        target_account=target.account,
        target_region=target.region,
        source_role_arn=sides.role_arn(ctx, "source"),
        target_role_arn=sides.role_arn(ctx, "target"),
        environment_kms_key_arn=_environment_key(ctx, target),
    )


def _environment_key(ctx: Context, target: Identity) -> str | None:
    """ARN of the customer managed key that the target gets, from the user's edits or the source's settings."""
    key = effective.target_values(ctx.session, sides.environment(ctx, "source")).get("KmsKey")
    if not key:
        return None
    text = str(key)
    return (
        text if text.startswith("arn:") else f"arn:{target.partition}:kms:{target.region}:{target.account}:key/{text}"
    )


def crosses_accounts(ctx: Context) -> bool:
    """Whether the two sides are different accounts: then the bucket's policy must name the foreign role."""
    return ctx.clients.identity("source").account != ctx.clients.identity("target").account


def for_role(ctx: Context, which: Literal["source-role", "target-role"]) -> str:
    """The inline policy of a role, exactly as `mwaa-wizard policy` prints it."""
    make = documents.source_role if which == "source-role" else documents.target_role
    return _sendable(make(ctx.session, facts(ctx)))


def secrets(ctx: Context) -> str | None:
    """What reads the backend that the target's options name; None where they name none of its account and region."""
    policy = secrets_backend.for_session(ctx.session, facts(ctx), sides.environment(ctx, "source"))
    return None if policy is None else _sendable(policy)


def migration_bucket(ctx: Context, *, roles: bool) -> str:
    """The migration bucket's policy; with `roles` it names the other account's role, which must exist by then."""
    known = facts(ctx)
    if not roles:
        known = dataclasses.replace(known, target_role_arn="")
    return _sendable(documents.migration_bucket_policy(ctx.session, known))


def bucket_is_open_to_roles(ctx: Context) -> bool:
    """Whether the other account's role is let into the migration bucket; within one account nothing is needed."""
    if not crosses_accounts(ctx):
        return True
    try:
        there = ctx.client("source", "s3").get_bucket_policy(Bucket=ctx.session.migration_bucket)["Policy"]
    except Exception as problem:
        if is_missing(problem):
            return False
        raise
    return statements.same(json.loads(there), json.loads(migration_bucket(ctx, roles=True)))


def open_bucket_to_roles(ctx: Context) -> None:
    """Let the other account's role into the migration bucket.

    S3 refuses a principal it does not know yet (MalformedPolicy), so a role made a moment ago is tried again.
    """
    if not crosses_accounts(ctx):
        return
    for elapsed in ctx.poll(every=3.0, at_most=60):
        try:
            ctx.client("source", "s3").put_bucket_policy(
                Bucket=ctx.session.migration_bucket, Policy=migration_bucket(ctx, roles=True)
            )
            ctx.log(_("The migration bucket now lets {role} in.").format(role=sides.role_arn(ctx, "target")))
            return
        except Exception as problem:
            if code_of(problem) != "MalformedPolicy" or elapsed > 55:
                raise


def close_bucket_to_roles(ctx: Context) -> None:
    """Take the other account's role out of the migration bucket's policy again, where the bundle is kept."""
    if crosses_accounts(ctx):
        try:
            ctx.client("source", "s3").put_bucket_policy(
                Bucket=ctx.session.migration_bucket, Policy=migration_bucket(ctx, roles=False)
            )
        except Exception as problem:
            if not is_missing(problem):  # a bucket that somebody deleted lets nobody in
                raise
        ctx.log(_("The migration bucket no longer lets {role} in.").format(role=sides.role_arn(ctx, "target")))


def execution_trust(ctx: Context) -> str:
    """Trust policy of the role that is made for the target."""
    return _sendable(documents.execution_role_trust(ctx.session, facts(ctx)))


def execution_base(ctx: Context) -> str:
    """Base policy of the role that is made for the target."""
    known = facts(ctx)
    bucket = f"arn:{known.partition}:s3:::{sides.target_bucket(ctx)}"
    return _sendable(documents.execution_role_base(ctx.session, known, bucket_arn=bucket))


def _sendable(policy: Policy) -> str:
    problems = render.check(policy.document)
    if problems:
        raise WizardError(
            what=_("The policy {name} would not be taken by IAM.").format(name=policy.name),
            where=" · ".join(problems),
            remedy=_("Check names, accounts and regions on the pages before."),
        )
    # Indented text is for people; what is sent is the same document without the whitespace.
    return json.dumps(policy.document)


def demand(holds: bool, what: str) -> None:
    """Raise WizardError with `what` where a verification does not hold."""
    if not holds:
        raise WizardError(what=what, remedy=_("Resume does this step again."))
