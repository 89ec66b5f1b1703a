"""The seam to the engine for page Entries: what there is to move by route settings-only, and what still needs a value.

Like `engine`: nothing is imported before it is called, tests replace these functions, and those that ask AWS take
seconds and raise WizardError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from . import retrying

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

T = TypeVar("T")


@dataclass(frozen=True)
class Listed:
    """What the source's REST API lists. `hidden`: names of variables whose value it does not show as it is.

    `connections` is for `states` only: their extras may hold secrets, so they are in no `repr`.
    """

    variables: int
    pools: int
    hidden: tuple[str, ...] = ()
    connections: tuple[Any, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class ConnectionLine:
    """One connection of the list. `state`: see `entries.survey.State`; `moves`: whether it can go along as it is."""

    conn_id: str
    conn_type: str
    state: str
    why: str = ""
    moves: bool = False


def listed(session: Session) -> Listed:
    """Ask the source's Airflow what it has (seconds)."""
    import time

    from mwaa_wizard.entries.read import Reader

    def read() -> Listed:
        source = session.source
        clients = retrying.clients(session)
        reader = Reader(clients, "source", source.environment, source.airflow_version, sleep=time.sleep)
        variables = reader.variables(listed_only=True)
        hidden = tuple(one.key for one in variables if one.value is None)
        return Listed(len(variables), len(reader.pools()), hidden, tuple(reader.connections()))

    return _worded(read)


def states(session: Session, environment: dict[str, Any], found: Listed) -> list[ConnectionLine]:
    """How each connection stands; `environment` is the source as AWS just answered it."""
    from mwaa_wizard.entries import survey

    def ask() -> list[ConnectionLine]:
        rows = survey.connections(session, retrying.clients(session), environment, list(found.connections))
        return [
            ConnectionLine(row.conn_id, row.conn_type, row.state, row.why, row.state in survey.MOVED) for row in rows
        ]

    return _worded(ask)


def give(session: Session, conn_id: str, text: str) -> bool:
    """Keep a connection's password, or the whole of it; whether keyring has it. Empty text takes it back."""
    from mwaa_wizard.entries import survey

    if not text:
        survey.take_back(session, conn_id)
        return True
    return bool(survey.give(session, conn_id, text))


def _worded(call: Callable[[], T]) -> T:
    """Whatever the call raises becomes a WizardError."""
    from mwaa_wizard.environments import lookups
    from mwaa_wizard.errors import WizardError

    try:
        return call()
    except WizardError:
        raise
    except Exception as problem:
        raise lookups.worded(problem) from problem
