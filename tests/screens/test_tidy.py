"""What is left behind goes in the pauses, and what is only shown changes nothing."""

from __future__ import annotations

import gc
import weakref

import pytest

from mwaa_wizard.front import engine
from mwaa_wizard.session import store
from screens.widgets.marks import Picker

from .conftest import Opener
from .fakes import FakeEngine, ready_session


async def test_a_page_that_was_left_is_forgotten_in_the_pause_after_the_next_one(
    opening: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.tidy._MANY", 10**9)  # a test's process has many objects of its own
    async with opening(ready_session(), "logs") as d:
        gc.disable()  # Python does not look by itself
        try:
            d.app.go_to("tables")
            await d.settled()
            left = weakref.ref(d.app.screen.query_one(Picker))
            d.app.go_to("logs")
            await d.until(lambda: left() is None)
        finally:
            gc.enable()


async def test_to_show_the_tables_is_not_to_choose_them(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = ready_session()
    async with opening(session, "logs") as d:
        assert store.load(session.id).tables.selected is None, "the default, whatever it will be"
        saved: list[str] = []
        monkeypatch.setattr(d.app.opened, "save", lambda: saved.append("again"))
        d.app.go_to("tables")
        await d.settled()
        await d.until(lambda: d.app.screen.query_one(Picker).option_count == len(engine.tables()))
        await d.settled()
        assert d.app.opened is not None
        assert d.app.opened.session.tables.selected is None
        assert saved == ["again"], "that this page is open now, and no more"
