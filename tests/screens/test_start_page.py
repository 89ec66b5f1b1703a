"""The list of sessions: what a line says, resume by default, filter, and keeping sessions in order with a way back."""

from __future__ import annotations

import datetime as dt
import json
import os
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.session import store
from mwaa_wizard.session.model import LastResult, Session
from screens.start_sessions import state_of
from screens.widgets.filter import Filter

from .conftest import Opener
from .fakes import NASTY, FakeEngine, ready_session


def saved(
    target: str, minutes: int, state: str = "", step: str = "", page: str = "settings", **members: Any
) -> Session:
    """A session that was changed `minutes` ago."""
    session = ready_session(**members)
    session.target.environment, session.page.name = target, page
    session.last_result = LastResult.model_validate({"state": state, "step": step})
    store.save(session)
    then = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes)
    path = store.path_of(session.id)
    raw = json.loads(path.read_text())
    raw["updated_at"] = then.isoformat()
    path.write_text(json.dumps(raw))
    os.utime(path, (then.timestamp(), then.timestamp()))
    return session


def _place(page: str) -> str:
    from mwaa_wizard.front.flow import shown

    pages = shown(ready_session())
    return f"{pages.index(page) + 1}/{len(pages)}"


async def test_each_session_says_source_target_place_and_age(opening: Opener, fake: FakeEngine) -> None:
    saved("done-v2", 1, "verified", page="summary")
    saved("broken-v2", 3, "failed", "import", page="run")
    saved("early-v2", 5)
    async with opening() as d:
        flat = " ".join(d.text().split())
        for line in (
            "analytics-prod 2.8.1 → done-v2 2.11.2 verified ✔ 1 min ago",
            "analytics-prod 2.8.1 → broken-v2 2.11.2 failed: 5/6 import 3 min ago",
            "analytics-prod 2.8.1 → early-v2 2.11.2 ",
            f"{_place('settings')} Settings 5 min ago",
        ):
            assert line in flat, d.text()


async def test_the_newest_unfinished_one_is_marked_and_enter_resumes_it(opening: Opener, fake: FakeEngine) -> None:
    saved("done-v2", 1, "verified", page="summary")
    broken = saved("broken-v2", 3, "failed", "import", page="logs")
    async with opening() as d:
        assert "analytics-prod → broken-v2 · 1111-2222-3333 us-east-1" in d.text()
        await d.press("enter")
        assert d.page == "logs"
        assert d.app.opened is not None
        assert d.app.opened.session.id == broken.id


async def test_what_is_typed_ahead_does_not_go_into_a_filter_that_is_out_of_sight(opening: Opener) -> None:
    saved("billing-v2", 1)
    async with opening() as d:
        assert not d.app.screen.query(Filter)
        await d.press("slash", "x")
        field = d.app.screen.query_one(Filter)
        assert (field.has_focus, field.value) == (True, "x")
        await d.press("escape")
        assert not field.focusable
        await d.press("slash")
        assert (field.has_focus, field.value) == (True, "")


async def test_slash_filters_and_esc_shows_all_again(opening: Opener, fake: FakeEngine) -> None:
    saved("billing-v2", 1)
    saved("orders-v2", 2)
    async with opening() as d:
        await d.press("slash")
        await d.write("orders")
        assert "billing-v2" not in d.text()
        assert "orders-v2" in d.text()
        assert "duplicate" not in d.footer()  # a letter is text now
        await d.write("nothing like it")
        assert "No session matches" in d.text()
        await d.press("escape")
        assert "billing-v2" in d.text()
        assert d.page == "StartPage"
        await d.press("slash")
        await d.write("orders")
        await d.press("enter", "enter")
        assert d.app.opened is not None
        assert d.app.opened.session.target.environment == "orders-v2"


async def test_delete_is_taken_back_with_u_while_the_list_is_open(opening: Opener, fake: FakeEngine) -> None:
    gone, stays = saved("gone-v2", 1), saved("stays-v2", 2)
    async with opening() as d:
        assert "bring back" not in d.footer()
        await d.press("x")
        await d.until(lambda: "→ gone-v2 2.11.2" not in d.text())
        assert f"sessions --undelete {gone.id}" in " ".join(d.text().split())
        assert [one.id for one in store.list_sessions()] == [stays.id]
        assert "u bring back" in d.footer()
        await d.press("u")
        await d.until(lambda: "→ gone-v2 2.11.2" in d.text())
        assert store.load(gone.id).target.environment == "gone-v2"
        assert "bring back" not in d.footer()


async def test_a_session_that_is_open_elsewhere_is_not_deleted_and_says_by_whom(
    opening: Opener, fake: FakeEngine
) -> None:
    held = saved("held-v2", 1)
    with store.Lock(held.id):
        async with opening() as d:
            await d.press("x")
            assert "already open (process" in " ".join(d.text().split())
    assert store.load(held.id).id == held.id


async def test_rename_duplicate_and_export(opening: Opener, fake: FakeEngine) -> None:
    session = saved("first-v2", 1)
    async with opening() as d:
        await d.press("e")
        await d.write("Nightly move")
        await d.press("enter")
        await d.until(lambda: "Nightly move" in d.text())
        assert store.load(session.id).name == "Nightly move"
        await d.press("o")
        assert "without account numbers" in " ".join(d.text().split())
        (export,) = paths.exports_dir().glob("session-*.json")
        assert "111122223333" not in export.read_text()
        await d.press("d")
        await d.until(lambda: len(store.list_sessions()) == 2)
        assert "Duplicated" in d.text()


async def test_a_hostile_name_is_shown_and_not_obeyed(opening: Opener, fake: FakeEngine) -> None:
    saved("first-v2", 1, name=NASTY)
    async with opening() as d:
        assert "[/x][bold]移行" in d.text()
        assert "\x1b" not in d.text()


@pytest.mark.parametrize("size", [(80, 24), (60, 15), (200, 60)])
async def test_lines_keep_their_width(opening: Opener, fake: FakeEngine, size: tuple[int, int]) -> None:
    saved("環境" * 30, 1, "failed", "import", page="run")
    async with opening(size=size) as d:
        from mwaa_wizard.text import width

        assert max(width(line) for line in d.text().splitlines()) <= size[0]
        assert "failed: 5/6 import" in d.text()


def test_states_in_words() -> None:
    session = ready_session()
    session.page.name = "connect"
    assert state_of(session).endswith(" Connect")
    session.last_result.state, session.last_result.step = "running", "export"
    assert state_of(session, "9/14") == "cut off: 9/14 export"
