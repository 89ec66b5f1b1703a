"""Nothing survives `end`: not groups of their own, not children that ignore TERM, not orphans."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mwaa_wizard.sandbox.airflow import process
from mwaa_wizard.sandbox.airflow.settings import MARK_HOME

# A parent with a child in its own session that ignores TERM, as Airflow's task supervisors have.
FAMILY = """
import os, signal, subprocess, sys, time
child = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"
started = subprocess.Popen([sys.executable, "-c", child], start_new_session=True, stdout=subprocess.PIPE)
started.stdout.readline()
print("family", flush=True)
time.sleep(600)
"""


def until(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def started(tmp_path: Path) -> process.ManagedProcess:
    managed = process.ManagedProcess("family", [sys.executable, "-c", FAMILY], tmp_path / "logs" / "family.log")
    managed.start({**os.environ, MARK_HOME: str(tmp_path)}, tmp_path)
    assert until(lambda: "family" in managed.log_tail())
    return managed


def test_children_in_their_own_session_end_too(tmp_path: Path) -> None:
    managed = started(tmp_path)
    assert len(process.marked(tmp_path)) == 2
    process.end([managed], tmp_path)
    assert process.marked(tmp_path) == []
    assert not managed.alive()


def test_orphans_of_a_killed_sandbox_are_found_by_their_mark(tmp_path: Path) -> None:
    managed = started(tmp_path)
    assert managed.pid
    os.kill(managed.pid, 9)
    managed.reap()
    assert len(process.marked(tmp_path)) == 1
    process.end([], tmp_path)
    assert process.marked(tmp_path) == []


def test_free_ports_are_distinct() -> None:
    ports = process.free_ports(20)
    assert len(set(ports)) == 20
