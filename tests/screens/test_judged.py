"""Points of the scorecard that belong to no single page: what is told while one waits, keys, colours, the cursor."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from textual.widgets import LoadingIndicator, ProgressBar

from mwaa_wizard.front import engine
from mwaa_wizard.session.model import Session
from screens.cursor import place_of
from screens.widgets.long_list import LongList
from screens.widgets.notice import Notice

from .conftest import Opener
from .fakes import FakeEngine, ready_session

PAGES = (
    "connect", "source", "route", "target", "settings", "tables", "logs", "policies", "preflight", "review", "run",
    "summary", "cutover", "cleanup",
)  # fmt: skip


async def test_a_slow_look_up_is_told_and_the_page_goes_on_taking_keys(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, go = engine.environments, threading.Event()

    def slow(session: Session) -> list[engine.EnvironmentLine]:
        go.wait(20)
        return answer(session)

    monkeypatch.setattr(engine, "environments", slow)
    async with opening(ready_session(), "connect") as d:
        d.app.go_to("source")
        await d.until(lambda: "Asking for the environments of us-east-1" in d.text())
        assert d.app.screen.query_one(Notice).kind == "busy"
        await d.pilot.press("f1")
        await d.until(lambda: "Help: Which environment" in d.text())
        await d.pilot.press("escape")
        go.set()
        await d.until(lambda: "billing" in d.text())
        await d.until(lambda: "Asking for" not in d.text())


async def test_the_footer_has_only_what_works_now(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "logs") as d:
        assert "ask again" not in d.footer()
    from mwaa_wizard.errors import WizardError

    fake.fail["environments"] = WizardError(what="No answer.", remedy="Try again.")
    async with opening(ready_session(), "source", size=(120, 40)) as d:
        assert "ask again" in d.footer()
    fake.hold = "export"
    fake.release.clear()
    async with opening(ready_session(), "review", size=(120, 40)) as d:
        await d.write("analytics-v2")
        await d.press("enter")
        await d.until(lambda: "RUNNING" in d.text())
        assert "stop safely" in d.footer()
        assert "resume" not in d.footer()
        fake.release.set()
        await d.until(lambda: " DONE " in d.text() and "stop safely" not in d.footer())
        assert "next" in d.footer()


async def test_f1_explains_the_field_in_focus(opening: Opener) -> None:
    async with opening(ready_session(), "logs", size=(120, 40)) as d:
        await d.press("f1")
        assert "Copy task logs:" in d.text()
        await d.press("escape", "tab", "tab", "f1")
        assert "Days:" in d.text()
        assert "Copy task logs:" not in d.text()


async def test_the_terminals_cursor_follows_the_mark_in_lists(opening: Opener) -> None:
    async with opening(ready_session(), "source") as d:
        rows = d.app.screen.query_one(LongList)
        first = d.app.cursor_position
        assert first == place_of(rows)
        await d.press("down")
        assert d.app.cursor_position.y == first.y + 1
        line = d.text().splitlines()[d.app.cursor_position.y]
        assert "billing" in line
    async with opening(ready_session(), "cutover") as d:
        await d.press("down")
        await d.until(lambda: "hourly" in d.text().splitlines()[d.app.cursor_position.y])


@pytest.mark.parametrize("page", PAGES)
async def test_in_16_colours_nothing_else_is_drawn_on_any_page(opening: Opener, fake: FakeEngine, page: str) -> None:
    async with opening(ready_session(), "logs") as d:
        d.app.use_theme("16")
        d.app.go_to(page)
        await d.settled()
        assert d.page == page
        for strip in d.app.screen._compositor.render_strips():
            for segment in strip:
                for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    assert colour is None or (colour.number if colour.number is not None else 0) < 16, segment
                    assert colour is None or colour.triplet is None, segment
        assert not d.app.screen.query(LoadingIndicator), "nothing is told by movement"
        assert not d.app.screen.query(ProgressBar), "progress is said in figures"


@pytest.mark.parametrize("level", ["none", "full"])
def test_animations_are_off_where_the_variable_says_so(level: str) -> None:
    code = (
        "from screens.app import WizardApp; from screens.start_request import StartRequest; "
        "print(WizardApp(StartRequest()).animation_level)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "TEXTUAL_ANIMATIONS": level}, capture_output=True, text=True,
        check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.strip() == level
