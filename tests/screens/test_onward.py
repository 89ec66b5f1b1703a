"""A page begins with the mark on its way on: Enter alone goes along the common path; into the page by an arrow."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any, cast

import pytest

from mwaa_wizard.front import engine
from mwaa_wizard.session.model import Session
from screens.page import WizardPage
from screens.widgets.marks import Picker

from .conftest import Opener
from .fakes import FakeEngine, ready_session


async def test_enter_alone_goes_through_the_pages_where_the_default_is_right(
    opening: Opener, fake: FakeEngine
) -> None:
    """One Enter a page, from the first to the last question; what is dangerous is asked by name after that."""
    fake.boards.rows = [row for row in fake.boards.rows if row.verdict != "fail"]
    session = ready_session()
    session.target.environment = session.target.airflow_version = ""
    session.page.done = ["connect", "source", "route"]  # by this route, so that page Target is gone through, too
    async with opening(session, "connect") as d:
        for page in ("source", "route", "target", "settings", "tables", "logs", "policies", "preflight", "review"):
            await d.press("enter")
            assert d.page == page
        assert d.app.screen.query_one("#confirm").has_focus
        await d.press("enter")
        assert d.page == "review", "the target's name is typed"
        assert fake.started == 0


async def test_the_way_on_is_marked_first_and_an_arrow_goes_into_the_page(opening: Opener) -> None:
    async with opening(ready_session(), "settings") as d:
        assert "n/enter next" in d.footer()
        assert "↓ enter edit" in d.footer()
        await d.press("down")
        assert "n next" in d.footer()
        assert "enter edit" in d.footer()
        assert "↓ enter" not in d.footer()
        await d.press("enter")
        assert "Edit: " in d.text()
        await d.press("escape", "escape", "enter")
        assert d.page == "settings"
        assert "n/enter next" in d.footer(), "it begins there each time"
        await d.press("tab", "down", "enter")
        assert "Edit: " in d.text()


async def test_where_something_is_to_be_given_the_page_begins_there(opening: Opener, fake: FakeEngine) -> None:
    fake.needed = "KmsKey"
    async with opening(ready_session(), "settings") as d:
        assert d.app.screen.query_one("#settings-table").has_focus
        await d.press("enter")
        assert "Edit: KMS key" in d.text()


async def test_space_on_arrival_picks_and_leaves_enter_to_the_list(opening: Opener) -> None:
    async with opening(ready_session(), "tables") as d:
        assert "space pick" in d.footer()
        picker = d.app.screen.query_one(Picker)
        before = picker.selected
        await d.press("space")
        assert len(picker.selected) == len(before) - 1
        assert picker.has_focus
        assert d.page == "tables"


async def test_an_answer_that_comes_while_the_page_is_switched_to_leaves_the_mark_on_the_way_on(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, answer = threading.Event(), engine.source_environment

    def environment(session: Session) -> dict[str, Any]:
        go.wait(20)
        return answer(session)

    async with opening(ready_session(), "logs") as d:
        monkeypatch.setattr(engine, "source_environment", environment)

        async def until(true: Callable[[], bool]) -> None:
            for _ in range(400):
                await asyncio.sleep(0.01)
                if true():
                    return

        async def busy() -> None:
            """The application's own queue is not read while this runs."""
            d.app.go_to("settings")
            await until(lambda: any(one.loading for one in d.app.screen.query("#settings-table")))
            go.set()
            await until(lambda: not cast(WizardPage, d.app.screen).lookups.busy)
            await asyncio.sleep(0.2)

        d.app.call_later(busy)
        await d.until(lambda: "Max workers" in d.text())
        await d.settled()
        assert "n/enter next" in d.footer()
