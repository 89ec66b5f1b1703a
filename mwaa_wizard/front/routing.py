"""The chosen route in the session: what the planner is asked, what a choice writes, and when it no longer holds.

Pure functions of the session and the planner; nothing here asks AWS.
"""

from __future__ import annotations

import functools
import re
import time
from typing import TYPE_CHECKING

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.environments.routes.model import Request, Routes
    from mwaa_wizard.session.model import Session

# Settings that were meant for a new environment: nobody wants them written into the one that is in production.
_OF_A_NEW_ONE = ("ExecutionRoleArn", "SourceBucketArn", "NetworkConfiguration.SecurityGroupIds")


def wanted(session: Session) -> str:
    """The version that is to be reached in the end."""
    if session.route == "bridge" and session.target.upgrade_to:
        return session.target.upgrade_to
    return session.target.airflow_version


def request(session: Session) -> Request:
    """What the planner is asked for this session."""
    from mwaa_wizard.environments.routes.model import KEEPABLE, Request

    source, target = session.source, session.target
    here, there = source.connection, target.connection
    changed = target.settings.get("EnvironmentClass")
    own = source.environment_class or "mw1.small"
    return Request(
        source=source.airflow_version,
        target=wanted(session),
        elsewhere=(here.account, here.region) != (there.account, there.region),
        keep=frozenset(asset for asset in KEEPABLE if asset in session.keep),
        region=there.region or here.region,
        source_class=own,
        target_class=changed if isinstance(changed, str) else own,
        listed_only=False,
    )


def routes(session: Session) -> Routes:
    """Every route for the session. Raises WizardError for a version that cannot be read.

    A page asks several times while it is drawn, and each plan reads its tables anew: kept for a moment.
    """
    from mwaa_wizard import paths
    from mwaa_wizard.i18n import language

    return _planned(request(session), language(), str(paths.state_dir()), int(time.monotonic() // 5))


@functools.lru_cache(maxsize=4)
def _planned(asked: Request, _language: str, _state: str, _moment: int) -> Routes:
    """What else the words and the tables depend on is in the key."""
    from mwaa_wizard.environments.routes.planner import plan

    return plan(asked)


def begun(session: Session) -> bool:
    """Whether a run has made things by the chosen route: another one would leave them lying."""
    return session.last_result.state not in ("", "undone")


def locked() -> str:
    """Why neither route nor version can be another one now."""
    return _("The run has begun by this route. To take another: undo it (page Run), or duplicate the session on the "
             "first page.")  # fmt: skip


def problems(session: Session) -> list[str]:
    """Why the chosen route cannot be taken, in plain words; empty where it can. A run that has begun goes on by the
    route it began with, also where newer tables would not offer that any more.
    """
    if begun(session):
        return []
    if not session.source.airflow_version:
        return [_("The version of the source is not known: choose the source again.")]
    if not wanted(session):
        return [_("Choose the Airflow version to reach.")]
    if not re.fullmatch(r"\d+\.\d+\.\d+", wanted(session), re.ASCII):
        return [_("An Airflow version is three numbers, like 2.11.2.")]
    try:
        route = routes(session).of(session.route)
    except WizardError as problem:
        return [f"{problem.what} {problem.remedy}".strip()]
    found = [_("Route {name} is blocked: {reason}").format(name=route.kind, reason=one.text) for one in route.blocked]
    if not found and session.route == "in-place" and session.target.environment != session.source.environment:
        found.append(_("In place, source and target are one environment: choose the route anew."))
    return found


def want(session: Session, version: str) -> None:
    """Another version to reach, by the route chosen so far; that may be blocked then."""
    _reach(session, version)


def choose(session: Session, kind: str) -> list[str]:
    """Take a route. Returns the names of edited settings that were forgotten, since they cannot go along with it."""
    version, before = wanted(session), session.route
    session.route = kind  # type: ignore[assignment]
    _reach(session, version)
    if kind == "in-place":
        return _stay(session)
    if before == "in-place":
        _leave(session)
    return []


def source_changed(session: Session) -> None:
    """The source is another one: in place, so is the target."""
    if session.route == "in-place":
        session.target.environment = session.source.environment


def _reach(session: Session, version: str) -> None:
    """Write the version: a bridge makes its environment at the stepping stone."""
    target = session.target
    target.airflow_version, target.upgrade_to = version, ""
    if session.route != "bridge" or not version:
        return
    from dataclasses import replace

    from mwaa_wizard.environments.routes.planner import plan

    try:
        bridge = plan(replace(request(session), target=version)).of("bridge")
    except WizardError:
        return  # `problems` tells it
    if bridge.possible:
        target.airflow_version, target.upgrade_to = bridge.steps[0].after, version


def _stay(session: Session) -> list[str]:
    from mwaa_wizard.environments.fields import field, fields

    source, target = session.source, session.target
    target.environment, target.connection = source.environment, source.connection.model_copy()
    target.create_role = target.create_bucket = False
    gone = {item.name for item in fields() if item.fixed} | set(_OF_A_NEW_ONE)
    dropped = [name for name in target.settings if name in gone]
    target.settings = {name: value for name, value in target.settings.items() if name not in gone}
    return [item.label if (item := field(name)) else clean(name, limit=80) for name in dropped]


def _leave(session: Session) -> None:
    target = session.target
    target.environment = ""
    target.create_role = "ExecutionRoleArn" not in target.settings
    target.create_bucket = "SourceBucketArn" not in target.settings


def command(session: Session) -> str:
    """The command that prints the same routes."""
    asked = request(session)
    words = ["mwaa-wizard", "routes", asked.source, asked.target]
    if asked.keep:
        words += ["--keep", ",".join(sorted(asked.keep))]
    if asked.elsewhere:
        words.append("--elsewhere")
    if asked.region and asked.region != "us-east-1":
        words += ["--region", asked.region]
    if asked.target_class != "mw1.small":
        words += ["--class", asked.target_class]
    if asked.source_class != asked.target_class:
        words += ["--source-class", asked.source_class]
    return clean(" ".join(words))
