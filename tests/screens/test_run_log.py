"""The log on the run page and the whole log over the screen: levels, search, jumps, hostile and wide text."""

from __future__ import annotations

from pathlib import Path

import pytest

from mwaa_wizard.execution.steplog import StepLogs
from mwaa_wizard.front import engine
from screens.log_viewer import LogViewer
from screens.widgets.file_view import FileView

from .conftest import Opener
from .driver import Driver
from .fakes import NASTY, FakeEngine, ready_session


def a_log(path: Path, count: int = 2000) -> None:
    """A line of each level in turn; every hundredth has a needle."""
    with open(path, "a", encoding="utf-8") as file:
        for number in range(count):
            level = ("INFO ", "WARN ", "INFO ", "ERROR")[number % 4]
            file.write(f"12:00:00 {level} line {number}{' Needle' if number % 100 == 1 else ''}\n")


async def on_failed_run(d: Driver) -> None:
    """A run that failed at the import, its log chosen and focused."""
    await d.write("analytics-v2")
    await d.press("enter")
    await d.until(lambda: "Mend" in d.text())


def view(d: Driver) -> FileView:
    return d.app.screen.query_one(FileView)


async def test_a_level_and_a_word_are_looked_for_in_the_file_not_only_on_the_screen(
    opening: Opener, fake: FakeEngine
) -> None:
    fake.hold, fake.lines = "export", 0
    session = ready_session()
    logs = StepLogs(session.id)
    async with opening(session, "review", size=(120, 40)) as d:
        await d.write("analytics-v2")
        await d.press("enter")
        await d.until(lambda: "▸ Export" in d.text())
        a_log(logs.path("export"))
        await d.until(lambda: "line 1999" in d.text())
        await d.press("l", "l")
        assert "WARN and above" in d.text()
        assert "line 1998" not in d.text()
        assert "line 1997" in d.text()
        await d.press("l")
        assert "errors only" in d.text()
        assert "line 1997" not in d.text()
        await d.press("l")
        assert "line 1998" in d.text()
        await d.press("slash")
        await d.write("needle")
        await d.press("enter")
        await d.until(lambda: "line 1901 Needle" in d.text())
        assert "F3 next match" in d.footer()
        await d.press("f6")
        await d.until(lambda: "line 1801 Needle" in d.text())
        await d.press("f3")
        await d.until(lambda: "line 1901 Needle" in d.text())
        await d.press("f3")
        await d.until(lambda: "no further line" in d.text())
        await d.press("escape")
        assert d.page == "run"
        assert "Needle" in d.text()
        assert "F3" not in d.text()
        await d.press("end")
        await d.until(lambda: "line 1999" in d.text())


async def test_all_steps_together_and_one_step(opening: Opener, fake: FakeEngine) -> None:
    fake.fail_at = "import"
    async with opening(ready_session(), "review", size=(120, 40)) as d:
        await on_failed_run(d)
        assert "export line 2" not in d.text()
        await d.press("a")
        assert "[export] export line 2" in d.text()
        assert "all steps together" in d.text()
        await d.press("a")
        assert "export line 2" not in d.text()


async def test_the_whole_log_jumps_searches_and_follows(opening: Opener, fake: FakeEngine) -> None:
    fake.fail_at, fake.lines = "import", 0
    session = ready_session()
    path = StepLogs(session.id).path("import")
    async with opening(session, "review") as d:
        await on_failed_run(d)
        path.unlink()
        a_log(path)
        await d.press("w")
        assert isinstance(d.app.screen, LogViewer)
        await d.until(lambda: "2,000 lines" in d.text() and "line 1999" in d.text())
        assert "following" in d.text()
        await d.press("g")
        await d.write("1,201")
        await d.press("enter")
        assert d.text().splitlines()[3].startswith(" 12:00:00 INFO  line 1200"), "below both sides and the file"
        assert "line 1,201 ·" in d.text()
        await d.press("g")
        await d.write("25%")
        await d.press("enter")
        assert "line 514 · 25%" in d.text()
        await d.press("slash")
        await d.write("NEEDLE")
        await d.press("enter")
        await d.until(lambda: "line 601 Needle" in d.text())
        await d.press("l", "l", "l")
        assert "errors only" in d.text()
        assert "Needle" not in d.text(), "the needles are in warnings"
        await d.press("l", "home")
        assert "line 1 · 0%" in d.text()
        a_log(path, 10)
        await d.until(lambda: "10 new lines · End follows" in d.text())
        await d.press("end")
        await d.until(lambda: "2,010 lines" in d.text() and "following" in d.text())
        await d.press("escape")  # ends the search first
        assert isinstance(d.app.screen, LogViewer)
        await d.press("escape")
        assert d.page == "run"


async def test_hostile_wide_and_endless_lines_in_the_whole_log(opening: Opener, fake: FakeEngine) -> None:
    fake.fail_at, fake.lines = "import", 0
    session = ready_session()
    path = StepLogs(session.id).path("import")
    async with opening(session, "review") as d:
        await on_failed_run(d)
        path.write_text(f"12:00:00 INFO  {NASTY}\n12:00:00 ERROR " + "移行" * 60 + " the end\nx\n", encoding="utf-8")
        await d.press("w")
        await d.until(lambda: "[/x][bold]移行" in d.text())
        assert "\x1b" not in d.text()
        assert "ZXZpbA" not in d.text(), "the payload of a control sequence goes, too"
        assert max(len(line) + line.count("移") + line.count("行") for line in d.text().splitlines()) <= 80
        assert "the end" not in d.text()

        def row() -> str:
            return next(line for line in d.text().splitlines() if "移行移行" in line).strip()

        assert row().startswith("12:00:00 ERROR")
        assert row().endswith("…"), "it goes on beyond the edge"
        await d.press("right")
        assert (row()[0], row()[-1]) == ("…", "…")
        await d.press(*["right"] * 11)
        assert row().endswith("the end")
        assert row().startswith("…")
        await d.press(*["left"] * 12)
        assert row().startswith("12:00:00 ERROR")
        await d.press("y")
        assert "does not tell whether it took it" in d.text()


async def test_a_log_that_is_not_there_yet_and_one_that_begins_anew(opening: Opener, fake: FakeEngine) -> None:
    fake.fail_at, fake.lines = "import", 0
    session = ready_session()
    path = StepLogs(session.id).path("import")
    async with opening(session, "review", size=(120, 40)) as d:
        await on_failed_run(d)
        path.unlink()
        await d.until(lambda: "markup" not in d.text())
        a_log(path, 3)
        await d.until(lambda: "line 2" in d.text())
        path.write_text("12:00:00 INFO  anew\n")
        await d.until(lambda: "anew" in d.text() and "line 2" not in d.text())


async def test_the_reports_file_is_read_in_the_same_view_from_its_beginning(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "report.md"
    path.write_text("# VERIFIED\n" + "| row |\n" * 500 + "the last line\n")
    report = engine.ReportText("text\n", (), (str(path),), True)
    monkeypatch.setattr(engine, "report", lambda _session, _columns: report)
    async with opening(ready_session(), "summary") as d:
        await d.press("w")
        await d.until(lambda: "502 lines" in d.text() and "# VERIFIED" in d.text())
        assert "the last line" not in d.text()
        await d.press("end")
        assert "the last line" in d.text()
        await d.press("escape")
        assert d.page == "summary"


async def test_another_theme_colours_the_lines_that_are_there(opening: Opener, fake: FakeEngine) -> None:
    fake.fail_at = "import"
    async with opening(ready_session(), "review") as d:
        await on_failed_run(d)
        before = [segment.style for segment in view(d).render_line(0)]
        d.app.theme = "textual-light"
        await d.until(lambda: [segment.style for segment in view(d).render_line(0)] != before)
