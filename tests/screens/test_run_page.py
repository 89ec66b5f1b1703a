"""The run page: live states, the log pane, stopping, failing, leaving and coming back."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from mwaa_wizard.execution.events import Progress, Waiting
from mwaa_wizard.session import store
from screens import lookup
from screens.page import WizardPage
from screens.widgets.step_list import StepList

from .conftest import Opener
from .driver import Driver
from .fakes import FakeEngine, ready_session


async def begin(d: Driver) -> None:
    """From Review into the run."""
    await d.write("analytics-v2")
    await d.press("enter")
    assert d.page == "run"


async def test_a_run_goes_on_while_other_pages_are_shown(opening: Opener, fake: FakeEngine) -> None:
    fake.hold = "export"
    async with opening(ready_session(), "review") as d:
        await begin(d)
        await d.until(lambda: "▸ Export" in d.text() and "71%" in d.text())
        assert "711,402/1,000,000 rows" in d.text() or "711,402" in d.text()
        assert "export line 2" in d.text()
        assert "[red]not markup[" in d.text()
        await d.press("escape")
        assert d.page == "review"
        fake.release.set()
        await d.until(lambda: d.app.opened is not None and d.app.opened.active_run is None)
        await d.press("n")  # the field has the focus: this is a letter
        assert d.page == "review"
        await d.write("analytics-v2")
        d.app.go_to("run")
        await d.settled()
        assert "DONE" in d.text()
        assert fake.started == 1


async def test_stop_waits_for_a_safe_point_and_resume_goes_on(opening: Opener, fake: FakeEngine) -> None:
    fake.hold = "import"
    session = ready_session()
    async with opening(session, "review") as d:
        await begin(d)
        await d.until(lambda: "▸ Import" in d.text())
        assert "p stop" in d.footer()
        await d.press("p")
        await d.until(lambda: "STOPPED" in d.text())
        assert store.load(session.id).last_result.state == "stopped"
        assert "r resume" in d.footer()
        await d.press("r")
        await d.until(lambda: "DONE" in d.text())
        assert fake.started == 2


async def test_a_failure_says_all_and_is_retried_with_enter(opening: Opener, fake: FakeEngine) -> None:
    fake.fail_at = "import"
    async with opening(ready_session(), "review") as d:
        await begin(d)
        await d.until(lambda: "Mend" in d.text())
        text = d.text()
        for part in (
            "FAILED",
            "may not read the bundle",
            "s3:GetObject",
            "AccessDenied · request 7X2K",
            "Retry",
            "Undo",
        ):
            assert part in text
        await d.settled()
        await d.press("enter")
        await d.until(lambda: "DONE" in d.text())
        assert "Mend" not in d.text()


async def test_undo_lists_what_it_touches_and_is_off_by_default(opening: Opener, fake: FakeEngine) -> None:
    fake.fail_at = "export"
    session = ready_session()
    async with opening(session, "review") as d:
        await begin(d)
        await d.until(lambda: "Mend" in d.text())
        await d.press("u")
        assert "bucket mwaa-migration-1" in d.text()
        assert "The target environment made by it is deleted." in d.text()
        for typed in ("", "y", "analytics-prod"):
            await d.write(typed)
            await d.press("enter")
            assert "Nothing was done: the name is analytics-v2." in d.text()
        await d.press("escape", "u", "escape")
        assert "UNDO" not in d.text()
        await d.press("u")
        await d.write("analytics-v2")
        await d.press("enter")
        await d.until(lambda: "UNDONE" in d.text())
        await d.until(lambda: store.load(session.id).last_result.state == "undone")


async def test_the_log_stands_still_while_it_is_read(opening: Opener, fake: FakeEngine) -> None:
    fake.hold, fake.lines = "export", 60
    async with opening(ready_session(), "review") as d:
        await begin(d)
        await d.until(lambda: "export line 59" in d.text())
        await d.press("tab", "home")
        assert "export line 59" not in d.text()
        fake_log = d.app.opened.runs["full"].log_path("export") if d.app.opened else None
        assert fake_log is not None
        with open(fake_log, "a", encoding="utf-8") as file:
            file.write("12:00:00 INFO  late line\n")
        await d.until(lambda: "1 new line" in d.text())
        assert "late line" not in d.text()
        await d.press("end")
        await d.until(lambda: "late line" in d.text())


async def test_quitting_while_it_runs_asks_first(opening: Opener, fake: FakeEngine) -> None:
    fake.hold = "export"
    async with opening(ready_session(), "review") as d:
        await begin(d)
        await d.until(lambda: "▸ Export" in d.text())
        await d.press("ctrl+q")
        assert "A migration is running" in d.text()
        await d.press("enter")
        assert d.page == "run"
        await d.press("ctrl+c")
        assert d.app.opened is not None
        assert d.app.opened.active_run is not None
        await d.press("ctrl+q", "d")
        await d.until(lambda: d.app.return_code == 75)
        assert any("mwaa-wizard resume" in line for line in d.app.last_words)


async def test_what_takes_longer_than_a_moment_is_said_and_stays_readable_while_keys_are_heard(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (lookup.AFTER, lookup.AT_LEAST) == (0.1, 1.0)
    async with opening(ready_session(), "run") as d:
        page, let = d.app.screen, threading.Event()
        answers: list[object] = []
        assert isinstance(page, WizardPage)
        with monkeypatch.context() as patch:
            patch.setattr(lookup, "AFTER", 30.0)
            page.look_up("Asking something quick …", lambda: 1, answers.append)
            await d.until(lambda: answers == [1])
            assert "quick" not in d.text(), "an answer at once does not flicker"
        monkeypatch.setattr(lookup, "AT_LEAST", 3600.0)
        page.look_up("Asking something slow …", lambda: let.wait(20), answers.append)
        await d.until(lambda: "⋯ Asking something slow …" in d.text())
        await d.pilot.press("f1")
        await d.until(lambda: "Help" in d.text())
        await d.pilot.press("escape")
        let.set()
        await d.until(lambda: len(answers) == 2)
        await d.pilot.pause(0.05)
        assert "slow" in d.text(), "long enough to be read"


async def test_a_step_that_waits_shows_when_it_looks_again_and_what_is_usual(opening: Opener, fake: FakeEngine) -> None:
    fake.hold = "create-target"
    async with opening(ready_session(), "review", size=(120, 40)) as d:
        await begin(d)
        await d.until(lambda: "▸ Create target" in d.text())
        run = d.app.opened.runs["full"] if d.app.opened else None
        assert run is not None
        until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=500)
        run.take(Progress(step="create-target", done=61, total=None, unit="s", detail="CREATING"))
        run.take(Waiting(step="create-target", until=until))
        await d.until(lambda: "next look in 4" in d.text())
        assert "MWAA's guide: 20–30 min" in d.text()
        assert "CREATING" in d.text()
        assert "%" not in d.text(), "no bar where nothing is known"


async def test_a_late_word_of_a_step_that_passed_is_no_pick_of_the_user(opening: Opener, fake: FakeEngine) -> None:
    """Where steps are found done one after the other, the list tells of each a moment later."""
    fake.hold = "export"
    async with opening(ready_session(), "review") as d:
        await begin(d)
        await d.until(lambda: "▸ Export" in d.text())
        page, steps = d.app.screen, d.app.screen.query_one(StepList)
        steps.choose("create-target")  # as the page did when that one was the current
        await d.settled()
        assert not page._picked_by_hand  # type: ignore[attr-defined]
        await d.until(lambda: "following" in d.text())
        await d.press("up")
        assert page._picked_by_hand  # type: ignore[attr-defined]
        assert "End goes back to the running step" in d.text()
