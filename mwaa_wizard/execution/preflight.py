"""The checks before anything is changed: each passes, warns or fails, with its evidence and what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from mwaa_wizard.aws.errors import DENIED, code_of, is_missing, translate
from mwaa_wizard.aws.factory import SIDES, Side
from mwaa_wizard.environments import effective, places, settings, versions
from mwaa_wizard.errors import Cancelled
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata import catalogue
from mwaa_wizard.resources import bucket as buckets
from mwaa_wizard.text import clean

Verdict = Literal["pass", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """One check's outcome."""

    name: str
    verdict: Verdict
    evidence: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for `preflight.json`."""
        return asdict(self)


def findings(ctx: Context) -> Iterator[Finding]:
    """Run all checks in order. One that AWS refuses becomes a failing finding, not an exception."""
    for name, check in _checks():
        ctx.safe_point()
        try:
            yield from check(ctx)
        except Cancelled:
            raise
        except Exception as problem:
            error = translate(problem)
            yield Finding(name, "fail", " · ".join(p for p in (error.what, error.where, error.code) if p), error.remedy)


def _checks() -> list[tuple[str, Callable[[Context], Iterator[Finding]]]]:
    return [
        (_("credentials"), _identities),
        (_("source environment"), _source),
        (_("source Airflow"), _airflow),
        (_("source role"), _role),
        (_("source bucket"), _source_bucket),
        (_("target region"), _region),
        (_("target name"), _name),
        (_("target version"), _version),
        (_("target settings"), _settings),
        (_("tables"), _tables),
        (_("target bucket"), _target_bucket),
    ]


def _identities(ctx: Context) -> Iterator[Finding]:
    for side in SIDES:
        identity = ctx.clients.identity(side)
        yield Finding(_("credentials"), "pass", f"{side}: {identity.arn} · {identity.region}")


def _source(ctx: Context) -> Iterator[Finding]:
    name = _("source environment")
    status = str(sides.environment(ctx, "source").get("Status"))
    evidence = f"{ctx.session.source.environment}: {status}"
    if status == "AVAILABLE":
        yield Finding(name, "pass", evidence)
    elif status == "UPDATE_FAILED":
        yield Finding(name, "warn", evidence, _("Its last update was rolled back; it still runs as before."))
    else:
        yield Finding(name, "fail", evidence, _("Wait until it is AVAILABLE, then resume."))


def _airflow(ctx: Context) -> Iterator[Finding]:
    api = sides.api(ctx, "source")
    version = api.ping()
    count = sum(1 for _dag in api.dags())
    yield Finding(
        _("source Airflow"), "pass", _("answers as {version} with {count} DAGs").format(version=version, count=count)
    )


def _role(ctx: Context) -> Iterator[Finding]:
    name, remedy = _("source role"), _("Paste it: mwaa-wizard policy {id} --for source-role").format(id=ctx.session.id)
    arn = sides.role_arn(ctx, "source")
    iam = ctx.client("source", "iam")
    try:
        iam.get_role(RoleName=names.role_name_of(arn))
        iam.list_role_policies(RoleName=names.role_name_of(arn))
    except Exception as problem:
        if is_missing(problem):
            yield Finding(name, "fail", arn, _("The role is gone: give the environment a role that exists."))
            return
        if code_of(problem) not in DENIED:
            raise
        yield Finding(name, "warn", _("{arn} may not be read by you").format(arn=arn), remedy)
        return
    refused = _may_put_policy(ctx, arn)
    if refused:
        yield Finding(name, "warn", _("you may not give {arn} an inline policy").format(arn=arn), remedy)
    else:
        yield Finding(name, "pass", arn)


def _may_put_policy(ctx: Context, role_arn: str) -> bool:
    """Whether IAM's simulator says no; where it may not be asked the answer is open and the step itself will tell."""
    caller = ctx.clients.identity("source").arn
    parts = caller.split(":")
    if parts[5].startswith("assumed-role/"):
        caller = f"arn:{parts[1]}:iam::{parts[4]}:role/{parts[5].split('/')[1]}"
    try:
        answer = ctx.client("source", "iam").simulate_principal_policy(
            PolicySourceArn=caller, ActionNames=["iam:PutRolePolicy"], ResourceArns=[role_arn]
        )
    except Exception as problem:
        ctx.log(_("IAM's simulator could not be asked ({why}).").format(why=translate(problem).code), "DEBUG")
        return False
    return any(result["EvalDecision"] != "allowed" for result in answer["EvaluationResults"])


def _source_bucket(ctx: Context) -> Iterator[Finding]:
    name = _("source bucket")
    bucket = names.bucket_of(sides.environment(ctx, "source")["SourceBucketArn"])
    yield from _bucket(ctx, "source", name, bucket, "warn")


def _bucket(ctx: Context, side: Side, name: str, bucket: str, verdict: Verdict) -> Iterator[Finding]:
    client = ctx.client(side, "s3")
    if not buckets.is_versioned(client, bucket):
        yield Finding(
            name,
            verdict,
            _("{bucket} is not versioned").format(bucket=bucket),
            _("Turn versioning on: MWAA needs it (mwaa-s3-bucket)."),
        )
    elif not buckets.blocks_public_access(client, bucket):
        yield Finding(
            name,
            verdict,
            _("{bucket} does not block all public access").format(bucket=bucket),
            _("Turn all four blocks on: MWAA needs them (mwaa-s3-bucket)."),
        )
    else:
        yield Finding(name, "pass", _("{bucket} is versioned and private").format(bucket=bucket))


def _target_bucket(ctx: Context) -> Iterator[Finding]:
    name, bucket = _("target bucket"), sides.target_bucket(ctx)
    if not ctx.session.target.create_bucket:
        yield from _bucket(ctx, "target", name, bucket, "fail")
    elif buckets.exists(ctx.client("target", "s3"), bucket) and not buckets.is_ours(ctx, "target", bucket):
        yield Finding(
            name,
            "fail",
            _("{bucket} exists and is not ours").format(bucket=bucket),
            _("Choose a bucket on page Settings, or another target name."),
        )
    else:
        yield Finding(name, "pass", bucket)


def _region(ctx: Context) -> Iterator[Finding]:
    name, region = _("target region"), ctx.clients.place("target").region
    partition = ctx.clients.identity("target").partition
    if region in places.regions(partition):
        yield Finding(name, "pass", region)
    else:
        yield Finding(
            name,
            "fail",
            _("MWAA is not in {region}").format(region=region),
            _("Choose a region that has MWAA on page Target."),
        )


def _name(ctx: Context) -> Iterator[Finding]:
    name, wanted = _("target name"), ctx.session.target.environment
    found = sides.find_environment(ctx, "target")
    if found is None:
        yield Finding(name, "pass", _("{name} is free").format(name=wanted))
    elif sides.made_environment(ctx) or found.get("Tags", {}).get(names.SESSION_TAG) == ctx.session.id:
        yield Finding(name, "pass", _("{name} is there, made by this session").format(name=wanted))
    else:
        yield Finding(
            name,
            "fail",
            _("{name} exists already ({status})").format(name=wanted, status=found.get("Status")),
            _("Choose another name on page Target."),
        )


def _version(ctx: Context) -> Iterator[Finding]:
    name = _("target version")
    source = str(sides.environment(ctx, "source").get("AirflowVersion", ""))
    wanted = ctx.session.target.airflow_version or source
    if versions.parse(source)[:1] >= (3,):
        yield Finding(
            name,
            "fail",
            _("the source runs Airflow {version}").format(version=source),
            _("History is read through the metadata database, which tasks of Airflow 3 cannot reach: choose a 2.x "
              "source. MWAA upgrades 3.x environments in place."),
        )  # fmt: skip
    elif (later := ctx.session.target.upgrade_to) and not _leads_to(wanted, later):
        yield Finding(
            name,
            "fail",
            f"{wanted} → {clean(later, limit=20)}",
            _("An in-place upgrade leads from {hop} to 3.x: choose the version anew on page Target.").format(
                hop=versions.newest_of_2()
            ),
        )
    elif hop := versions.needs_hop(source, wanted):
        yield Finding(
            name,
            "fail",
            f"{source} → {wanted}",
            _("History enters 3.x only through {hop}: choose that version now.").format(hop=hop),
        )
    elif versions.parse(wanted) < versions.parse(source):
        yield Finding(
            name,
            "fail",
            _("{source} → {target}: the source is newer than the target").format(source=source, target=wanted),
            _("An older Airflow lacks columns that the source has: choose {version} or newer.").format(version=source),
        )
    elif wanted in versions.creatable():
        yield Finding(name, "pass", wanted)
    elif versions.find(wanted):
        yield Finding(
            name,
            "fail",
            _("MWAA no longer creates {version}").format(version=wanted),
            _("Choose one of {versions}.").format(versions=", ".join(versions.creatable())),
        )
    else:
        yield Finding(
            name,
            "warn",
            _("{version} is not in our table of {date}").format(version=wanted, date=versions.as_of("versions")),
            _("Fine if MWAA has it by now; else it will be refused."),
        )


def _leads_to(version: str, later: str) -> bool:
    """Whether MWAA upgrades a version in place to 3.x (user guide: upgrading-environment)."""
    bridge = versions.parse(versions.newest_of_2())[:2]
    return versions.parse(version)[:2] == bridge and versions.parse(later)[:1] >= (3,)


def _settings(ctx: Context) -> Iterator[Finding]:
    name, environment = _("target settings"), sides.environment(ctx, "source")
    problems = settings.problems_of(ctx.session, environment)
    for problem in problems:
        yield Finding(name, "fail", problem, _("Mend it on page Settings."))
    key = "core.dags_are_paused_at_creation"
    if str(effective.target_options(ctx.session, environment).get(key, "True")).lower() == "false":
        yield Finding(
            name,
            "fail",
            f"{key} = False",
            _("The target's DAGs would run before their history is there: set it to True for now."),
        )
    elif not problems:
        yield Finding(name, "pass", _("all settings are valid"))


def _tables(ctx: Context) -> Iterator[Finding]:
    name, tables = _("tables"), ctx.session.tables
    chosen = catalogue.closure(catalogue.selected_default() if tables.selected is None else tables.selected)
    if problem := tables.problem():
        yield Finding(name, "fail", problem, _("Mend the days on page Tables."))
    elif not chosen:
        yield Finding(name, "fail", _("no table is chosen"), _("Pick at least one on page Tables."))
    else:
        yield Finding(name, "pass", ", ".join(chosen))
