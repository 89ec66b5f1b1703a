"""What each connection needs before it can be moved: for the page that asks for values, preflight, and the steps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from mwaa_wizard import secrets
from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.entries import backend as backends
from mwaa_wizard.entries import document, model, vault
from mwaa_wizard.entries.backend import Backend, What
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session

# backend: read from the source's secrets backend. shared: source and target ask the same secret, nothing is copied.
# complete: REST lists all of it, it has no password. given: with what the user gave. needed: a value has to be given.
# written: this session has written it, and what the user gave is not known any more. left: stays behind, by choice.
# impossible: cannot be moved, see `why`.
State = Literal["backend", "shared", "complete", "given", "written", "needed", "left", "impossible"]
MOVED: tuple[State, ...] = ("backend", "shared", "complete", "given", "written")
_SERVICES = {"secrets-manager": "secretsmanager", "ssm": "ssm"}


@dataclass(frozen=True)
class ConnectionState:
    """One connection: `conn_type` is empty where only the backend has it; `why` is a reason in words, or empty."""

    conn_id: str
    conn_type: str
    state: State
    why: str = ""
    listed: model.Connection | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Places:
    """Both backends, and whether they are one and the same place for a kind."""

    source: Backend
    target: Backend
    same_account: bool

    def shared(self, what: What) -> bool:
        """Whether both sides ask the same service, account, region and prefix."""
        here, there = self.source, self.target
        same = here.kind == there.kind and here.start(what) == there.start(what)
        return same and (self.same_account or bool(here.elsewhere)) and here.elsewhere == there.elsewhere

    def readable(self, what: What) -> bool:
        """Whether the source's client reads that kind from the source's backend."""
        return self.source.asks(what) and not self.source.elsewhere


def places(session: Session, clients: Clients, environment: dict[str, Any]) -> Places:
    """The backends of both sides; `environment` is the source as AWS just gave it."""
    here, there = clients.identity("source"), clients.identity("target")
    return Places(
        backends.of_source(environment),
        backends.of_target(session, environment),
        (here.account, here.region, here.partition) == (there.account, there.region, there.partition),
    )


def client_of(clients: Clients, side: Side, backend: Backend) -> Any:
    """The client of a backend's service."""
    return clients.client(side, _SERVICES[backend.kind])


def secret_key(conn_id: str) -> str:
    """Under which name `secrets.py` keeps what the user gave for a connection."""
    return f"connection:{conn_id}"


def give(session: Session, conn_id: str, text: str) -> bool:
    """Keep what the user gives for a connection: its password, or all of it as JSON or URI. Whether keyring has it;
    if not, this process alone does.
    """
    return secrets.remember(session.id, secret_key(conn_id), text)


def given(session: Session, conn_id: str) -> str | None:
    """What the user gave, or None."""
    return secrets.recall(session.id, secret_key(conn_id))


def take_back(session: Session, conn_id: str) -> None:
    """Forget what the user gave for a connection."""
    secrets.forget(session.id, secret_key(conn_id))


def connections(
    session: Session, clients: Clients, environment: dict[str, Any], listed: list[model.Connection]
) -> list[ConnectionState]:
    """Every connection of the source, in order: those that REST lists and those only its backend has.

    Raises what boto3 raises where the source's backend may not be listed.
    """
    where = places(session, clients, environment)
    kept: set[str] = set()
    if where.readable("connections"):
        service = client_of(clients, "source", where.source)
        kept = {
            one for one in vault.ids(service, where.source, "connections") if where.source.looks_up("connections", one)
        }
    by_id = {connection.conn_id: connection for connection in listed}
    found = []
    for conn_id in sorted({*kept, *by_id}):
        connection = by_id.get(conn_id)
        state, why = _state(session, where, conn_id, connection, in_backend=conn_id in kept)
        found.append(ConnectionState(conn_id, connection.conn_type if connection else "", state, why, connection))
    return found


def _state(
    session: Session, where: Places, conn_id: str, listed: model.Connection | None, *, in_backend: bool
) -> tuple[State, str]:
    if session.entries.connections == "leave" or conn_id in session.entries.left:
        return "left", _("left behind by choice")
    if in_backend and where.shared("connections"):
        return "shared", ""
    if not where.target.asks("connections") or where.target.kind != "secrets-manager" or where.target.elsewhere:
        return "impossible", _("the target's own secrets backend is not one that the wizard can write to")
    if not where.target.looks_up("connections", conn_id):
        return "impossible", _("the target's connections_lookup_pattern keeps Airflow from asking for it")
    if problem := document.name_problem(where.target.path("connections", conn_id)):
        return "impossible", problem
    if in_backend:
        return "backend", ""
    assert listed is not None
    text = given(session, conn_id)
    try:
        document.secret_of(listed, text)
    except document.NotEnough as problem:
        return "needed", str(problem)
    return ("complete", "") if text is None else ("given", "")


def counts(states: list[ConnectionState]) -> dict[State, int]:
    """How many connections are in each state."""
    return dict(Counter(one.state for one in states))
