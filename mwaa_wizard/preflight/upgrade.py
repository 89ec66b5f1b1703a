"""Before an environment changes its version: MWAA makes the jump, the request is sound, the caller may ask for it.

Sources: MWAA user guide upgrading-environment, update-environment, connections-packages, configuring-networking.
"""

from __future__ import annotations

from mwaa_wizard.environments import versions
from mwaa_wizard.environments.routes import in_place
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.upgrades import facts, jumps, update_request
from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.preflight import network, permissions
from mwaa_wizard.preflight.finding import Finding, Findings, environment_arn, target_values
from mwaa_wizard.preflight.simulate import Want
from mwaa_wizard.text import clean

SHOWN = 5
_LOST = ("removed", "refused", "collides")


def _begins(ctx: Context) -> str:
    """The version that the first jump starts from: a bridge's environment is made with it."""
    if ctx.session.route == "bridge":
        return ctx.session.target.airflow_version
    return str(sides.environment(ctx, "source").get("AirflowVersion", ""))


def same_environment(ctx: Context) -> Findings:
    """In place, source and target are one: a session edited by hand may say otherwise."""
    name, session = _("one environment"), ctx.session
    here, there = session.source, session.target
    same = here.environment == there.environment and (here.connection.profile, here.connection.region) == (
        there.connection.profile,
        there.connection.region,
    )
    if not same or there.create_role or there.create_bucket:
        yield Finding(name, "fail", f"{here.environment} · {there.environment}",
                      _("An in-place upgrade has one environment, with the role and the bucket it has: choose the "
                        "route anew on page Route."))  # fmt: skip
    else:
        yield Finding(name, "pass", here.environment)


def path(ctx: Context) -> Findings:
    """MWAA makes every jump; whether it makes the way back is told."""
    name, here, goal = _("upgrade path"), _begins(ctx), jumps.goal(ctx.session)
    if not goal:
        yield Finding(name, "fail", _("no version is chosen"), _("Choose the version on page Route."))
        return
    way, against = in_place.jumps(here, goal)
    if against:
        for reason in against:
            yield Finding(name, "fail", f"{here} → {goal}: {reason.text}",
                          _("Choose another version, or another route: mwaa-wizard routes {here} {there}").format(
                              here=here, there=goal))  # fmt: skip
        return
    if text := versions.unlisted_version(goal):
        yield Finding(name, "warn", text, _("Fine if MWAA has it by now; else it will be refused."))
    yield Finding(name, "pass", " → ".join([here, *way]))
    if ctx.session.route == "in-place" and in_place.jumps(goal, here)[1]:
        yield Finding(_("way back"), "warn", _("MWAA does not go back from {there} to {here}").format(
            there=goal, here=here),
            _("Try it on a copy first (route new-environment), or be sure that going on is all you want."))  # fmt: skip


def request(ctx: Context) -> Findings:
    """What UpdateEnvironment would be asked for: every edit is one that it takes; lost options are told."""
    name, goal = _("update request"), jumps.goal(ctx.session)
    environment = sides.environment(ctx, "source")
    try:
        planned = update_request.plan(ctx, environment, goal, edits=True)
    except WizardError as error:
        yield Finding(name, "fail", error.where or error.what, error.remedy)
        return
    lost = [change for change in planned.options if change.kind in _LOST]
    if lost:
        yield Finding(_("Airflow options"), "warn", " · ".join(f"{c.key}: {c.reason}" for c in lost),
                      _("They are left out with {version}; give other ones on page Settings if you need them.").format(
                          version=goal))  # fmt: skip
    if flipped := [change for change in planned.options if change.kind == "default-flipped"]:
        yield Finding(_("Airflow defaults"), "warn", " · ".join(f"{c.key}: {c.reason}" for c in flipped),
                      _("Give the old value on page Settings where it must stay."))  # fmt: skip
    yield Finding(name, "pass", listed(sorted(planned.request)))
    if planned.requirements is None:
        return
    found = planned.requirements.rewritten
    if found.doubts:
        yield Finding(_("requirements"), "warn", " · ".join(found.doubts),
                      _("Mend {key} in the bucket beforehand; MWAA starts without packages that cannot be "
                        "installed.").format(key=planned.requirements.key))  # fmt: skip
    else:
        yield Finding(_("requirements"), "pass", " · ".join(found.changed) or _("nothing to change"))


def may_update(ctx: Context) -> Findings:
    """What an in-place upgrade asks of AWS, as the caller."""
    who, found = ctx.clients.identity("target"), sides.environment(ctx, "source")
    bucket = f"arn:{who.partition}:s3:::{sides.target_bucket(ctx)}"
    wants = [
        Want(("airflow:GetEnvironment", "airflow:UpdateEnvironment"), environment_arn(ctx, "target")),
        Want(("iam:PassRole",), sides.role_arn(ctx, "target"), permissions.PASSED),
        Want(("s3:GetEncryptionConfiguration",), bucket, shared=True),
    ]
    key = str(ctx.session.target.settings.get("RequirementsS3Path") or found.get("RequirementsS3Path") or "")
    if key:
        # Undo deletes a version, for which S3 asks for both.
        actions = "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"
        wants.append(Want(actions, f"{bucket}/{key}", shared=True))
    yield from permissions.of(ctx, "target", wants)


def import_errors(ctx: Context) -> Findings:
    """DAG files that are broken already will not get better."""
    name = _("import errors")
    found = sides.api(ctx, "source").import_errors()
    broken = [f"{clean(file, limit=300)}: {facts.last_line(trace)}" for file, trace in found]
    if broken:
        text = ngettext("{n} DAG file cannot be imported now", "{n} DAG files cannot be imported now", len(broken))
        yield Finding(name, "warn", f"{text.format(n=len(broken))}: {' · '.join(broken[:SHOWN])}",
                      _("Mend them first, so that new errors stand out."))  # fmt: skip
    else:
        yield Finding(name, "pass", _("none"))


def airflow_3_network(ctx: Context) -> Findings:
    """Tasks of Airflow 3 call the web server: behind PUBLIC_ONLY they need a way to the internet."""
    name, mode = _("Airflow 3 network"), str(target_values(ctx).get("WebserverAccessMode", "PRIVATE_ONLY"))
    if versions.parse(jumps.goal(ctx.session))[:1] < (3,):
        return
    if mode == "PUBLIC_ONLY" and (closed := network.closed_subnets(ctx)):
        yield Finding(name, "fail", _("{mode} with Airflow 3, and {ids} have no way out").format(
            mode=mode, ids=listed(closed)),
            _("Tasks of Airflow 3 call the web server: choose PRIVATE_ONLY, or route to a NAT gateway."))  # fmt: skip
    else:
        yield Finding(name, "pass", mode)
