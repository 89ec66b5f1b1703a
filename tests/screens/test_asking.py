"""Questions of a running step: shown over any page, answered by key, safe to refuse and to quit on."""

from __future__ import annotations

from mwaa_wizard.session import store

from .conftest import Opener
from .driver import Driver
from .fakes import NASTY, FakeEngine, ready_session

QUESTION = "Preflight has 2 warnings: target quota, source task logs. Go on?"


async def asked(d: Driver) -> None:
    """From Review to the question."""
    await d.write("analytics-v2")
    await d.press("enter")
    await d.until(lambda: "The run asks" in d.text())


async def test_yes_goes_on(opening: Opener, fake: FakeEngine) -> None:
    fake.asks = {"create-target": QUESTION, "export": "Upgrade now?"}
    async with opening(ready_session(), "review") as d:
        await asked(d)
        assert "Preflight has 2 warnings" in d.text()
        assert not fake.answers
        await d.press("y")
        await d.until(lambda: "Upgrade now?" in d.text())
        await d.press("down", "enter")
        await d.until(lambda: "DONE" in d.text())
    assert fake.answers == [True, True]


async def test_no_and_esc_stop_safely_and_going_on_asks_again(opening: Opener, fake: FakeEngine) -> None:
    fake.asks = {"create-target": QUESTION}
    session = ready_session()
    async with opening(session, "review") as d:
        await asked(d)
        await d.press("enter")  # the safe answer is the default
        await d.until(lambda: "STOPPED" in d.text())
        assert store.load(session.id).last_result.state == "stopped"
        await d.press("r")
        await d.until(lambda: "The run asks" in d.text())
        await d.press("escape")
        await d.until(lambda: "STOPPED" in d.text())
        assert fake.answers == []
        await d.press("r")
        await d.until(lambda: "The run asks" in d.text())
        await d.press("y")
        await d.until(lambda: "DONE" in d.text())
    assert fake.started == 3


async def test_the_question_comes_over_another_page_and_goes_with_its_run(opening: Opener, fake: FakeEngine) -> None:
    fake.asks, fake.hold = {"import": NASTY}, "export"
    async with opening(ready_session(), "review") as d:
        await d.write("analytics-v2")
        await d.press("enter")
        await d.until(lambda: "▸ Export" in d.text())
        d.app.go_to("logs")
        await d.settled()
        fake.release.set()
        await d.until(lambda: "The run asks" in d.text())
        assert "[/x][bold]移行" in d.text()
        assert "\x1b" not in d.text()
        assert d.app.opened is not None
        d.app.opened.runs["full"].stop()
        await d.until(lambda: d.page == "logs")
        await d.until(lambda: d.app.opened is not None and d.app.opened.active_run is None)


async def test_quitting_while_it_asks_is_safe(opening: Opener, fake: FakeEngine) -> None:
    fake.asks = {"create-target": QUESTION}
    session = ready_session()
    async with opening(session, "review") as d:
        await asked(d)
        await d.press("ctrl+q")
        assert "A migration is running" in d.text()
        await d.press("k")
        await d.until(lambda: "The run asks" in d.text())
        await d.press("ctrl+q", "d")
        await d.until(lambda: d.app.return_code == 75)
        run = d.app.opened.runs["full"] if d.app.opened else None
        assert run is not None
        assert run.join(10), "the step's thread must not wait for an answer that cannot come"
        run.drain()
        assert run.state.outcome == "stopped"
    assert fake.answers == []
