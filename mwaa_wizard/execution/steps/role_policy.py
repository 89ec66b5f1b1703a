"""Our inline policy on an execution role: one PutRolePolicy in, one DeleteRolePolicy out."""

from __future__ import annotations

import json
from typing import Any, ClassVar, Literal

from mwaa_wizard.aws.errors import DENIED, code_of
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import inline_policies, names, policy_documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import statements
from mwaa_wizard.session.model import Session

KIND = "inline-policy"
SETTLE = 5.0  # seconds IAM usually needs until every service sees a change; used only where it cannot be asked


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
                policy=session.policy_name(self.side), side=_(self.side)
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
        return Check(self._holds(ctx, found, wanted), ctx.session.policy_name(self.side))

    def _holds(self, ctx: Context, found: dict[str, Any] | None, wanted: str) -> bool:
        """Whether what is there is what is wanted, or somebody's policy of that name that has it in it."""
        if statements.same(found, json.loads(wanted)):
            return True
        policy, role = ctx.session.policy_name(self.side), names.role_name_of(sides.role_arn(ctx, self.side))
        whose = inline_policies.whose(ctx.journal, KIND, role, policy, found)
        return whose in ("foreign", "edited") and statements.holds(found, json.loads(wanted))

    def run(self, ctx: Context) -> None:
        if self.side == "target":  # the bucket is in the source's account: its role needs no grant there
            policy_documents.open_bucket_to_roles(ctx)
        wanted = policy_documents.for_role(ctx, self.which)
        policy, arn = ctx.session.policy_name(self.side), sides.role_arn(ctx, self.side)
        role = names.role_name_of(arn)
        try:
            before = read(ctx, self.side)
        except Exception as problem:
            if code_of(problem) not in DENIED:
                raise
            before = None
            if _was_refused(ctx):  # the check left only the bucket to do
                return
        if self._holds(ctx, before, wanted):
            ctx.log(_("{policy} is on {arn} already.").format(policy=policy, arn=arn))
            return
        whose = inline_policies.whose(ctx.journal, KIND, role, policy, before)
        if whose in ("foreign", "edited"):
            raise not_ours(ctx, policy, arn, self.which, edited=whose == "edited")
        try:
            inline_policies.put(ctx, self.side, KIND, role, policy, wanted)
        except Exception as problem:
            if code_of(problem) in DENIED:
                raise self._paste(ctx, arn, problem) from None
            raise
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
    return any(record.get("why") == inline_policies.REFUSED for record in ctx.journal.of_step(ctx.step, "removed"))


def read(ctx: Context, side: Side) -> dict[str, Any] | None:
    """Our inline policy on a side's role; None where there is none or the role is gone."""
    role = names.role_name_of(sides.role_arn(ctx, side))
    return inline_policies.read(ctx, side, role, ctx.session.policy_name(side))


def not_ours(ctx: Context, policy: str, arn: str, which: str, *, edited: bool) -> WizardError:
    """What is said where a policy of our name is not ours to change."""
    what = _("{arn} has a policy {policy} that the wizard did not put there, and it grants something else.")
    if edited:
        what = _("Somebody changed {policy} on {arn} since the wizard put it there; it lacks something now.")
    return WizardError(
        what=what.format(arn=arn, policy=policy),
        where="iam:GetRolePolicy",
        changed=_("The role is as it was."),
        remedy=_("Compare: mwaa-wizard policy {id} --for {which} --diff ; then paste what that command prints without "
                 "--diff in its place, or delete the policy there, and resume.").format(id=ctx.session.id, which=which),
        exit_code=EXIT_RESUMABLE,
    )  # fmt: skip


def state(ctx: Context, side: Side) -> tuple[inline_policies.Whose, dict[str, Any] | None]:
    """To whom the policy of our name on a side's role belongs, and its text; one pasted for us counts as ours."""
    found = read(ctx, side)
    role = names.role_name_of(sides.role_arn(ctx, side))
    whose = inline_policies.whose(ctx.journal, KIND, role, ctx.session.policy_name(side), found)
    if whose == "foreign" and found is not None and _pasted(ctx, side, found):
        whose = "ours"
    return whose, found


def _pasted(ctx: Context, side: Side, found: dict[str, Any]) -> bool:
    """Whether somebody pasted it for this session: it says what ours says, or is for the session's bucket alone."""
    if inline_policies.only_for(found, ctx.session.migration_bucket):
        return True
    try:
        wanted = policy_documents.for_role(ctx, "source-role" if side == "source" else "target-role")
    except WizardError:
        return False  # an environment is gone, so it cannot be told: then it is not ours to delete
    return statements.same(found, json.loads(wanted))


def put_by_us(ctx: Context, side: Side) -> bool:
    """Whether the journal has a policy of ours on that side."""
    return bool(inline_policies.standing(ctx.journal, KIND, ctx.session.policy_name(side)))


def remove(ctx: Context, side: Side, *, edited: bool = False) -> bool:
    """Delete our inline policy from a side's role, if the journal says that we put it there; one that somebody
    changed since only with `edited`. Says whether such a one stays.
    """
    return inline_policies.take_off(ctx, side, KIND, ctx.session.policy_name(side), edited=edited)


def remove_pasted(ctx: Context, side: Side) -> bool:
    """Delete a policy of our name that somebody else pasted for us; False (and a word) where it stays."""
    policy, arn = ctx.session.policy_name(side), sides.role_arn(ctx, side)
    role = names.role_name_of(arn)
    try:
        whose, found = state(ctx, side)
        if found is None:
            return True
        if whose != "ours":
            words = _("{arn} has a policy {policy} that the wizard did not put there; it stays.")
            ctx.log(words.format(arn=arn, policy=policy), "WARN")
            return False
        inline_policies.delete(ctx, side, role, policy)
    except Exception as problem:
        if code_of(problem) not in DENIED:
            raise
        ctx.log(_("Have {policy} removed from {arn}; you may not.").format(policy=policy, arn=arn), "WARN")
        return False
    ctx.journal.write(ctx.step, "removed", kind="pasted-policy", name=policy, role=role, before=found)
    ctx.log(_("It was pasted for this session."))
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
