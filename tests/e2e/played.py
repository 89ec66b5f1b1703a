"""Plays the answers files of `tests/e2e/answers` in either front-end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from string import Template

from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.terminal import Terminal, open_terminal

FILES = Path(__file__).parent / "answers"
PATIENCE = 900
PAGES = {  # that the full-screen wizard shows before the run, beside those that ask nothing
    "new-environment": ("connect", "source", "route", "target", "settings", "tables", "logs", "policies", "review"),
    "bridge": ("connect", "source", "route", "target", "settings", "tables", "logs", "policies", "review"),
    "in-place": ("connect", "source", "route", "settings", "policies", "review"),
    "settings-only": ("connect", "source", "route", "target", "settings", "entries", "policies", "review"),
}


def file_of(route: str, folder: Path, **values: object) -> Path:
    """The route's file with what this test has put in: YAML takes Python's lists and strings as they are."""
    text = Template((FILES / f"{route}.yaml").read_text(encoding="utf-8")).substitute(values)
    path = folder / f"{route}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def command(path: Path, *more: str) -> list[str]:
    """The words that play a file."""
    return [sys.executable, "-m", "mwaa_wizard", *more, "--answers", str(path)]


def plain(path: Path) -> tuple[int, str, Session]:
    """Play it in plain lines with nobody there: exit code, what was printed, the session it made."""
    before = known()
    done = subprocess.run(
        command(path, "--plain"), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr, made_since(before)


def full_screen(path: Path, folder: Path) -> tuple[int, dict[str, str], Session]:
    """Play it in a real terminal of 80x24: exit code, a capture of every page, the session it made."""
    before, script = known(), folder / "play.sh"
    words = " ".join(f"'{word}'" for word in command(path))
    script.write_text(f"{words}\necho exit=$?\nsleep 30\n", encoding="utf-8")
    terminal = open_terminal(["sh", str(script)], dict(os.environ))
    try:
        captures = _watch(terminal)
        code = int(re.findall(r"exit=(\d+)", captures["end"])[-1])
    finally:
        terminal.close()
    return code, captures, made_since(before)


def _watch(terminal: Terminal) -> dict[str, str]:
    """The last screen seen of each page, and the end."""
    seen: dict[str, str] = {}
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and terminal.alive():
        screen = terminal.text()
        if re.search(r"^exit=\d+", screen, re.MULTILINE):
            seen["end"] = screen
            return seen
        if found := re.search(r"^ (RUNNING|DONE)\b|(VERIFIED)", screen, re.MULTILINE):
            seen["run" if found[1] else "summary"] = screen
        elif found := re.search(r"▸ ([A-Z][a-z]+)", screen):
            seen[found[1].lower()] = screen
        time.sleep(0.15)
    raise AssertionError(f"the wizard did not end:\n{terminal.text()}")


def known() -> set[str]:
    """The ids of the sessions there are."""
    return {one.id for one in store.list_sessions()}


def made_since(before: set[str]) -> Session:
    """The one session that was not there before."""
    (made,) = [one for one in store.list_sessions() if one.id not in before]
    assert made.session is not None
    return made.session


def of_the_new_one(before: set[str], has: Callable[[Session], Callable[[], bool]]) -> Callable[[], bool]:
    """A condition on the session that is about to be made."""

    def holds() -> bool:
        made = [one.session for one in store.list_sessions() if one.id not in before]
        return bool(made) and made[0] is not None and has(made[0])()

    return holds
