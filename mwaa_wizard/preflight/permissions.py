"""May the caller do what the migration will ask of AWS? IAM's simulator says so without doing it.

Sources: MWAA user guide access-policies, mwaa-slr (calls that MWAA dry-runs as the caller); each step's own calls.
"""

from __future__ import annotations

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.aws.factory import SIDES, Side
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight.finding import (
    Finding,
    Findings,
    Refused,
    environment_arn,
    label,
    look,
    refused,
    target_values,
)
from mwaa_wizard.preflight.simulate import Want, caller_arn, doubts, is_root, simulate

PASSED = {"iam:PassedToService": "airflow.amazonaws.com"}
_THROUGH_MWAA = {"aws:CalledVia": "airflow.amazonaws.com"}


def identities(ctx: Context) -> Findings:
    """Who asks, on both sides."""
    words = {"source": _("source"), "target": _("target")}
    for side in SIDES:
        identity = ctx.clients.identity(side)
        yield Finding(_("credentials"), "pass", f"{words[side]}: {identity.arn} · {identity.region}")


def source(ctx: Context) -> Findings:
    """What the run will ask of the source's account."""
    yield from of(ctx, "source", _source_wants(ctx))


def target(ctx: Context) -> Findings:
    """What the run will ask of the target's account."""
    yield from of(ctx, "target", _target_wants(ctx))


def of(ctx: Context, side: Side, wants: list[Want]) -> Findings:
    """Whether the caller of a side may do all these."""
    name = label(side, _("permissions"))
    if is_root(ctx, side):
        yield Finding(name, "pass", _("you are the account's root user"))
        return
    try:
        arn = caller_arn(ctx, side)
        answers = simulate(ctx, side, arn, wants) if arn else None
    except Refused as refusal:
        yield refused(name, refusal.action)
        return
    if answers is None:
        evidence = _("IAM's simulator takes no federated user: {arn}").format(arn=ctx.clients.identity(side).arn)
        yield Finding(name, "warn", evidence, _("Each step tells what is refused; resume goes on after a grant."))
        return
    denied = [str(answer) for answer in answers if answer.decision == "denied"]
    unsure = doubts(answers)
    if denied:
        yield Finding(name, "fail", _("you may not: {actions}").format(actions=listed(denied)),
                      _("Have these granted to {arn}, then resume.").format(arn=arn))  # fmt: skip
    if unsure:
        yield Finding(name, "warn", unsure,
                      _("Look at the conditions of your policies; a step that is refused can be resumed."))  # fmt: skip
    if not denied and not unsure:
        yield Finding(name, "pass", _("all {count} actions are allowed").format(count=len(answers)))


def _bucket(ctx: Context, side: Side, bucket: str, *more: str) -> list[Want]:
    """What making and filling a bucket takes; `more` actions are of this one bucket only."""
    arn = f"arn:{ctx.clients.identity(side).partition}:s3:::{bucket}"
    return [
        Want(("s3:CreateBucket", "s3:PutBucketPublicAccessBlock", "s3:PutEncryptionConfiguration",
              "s3:PutBucketTagging", "s3:ListBucket", *more), arn),
        Want(("s3:GetObject", "s3:PutObject", "s3:DeleteObject"), f"{arn}/mwaa-wizard"),
    ]  # fmt: skip


def _source_wants(ctx: Context) -> list[Want]:
    who = ctx.clients.identity("source")
    bucket, folder = sides.dag_folder(ctx, "source")
    wants = [
        Want(("airflow:GetEnvironment",), environment_arn(ctx, "source")),
        *_bucket(
            ctx, "source", ctx.session.migration_bucket, "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"
        ),
        Want(
            ("s3:PutObject", "s3:DeleteObject"),
            f"arn:{who.partition}:s3:::{bucket}/{folder}/mwz_inventory.py",
            shared=True,
        ),
    ]
    if _copies_logs(ctx):
        group = _log_group(ctx, "source")
        wants += [Want(("logs:DescribeLogStreams",), f"{group}:*"), Want(("logs:GetLogEvents",), _stream_of(group))]
    return wants


def _copies_logs(ctx: Context) -> bool:
    """Whether the run copies task logs: they belong to history, which only two of the routes move."""
    return ctx.session.logs.copy_logs and ctx.session.route in ("new-environment", "bridge")


def _log_group(ctx: Context, side: Side) -> str:
    who = ctx.clients.identity(side)
    return f"arn:{who.partition}:logs:{who.region}:{who.account}:log-group:airflow-{sides.name(ctx, side)}-Task"


def _stream_of(group: str) -> str:
    """A stream of the group: events are read from and put into streams (service authorization reference, logs)."""
    return f"{group}:log-stream:check"


def _target_wants(ctx: Context) -> list[Want]:
    who, chosen = ctx.clients.identity("target"), ctx.session.target
    asked: tuple[str, ...] = ("airflow:CreateEnvironment", "airflow:GetEnvironment")
    if ctx.session.route == "bridge":
        asked = (*asked, "airflow:UpdateEnvironment")
    wants = [
        Want(asked, environment_arn(ctx, "target")),
        Want(("iam:PassRole",), sides.role_arn(ctx, "target"), PASSED),
    ]
    # CreateEnvironment reads the bucket's encryption and grants itself the use of the key, both as the caller.
    bucket = f"arn:{who.partition}:s3:::{sides.target_bucket(ctx)}"
    wants.append(Want(("s3:GetEncryptionConfiguration",), bucket, shared=True))
    key = str(target_values(ctx).get("KmsKey") or "")
    if key.startswith("arn:"):
        wants.append(Want(("kms:DescribeKey", "kms:CreateGrant"), key, shared=True))
    if chosen.create_role:
        wants.append(Want(("iam:CreateRole", "iam:PutRolePolicy"), sides.role_arn(ctx, "target")))
    if chosen.create_bucket:
        wants += _bucket(ctx, "target", names.target_bucket(ctx.session), "s3:PutBucketVersioning")
    if target_values(ctx).get("EndpointManagement", "SERVICE") == "SERVICE":
        # MWAA dry-runs this call as the caller before it makes anything (mwaa-slr).
        arn = f"arn:{who.partition}:ec2:{who.region}:{who.account}:vpc-endpoint/*"
        wants.append(Want(("ec2:CreateVpcEndpoint",), arn, _THROUGH_MWAA))
    if _copies_logs(ctx):
        group = _log_group(ctx, "target")
        wants += [Want(("logs:CreateLogStream",), f"{group}:*"), Want(("logs:PutLogEvents",), _stream_of(group))]
    return wants


def source_role(ctx: Context) -> Findings:
    """The source's role is there, and the caller may give it the export's inline policy (else: to be pasted)."""
    name, remedy = _("source role"), _("Paste it: mwaa-wizard policy {id} --for source-role").format(id=ctx.session.id)
    arn = sides.role_arn(ctx, "source")
    role = names.role_name_of(arn)
    try:
        look(ctx, "source", "iam", "get_role", RoleName=role)
        look(ctx, "source", "iam", "list_role_policies", RoleName=role)
    except Refused as refusal:
        yield Finding(name, "warn", _("{arn} may not be read by you ({action})").format(arn=arn, action=refusal.action),
                      remedy)  # fmt: skip
        return
    except Exception as problem:
        if not is_missing(problem):
            raise
        yield Finding(name, "fail", arn, _("The role is gone: give the environment a role that exists."))
        return
    if _may_not_put_policy(ctx, arn):
        yield Finding(name, "warn", _("you may not give {arn} an inline policy").format(arn=arn), remedy)
    else:
        yield Finding(name, "pass", arn)


def _may_not_put_policy(ctx: Context, role_arn: str) -> bool:
    """Whether the simulator says no; where it may not be asked the answer is open and the step itself will tell."""
    try:
        caller = caller_arn(ctx, "source")
        if not caller:
            return False
        answers = simulate(ctx, "source", caller, [Want(("iam:PutRolePolicy",), role_arn)])
    except Refused as refusal:
        ctx.log(_("IAM's simulator could not be asked ({why}).").format(why=refusal.action), "DEBUG")
        return False
    except Exception as problem:
        if not is_missing(problem):
            raise
        return False
    return any(answer.decision == "denied" for answer in answers)
