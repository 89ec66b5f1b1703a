"""The wizard in a real terminal of 80x24, by keyboard alone: first screen to summary, small windows, leaving early."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path

import pytest

from mwaa_wizard.errors import EXIT_RESUMABLE
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.session import store
from mwaa_wizard.text import width
from tests.e2e.walk import COLUMNS, RUN_PATIENCE, Walker, start, to_review, until, walking
from tests.e2e.world import World, step_has
from tests.terminal import open_terminal, wait_for

pytestmark = pytest.mark.e2e

MOST_PRESSES = 40
IDENTITY = re.compile(r"source.*1111-2222-3333 us-east-1[\s\S]*target.*1111-2222-3333 us-east-1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where captures are kept: MWAA_WIZARD_CAPTURES if set, else the test's own folder."""
    wanted = Path(os.environ.get("MWAA_WIZARD_CAPTURES", "") or tmp_path)
    wanted.mkdir(parents=True, exist_ok=True)
    return wanted


def test_demo_to_a_verified_summary_in_forty_presses(world: World, folder: Path) -> None:
    """`mwaa-wizard demo` finds the sandbox running; every key counts, those of the target's name, too."""
    taken = world.client("mwaa").list_environments()["Environments"]
    target = "analytics-v2" if "analytics-v2" not in taken else "walk"
    known = {listed.id for listed in store.list_sessions()}
    with walking("demo", "--keep", folder=folder) as w:
        to_review(w, target)
        start(w, target)
        w.see(r"following ▾")
        if "The run asks" in w.see(r"^ DONE |The run asks", timeout=RUN_PATIENCE):
            # Log groups of another test's environment of this name: preflight warns of them.
            w.press("y")
        w.see(r"^ DONE ", "run-done", RUN_PATIENCE)
        w.press("n")
        w.see(r"VERIFIED[\s\S]*task_instance", "summary")
        presses = w.presses
        w.press("C-q")
        w.see(r"Report: mwaa-wizard report")
        until_ended(w)
    print(f"{presses} key presses from the first screen to the summary, {len(target)} of them the target's name")
    assert presses <= MOST_PRESSES

    for name, screen in w.captures:
        wide = [line for line in screen.splitlines() if width(line.rstrip()) > COLUMNS]
        assert not wide, f"{name}: {wide}"
        if name == "start":
            assert "no identity yet" in screen.splitlines()[0]
        else:
            assert IDENTITY.search("\n".join(screen.splitlines()[:2])), f"{name} hides who is moved:\n{screen}"
    made = [one for one in store.list_sessions() if one.id not in known]
    assert len(made) == 1
    assert made[0].session is not None
    assert made[0].session.last_result.state == "verified"


def test_a_terminal_of_40_by_10_says_so_and_recovers(world: World, folder: Path) -> None:
    with walking(folder=folder, columns=40, rows=10) as w:
        small = w.see(r"needs at least 60x15, now")
        assert "40x10" in small.replace("\n", " ")
        w.terminal.resize(80, 24)
        w.see(r"Migrate an environment")
        w.terminal.resize(40, 10)
        w.see(r"needs at least")
        w.press("C-q")
        until_ended(w)


def until_ended(w: Walker) -> None:
    """Wait until the program is gone."""
    end = time.monotonic() + 60
    while w.terminal.alive():
        assert time.monotonic() < end, w.terminal.text()
        time.sleep(0.1)


@pytest.mark.parametrize(("key", "target"), [("d", "left-safely"), ("q", "left-at-once")])
def test_leaving_in_the_middle_of_a_run_says_how_to_go_on(
    world: World, folder: Path, tmp_path: Path, key: str, target: str
) -> None:
    session = world.new_session(target)
    session.page.name, session.page.done = "review", list(_BEFORE_REVIEW)
    for connection in (session.source.connection, session.target.connection):
        connection.account, connection.partition = "111122223333", "aws"
    store.save(session)
    # The shell prints the exit code after the wizard's own words.
    script = tmp_path / "wizard.sh"
    script.write_text(f"'{sys.executable}' -m mwaa_wizard\necho exit=$?\nsleep 60\n")
    terminal = open_terminal(["sh", str(script)], dict(os.environ))
    try:
        w = Walker(terminal, folder)
        wait_for(terminal, target, 60)
        w.press("Enter")
        w.see(r"This is what will be done +\d+ steps")
        w.write(target)
        w.press("Enter")
        w.see(r"RUNNING", "leave-run")
        until(w, step_has(session, "create-target", "started"), "the creation of the target")
        w.press("C-q")
        w.see(r"A migration is running", "leave-asked")
        w.press(key)
        said = wait_for(terminal, r"exit=\d+", 120)
        assert f"mwaa-wizard resume {session.id}" in said
        assert f"exit={EXIT_RESUMABLE}" in said
    finally:
        terminal.close()
    assert Journal.of(session.id).last("verify", "done") is None
    resumed = world.wizard("undo", session.id, "--yes")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr


_BEFORE_REVIEW = ("connect", "source", "route", "target", "settings", "tables", "logs", "policies", "preflight")
