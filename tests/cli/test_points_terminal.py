"""A real terminal: what is pasted, a signal with a session open, and a terminal that goes away."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.screens.fakes import ready_session

from .test_terminal import FIRST, Screen, restored, screens

__all__ = ["screens"]


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    """A session that stands at page Logs, which asks nothing of AWS."""
    monkeypatch.setenv("MWAA_WIZARD_HOME", str(tmp_path))
    session = ready_session()
    session.page.name = "logs"
    store.save(session)
    return session


def test_a_bracketed_paste_goes_into_the_field_and_its_newline_does_nothing(
    screens: list[Screen], tmp_path: Path, saved: Session
) -> None:
    one = Screen(tmp_path)
    screens.append(one)
    one.wait_for(FIRST)
    one.wait_for("analytics-v2")
    assert "\x1b[?2004h" in one.seen, "it asks the terminal for pastes as such"
    one.type("/")
    one.wait_for("part of a line")
    one.type("\x1b[200~zebra\r\n\x1b[201~")
    one.wait_for("No session matches")
    assert one.process.poll() is None
    assert store.load(saved.id).updated_at == saved.updated_at, "no key was pressed by it"


def ticked_off(one: Screen, saved: Session) -> None:
    """The box is another one now, and so is the file."""
    one.wait_for("Do the task logs come along?")
    one.type(" ")
    end = time.monotonic() + 20
    while store.load(saved.id).logs.copy_logs == saved.logs.copy_logs:
        assert time.monotonic() < end, one.seen[-2000:]
        one.read(0.1)


def test_a_term_leaves_the_session_where_it_was_and_says_how_to_go_on(
    screens: list[Screen], tmp_path: Path, saved: Session
) -> None:
    one = Screen(tmp_path, "--session", saved.id)
    screens.append(one)
    ticked_off(one, saved)
    one.process.send_signal(signal.SIGTERM)
    assert one.ended() == 143
    assert restored(one)
    assert "Saved. Go on with: mwaa-wizard" in one.seen[one.seen.rindex("\x1b[?1049l") :]
    as_it_was(saved)


def test_what_stopped_and_continued_it_leaves_one_window_and_the_terminal_as_it_was(
    screens: list[Screen], tmp_path: Path, saved: Session
) -> None:
    """SIGSTOP cannot be caught: nothing was left before, so that nothing may begin twice behind it."""
    one = Screen(tmp_path, "--session", saved.id)
    screens.append(one)
    one.wait_for("come along?")
    one.process.send_signal(signal.SIGSTOP)
    one.seen = "\x1b[?1049h"
    one.process.send_signal(signal.SIGCONT)
    one.wait_for("come along?")  # drawn anew
    assert one.seen.count("\x1b[?1049h") == 1, "application mode began once"
    one.type(" ")
    end = time.monotonic() + 30
    while store.load(saved.id).logs.copy_logs == saved.logs.copy_logs:
        assert time.monotonic() < end
        one.read(0.2)
    one.type("\x11")
    assert one.ended() == 0
    assert restored(one)
    as_it_was(saved)


def as_it_was(saved: Session) -> None:
    """Page and answer are kept, and nobody holds the session."""
    found = store.load(saved.id)
    assert (found.page.name, found.logs.copy_logs) == ("logs", not saved.logs.copy_logs)
    with store.Lock(saved.id):
        pass


def test_a_terminal_that_goes_away_ends_it_and_nothing_is_lost(tmp_path: Path, saved: Session) -> None:
    """As when SSH drops: the controlling terminal is gone, there is nothing to draw on and nobody to ask."""
    environ = {**os.environ, "TERM": "xterm-256color", "MWAA_WIZARD_HOME": str(tmp_path), "LANG": "C.UTF-8"}
    pid, handle = pty.fork()
    if pid == 0:
        os.execve(sys.executable, [sys.executable, "-m", "mwaa_wizard", "--session", saved.id], environ)
    seen, end = "", time.monotonic() + 30
    while "\x1b[?1049h" not in seen or store.load(saved.id).logs.copy_logs == saved.logs.copy_logs:
        assert time.monotonic() < end, seen[-2000:]
        if select.select([handle], [], [], 0.3)[0]:
            seen += os.read(handle, 65536).decode("utf-8", "replace")
        elif "come along?" in seen:
            os.write(handle, b" ")
    os.close(handle)
    end = time.monotonic() + 15
    while (ended := os.waitpid(pid, os.WNOHANG)) == (0, 0):
        if time.monotonic() > end:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise AssertionError("it goes on without a terminal")
        time.sleep(0.05)
    assert os.waitstatus_to_exitcode(ended[1]) == 129
    as_it_was(saved)
