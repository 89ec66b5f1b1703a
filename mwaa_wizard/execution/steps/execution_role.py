"""The target's execution role: MWAA's trust and base policy, and what reads the secrets backend that the options name;
nothing of the migration in it.
"""

from __future__ import annotations

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import names, policy_documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.policies import secrets_backend
from mwaa_wizard.session.model import Session

BASE_POLICY = "mwaa-execution"


class ExecutionRole(Step):
    """Makes the role that the target environment runs as."""

    id = "execution-role"

    @property
    def title(self) -> str:
        return _("Execution role")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Make IAM role {name} for the target, with MWAA's trust and base policy.").format(
                name=names.target_role(session)
            ),
            _("Where the target's options name a secrets backend of AWS, the role may read there."),
        ]

    def check(self, ctx: Context) -> Check:
        name = names.target_role(ctx.session)
        live = [record for record in ctx.journal.live("role") if record["name"] == name]
        return Check(bool(live) and sides.was_done(ctx, self.id) and _role(ctx, name) is not None, name)

    def run(self, ctx: Context) -> None:
        name, iam = names.target_role(ctx.session), ctx.client("target", "iam")
        arn = sides.role_arn(ctx, "target")
        found = _role(ctx, name)
        if found is not None and not _ours(ctx, found):
            raise WizardError(
                what=_("There is a role {name} that this session did not make.").format(name=name),
                where="iam:GetRole",
                remedy=_("Delete it if it is yours, or choose a role on page Settings; then resume."),
            )
        if found is None:
            # Journaled first, with the ARN it will have: a kill in between leaves no role outside the journal.
            if not any(record["name"] == name for record in ctx.journal.live("role")):
                ctx.made("role", name, arn=arn)
            answer = iam.create_role(
                RoleName=name,
                AssumeRolePolicyDocument=policy_documents.execution_trust(ctx),
                Description=f"Execution role of the MWAA environment {ctx.session.target.environment}",
                Tags=names.tag_list(ctx.session),
            )
            ctx.journal.write(
                self.id,
                "answered",
                call="iam:CreateRole",
                name=name,
                arn=answer["Role"]["Arn"],
                role_id=answer["Role"]["RoleId"],
                request_id=sides.request_id(answer),
            )
            ctx.log(_("Made role {name}.").format(name=name))
        elif not any(record["name"] == name for record in ctx.journal.live("role")):
            ctx.made("role", name, arn=found["Arn"])
        iam.put_role_policy(RoleName=name, PolicyName=BASE_POLICY, PolicyDocument=policy_documents.execution_base(ctx))
        ctx.log(_("Gave it MWAA's base policy as {policy}.").format(policy=BASE_POLICY))
        self._let_read_secrets(ctx, name)

    def _let_read_secrets(self, ctx: Context, name: str) -> None:
        """Airflow asks the backend that its options name for every connection and variable: without this each is
        refused from the first minute. Route settings-only has a step of its own, for a chosen role, too.
        """
        document = policy_documents.secrets(ctx)
        if document is not None and ctx.session.route != "settings-only":
            policy = secrets_backend.policy_name(ctx.session)
            ctx.client("target", "iam").put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)
            ctx.log(_("Put {policy} on {arn}.").format(policy=policy, arn=sides.role_arn(ctx, "target")))

    def verify(self, ctx: Context) -> None:
        iam, name = ctx.client("target", "iam"), names.target_role(ctx.session)
        for elapsed in ctx.poll(every=1.0, at_most=30):
            try:
                iam.get_role_policy(RoleName=name, PolicyName=BASE_POLICY)
                return
            except Exception as problem:
                if not is_missing(problem) or elapsed > 28:
                    raise

    def undo(self, ctx: Context) -> None:
        sides.demand_target_gone(ctx)
        iam = ctx.client("target", "iam")
        for record in ctx.journal.live("role"):
            name = record["name"]
            found = _role(ctx, name)
            if found is not None and not _tagged(ctx, found):
                ctx.log(_("Role {name} does not carry this session's tag; it stays.").format(name=name), "WARN")
            elif found is not None:
                _demand_only_inline(ctx, name)
                for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                    _note_others(ctx, name, policy)
                    iam.delete_role_policy(RoleName=name, PolicyName=policy)
                iam.delete_role(RoleName=name)
                ctx.log(_("Deleted role {name}.").format(name=name))
            ctx.removed("role", name)


def _demand_only_inline(ctx: Context, name: str) -> None:
    """IAM deletes no role that has managed policies: told before anything of it is taken away."""
    attached = ctx.client("target", "iam").list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    if attached:
        raise WizardError(
            what=_("Somebody attached policies to role {name}, which IAM therefore does not delete: {policies}").format(
                name=name, policies=listed(str(one["PolicyName"]) for one in attached)
            ),
            where="iam:ListAttachedRolePolicies",
            changed=_("The role is as it was."),
            remedy=_("Detach them if nobody needs the role any more, then run undo again."),
            exit_code=EXIT_RESUMABLE,
        )


def _note_others(ctx: Context, role: str, policy: str) -> None:
    """The role goes with all that it has; what somebody else put on it is kept in the journal."""
    if policy == BASE_POLICY or policy.startswith(f"mwaa-wizard-{ctx.session.id}"):
        return
    document = ctx.client("target", "iam").get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
    ctx.journal.write(ctx.step, "removed", kind="others-policy", name=policy, role=role, before=document)
    ctx.log(_("Policy {policy}, which somebody put on {role}, goes with it; the journal has its text.").format(
        policy=policy, role=role), "WARN")  # fmt: skip


def _role(ctx: Context, name: str) -> dict[str, object] | None:
    try:
        role: dict[str, object] = ctx.client("target", "iam").get_role(RoleName=name)["Role"]
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    return role


def _ours(ctx: Context, role: dict[str, object]) -> bool:
    if any(record["name"] == role["RoleName"] for record in ctx.journal.live("role")):
        return True
    return _tagged(ctx, role)


def _tagged(ctx: Context, role: dict[str, object]) -> bool:
    tags = role.get("Tags")
    return isinstance(tags, list) and any(tag in tags for tag in names.tag_list(ctx.session))
