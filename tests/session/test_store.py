"""A session survives crashes, refuses what it cannot read, and is open in one process only."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.session import store
from mwaa_wizard.session.model import SCHEMA_VERSION, Session, Tables


def test_saved_session_comes_back_equal() -> None:
    session = Session(name="移行 🙂")
    session.source.environment = "analytics-prod"
    session.tables.selected = ["dag_run", "variable"]
    session.target.settings = {"MaxWorkers": 10, "Tags": {"Team": "data"}}
    store.save(session)
    assert store.load(session.id) == session


def test_file_is_private_and_has_a_backup_of_the_state_before() -> None:
    session = Session()
    store.save(session)
    session.name = "second"
    store.save(session)
    path = store.path_of(session.id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.with_suffix(".bak").read_text())["name"] == ""
    assert not [p for p in path.parent.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize("text", ['{"id": "x", "schema_ver', "", "[]", '{"schema_version": "soon"}', "\x00\xff"])
def test_damaged_file_is_named_and_left_alone(text: str) -> None:
    session = Session()
    store.save(session)
    store.save(session)
    path = store.path_of(session.id)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WizardError) as caught:
        store.load(session.id)
    assert "damaged" in caught.value.what
    assert ".bak" in caught.value.remedy
    assert path.read_text(encoding="utf-8") == text
    assert store.list_sessions()[0].problem


def test_a_wrong_value_is_damage_and_the_value_is_not_repeated() -> None:
    session = Session()
    store.save(session)
    raw = json.loads(store.path_of(session.id).read_text())
    raw["logs"]["days"] = "canary-in-session"
    store.path_of(session.id).write_text(json.dumps(raw))
    with pytest.raises(WizardError) as caught:
        store.load(session.id)
    assert "canary" not in "\n".join(caught.value.lines())


def test_session_from_the_future_is_refused_and_not_overwritten() -> None:
    session = Session()
    store.save(session)
    path = store.path_of(session.id)
    raw = json.loads(path.read_text())
    raw["schema_version"] = SCHEMA_VERSION + 1
    path.write_text(json.dumps(raw))
    before = path.read_bytes()
    with pytest.raises(WizardError, match="newer mwaa-wizard"):
        store.load(session.id)
    assert path.read_bytes() == before


def test_a_full_disk_takes_neither_the_session_nor_its_backup(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(name="first")
    store.save(session)
    session.name = "second"
    store.save(session)
    path = store.path_of(session.id)
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}

    def half(source: Path, target: Path) -> None:
        Path(target).write_bytes(Path(source).read_bytes()[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", half)
    session.name = "third"
    with pytest.raises(OSError, match="No space"):
        store.save(session)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_a_file_that_may_not_be_read_is_not_called_damaged() -> None:
    session = Session()
    store.path_of(session.id).mkdir()  # a folder refuses everybody, root too
    with pytest.raises(WizardError, match="cannot be read") as caught:
        store.load(session.id)
    assert "access" in caught.value.remedy
    assert "cannot be read" in store.list_sessions()[0].problem


def test_a_file_system_without_locks_is_not_said_to_be_another_wizard(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_words: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    with pytest.raises(OSError, match=r"No locks.*\.lock"):
        store.Lock(Session().id).acquire()


def test_missing_session() -> None:
    with pytest.raises(WizardError, match="no session"):
        store.load("00000000")


HOLD = """
import sys
from mwaa_wizard.session.store import Lock
lock = Lock(sys.argv[1]); lock.acquire()
print("held", flush=True); sys.stdin.read()
"""


def test_second_process_is_told_who_holds_the_session_and_a_kill_frees_it() -> None:
    session = Session()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, session.id], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(WizardError) as caught:
            store.Lock(session.id).acquire()
        assert str(holder.pid) in caught.value.what
    finally:
        holder.kill()
        holder.communicate(timeout=10)
    with store.Lock(session.id) as lock:
        assert lock.path.read_text().startswith(f"process {os.getpid()}")


def test_no_member_of_a_session_can_hold_a_secret_by_name() -> None:
    schema = json.dumps(Session.model_json_schema())
    for word in ("password", "access_key", "session_token", "fernet"):
        assert word not in schema.lower()


def test_sessions_are_listed_newest_first() -> None:
    first, second = Session(), Session()
    store.save(first)
    store.save(second)
    os.utime(store.path_of(first.id), (1, 1))
    assert [item.id for item in store.list_sessions()] == [second.id, first.id]
    store.delete(first.id)
    assert [item.id for item in store.list_sessions()] == [second.id]


@pytest.mark.parametrize(("pattern", "patterns"), [("*", []), ("", []), ("daily_*", ["daily_*"])])
def test_a_session_of_the_first_format_still_opens(pattern: str, patterns: list[str]) -> None:
    session = Session()
    store.save(session)
    path = store.path_of(session.id)
    raw = json.loads(path.read_text())
    raw["schema_version"] = 1
    raw["tables"] = {"selected": ["dag_run"], "since": "2026-01-31", "dag_pattern": pattern, "drain_seconds": 60}
    path.write_text(json.dumps(raw))
    tables = store.load(session.id).tables
    assert (tables.selected, tables.dag_patterns, tables.drain_seconds) == (["dag_run"], patterns, 60)
    assert (tables.since, tables.until) == (dt.date(2026, 1, 31), None)
    assert set(tables.conflict.model_dump().values()) == {"keep"}


@pytest.mark.parametrize("damage", [{"dag_pattern": 7}, {"dag_pattern": None}, [], "x"])
def test_a_damaged_session_of_the_first_format_is_told(damage: object) -> None:
    session = Session()
    store.save(session)
    path = store.path_of(session.id)
    raw = json.loads(path.read_text())
    path.write_text(json.dumps({**raw, "schema_version": 1, "tables": damage}))
    with pytest.raises(WizardError, match="cannot be"):
        store.load(session.id)


def test_patterns_are_told_apart_and_all_means_none() -> None:
    tables = Tables(dag_patterns=[" daily_* ", "", "etl", "etl"])
    assert tables.dag_patterns == ["daily_*", "etl"]
    tables.dag_patterns = ["etl", "*"]
    assert tables.dag_patterns == []


def test_days_in_the_wrong_order_are_a_problem() -> None:
    tables = Tables(since=dt.date(2026, 2, 1), until=dt.date(2026, 1, 1))
    assert "2026-02-01" in tables.problem()
    tables.until = dt.date(2026, 2, 1)
    assert tables.problem() == ""
