"""Our inline policy on an execution role: one PutRolePolicy in, one DeleteRolePolicy out."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Literal

from mwaa_wizard.aws.errors import DENIED, code_of, is_missing
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import names, policy_documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session

SETTLE = 5.0  # seconds IAM usually needs until every service sees a change; used only where it cannot be asked
REFUSED = "put refused"


class RolePolicy(Step):
    """Puts the migration's grants on one side's execution role, under a name that holds the session's id."""

    side: ClassVar[Side]

    @property
    def which(self) -> Literal["source-role", "target-role"]:
        """The policy's name for the command line and the policies room."""
        return "source-role" if self.side == "source" else "target-role"

    def describe(self, session: Session) -> list[str]:
        return [
            _("Put inline policy {policy} on the {side}'s execution role; it goes again at the end.").format(
                policy=session.policy_name(self.side), side=self.side
            )
        ]

    def check(self, ctx: Context) -> Check:
        if sides.was_done(ctx, "clean-up"):
            return Check(True, _("it was taken away at the end"))
        wanted = policy_documents.for_role(ctx, self.which)
        if self.side == "target" and not policy_documents.bucket_is_open_to_roles(ctx):
            return Check(False, _("the migration bucket does not let the other account's role in yet"))
        try:
            found = read(ctx, self.side)
        except Exception as problem:
            if code_of(problem) not in DENIED:
                raise
            # Neither put nor seen by us: after one refusal the user was told to have it pasted.
            return Check(_was_refused(ctx), _("may not be read; taken as pasted"))
        return Check(found is not None and found == json.loads(wanted), ctx.session.policy_name(self.side))

    def run(self, ctx: Context) -> None:
        if self.side == "target":  # the bucket is in the source's account: its role needs no grant there
            policy_documents.open_bucket_to_roles(ctx)
        wanted = policy_documents.for_role(ctx, self.which)
        policy, arn = ctx.session.policy_name(self.side), sides.role_arn(ctx, self.side)
        try:
            before = read(ctx, self.side)
        except Exception as problem:
            if code_of(problem) not in DENIED:
                raise
            before = None
            if _was_refused(ctx):  # the check left only the bucket to do
                return
        if before == json.loads(wanted):
            ctx.log(_("{policy} is on {arn} already.").format(policy=policy, arn=arn))
            return
        if not any(record["name"] == policy for record in ctx.journal.live("inline-policy")):
            ctx.changed("inline-policy", policy, before, role=names.role_name_of(arn), side=self.side)
        try:
            answer = ctx.client(self.side, "iam").put_role_policy(
                RoleName=names.role_name_of(arn), PolicyName=policy, PolicyDocument=wanted
            )
        except Exception as problem:
            if before is None and code_of(problem):
                ctx.removed("inline-policy", policy, why=REFUSED)
            if code_of(problem) in DENIED:
                raise self._paste(ctx, arn, problem) from None
            raise
        ctx.journal.write(
            self.id, "answered", call="iam:PutRolePolicy", name=policy, request_id=sides.request_id(answer)
        )
        ctx.log(_("Put {policy} on {arn}.").format(policy=policy, arn=arn))
        _wait_counts(ctx, self.side, arn, json.loads(wanted))

    def verify(self, ctx: Context) -> None:
        try:
            found = read(ctx, self.side)
        except Exception as problem:
            if code_of(problem) not in DENIED:
                raise
            ctx.log(_("The role may not be read; AWS took the policy, so going on."), "WARN")
            return
        name = ctx.session.policy_name(self.side)
        policy_documents.demand(found is not None, _("{policy} is not on the role.").format(policy=name))

    def undo(self, ctx: Context) -> None:
        remove(ctx, self.side)

    def _paste(self, ctx: Context, arn: str, problem: BaseException) -> WizardError:
        response: dict[str, Any] = getattr(problem, "response", {})
        return WizardError(
            what=_("You may not put a policy on {arn}.").format(arn=arn),
            where=f"iam:PutRolePolicy: {response.get('Error', {}).get('Message', '')}",
            changed=_("The role is as it was."),
            remedy=_("Paste it as inline policy {name}: mwaa-wizard policy {id} --for {which} ; then resume.").format(
                name=ctx.session.policy_name(self.side), id=ctx.session.id, which=self.which
            ),
            code=code_of(problem),
            request_id=sides.request_id(response),
            exit_code=EXIT_RESUMABLE,
        )


class SourcePolicy(RolePolicy):
    """The source's role may write the bundle."""

    id = "source-policy"
    side = "source"

    @property
    def title(self) -> str:
        return _("Source policy")


class TargetPolicy(RolePolicy):
    """The target's role may read the bundle."""

    id = "target-policy"
    side = "target"

    @property
    def title(self) -> str:
        return _("Target policy")


def _was_refused(ctx: Context) -> bool:
    return any(record.get("why") == REFUSED for record in ctx.journal.of_step(ctx.step, "removed"))


def read(ctx: Context, side: Side) -> dict[str, Any] | None:
    """Our inline policy on a side's role; None where there is none or the role is gone."""
    try:
        document = ctx.client(side, "iam").get_role_policy(
            RoleName=names.role_name_of(sides.role_arn(ctx, side)), PolicyName=ctx.session.policy_name(side)
        )["PolicyDocument"]
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    return dict(document)


def remove(ctx: Context, side: Side) -> None:
    """Delete our inline policy from a side's role, if the journal says that we put it there."""
    policy = ctx.session.policy_name(side)
    for record in ctx.journal.live("inline-policy"):
        if record["name"] != policy:
            continue
        try:
            ctx.client(side, "iam").delete_role_policy(RoleName=record["role"], PolicyName=policy)
            ctx.log(_("Took {policy} off {role}.").format(policy=policy, role=record["role"]))
        except Exception as problem:
            if not is_missing(problem):
                raise
        ctx.removed("inline-policy", policy)


def remove_pasted(ctx: Context, side: Side) -> bool:
    """Delete a policy of our name that somebody else put there for us; False (and a word) where we may not."""
    policy = ctx.session.policy_name(side)
    try:
        if read(ctx, side) is None:
            return True
        ctx.client(side, "iam").delete_role_policy(
            RoleName=names.role_name_of(sides.role_arn(ctx, side)), PolicyName=policy
        )
    except Exception as problem:
        if code_of(problem) not in DENIED:
            raise
        ctx.log(
            _("Have {policy} removed from {arn}; you may not.").format(policy=policy, arn=sides.role_arn(ctx, side)),
            "WARN",
        )
        return False
    ctx.log(_("Took {policy} off, which was pasted for this session.").format(policy=policy))
    return True


def _wait_counts(ctx: Context, side: Side, arn: str, document: dict[str, Any]) -> None:
    """Wait until IAM's simulator grants what the policy allows; a short wait where it may not be asked."""
    actions, resource = _example(document)
    for _elapsed in ctx.poll(every=2.0, at_most=60):
        try:
            answer = ctx.client(side, "iam").simulate_principal_policy(
                PolicySourceArn=arn, ActionNames=actions, ResourceArns=[resource]
            )
        except Exception as problem:
            ctx.log(f"iam:SimulatePrincipalPolicy: {code_of(problem) or type(problem).__name__}", "DEBUG")
            ctx.sleep(SETTLE)
            return
        if all(result["EvalDecision"] == "allowed" for result in answer["EvaluationResults"]):
            ctx.log(_("IAM says that it counts."))
            return
    ctx.log(_("IAM's simulator still says no; going on, the DAG run will tell."), "WARN")


def _example(document: dict[str, Any]) -> tuple[list[str], str]:
    """Actions and one resource of the policy's first object statement, for the simulator."""
    for statement in document["Statement"]:
        actions, resources = statement["Action"], statement["Resource"]
        actions = [actions] if isinstance(actions, str) else list(actions)
        resources = [resources] if isinstance(resources, str) else list(resources)
        named = [action for action in actions if action in ("s3:PutObject", "s3:GetObject")]
        if named and statement.get("Effect") == "Allow":
            return named, resources[0].replace("*", "x")
    return ["s3:GetObject"], "*"
