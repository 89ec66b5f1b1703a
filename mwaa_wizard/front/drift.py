"""Looks at both sides again when a session is opened that was left for a while, and tells what changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mwaa_wizard.errors import WizardError
from mwaa_wizard.session import drift

from . import retrying

if TYPE_CHECKING:
    from mwaa_wizard.session.drift import Difference
    from mwaa_wizard.session.model import Seen, Session


@dataclass(frozen=True)
class Found:
    """The differences, the new pictures, and what could not be asked; `since` is the session's last change."""

    since: dt.datetime
    differences: list[Difference] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)
    problems: list[WizardError] = field(default_factory=list)


def look(session: Session) -> Found:
    """Ask AWS about both sides (seconds: call it in a thread). A side that cannot be asked is a problem in words."""
    from mwaa_wizard.environments import lookups

    clients = retrying.clients(session)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    found = Found(since=session.updated_at)
    for side, name in (("source", session.source.environment), ("target", _target(session))):
        if not name:
            continue
        try:
            who = lookups.identity(clients, side)  # type: ignore[arg-type]
            seen = drift.picture(_environment(clients, side, name), who.account, who.arn, now)
        except WizardError as problem:
            # The same place twice says the same twice.
            if all(problem.what != other.what for other in found.problems):
                found.problems.append(problem)
            continue
        found.seen[side] = seen
        before = drift.remembered(session, side)
        found.differences.extend(
            one for one in drift.compare(side, before, seen) if not _ours(session, one, seen)
        )
    return found


def remember(session: Session, found: Found) -> None:
    """Put what was seen into the session: the next opening compares with this. Changes nothing that was decided; what
    the pages noted of the source follows it, as long as nothing has run.
    """
    if "source" in found.seen:
        seen = session.last_seen.source = found.seen["source"]
        if seen.version and not session.last_result.state:
            session.source.airflow_version = seen.version
            session.source.environment_class = seen.environment_class
    if "target" in found.seen:
        session.last_seen.target = found.seen["target"]


def _ours(session: Session, one: Difference, seen: Seen) -> bool:
    """Whether the difference is what this session's own run did: the version that it was to bring about."""
    target = session.target
    wanted = (target.airflow_version, target.upgrade_to)
    return bool(session.last_result.state) and bool(one.now) and one.now == seen.version and seen.version in wanted


def _target(session: Session) -> str:
    """The target's name where it can be there already: before the first run there is none to look at."""
    return session.target.environment if session.last_result.state and session.route != "in-place" else ""


def _environment(clients: object, side: str, name: str) -> dict[str, object] | None:
    from mwaa_wizard.environments import lookups

    try:
        return dict(lookups.environment(clients, side, name))  # type: ignore[arg-type]
    except WizardError as problem:
        if problem.code == "ResourceNotFoundException":
            return None
        raise
