"""The one seam to the engine: every look-up and every plan the pages use, as plain functions.

Nothing here is imported before it is called (the first screen must not load boto3), and tests replace exactly these
functions. Functions that ask AWS take seconds and run in thread workers; they raise WizardError.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from . import retrying
from .shown import EnvironmentLine as EnvironmentLine
from .shown import ProfileLine as ProfileLine
from .shown import ReportText as ReportText
from .shown import TableLine as TableLine
from .shown import Who as Who

if TYPE_CHECKING:
    from mwaa_wizard.environments.settings import SettingRow
    from mwaa_wizard.execution.step import Step
    from mwaa_wizard.metadata.bundle import Inventory
    from mwaa_wizard.session.model import Session

    from .run_state import RunState
    from .runs import Listener, RunnerLike

Side = Literal["source", "target"]
Environment = dict[str, Any]


# Connect


def profiles() -> list[ProfileLine]:
    """The AWS profiles on this machine, from its configuration files only."""
    from mwaa_wizard.environments import places
    from mwaa_wizard.i18n import _

    from .words import account

    kinds = {"sso": _("SSO"), "role": _("role"), "process": _("process"), "keys": _("keys")}
    return [
        ProfileLine(
            one.name, one.region, " ".join(part for part in (kinds.get(one.kind, ""), account(one.account)) if part)
        )
        for one in places.profiles()
    ]


def profile_region(profile: str | None) -> str:
    """The region a profile is configured for, else the environment's, else an empty string."""
    import os

    from mwaa_wizard.environments import places

    for one in places.profiles():
        if one.name == (profile or "default") and one.region:
            return one.region
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or ""


def regions() -> list[str]:
    """Regions that have MWAA, in every partition botocore knows (loads botocore: call it in a thread)."""
    from mwaa_wizard.environments import places

    return places.all_regions()


def regions_beside(region: str) -> list[str]:
    """Regions with MWAA in the partition of a region (loads botocore: call it in a thread)."""
    from mwaa_wizard.environments import places

    return places.regions(places.partition_of(region))


def identity(session: Session, side: Side) -> Who:
    """Who the credentials of a side are (STS)."""
    from mwaa_wizard.environments import lookups

    who = lookups.identity(retrying.clients(session), side)
    return Who(who.account, who.arn, who.partition)


# Source and target


def environments(session: Session) -> list[EnvironmentLine]:
    """The environments of the source's account and region."""
    from mwaa_wizard.environments import lookups

    return [
        EnvironmentLine(
            name=one.name,
            status=one.status,
            version=one.version,
            environment_class=one.environment_class,
            created=str(one.created or "")[:10],
            region=session.source.connection.region,
            problem=one.problem,
        )
        for one in lookups.environments(retrying.clients(session), "source")
    ]


def source_environment(session: Session) -> Environment:
    """GetEnvironment of the source, as the settings page compares it."""
    from mwaa_wizard.environments import lookups

    return dict(lookups.environment(retrying.clients(session), "source", session.source.environment))


def name_is_free(session: Session, name: str) -> bool:
    """Whether the target has no environment of that name; one that this session made itself counts as free."""
    from mwaa_wizard.environments import lookups
    from mwaa_wizard.execution.journal import Journal

    if any(record["name"] == name for record in Journal.of(session.id).live("environment")):
        return True
    return bool(lookups.name_is_free(retrying.clients(session), name))


def name_problems(name: str) -> list[str]:
    """What is wrong with an environment's name, from the API's own shape."""
    from mwaa_wizard.environments import shapes

    return list(shapes.problems("Name", name))


def creatable() -> list[tuple[str, str]]:
    """(version, its Python line or an empty string) of all that a new environment can have, the newest first."""
    from mwaa_wizard.environments import versions

    return [(version, versions.python_of(version) or "") for version in versions.creatable()]


def suggested_version(source_version: str) -> str:
    """The newest version that history can enter directly; for a source of Airflow 3 the newest there is."""
    from mwaa_wizard.environments import versions

    major = versions.parse(source_version)[:1]
    if major >= (3,):
        return versions.creatable()[0]
    return versions.newest_of_2()


# Settings


def setting_rows(session: Session, environment: Environment) -> list[SettingRow]:
    """Source value beside target value for every setting."""
    from mwaa_wizard.environments import settings

    return list(settings.rows(session, environment))


def edit_setting(session: Session, name: str, text: str) -> list[str]:
    """Write a setting into the session, or say why not."""
    from mwaa_wizard.environments import settings

    found = list(settings.edit(session, name, text))
    _nothing_made_in_place(session)
    return found


def reset_setting(session: Session, name: str) -> None:
    """Back to the source's value."""
    from mwaa_wizard.environments import settings

    settings.reset(session, name)
    _nothing_made_in_place(session)


def _nothing_made_in_place(session: Session) -> None:
    """In place, an empty role or bucket is the source's own, not one that the wizard makes."""
    if session.route == "in-place":
        session.target.create_role = session.target.create_bucket = False


def setting_problems(session: Session, environment: Environment) -> list[str]:
    """What has to be mended before the target can be made."""
    from mwaa_wizard.environments import settings

    return list(settings.problems_of(session, environment))


def takes_several(name: str) -> bool:
    """Whether a setting is a list of values."""
    from mwaa_wizard.environments.fields import field

    found = field(name)
    return found is not None and found.kind == "list"


def setting_choices(session: Session, name: str) -> list[tuple[str, str]]:
    """(value, words) pairs AWS offers for a setting; empty where there is nothing to choose from."""
    from .choices import offered

    return offered(session, retrying.clients(session), name)


# Tables


def tables() -> list[TableLine]:
    """The tables that can come along, in the order they are imported."""
    from mwaa_wizard.i18n import _
    from mwaa_wizard.metadata import catalogue

    return [TableLine(table.name, _(table.why), table.default) for table in catalogue.TABLES]


def column_plan(session: Session, found: Inventory | None, table: str, cells: int, everything: bool) -> list[str]:
    """What becomes of each column of a table, in lines of at most `cells`: by the real source where it was counted,
    else by the schema that its version has. Needs no AWS. Raises WizardError where there is no way.
    """
    from mwaa_wizard.i18n import _
    from mwaa_wizard.metadata import pairs
    from mwaa_wizard.report import mapping, mapping_text
    from mwaa_wizard.text import clean

    later = session.target.upgrade_to
    target = later or session.target.airflow_version or session.source.airflow_version
    if found is not None and found.columns:
        pair = pairs.pair(found.airflow_version, target)
        # On the way to Airflow 3 some columns are filled that could stay empty otherwise.
        plan = mapping.of_inventory(found, table, pair.enters, bool(later))
        basis = _("{source} as counted → {target}")
    else:
        pair = pairs.pair(session.source.airflow_version, target)
        (plan,) = mapping.build(pair, table).tables
        basis = _("{source} as released → {target}")
    head = basis.format(source=clean(f"Airflow {pair.source}"), target=pair.enters)
    lines = [head, "", *mapping_text.table_lines(plan, cells, everything=everything)]
    if later and (bridge := mapping.build(pair, table)).bridge:
        lines += ["", *mapping_text.bridge_lines(bridge, cells)]
    return lines


def inventory(session: Session) -> Inventory | None:
    """What the inventory found in an earlier run or count; None where there is none."""
    from mwaa_wizard import paths
    from mwaa_wizard.metadata.bundle import Inventory

    path = paths.run_dir(session.id) / "inventory.json"
    try:
        return Inventory.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        # A half-written copy is no answer; counting again replaces it.
        return None


# Plan and run


def plan(session: Session) -> Sequence[Step]:
    """All steps of the session, in order."""
    from mwaa_wizard.execution.plan import plan_for

    return plan_for(session)


def inventory_plan(session: Session) -> Sequence[Step]:
    """The steps that lead to real row counts."""
    from mwaa_wizard.execution.plan import inventory_plan as steps

    return steps(session)


def make_runner(session: Session, kind: str, listener: Listener) -> RunnerLike:
    """A runner for the whole plan or for the inventory only. The session is copied: a page may go on editing."""
    from mwaa_wizard.execution.runner import Runner

    own = session.model_copy(deep=True)
    steps = inventory_plan(own) if kind == "inventory" else plan(own)
    return Runner(own, steps, listener)


def log_path(session_id: str, step: str) -> Path:
    """The log file of a step."""
    from mwaa_wizard.execution.steplog import StepLogs

    return StepLogs(session_id).path(step)


def past_run(session: Session, steps: Sequence[tuple[str, str]]) -> RunState:
    """What the journal says of an earlier run."""
    from mwaa_wizard.execution.journal import Journal

    from .run_state import from_journal

    return from_journal(steps, Journal.of(session.id).records())


def made_things(session: Session) -> list[tuple[str, str]]:
    """(kind, name) of everything this session made or changed and did not take back: what an undo touches."""
    from mwaa_wizard.execution.journal import Journal

    there: dict[tuple[str, str], None] = {}
    for record in Journal.of(session.id).records():
        pair = (str(record.get("kind", "")), str(record.get("name", "")))
        if record.get("event") in ("made", "changed"):
            there[pair] = None
        elif record.get("event") == "removed":
            there.pop(pair, None)
    return list(there)


# Report


def report(session: Session, columns: int) -> ReportText:
    """The report of the session's run, `columns` wide, from its files; needs no AWS."""
    from dataclasses import replace

    from mwaa_wizard import paths
    from mwaa_wizard.report import build, render, table

    made = build.build(session)
    folder = paths.run_dir(session.id)
    files = [
        str(folder / name) for name in ("report.html", "report.md", "report.json") if (folder / name).exists()
    ]
    # What comes next is said apart, as the page's own.
    head, _rule, text = render.to_text(replace(made, next=[]), columns).partition("─" * columns + "\n")
    same = {"verified": True, "differs": False}.get(made.state)
    return ReportText(text=text or head, next=tuple(made.next), files=tuple(files), same=same,
                      rejected=table.rejected_rows(made))  # fmt: skip


def verified(session: Session) -> bool:
    """Whether verification ran and found everything equal."""
    from mwaa_wizard.report import build

    return bool(build.verified(session))
