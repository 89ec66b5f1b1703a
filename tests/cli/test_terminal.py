"""The real program in a pseudo terminal: whatever ends it, the terminal is as it was, and the exit code says why."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

CANARY = "canary-in-a-local-81f3"
# What Textual switches on for a full screen, and what switches it off again.
ALTERNATE, MOUSE, ANY_MOTION, PASTE, CURSOR = "\x1b[?1049l", "\x1b[?1000l", "\x1b[?1003l", "\x1b[?2004l", "\x1b[?25h"
FIRST = "Move an Apache Airflow"


class Screen:
    """A program in a terminal of 80x24; `seen` is everything it wrote."""

    def __init__(self, folder: Path, *words: str, code: str = "", env: dict[str, str] | None = None) -> None:
        command = [sys.executable, *(("-c", code) if code else ("-m", "mwaa_wizard")), *words]
        self._ours, theirs = pty.openpty()
        self.size(80, 24)
        self.before = termios.tcgetattr(theirs)
        self._theirs = theirs
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "MWAA_WIZARD_HOME": str(folder), "LANG": "C.UTF-8",
                 "TEXTUAL_ANIMATIONS": "none", **(env or {})},
        )  # fmt: skip
        self.seen = ""

    def size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds: float) -> bool:
        """Take what it writes; False where nothing came in that time."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._ours, 65536)
        except OSError:
            return False
        self.seen += data.decode("utf-8", "replace")
        return bool(data)

    def wait_for(self, text: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while text not in self.seen:
            assert time.monotonic() < end, self.seen[-2000:]
            self.read(0.2)

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def ended(self, seconds: float = 30) -> int:
        """Its exit code, after all of its output was read."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, self.seen[-2000:]
            self.read(0.05)
        while self.read(0.2):
            pass
        return self.process.returncode

    def after(self) -> list[object]:
        return termios.tcgetattr(self._theirs)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        for handle in (self._ours, self._theirs):
            with contextlib.suppress(OSError):
                os.close(handle)


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[list[Screen]]:
    """What a test opened; closed in any case."""
    opened: list[Screen] = []
    yield opened
    for one in opened:
        one.close()


@pytest.fixture
def wizard(screens: list[Screen], tmp_path: Path) -> Screen:
    one = Screen(tmp_path)
    screens.append(one)
    one.wait_for(FIRST)
    return one


def restored(screen: Screen) -> bool:
    """Alternate screen, mouse, paste mode off, cursor back, and the line settings as they were."""
    tail = screen.seen[screen.seen.rindex("\x1b[?1049h") :]
    return all(mode in tail for mode in (ALTERNATE, MOUSE, ANY_MOTION, PASTE, CURSOR)) and (
        screen.after() == screen.before
    )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=str
)
def test_a_signal_gives_the_terminal_back_and_says_which_it_was(wizard: Screen, number: int, code: int) -> None:
    wizard.process.send_signal(number)
    assert wizard.ended() == code
    assert restored(wizard)


def test_ctrl_c_stops_nothing_and_says_what_quits(wizard: Screen) -> None:
    wizard.type("\x03")
    wizard.wait_for("ctrl+q quits")
    assert wizard.process.poll() is None


def test_a_storm_of_sizes_leaves_a_page_that_works_and_quitting_gives_the_terminal_back(wizard: Screen) -> None:
    for _turn in range(6):
        for size in ((200, 60), (1, 1), (40, 10), (300, 5), (80, 24)):
            wizard.size(*size)
            wizard.process.send_signal(signal.SIGWINCH)
            wizard.read(0.02)
    wizard.seen = "\x1b[?1049h"
    end = time.monotonic() + 30
    while "Help: Start" not in wizard.seen:
        assert time.monotonic() < end, wizard.seen[-2000:]
        wizard.type("\x1bOP")  # F1; refused while the terminal is too small, as the last sizes may not be read yet
        wizard.read(1)
    wizard.type("\x11")
    assert wizard.ended() == 0
    assert restored(wizard)


def test_the_mouse_is_left_to_the_terminal_where_asked(screens: list[Screen], tmp_path: Path, wizard: Screen) -> None:
    without = Screen(tmp_path, "--no-mouse")
    screens.append(without)
    without.wait_for(FIRST)
    assert "\x1b[?1000h" not in without.seen
    assert "\x1b[?1000h" in wizard.seen


CRASH = f"""
import sys
sys.argv = ["mwaa-wizard"]
from screens.start import StartPage
def broken(self):
    secret = "{CANARY[:10]}" + "{CANARY[10:]}"
    token = {{"password": secret}}
    raise RuntimeError("password=hunter2-{CANARY[-4:]} " + str(len(token)))
StartPage.action_help = broken
from mwaa_wizard.cli import main
main()
"""


def test_a_crash_shows_no_locals_writes_a_redacted_file_and_exits_with_one(
    screens: list[Screen], tmp_path: Path
) -> None:
    one = Screen(tmp_path, code=CRASH)
    screens.append(one)
    one.wait_for(FIRST)
    one.type("\x1bOP")
    assert one.ended() == 1
    assert restored(one)
    last = one.seen[one.seen.rindex(ALTERNATE) :]
    assert "mwaa-wizard itself failed (RuntimeError)." in last
    assert "Traceback" not in one.seen
    (crash,) = (tmp_path / "log").glob("crash-*.txt")
    assert str(crash) in last.replace("\r\n", "")
    text = crash.read_text()
    assert "in broken" in text
    for given_away in (CANARY, "hunter2"):
        assert given_away not in one.seen
        assert given_away not in text


@pytest.mark.parametrize("which", ["stdin", "stderr"])
def test_without_a_terminal_on_either_end_it_is_refused_with_the_commands_to_use(which: str, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    ends = {"stdin": theirs, "stdout": subprocess.PIPE, "stderr": theirs}
    ends[which] = subprocess.PIPE
    done = subprocess.Popen(
        [sys.executable, "-m", "mwaa_wizard"], **ends,  # type: ignore[call-overload]
        env={**os.environ, "TERM": "xterm-256color", "MWAA_WIZARD_HOME": str(tmp_path)},
    )  # fmt: skip
    try:
        _out, told = done.communicate(timeout=30)
        said = told.decode() if told is not None else os.read(ours, 65536).decode()
    finally:
        done.kill()
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 2
    assert "not a terminal" in said
    assert "--headless" in said
    assert "\x1b[?1049h" not in said


def test_a_theme_that_is_not_there_is_a_usage_error_that_names_those_there_are(
    screens: list[Screen], tmp_path: Path
) -> None:
    one = Screen(tmp_path, "--theme", "no\x1b[31msuch")
    screens.append(one)
    assert one.ended() == 2
    assert "There is no theme nosuch." in one.seen
    assert "dark, light, contrast, 16" in one.seen
    assert "\x1b[" not in one.seen


@pytest.mark.parametrize("variable", [{}, {"NO_COLOR": "1"}, {"NO_COLOR": ""}], ids=["colour", "1", "empty"])
def test_no_color_draws_no_colour(screens: list[Screen], tmp_path: Path, variable: dict[str, str]) -> None:
    one = Screen(tmp_path, env={"COLORTERM": "truecolor", **variable})
    screens.append(one)
    one.wait_for("Quit")
    one.type("\x11")
    one.ended()
    # Greys are drawn as colours whose three parts are equal.
    found = {part.split("m")[0] for part in one.seen.split("\x1b[38;2;")[1:] if ";" in part.split("m")[0]}
    coloured = [parts for parts in (one.split(";")[:3] for one in found) if len(set(parts)) > 1]
    assert bool(coloured) is (not variable)


def test_sixteen_colours_are_the_terminals_own(screens: list[Screen], tmp_path: Path) -> None:
    one = Screen(tmp_path, "--theme", "16", env={"COLORTERM": "truecolor"})
    screens.append(one)
    one.wait_for("Quit")
    one.type("\x10")  # the palette, too
    one.wait_for("Type what you want to do")
    one.type("\x1b")
    one.type("\x11")
    assert one.ended() == 0
    for shades in ("38;2;", "48;2;", "38;5;", "48;5;"):
        assert shades not in one.seen
    assert "\x1b[" in one.seen


def test_nothing_moves_by_itself(screens: list[Screen], wizard: Screen) -> None:
    """No spinner, no blinking, no slide: a page that is ready writes nothing, so nothing is said by motion."""
    while wizard.read(1.0):
        pass
    before = len(wizard.seen)
    assert not wizard.read(2.0)
    assert len(wizard.seen) == before


def test_the_cursor_is_where_the_marked_line_is(screens: list[Screen], wizard: Screen) -> None:
    import pyte

    while wizard.read(1.0):
        pass
    drawn = pyte.Screen(80, 24)
    pyte.Stream(drawn).feed(wizard.seen)
    assert "Migrate an environment" in drawn.display[drawn.cursor.y]
    wizard.type("\x1b[B")
    while wizard.read(0.5):
        pass
    pyte.Stream(drawn).feed(wizard.seen)
    assert "Try it all" in drawn.display[drawn.cursor.y]
