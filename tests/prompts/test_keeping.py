"""Plain mode keeps saved sessions in order as the first screen does."""

from __future__ import annotations

from mwaa_wizard import paths
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.screens.fakes import ACCOUNT, ready_session

from .conftest import Play


def saved() -> Session:
    session = ready_session()
    store.save(session)
    return session


def test_rename_duplicate_export_delete_and_bring_back(play: Play) -> None:
    session = saved()
    code, printed = play({
        "What do you want": ["keep", "quit"], "Which session": [session.id] * 4 + ["", ""],
        "What to do with it": ["rename", "duplicate", "export", "delete"], "Name of this session": "Billing move",
        "Delete it from the list": "yes",
    })  # fmt: skip
    assert code == 0
    assert f"{session.id} is called: Billing move" in printed
    assert "Duplicated: same choices, nothing run yet." in printed
    (copy,) = [one.session for one in store.list_sessions() if one.session]
    assert copy.id != session.id
    assert copy.source.environment == session.source.environment
    (file,) = paths.exports_dir().glob(f"*{session.id}*")
    assert ACCOUNT not in file.read_text()
    assert [name for name, _when, _title in store.deleted()] == [session.id]
    _code, printed = play({"What do you want": ["keep", "quit"], "Which session": [session.id, ""]})
    assert "bring back Billing move, which was deleted" in printed
    assert store.load(session.id).name == "Billing move"


def test_nothing_is_done_by_enter_alone_and_an_open_one_is_refused(play: Play) -> None:
    session = saved()
    with store.Lock(session.id):
        _code, printed = play({
            "What do you want": ["keep", "quit"], "Which session": [session.id, session.id, session.id, ""],
            "What to do with it": ["", "delete", "delete"], "Delete it": ["", "yes"],
        })  # fmt: skip
    assert "What: " in printed
    assert [one.id for one in store.list_sessions()] == [session.id]
    assert "is open" in printed or "another" in printed


def test_a_name_is_taken_back(play: Play) -> None:
    session = saved()
    store.rename(session.id, "Mine")
    play({"What do you want": ["keep", "quit"], "Which session": [session.id, ""], "What to do with it": "rename",
          "Name of this session": "-"})  # fmt: skip
    assert store.load(session.id).name == ""
