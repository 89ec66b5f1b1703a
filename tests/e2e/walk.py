"""The whole wizard by keyboard in a real terminal, page by page; used by the test and by the gallery."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mwaa_wizard.session import store
from tests.terminal import Terminal, open_terminal, wait_for

COLUMNS, ROWS = 80, 24
# A page's look-ups take a second or two on an idle machine; other tests may share this one.
PATIENCE = 120
RUN_PATIENCE = 600


class Walker:
    """Presses keys, counts them, and keeps a text capture of every page."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self.terminal, self.folder = terminal, folder
        self.presses = 0
        self.captures: list[tuple[str, str]] = []

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self.presses += len(keys)
        self.terminal.send(*keys)

    def write(self, text: str) -> None:
        """Type text; each character is a key press."""
        self.presses += len(text)
        self.terminal.type(text)

    def see(self, pattern: str, name: str = "", timeout: float = PATIENCE) -> str:
        """Wait until the screen matches, and keep it under `name`."""
        screen = wait_for(self.terminal, pattern, timeout)
        if name:
            self.captures.append((name, screen))
            path = self.folder / f"{len(self.captures):02d}-{name}.txt"
            path.write_text(screen, encoding="utf-8")
        return screen


@contextmanager
def walking(*words: str, folder: Path, columns: int = COLUMNS, rows: int = ROWS) -> Iterator[Walker]:
    """`mwaa-wizard WORDS` in a terminal of that size, ended at the end."""
    terminal = open_terminal([sys.executable, "-m", "mwaa_wizard", *words], dict(os.environ), columns, rows)
    try:
        yield Walker(terminal, folder)
    finally:
        terminal.close()


def to_review(w: Walker, target: str) -> None:
    """From the first screen to the plan, with the rows counted, both policies seen and every check made.

    `target` is typed only where the suggested name is not it.
    """
    w.see(r"Migrate an environment", "start")
    choose_new(w)
    w.see(r"Identity +✔ [\s\S]*Identity +✔ ", "connect")
    w.press("n")
    w.see(r"analytics-prod +AVAILABLE", "source")
    w.press("Enter")
    choose_route(w, "new-environment")
    if not re.search(rf"Name +{target}\b", w.see(r"Route +new-environment", "target")):
        w.press("C-u")
        w.write(target)
    w.see(r"^ enter go on")  # the name has the focus
    w.press("Enter")
    w.see(r"Execution role", "settings")
    w.press("n")
    w.see(r"\[✔\] task_instance", "tables")
    w.press("k")
    w.see(r"Count the source's rows now", "tables-count")
    w.press("y")
    w.see(r"Counted on the source", "tables-counted", RUN_PATIENCE)
    w.press("n")
    w.see(r"[Cc]opy task logs", "logs")
    w.press("n")
    w.see(r'"Version": "2012-10-17"', "policy-source")
    w.press("Right")
    w.see(r"-target[\s\S]*\"Version\"", "policy-target")
    w.press("n")
    w.see(r"Nothing stands in the way|warn", "preflight")
    w.press("n")
    w.see(r"This is what will be done", "review")


def choose_new(w: Walker) -> None:
    """The line that starts a new migration, wherever saved sessions have pushed it: the third from the end."""
    if store.list_sessions():
        w.see(r"Continue")
        w.press("End", "Up", "Up")
    w.press("Enter")


def choose_route(w: Walker, route: str) -> None:
    """The routes are listed with the recommended first; the wanted one is where it is."""
    lines = w.see(r"○ new-environment[\s\S]*enter choose", "route").splitlines()
    routes = [found[1] for line in lines if (found := re.search(r"[○◉✘] ([a-z-]+)  ", line))]
    w.press(*["Down"] * routes.index(route), "Enter")


def start(w: Walker, target: str) -> None:
    """Type the target's name and start the run."""
    w.write(target)
    w.press("Enter")
    w.see(r"RUNNING", "run")


def until(w: Walker, condition: Callable[[], bool], what: str) -> None:
    """Wait for something outside the terminal."""
    end = time.monotonic() + RUN_PATIENCE
    while not condition():
        assert time.monotonic() < end, f"{what} did not come; the screen is:\n{w.terminal.text()}"
        assert w.terminal.alive(), f"the wizard ended before {what}:\n{w.terminal.text()}"
        time.sleep(0.05)
