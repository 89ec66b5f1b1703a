"""The commands without a daemon: records, leftovers, locks, and what is said when nothing runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.sandbox import channel, control, leftovers, state
from mwaa_wizard.sandbox.commands import sandbox


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MWAA_WIZARD_HOME", str(tmp_path))
    monkeypatch.delenv("MWAA_WIZARD_CACHE", raising=False)
    return paths.sandbox_dir()


def record(pid: int, started: float, sessions: list[tuple[int, float]] | None = None) -> state.State:
    found = state.EnvironmentStatus("prod", "2.8.1", "AVAILABLE", "postgresql://x", "http://127.0.0.1:1", "bucket")
    status = state.Status(True, "http://127.0.0.1:2", config_file="/c o", credentials_file="/k", environments=[found])
    return state.State(pid, started, 3, "key", status, sessions or [])


@pytest.fixture
def child(root: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of this sandbox whose daemon is gone; it ignores TERM and has a child of its own."""
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'], env={});"
        "print('up', flush=True); time.sleep(300)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, state.MARK: str(root)}, start_new_session=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    yield process
    for left in psutil.Process(process.pid).children() if psutil.pid_exists(process.pid) else []:
        left.kill()
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_record_survives_a_round_trip_and_is_private() -> None:
    state.write(record(1, 2.5, [(7, 1.5)]))
    assert state.read() == record(1, 2.5, [(7, 1.5)])
    assert state.state_file().stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 1}', '{"pid": 1, "status": 2, "sessions": []}'])
def test_a_broken_record_counts_as_none(text: str) -> None:
    state.state_file().write_text(text)
    assert state.read() is None
    assert control.status() == state.Status(running=False)


def test_a_dead_daemon_is_told_from_a_later_process_with_its_number() -> None:
    me = psutil.Process()
    assert leftovers.alive(me.pid, me.create_time())
    assert not leftovers.alive(me.pid, me.create_time() - 100)
    state.write(record(me.pid, me.create_time() - 100))
    seen = control.status()
    assert not seen.running
    assert [(found.status, found.database_uri) for found in seen.environments] == [("STOPPED", "")]


def test_leftovers_are_found_by_mark_and_session(child: subprocess.Popen[bytes], root: Path, tmp_path: Path) -> None:
    grandchild = psutil.Process(child.pid).children()[0].pid
    assert {found.pid for found in leftovers.find(root)} == {child.pid, grandchild}
    elsewhere = tmp_path / "elsewhere"
    assert leftovers.find(elsewhere) == []
    began = psutil.Process(child.pid).create_time()
    assert {found.pid for found in leftovers.find(elsewhere, [(child.pid, began)])} == {child.pid, grandchild}
    assert leftovers.find(elsewhere, [(child.pid, began - 50)]) == []


def test_down_ends_what_a_killed_daemon_left(child: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leftovers, "GRACE_SECONDS", 0.3)
    grandchild = psutil.Process(child.pid).children()[0]
    state.write(record(2**22 - 3, 1.0))
    said: list[str] = []
    control.down(progress=said.append)
    assert not psutil.pid_exists(child.pid)
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE
    assert said == ["Ended 2 processes that were left."]
    assert state.read() is None


def test_down_with_nothing_running_is_fine_and_wipe_removes_the_data(root: Path) -> None:
    cache = paths.sandbox_cache()
    control.down(wipe=True)
    assert not root.exists()
    assert not cache.exists()


def test_wipe_keeps_a_cache_that_another_sandbox_uses(tmp_path: Path) -> None:
    cache = paths.sandbox_cache()
    other = {**os.environ, state.MARK: str(tmp_path / "other"), state.CACHE_MARK: str(cache)}
    code = "import sys, time; print('up', flush=True); time.sleep(300)"
    daemon = subprocess.Popen(
        [sys.executable, "-c", code, "mwaa_wizard.sandbox.daemon"], env=other, stdout=subprocess.PIPE
    )
    said: list[str] = []
    try:
        assert daemon.stdout is not None
        daemon.stdout.readline()
        control.down(wipe=True, progress=said.append)
        assert cache.exists()
        assert any("another sandbox" in line for line in said)
        assert daemon.poll() is None
    finally:
        daemon.kill()
        daemon.communicate()


def test_one_starter_at_a_time() -> None:
    with state.lock(), pytest.raises(WizardError, match="Another command"), state.lock(wait_seconds=0.2):
        pass
    with state.lock(wait_seconds=0.2):
        pass


@pytest.mark.parametrize("text", ["prod", "=2.8.1", "prod=", "prod=2.8", "1x=2.8.1", "a b=2.8.1", "prod=latest"])
def test_specs_that_are_none(text: str) -> None:
    with pytest.raises(WizardError, match="NAME=VERSION"):
        control.parse_spec(text)
    answer = CliRunner().invoke(sandbox, ["up", text])
    assert answer.exit_code == 2
    assert "NAME=VERSION" in answer.output


def test_bad_requests_start_nothing(root: Path) -> None:
    for specs, data in (([("a", "2.8.1"), ("a", "2.9.2")], "small"), ([("a", "2.8.1")], "huge")):
        with pytest.raises(WizardError):
            control.up(specs, data)
    assert not (root / "daemon.log").exists()


def test_commands_when_nothing_runs() -> None:
    run = CliRunner().invoke
    assert json.loads(run(sandbox, ["status", "--json"]).output)["running"] is False
    assert "No sandbox is running." in run(sandbox, ["status"]).output
    answer = run(sandbox, ["env"])
    assert answer.exit_code == 1
    assert "sandbox up" in answer.output
    assert run(sandbox, ["down"]).exit_code == 0


def test_env_lines_are_quoted_for_a_shell() -> None:
    lines = control.env_lines(record(1, 1.0).status)
    assert "export AWS_CONFIG_FILE='/c o'" in lines
    assert "export AWS_DISABLE_HOST_PREFIX_INJECTION=true" in lines
    assert "export AWS_PROFILE=sandbox" in lines


def test_channel_streams_and_refuses_strangers() -> None:
    def handle(request: channel.Message, say: channel.Say) -> channel.Message:
        say({"progress": "half"})
        return {"echo": request["op"]}

    server = channel.ChannelServer("secret", handle)
    server.start()
    assert list(channel.ask(server.port, "secret", {"op": "x"})) == [{"progress": "half"}, {"done": {"echo": "x"}}]
    with pytest.raises(channel.Closed):
        list(channel.ask(server.port, "wrong", {"op": "x"}))
    assert list(channel.ask(server.port, "secret", {"op": "y"}))[-1] == {"done": {"echo": "y"}}
    server.close()


def test_a_silent_daemon_is_given_up() -> None:
    go = threading.Event()

    def handle(request: channel.Message, say: channel.Say) -> channel.Message:
        go.wait(20)
        return {}

    server = channel.ChannelServer("secret", handle)
    server.start()
    began = time.monotonic()
    with pytest.raises(channel.Closed, match="no answer"):
        list(channel.ask(server.port, "secret", {"op": "x"}, timeout=0.1))
    assert time.monotonic() - began < 15
    go.set()
    server.close()
