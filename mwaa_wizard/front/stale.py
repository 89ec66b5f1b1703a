"""Pages that were done with answers which are others by now: stale until they are looked at again.

For every page that is done the session keeps a short digest of each earlier answer that the page rests on. The digests
are of what stands in the session itself, so of no secret.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _, listed

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

_SOURCE = ("source-place", "source")
_REACHED = (*_SOURCE, "version", "route")
_ALL = (*_REACHED, "target-place", "name", "settings", "entries", "tables", "logs")

# The earlier answers that each page rests on. Route is asked after source and target have their places.
RESTS_ON: dict[str, tuple[str, ...]] = {
    "source": ("source-place",),
    "route": (*_SOURCE, "target-place"),
    "target": ("source", "version", "route", "target-place"),
    "settings": (*_REACHED, "target-place"),
    "entries": ("source-place", "source", "target-place"),
    "tables": _REACHED,
    "logs": _SOURCE,
    "policies": (*_REACHED, "target-place", "name", "roles", "tables", "logs"),
    "preflight": _ALL,
    "review": _ALL,
}


def _values(session: Session) -> dict[str, Callable[[], object]]:
    source, target = session.source, session.target
    here, there = source.connection, target.connection
    made = ("ExecutionRoleArn", "SourceBucketArn", "KmsKey")
    return {
        "source-place": lambda: [here.profile, here.region],
        "target-place": lambda: [there.profile, there.region],
        "source": lambda: [source.environment, source.airflow_version],
        "version": lambda: [target.airflow_version, target.upgrade_to],
        "route": lambda: session.route,
        "name": lambda: target.environment,
        "roles": lambda: [target.create_role, target.create_bucket, *(target.settings.get(name) for name in made)],
        "settings": lambda: [target.settings, target.airflow_options, target.secret_options],
        "entries": lambda: session.entries.model_dump(mode="json"),
        "tables": lambda: session.tables.model_dump(mode="json"),
        "logs": lambda: session.logs.model_dump(mode="json"),
    }


def _word(answer: str) -> str:
    """An answer as a sentence names it."""
    return {
        "source-place": _("the source's profile or region"),
        "target-place": _("the target's profile or region"),
        "source": _("the environment to move"),
        "version": _("the Airflow version"),
        "route": _("the route"),
        "name": _("the target's name"),
        "roles": _("the target's role, bucket or key"),
        "settings": _("a setting"),
        "entries": _("what is moved as entries"),
        "tables": _("the tables"),
        "logs": _("the logs"),
    }[answer]


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:12]


def basis(page: str, session: Session) -> dict[str, str]:
    """The digests of what a page rests on, as the session has it now."""
    values = _values(session)
    return {answer: _digest(values[answer]()) for answer in RESTS_ON.get(page, ())}


def looked(page: str, session: Session) -> None:
    """The page was shown with the answers as they are now. Only what is done can become stale."""
    if page in session.page.done and page in RESTS_ON:
        found = basis(page, session)
        if session.page.basis.get(page) != found:
            session.page.basis = {**session.page.basis, page: found}


def changed(page: str, session: Session) -> list[str]:
    """The answers, in words, that are others than when the page was done; empty where it is not stale. A page that
    was done by an older program has nothing to compare with.
    """
    before = session.page.basis.get(page)
    if not before or page not in session.page.done:
        return []
    now = basis(page, session)
    return [_word(answer) for answer in now if answer in before and before[answer] != now[answer]]


def reason(page: str, session: Session) -> str:
    """The same as one sentence; empty where the page is not stale."""
    names = changed(page, session)
    return _("Look at this page again: {names} changed since.").format(names=listed(names)) if names else ""
