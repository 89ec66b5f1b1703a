"""The version jumps of a session in its journal: begun, finished, rolled back. Written before MWAA is asked."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.environments.routes import in_place
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.journal import Record
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session

KIND = "airflow-version"


def goal(session: Session) -> str:
    """The version at the end: a bridge's 3.x, or where an in-place upgrade leads."""
    return session.target.upgrade_to if session.route == "bridge" else session.target.airflow_version


def way(here: str, there: str) -> list[str]:
    """The versions in between and at the end; empty where nothing is to be done. Raises WizardError with the reasons
    where MWAA makes no such jump.
    """
    if here == there:
        return []
    found, against = in_place.jumps(here, there)
    if against:
        raise WizardError(
            what=_("MWAA does not change Airflow {here} to {there} in place.").format(here=here, there=there),
            where=" · ".join(f"{reason.text} [{reason.source}]" for reason in against),
            changed=_("The environment's version is as it was."),
            remedy=_("Choose another version, or another route: mwaa-wizard routes {here} {there}").format(
                here=here, there=there
            ),
        )
    return found


def begin(ctx: Context, after: str, before: dict[str, Any]) -> str:
    """Journal a jump that MWAA is about to be asked for; returns its name."""
    name = f"{sides.name(ctx, 'target')} {before['airflow_version']} → {after}"
    if any(record["name"] == name for record in ctx.journal.live(KIND)):
        ctx.removed(KIND, name, why="begun again")
    ctx.changed(KIND, name, before, after=after)
    return name


def finish(ctx: Context, name: str, **facts: Any) -> None:
    """Journal that a jump has arrived and was looked after."""
    ctx.journal.write(ctx.step, "verified", kind=KIND, name=name, **facts)


def open_jump(ctx: Context) -> Record | None:
    """The jump that was begun last and neither finished nor taken back."""
    found: Record | None = None
    for record in ctx.journal.records():
        if record.get("kind") != KIND:
            continue
        if record["event"] == "changed":
            found = record
        elif found is not None and record["name"] == found["name"]:
            found = None
    return found


def made(ctx: Context) -> list[Record]:
    """The jumps that count, the oldest first."""
    return ctx.journal.live(KIND)


def ever(ctx: Context) -> bool:
    """Whether a jump of the target was begun since it was made, however it ended."""
    found = False
    for record in ctx.journal.records():
        if record.get("kind") == KIND and record["event"] == "changed":
            found = True
        elif record.get("kind") == "environment" and record["event"] == "removed":
            found = False
    return found
