"""Hostile text, small terminals, no colour, crashes, and what is imported before the first paint."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mwaa_wizard import paths
from mwaa_wizard.session import store
from screens import leaving
from screens.widgets.identity import identity_lines

from .conftest import Opener
from .fakes import NASTY, FakeEngine, ready_session


async def test_markup_and_escapes_in_names_are_inert(opening: Opener, fake: FakeEngine) -> None:
    fake.environment_names = [NASTY]
    session = ready_session(name=NASTY)
    session.source.environment = NASTY
    async with opening(session, "source") as d:
        assert "[/x][bold]移行" in d.text()
        assert "\x1b" not in d.text()
        await d.press("escape", "escape")
        assert "[/x][bold]移行" in d.text()


@pytest.mark.parametrize("size", [(40, 10), (59, 30), (1, 1)])
async def test_a_terminal_that_is_too_small_says_so_and_recovers(
    opening: Opener, size: tuple[int, int]
) -> None:
    async with opening(ready_session(), "logs") as d:
        focused = d.app.focused
        await d.pilot.resize_terminal(*size)
        await d.pilot.pause()
        if size != (1, 1):
            flat = " ".join(d.text().split())
            assert f"needs at least 60x15, now {size[0]}x{size[1]}" in flat
            assert "Do the task logs" not in d.text()
            await d.pilot.press("n")
            assert d.page == "logs"
        await d.pilot.resize_terminal(80, 24)
        await d.settled()
        assert "Do the task logs come along?" in d.text()
        assert d.app.focused is focused


@pytest.mark.parametrize(
    "page", ["connect", "source", "route", "target", "settings", "tables", "policies", "review", "run", "summary"]
)
async def test_every_page_opens_at_40x10_and_60x15(opening: Opener, page: str) -> None:
    async with opening(ready_session(), page, size=(40, 10)) as d:
        assert "now 40x10" in " ".join(d.text().split())
        await d.pilot.resize_terminal(60, 15)
        await d.settled()
        assert d.page == page
        assert "F1 help" in d.footer() or "next" in d.footer()
        assert max(len(line) for line in d.text().splitlines()) <= 60


async def test_wide_terminals_say_why(opening: Opener) -> None:
    async with opening(ready_session(), "logs", size=(120, 40)) as d:
        assert "PutLogEvents" in d.text()
    async with opening(ready_session(), "logs") as d:
        assert "PutLogEvents" not in d.text()
        await d.press("f1")
        assert "PutLogEvents" in d.text()
        await d.press("escape")
        assert d.page == "logs"


async def test_without_colour_states_are_still_told(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    fake.needed = "KmsKey"
    async with opening(ready_session(), "settings") as d:
        for word in ("✔ Target", "▸ Settings", "○ Review", "✘ needed"):
            assert word in d.text()
        await d.press(*["escape"] * 4)
        assert "[✔] same profile" in d.text()


async def test_a_defect_in_a_look_up_is_told_and_retried_not_a_crash(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mwaa_wizard.front import engine

    answer = engine.environments

    def broken(_session: object) -> None:
        secret_in_a_local = "canary-value"
        raise KeyError(len(secret_in_a_local))

    monkeypatch.setattr(engine, "environments", broken)
    async with opening(ready_session(), "source") as d:
        assert "could not be read (KeyError)" in d.text()
        monkeypatch.setattr(engine, "environments", answer)
        await d.press("f5")
        assert "billing" in d.text()
    crash = next(paths.log_dir().glob("crash-*.txt")).read_text()
    assert "KeyError" in crash


def test_a_crash_leaves_a_file_without_locals_and_the_way_back(fake: FakeEngine) -> None:
    from mwaa_wizard.front.opened import Opened

    session = ready_session()
    store.save(session)
    opened = Opened.open(session)

    def fails() -> None:
        local = "canary-" + "in-a-local"
        raise RuntimeError("password=hunter2 " + str(len(local)))

    try:
        fails()
    except RuntimeError as problem:
        words = leaving.crash_words(problem, opened)
    opened.close()
    text = Path(words[1].split(": ", 1)[1]).read_text()
    assert "hunter2" not in text
    assert "canary-in-a-local" not in text
    assert f"mwaa-wizard resume {session.id}" in words[2]


@pytest.mark.parametrize("cells", [60, 80, 120])
def test_identity_fits_the_width_and_names_both_accounts(cells: int) -> None:
    from mwaa_wizard.text import width

    session = ready_session()
    session.source.environment = "移行環境" * 8
    lines = identity_lines(session, cells, 24)
    assert all(width(line) <= cells for line in lines)
    assert sum(line.count("1111-2222-3333") for line in lines) == 2


@pytest.mark.parametrize(("cells", "rows"), [(60, 15), (80, 16), (100, 17)])
def test_identity_of_a_low_terminal_keeps_both_accounts_and_regions(cells: int, rows: int) -> None:
    from mwaa_wizard.text import width

    session = ready_session()
    session.target.connection.account, session.target.connection.region = "444455556666", "ap-southeast-1"
    (line,) = identity_lines(session, cells, rows)
    assert width(line) <= cells
    for part in ("1111-2222-3333 us-east-1", "4444-5555-6666 ap-southeast-1"):
        assert part in line


def test_the_first_screen_loads_no_aws_and_no_prompts(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from screens.app import WizardApp\n"
        "from screens.start_request import StartRequest\n"
        "from screens.start import StartPage\n"
        "StartPage.read = lambda self: None\n"
        "async def main():\n"
        "    app = WizardApp(StartRequest())\n"
        "    async with app.run_test(size=(80, 24)) as pilot:\n"
        "        await pilot.pause()\n"
        "        names = ('boto3', 'botocore', 'questionary', 'keyring', 'pydantic', 'click')\n"
        "        print([n for n in names if n in sys.modules],\n"
        "              [m for m in sys.modules if m.startswith('screens.') and m[8:] in "
        "('connect', 'run', 'settings', 'review')])\n"
        "asyncio.run(main())\n"
    )
    env = {**os.environ, "MWAA_WIZARD_HOME": str(tmp_path)}
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=env,
        cwd=root,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "[] []"


async def test_a_page_that_is_left_before_it_was_drawn_does_nothing_any_more(
    opening: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opening(ready_session(), "logs") as d:
        page, done = d.app.screen, list[int]()
        page.call_after_refresh(done.append, 1)
        await d.until(lambda: done == [1])
        monkeypatch.setattr(type(page), "alive", False)  # as when its widgets are gone and its messages are not
        page.call_after_refresh(done.append, 2)
        d.app.call_after_refresh(done.append, 3)
        await d.until(lambda: 3 in done)
        await d.pilot.pause()
        assert done == [1, 3]
