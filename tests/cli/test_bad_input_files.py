"""What this machine says no to: session files, ids, disks, locks and terminals. Needs no AWS."""

from __future__ import annotations

import json
import os
import resource
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.errors import EXIT_FAILED, EXIT_RESUMABLE, EXIT_USAGE, WizardError
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.session import store
from tests.cli.cloud import edit, new_session, refused, wizard

COMMANDS = (
    ["run", "--yes"],
    ["resume", "--headless"],
    ["policy", "--for", "source-role"],
    ["report"],
    ["template"],
    ["undo", "--yes"],
)
TRICKS = (
    "../x",
    "../../etc/passwd",
    "/etc/passwd",
    "a/b",
    "..",
    ".",
    "",
    "x" * 300,
    "-x",
    "a b",
    "x.json",
    "名",
    "a\nb",
)


def call(command: list[str], session_id: str) -> list[str]:
    return [command[0], *command[1:], "--", session_id]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: str(words[0]))
def test_ids_never_lead_out_of_the_sessions_folder(command: list[str]) -> None:
    outside = paths.state_dir() / "x.json"
    session = new_session()
    outside.write_text(store.path_of(session.id).read_text())
    before = sorted(str(path) for path in paths.state_dir().rglob("*"))
    for trick in ("../x", "x" * 300) if command[0] != "report" else TRICKS:
        if trick == "" and command[0] == "resume":
            continue
        refused(
            wizard(*call(command, trick)), "is not the id of a session", code=EXIT_USAGE, mend="mwaa-wizard sessions"
        )
    assert sorted(str(path) for path in paths.state_dir().rglob("*")) == before


@pytest.mark.parametrize("trick", [*TRICKS, "a\x00b", "../x\x00"])
def test_no_function_takes_a_trick_for_an_id(trick: str) -> None:
    with pytest.raises(WizardError, match="not the id"):
        store.load(trick)
    with pytest.raises(WizardError, match="not the id"):
        store.Lock(trick).acquire()
    with pytest.raises(WizardError, match="not the id"):
        store.delete(trick)
    if "/" in trick or trick in ("", ".", ".."):
        with pytest.raises(ValueError, match="plain name"):
            paths.run_dir(trick)


def test_an_id_inside_the_file_that_leads_elsewhere_is_damage() -> None:
    session = new_session()
    edit(session, lambda raw: raw.update(id="../../elsewhere"))
    refused(wizard("run", session.id, "--yes"), "damaged", code=EXIT_FAILED, mend="repair")
    assert not (paths.state_dir().parent / "elsewhere").exists()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: str(words[0]))
def test_unknown_session(command: list[str]) -> None:
    refused(wizard(*call(command, "0000beef")), "no session 0000beef", code=EXIT_FAILED, mend="mwaa-wizard sessions")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: str(words[0]))
def test_truncated_session_file(command: list[str]) -> None:
    session = new_session()
    store.save(session)
    path = store.path_of(session.id)
    path.write_text(path.read_text()[:200])
    before = path.read_bytes()
    parts = refused(
        wizard(*call(command, session.id)), "damaged", code=EXIT_FAILED, mend=f"cp {path.with_suffix('.bak')}"
    )
    assert parts["Where"] == str(path)
    assert path.read_bytes() == before


def test_session_file_from_the_future() -> None:
    session = new_session()
    edit(session, lambda raw: raw.update(schema_version=99))
    before = store.path_of(session.id).read_bytes()
    refused(wizard("run", session.id, "--yes"), "newer mwaa-wizard", code=EXIT_FAILED, mend="Upgrade")
    assert store.path_of(session.id).read_bytes() == before
    listed = json.loads(wizard("sessions", "--json").out)
    assert [row["state"] for row in listed] == ["damaged"]
    assert "newer" in listed[0]["problem"]


def test_values_that_cannot_be_are_named_and_not_repeated() -> None:
    session = new_session()

    def change(raw: dict[str, Any]) -> None:
        raw["logs"]["days"] = 99
        raw["tables"]["drain_seconds"] = "canary-value"
        raw["cut_over"] = "canary-value"
        raw["tables"]["since"] = "yesterday"

    edit(session, change)
    said = wizard("run", session.id, "--yes")
    parts = refused(said, "values that cannot be", code=EXIT_FAILED, mend="Mend them in the file")
    for member in ("logs.days", "tables.drain_seconds", "cut_over", "tables.since"):
        assert member in parts["What"]
    assert "canary" not in said.text


def test_session_open_in_another_process() -> None:
    session = new_session()
    with store.Lock(session.id):
        for words in (["run", session.id, "--yes"], ["undo", session.id, "--yes"]):
            parts = refused(wizard(*words), f"process {os.getpid()}", code=EXIT_FAILED, mend="Close the other")
            assert parts["Changed"] == "Nothing was changed."
    assert Journal.of(session.id).last("read-source", "failed") is None


def small_files() -> None:
    """A full disk for one process: no file may grow beyond 100 bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def test_disk_full_before_the_run() -> None:
    session = new_session()
    before = store.path_of(session.id).read_bytes()
    said = wizard("run", session.id, "--yes", prepare=small_files)
    assert said.parts()["What"] == "There is no room left to write on this machine."
    assert "Make room" in said.parts()["Mend"]
    assert said.code == EXIT_RESUMABLE
    assert store.path_of(session.id).read_bytes() == before, "the saved session must survive"


def test_disk_full_in_the_middle_stops_the_run_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first record that cannot be written ends the run before anything is made; later it goes on."""
    import errno

    session = new_session()
    told: list[Any] = []
    runner = Runner(session, plan_for(session), told.append)
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if b'"event": "started"' in data or b'"failed"' in data:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data)

    monkeypatch.setattr(os, "write", full)
    outcome = runner.run()
    monkeypatch.setattr(os, "write", real)
    assert outcome.failed_step == "read-source"
    assert outcome.error is not None
    assert "no room left" in outcome.error.what
    assert outcome.error.code == "ENOSPC"
    assert any("journal could not be written" in getattr(event, "text", "") for event in told)
    assert list(Journal.of(session.id).records()) == []


def test_half_a_record_is_never_taken_for_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """A nearly full disk takes part of a line and says so only in the count."""
    import errno

    journal, real = Journal.of("half"), os.write

    def nearly(handle: int, data: bytes) -> int:
        if len(data) > 20:
            return real(handle, data[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", nearly)
    with pytest.raises(OSError, match="No space"):
        journal.write("s", "made", kind="bucket", name="b")
    monkeypatch.setattr(os, "write", real)
    journal.write("s", "made", kind="bucket", name="c")
    assert [record["name"] for record in journal.records()] == ["c"]


@pytest.mark.parametrize("words", [["sessions"], ["run", "0000beef", "--yes"], ["locate"], ["resume", "--headless"]])
def test_home_that_cannot_be_used(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = wizard(*words, MWAA_WIZARD_HOME=str(tmp_path / "file" / "wizard"))
    parts = said.parts()
    assert parts["What"] == "A file or folder of the wizard cannot be used."
    assert str(tmp_path / "file") in parts["Where"]
    assert "MWAA_WIZARD_HOME" in parts["Mend"]
    assert said.code == EXIT_RESUMABLE


def test_read_only_sessions_folder() -> None:
    """A folder that takes no new file: here because a file stands where the lock must be a file of ours."""
    session = new_session()
    (paths.sessions_dir() / f"{session.id}.lock").mkdir()
    said = wizard("run", session.id, "--yes")
    assert said.parts()["What"] == "A file or folder of the wizard cannot be used."
    assert f"{session.id}.lock" in said.parts()["Where"]
    assert said.code == EXIT_RESUMABLE


def test_no_terminal_names_what_works_without() -> None:
    session = new_session()
    parts = refused(wizard(), "not a terminal", code=EXIT_USAGE, mend="--headless")
    assert parts["Changed"] == "Nothing was changed."
    refused(wizard("--session", session.id), "not a terminal", code=EXIT_USAGE, mend="resume SESSION --headless")
    refused(wizard("run", session.id), "no terminal to ask on", code=EXIT_USAGE, mend="--yes")
    refused(wizard("undo", session.id), "no terminal to ask on", code=EXIT_USAGE, mend="--yes")
    refused(wizard("demo"), "not a terminal", code=EXIT_USAGE, mend="demo --headless")
    refused(wizard("resume", session.id), "was never run", code=EXIT_USAGE, mend=f"mwaa-wizard run {session.id}")
    assert not (paths.run_dir(session.id) / "journal.jsonl").exists()
