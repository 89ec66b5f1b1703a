"""What the session decided, before AWS is asked to make it: name, region, version, settings, tables.

Sources: MWAA user guide airflow-versions, upgrading-environment; the settings' own rules are in `environments`.
"""

from __future__ import annotations

from mwaa_wizard.environments import effective, places, settings, versions
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata import catalogue
from mwaa_wizard.preflight.finding import Finding, Findings
from mwaa_wizard.text import clean


def region(ctx: Context) -> Findings:
    """The target region has MWAA."""
    name, region = _("target region"), ctx.clients.place("target").region
    partition = ctx.clients.identity("target").partition
    if region in places.regions(partition):
        yield Finding(name, "pass", region)
    else:
        yield Finding(
            name,
            "fail",
            _("MWAA is not in {region}").format(region=region),
            _("Choose a region that has MWAA on page Connect."),
        )


def name_free(ctx: Context) -> Findings:
    """Nobody else has an environment of the target name."""
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


def version(ctx: Context) -> Findings:
    """MWAA creates the version, and the history can enter it."""
    name = _("target version")
    source = str(sides.environment(ctx, "source").get("AirflowVersion", ""))
    wanted = ctx.session.target.airflow_version or source
    if ctx.session.route == "settings-only":
        yield from _without_history(name, source, wanted)
    elif versions.parse(source)[:1] >= (3,):
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
            _("An in-place upgrade leads from {hop} to 3.x: choose the version anew on page Route.").format(
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
    else:
        yield _creatable(name, wanted)


def _without_history(name: str, source: str, wanted: str) -> Findings:
    """Route settings-only: any version that MWAA makes, as no row of the database is carried over."""
    if versions.parse(source)[:1] < (2,):
        yield Finding(
            name,
            "fail",
            _("the source runs Airflow {version}").format(version=source),
            _("Airflow 1.10 has no REST API that lists variables and pools: choose the route new-environment."),
        )
    else:
        yield _creatable(name, wanted)


def _creatable(name: str, wanted: str) -> Finding:
    if wanted in versions.creatable():
        return Finding(name, "pass", wanted)
    if versions.find(wanted):
        return Finding(
            name,
            "fail",
            _("MWAA no longer creates {version}").format(version=wanted),
            _("Choose one of {versions}.").format(versions=listed(versions.creatable())),
        )
    return Finding(
        name,
        "warn",
        _("{version} is not in our table of {date}").format(version=wanted, date=versions.as_of("versions")),
        _("Fine if MWAA has it by now; else it will be refused."),
    )


def _leads_to(version: str, later: str) -> bool:
    """Whether MWAA upgrades a version in place to 3.x (user guide: upgrading-environment)."""
    bridge = versions.parse(versions.newest_of_2())[:2]
    return versions.parse(version)[:2] == bridge and versions.parse(later)[:1] >= (3,)


def target_settings(ctx: Context) -> Findings:
    """All settings are valid together, and no DAG starts too early."""
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


def tables(ctx: Context) -> Findings:
    """Something is chosen to come along, from days that are in order."""
    name, tables = _("tables"), ctx.session.tables
    chosen = catalogue.closure(catalogue.selected_default() if tables.selected is None else tables.selected)
    if problem := tables.problem():
        yield Finding(name, "fail", problem, _("Mend the days on page Tables."))
    elif not chosen:
        yield Finding(name, "fail", _("no table is chosen"), _("Pick at least one on page Tables."))
    else:
        yield Finding(name, "pass", listed(chosen))
