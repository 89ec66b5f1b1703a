"""The real program on a pseudo terminal or a pipe: which terminals get plain lines, and that they are only lines."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from mwaa_wizard.front.answers_file import load
from mwaa_wizard.session import store
from tests.screens.fakes import ready_session

COMMAND = [sys.executable, "-m", "mwaa_wizard"]
QUESTION = "What do you want to do"


def on_terminal(
    words: Sequence[str], environ: Mapping[str, str], keys: Sequence[bytes], number: int = 0
) -> tuple[str, int]:
    """Everything that was written and the exit code; each key is sent once a question waits, then a signal."""
    pid, handle = pty.fork()
    if pid == 0:
        os.execve(COMMAND[0], [*COMMAND, *words], {**os.environ, **environ})
    out, waiting, end = b"", list(keys), time.monotonic() + 60
    asked = 0
    while time.monotonic() < end:
        if not select.select([handle], [], [], 0.2)[0]:
            continue
        with contextlib.suppress(OSError):
            data = os.read(handle, 65536)
            out += data
            if data:
                while out.count(QUESTION.encode()) > asked:
                    asked += 1
                    if waiting:
                        os.write(handle, waiting.pop(0))
                    elif number:
                        os.kill(pid, number)
                continue
        break
    os.close(handle)
    return out.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(("words", "environ"), [
    ([], {"TERM": "dumb"}),
    ([], {"TERM": ""}),
    ([], {"TERM": "xterm-256color", "ACCESSIBLE": "1"}),
    (["--plain"], {"TERM": "xterm-256color", "NO_COLOR": "1"}),
])  # fmt: skip
def test_plain_lines_and_no_control_sequence(words: list[str], environ: dict[str, str]) -> None:
    out, code = on_terminal(words, environ, [b"?\r", b"quit\r"])
    assert code == 0
    assert "1. Start a new migration" in out
    assert "Enter alone keeps what stands in brackets." in out
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2500-\u259f]", out)


def test_a_terminal_that_can_edit_gets_prompts_of_questionary() -> None:
    out, code = on_terminal(["--plain"], {"TERM": "xterm-256color", "ACCESSIBLE": "0"}, [b"quit\r"])
    assert code == 0
    assert "1. Start a new migration" in out
    assert "\x1b[?1049h" not in out, "no other screen"
    assert "\x1b[2J" not in out, "nothing is cleared"


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals_end_it_with_words(number: int, expected: int) -> None:
    out, code = on_terminal([], {"TERM": "dumb"}, [], number)
    assert code == expected
    assert "Start with: mwaa-wizard --plain" in out


def test_ctrl_c_and_ctrl_d_of_the_terminal() -> None:
    for key in (b"\x03", b"\x04"):
        out, code = on_terminal([], {"TERM": "dumb"}, [key])
        assert code == 130
        assert "Start with: mwaa-wizard --plain" in out


def piped(*words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], input=text, capture_output=True, text=True, timeout=60, check=False)


def test_a_pipe_is_refused_without_plain_and_answers_with_it() -> None:
    refused = piped(text="quit\n")
    assert refused.returncode == 2
    assert "mwaa-wizard --plain" in refused.stderr
    assert "--answers FILE" in refused.stderr
    done = piped("--plain", text="nonsense\nquit\n")
    assert done.returncode == 0
    assert f"{QUESTION} [1]: nonsense" in done.stdout
    assert "Not taken: Give a number" in done.stdout
    ended = piped("--plain", text="")
    assert ended.returncode == 130
    assert "Start with: mwaa-wizard --plain" in ended.stdout


def test_a_file_that_cannot_be_used_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("answers: {source.enviroment: x}")
    done = piped("--plain", "--answers", str(tmp_path / "a.yaml"))
    assert done.returncode == 2
    assert "Did you mean source.environment?" in done.stderr
    assert done.stdout == ""


def test_answers_of_a_saved_session_are_a_file_that_can_be_played(tmp_path: Path) -> None:
    session = ready_session()
    store.save(session)
    done = piped("answers", session.id, "--start")
    assert done.returncode == 0, done.stderr
    (tmp_path / "a.yaml").write_text(done.stdout)
    found = load(tmp_path / "a.yaml")
    assert found.texts["source.environment"] == "analytics-prod"
    assert (found.start, found.confirm) == (True, "analytics-v2")
