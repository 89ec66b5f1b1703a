"""The run page: live states, the log pane, stopping, failing, leaving and coming back."""

from __future__ import annotations

from mwaa_wizard.session import store

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
        await d.press("enter")
        assert "UNDO" not in d.text()
        await d.press("u", "y")
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
