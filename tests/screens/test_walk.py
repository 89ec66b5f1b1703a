"""The whole way by keyboard, and back without losing anything."""

from __future__ import annotations

from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.session import store
from screens.app import WizardApp
from screens.start_request import StartRequest

from .conftest import Opener
from .driver import Driver
from .fakes import STEPS, FakeEngine, ready_session


async def test_start_to_summary_by_keyboard(opening: Opener, fake: FakeEngine) -> None:
    async with opening() as d:
        await d.press("enter")
        assert d.page == "connect"
        assert "1111-2222-3333" in d.text()
        await d.press("n")
        assert d.page == "source"
        await d.press("enter")
        assert d.page == "route"
        await d.press("down", "enter")
        assert d.page == "target"
        await d.press("enter")
        assert d.page == "settings"
        for expected in ("tables", "logs", "policies", "preflight", "review"):
            await d.press("n")
            assert d.page == expected
        await d.write("analytics-v2")
        await d.press("enter")
        assert d.page == "run"
        await d.until(lambda: "DONE" in d.text())
        assert fake.started == 1
        await d.press("n")
        assert d.page == "summary"
        assert "48,211" in d.text()
        assert "/state/report.html" in d.text()
        session = store.list_sessions()[0].session
        assert session is not None
        assert session.last_result.state == "verified"
        assert session.page.done[-1] == "summary"


async def test_back_to_the_first_page_keeps_everything(opening: Opener) -> None:
    session = ready_session()
    session.tables.selected = ["variable"]
    session.logs.days = 3
    async with opening(session, "review") as d:
        for expected in (
            "preflight",
            "policies",
            "logs",
            "tables",
            "settings",
            "target",
            "route",
            "source",
            "connect",
            "StartPage",
        ):
            await d.press("escape")
            assert d.page == expected
    found = store.load(session.id)
    ignored = {"updated_at", "page", "last_seen"}
    assert found.model_dump(exclude=ignored) == session.model_dump(exclude=ignored)


async def test_a_saved_session_opens_where_it_was_left_with_two_keys(opening: Opener) -> None:
    session = ready_session()
    session.page.name = "logs"
    store.save(session)
    async with opening() as d:
        assert "analytics-v2" in d.text()
        await d.press("enter")
        assert d.page == "logs"


async def test_rail_and_palette_reach_done_pages(opening: Opener) -> None:
    async with opening(ready_session(), "logs") as d:
        await d.press("f2", "up", "up", "up", "enter")
        assert d.page == "target"
        names = [command.title for command in d.app.get_system_commands(d.app.screen)]
        assert "Go to: Logs" in names
        assert "Go to: Summary" not in names


async def test_a_page_is_not_reached_over_one_that_misses_something(opening: Opener) -> None:
    session = ready_session()
    session.source.environment = ""
    async with opening(session, "review") as d:
        assert d.page == "source"


async def test_every_step_is_shown_before_it_runs(opening: Opener) -> None:
    async with opening(ready_session(), "review", size=(120, 48)) as d:
        for step in STEPS:
            assert f"{step.title} of analytics-v2 in us-east-1" in d.text()


async def test_resume_opens_the_run_and_goes_on_at_once(fake: FakeEngine) -> None:
    session = ready_session()
    session.last_result.state = "failed"
    store.save(session)
    Journal.of(session.id).write("read-source", "done")
    app = WizardApp(StartRequest(page="session", session_id=session.id, go_on=True))
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)
        await d.until(lambda: "DONE" in d.text())
        assert fake.started == 1
        await d.press("escape", "escape")
        assert d.page == "preflight"
        app.go_to("run")
        await d.settled()
        assert fake.started == 1
