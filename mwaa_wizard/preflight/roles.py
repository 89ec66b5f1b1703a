"""Execution roles: there, trusting MWAA for this very environment, and allowed what every environment does.

Sources: MWAA user guide mwaa-create-role, cross-service-confused-deputy-prevention; CreateEnvironment succeeds with a
role whose conditions name another environment, and then every task fails.
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight.finding import Finding, Findings, Verdict, environment_arn, label, look, target_values
from mwaa_wizard.preflight.simulate import Want, doubts, simulate
from mwaa_wizard.preflight.trust import SERVICES, admits, document_of

_QUEUE = ("sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility",
          "sqs:GetQueueAttributes", "sqs:GetQueueUrl")  # fmt: skip
_LOGS = ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents", "logs:GetLogEvents")
_KEY = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey")


def source_trust(ctx: Context) -> Findings:
    """The source runs, so what does not fit is told and blocks nothing."""
    if (role := _role(ctx, "source")) is not None:
        yield from _trust(ctx, "source", role, "warn")


def target_trust(ctx: Context) -> Findings:
    """The chosen role is of the target's account and may be assumed for the target; one to be made must be new."""
    name, arn = label("target", _("role trust")), sides.role_arn(ctx, "target")
    account = ctx.clients.identity("target").account
    if not ctx.session.target.create_role and arn.split(":")[4] != account:
        yield Finding(name, "fail", _("{arn} is not of account {account}").format(arn=arn, account=account),
                      _("Choose a role of the target's account on page Settings, or have one made."))  # fmt: skip
        return
    role = _role(ctx, "target")
    if ctx.session.target.create_role:
        yield _new_role(ctx, name, role)
    elif role is None:
        yield Finding(name, "fail", _("there is no role {arn}").format(arn=arn),
                      _("Choose a role that exists on page Settings, or let the wizard make one."))  # fmt: skip
    else:
        yield from _trust(ctx, "target", role, "fail")


def _role(ctx: Context, side: Side) -> dict[str, Any] | None:
    try:
        found = look(ctx, side, "iam", "get_role", RoleName=names.role_name_of(sides.role_arn(ctx, side)))
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    role: dict[str, Any] = found["Role"]
    return role


def _new_role(ctx: Context, name: str, role: dict[str, Any] | None) -> Finding:
    wanted = names.target_role(ctx.session)
    ours = any(record["name"] == wanted for record in ctx.journal.live("role"))
    if role is None or ours or any(tag in (role.get("Tags") or []) for tag in names.tag_list(ctx.session)):
        return Finding(name, "pass", _("the wizard makes {role}, which trusts MWAA for this environment only").format(
            role=wanted))  # fmt: skip
    return Finding(name, "fail", _("a role {role} exists that this session did not make").format(role=wanted),
                   _("Delete it if it is yours, or choose a role on page Settings."))  # fmt: skip


def _trust(ctx: Context, side: Side, role: dict[str, Any], verdict: Verdict) -> Findings:
    name = label(side, _("role trust"))
    arn, document = environment_arn(ctx, side), document_of(role)
    context = {"aws:SourceArn": arn, "aws:SourceAccount": ctx.clients.identity(side).account}
    answers = {service: admits(document, service, context) for service in SERVICES}
    unnamed = [service for service, trust in answers.items() if trust.outcome == "no" and not trust.condition]
    barred = {trust.condition for trust in answers.values() if trust.outcome == "no" and trust.condition}
    open_ones = {trust.condition for trust in answers.values() if trust.outcome == "unknown"}
    if unnamed:
        yield Finding(name, verdict, _("{role} does not trust {services}").format(
            role=role["RoleName"], services=listed(unnamed)),
            _("Add these services to the trust policy's Principal (mwaa-create-role)."))  # fmt: skip
    if barred:
        yield Finding(name, verdict, _("the trust of {role} is limited to {condition}").format(
            role=role["RoleName"], condition=" · ".join(sorted(barred))),
            _("Add {arn} to that condition, or let the wizard make a role of its own.").format(arn=arn))  # fmt: skip
    if open_ones:
        yield Finding(name, "warn", _("the trust of {role} depends on {condition}").format(
            role=role["RoleName"], condition=" · ".join(sorted(open_ones))),
            _("Make sure that MWAA's call meets it; it carries aws:SourceArn and aws:SourceAccount."))  # fmt: skip
    if not unnamed and not barred and not open_ones:
        yield Finding(name, "pass", _("{role} trusts MWAA for {arn}").format(role=role["RoleName"], arn=arn))


def source_policy(ctx: Context) -> Findings:
    """What the source's role may do."""
    yield from _policy(ctx, "source", "warn")


def target_policy(ctx: Context) -> Findings:
    """What the chosen role may do for the target; the wizard's own role gets MWAA's base policy."""
    if ctx.session.target.create_role:
        yield Finding(label("target", _("role policy")), "pass", _("MWAA's base policy, for this environment only"))
    else:
        yield from _policy(ctx, "target", "fail")


def _policy(ctx: Context, side: Side, verdict: Verdict) -> Findings:
    name, arn = label(side, _("role policy")), sides.role_arn(ctx, side)
    role = names.role_name_of(arn)
    try:
        inline = look(ctx, side, "iam", "list_role_policies", RoleName=role)["PolicyNames"]
        attached = look(ctx, side, "iam", "list_attached_role_policies", RoleName=role)["AttachedPolicies"]
    except Exception as problem:
        if is_missing(problem):
            return  # told by the check of the role itself
        raise
    if not inline and not attached:
        yield Finding(name, verdict, _("{role} has no policy at all").format(role=role),
                      _("Give it MWAA's execution policy (mwaa-create-role)."))  # fmt: skip
        return
    answers = simulate(ctx, side, arn, _wants(ctx, side))
    denied = [str(answer) for answer in answers if answer.decision == "denied"]
    unsure = doubts(answers)
    if denied:
        yield Finding(name, verdict, _("{role} may not: {actions}").format(role=role, actions=listed(denied)),
                      _("Add these to its policy (mwaa-create-role), or let the wizard make a role."))  # fmt: skip
    elif unsure:
        yield Finding(name, "warn", f"{role}: {unsure}", _("Make sure that the conditions are met."))
    else:
        yield Finding(name, "pass", _("{role} may do all {count} that MWAA needs").format(
            role=role, count=len(answers)))  # fmt: skip


def _wants(ctx: Context, side: Side) -> list[Want]:
    who = ctx.clients.identity(side)
    environment = sides.environment(ctx, "source") if side == "source" else target_values(ctx)
    bucket = sides.dag_folder(ctx, "source")[0] if side == "source" else sides.target_bucket(ctx)
    here, name = f"{who.region}:{who.account}", sides.name(ctx, side)
    group = f"arn:{who.partition}:logs:{here}:log-group:airflow-{name}-Task:log-stream:check"
    wants = [
        Want(("airflow:PublishMetrics",), environment_arn(ctx, side)),
        Want(("s3:GetObject",), f"arn:{who.partition}:s3:::{bucket}/dags/check.py", shared=True),
        Want(("s3:ListBucket",), f"arn:{who.partition}:s3:::{bucket}", shared=True),
        Want(_LOGS, group),
        Want(("cloudwatch:PutMetricData", "logs:DescribeLogGroups")),
        Want(_QUEUE, f"arn:{who.partition}:sqs:{who.region}:{who.account}:airflow-celery-check"),
    ]
    key = str(environment.get("KmsKey") or "")
    if key.startswith("arn:"):
        suffix = "amazonaws.com.cn" if who.partition == "aws-cn" else "amazonaws.com"
        wants.append(Want(_KEY, key, {"kms:ViaService": f"sqs.{who.region}.{suffix}"}, shared=True))
    return wants
