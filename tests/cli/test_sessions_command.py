"""`mwaa-wizard sessions …`, `about` and `locate` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mwaa_wizard import paths, readonly
from mwaa_wizard.cli import COMMANDS
from mwaa_wizard.commands.group import make_group
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session


def type_(*words: str) -> Result:
    opened: list[dict[str, object]] = []

    def open_wizard(**options: object) -> int:
        opened.append(options)
        return 0

    done = CliRunner().invoke(make_group(COMMANDS, open_wizard), list(words), standalone_mode=False)
    done.opened = opened  # type: ignore[attr-defined]
    return done


@pytest.fixture
def session() -> Session:
    made = Session(id="aabbccdd")
    made.source.environment, made.source.connection.account = "analytics-prod", "111122223333"
    store.save(made)
    return made


def test_delete_and_undelete_by_either_spelling(session: Session) -> None:
    for way in (["--undelete", session.id], ["undelete", session.id]):
        told = type_("sessions", "delete", session.id)
        assert "mwaa-wizard sessions undelete aabbccdd" in told.output
        assert "No saved sessions" in type_("sessions").output
        assert session.id in type_("sessions", "--deleted").output
        assert json.loads(type_("sessions", "--deleted", "--json").output)[0]["id"] == session.id
        assert "Back in the list: analytics-prod" in type_("sessions", *way).output
        assert session.id in type_("sessions").output
    assert "There is no deleted session" in str(type_("sessions", "--undelete", session.id).exception) or (
        "is not deleted" in str(type_("sessions", "--undelete", session.id).exception)
    )


def test_the_list_as_json_keeps_its_members(session: Session) -> None:
    (row,) = json.loads(type_("sessions", "--json").output)
    assert set(row) == {"id", "title", "page", "state", "step", "updated_at", "problem"}


def test_rename_duplicate_export(session: Session, tmp_path: Path) -> None:
    assert "Nightly" in type_("sessions", "rename", session.id, "Nightly").output
    copy = type_("sessions", "duplicate", session.id).output.strip()
    assert store.load(copy).title() == "Copy of Nightly"
    where = tmp_path / "for support.json"
    assert str(where) in type_("sessions", "export", session.id, "--to", str(where)).output
    for text in (where.read_text(), type_("sessions", "export", session.id, "--to", "-").output):
        assert json.loads(text)["id"] == session.id
        assert "111122223333" not in text


@pytest.mark.parametrize("words", [["delete"], ["rename", "x"], ["export"], ["duplicate"]])
def test_a_session_that_is_not_there_is_said_to_be_so(words: list[str]) -> None:
    done = type_("sessions", words[0], "ffffffff", *words[1:])
    assert "There is no session ffffffff." in str(done.exception)
    assert not list(paths.sessions_dir().glob("*.json"))


def test_a_session_that_is_open_is_not_deleted(session: Session) -> None:
    with store.Lock(session.id):
        assert "already open (process" in str(type_("sessions", "delete", session.id).exception)
    assert store.load(session.id)


def test_about_names_version_paths_and_terminal_and_no_account(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/canary")
    monkeypatch.setenv("TERM", "xterm\x1b]0;title\x07")
    told = type_("about").output
    for part in ("mwaa-wizard 0.", "textual 8.", str(paths.log_dir()).split("/")[-1], "SSH_TTY", "TERM=xterm"):
        assert part in told
    assert "canary" not in told
    assert "\x1b" not in told
    assert json.loads(type_("about", "--json").output)["read only"] == "no"


def test_locate_names_every_folder() -> None:
    told = type_("locate").output
    for folder in (paths.sessions_dir(), paths.trash_dir(), paths.log_dir(), paths.preferences_file()):
        assert str(folder) in told


def test_options_reach_the_wizard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(readonly.VARIABLE, "0")
    done = type_("--theme", "light", "--read-only", "--dry-run", "--no-mouse", "--session", "x")
    (given,) = done.opened  # type: ignore[attr-defined]
    assert (given["theme"], given["dry_run"], given["mouse"], given["session_id"]) == ("light", True, False, "x")
    assert readonly.on()
