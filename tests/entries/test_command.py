"""`mwaa-wizard secret`: a value comes in by standard input, goes to keyring, and is in no argument and no output."""

from __future__ import annotations

import keyring
import pytest
from click.testing import CliRunner

from mwaa_wizard import secrets
from mwaa_wizard.commands.secret import secret
from mwaa_wizard.entries import survey
from mwaa_wizard.errors import WizardError
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.entries.conftest import Move
from tests.entries.test_read import ROW

CANARY = "canary-" + "for-the-command\nof two lines"


@pytest.fixture
def session() -> Session:
    made = Session(route="settings-only")
    store.save(made)
    return made


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring that ends with the test."""
    found: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(secrets, "backend_is_safe", lambda: True)
    monkeypatch.setattr(secrets, "_memory", {})
    monkeypatch.setattr(keyring, "set_password", lambda app, name, value: found.update({(app, name): value}))
    monkeypatch.setattr(keyring, "get_password", lambda app, name: found.get((app, name)))
    monkeypatch.setattr(keyring, "delete_password", lambda app, name: found.pop((app, name)))
    return found


def test_a_value_goes_to_keyring_and_comes_back(session: Session, kept: dict[tuple[str, str], str]) -> None:
    done = CliRunner().invoke(secret, [session.id, "connection:db"], input=CANARY + "\n")
    assert done.exit_code == 0, done.output
    assert CANARY not in done.output
    assert survey.given(session, "db") == CANARY
    assert list(kept.values()) == [CANARY]
    done = CliRunner().invoke(secret, [session.id, "connection:db", "--forget"])
    assert done.exit_code == 0
    assert kept == {}
    assert survey.given(session, "db") is None


def test_without_a_safe_keyring_nothing_is_said_to_be_kept(session: Session) -> None:
    done = CliRunner().invoke(secret, [session.id, "connection:db"], input=CANARY)
    assert isinstance(done.exception, WizardError)
    assert "--now" in done.exception.remedy
    assert CANARY not in done.output + "".join(done.exception.lines())
    survey.take_back(session, "db")


@pytest.mark.parametrize("name", ["db", "connection:", "variable:x"])
def test_other_names_are_refused(session: Session, name: str) -> None:
    done = CliRunner().invoke(secret, [session.id, name], input=CANARY)
    assert isinstance(done.exception, WizardError)
    assert "connection:ID" in done.exception.remedy


def test_without_a_name_the_connections_are_listed(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {"db": {}, "open": {"password": None}}
    move.source.rows["connections"] = [{**ROW, "connection_id": name, **row} for name, row in rows.items()]
    store.save(move.rig.session)
    monkeypatch.setattr(Session, "clients", lambda session: move.rig.clients)
    done = CliRunner().invoke(secret, [move.rig.session.id])
    assert done.exit_code == 0, done.output
    assert [line.split()[:2] for line in done.output.splitlines()] == [["needed", "db"], ["complete", "open"]]
    move.source.rows["connections"] = []
    assert "no connections" in CliRunner().invoke(secret, [move.rig.session.id]).output
