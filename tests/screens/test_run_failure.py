"""When a step fails: what is told, and each way on; leaving while a run is under way."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from mwaa_wizard import paths
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.front import support
from mwaa_wizard.session import store
from screens.widgets.ways import Ways

from .conftest import Opener
from .driver import Driver
from .fakes import STEPS, FakeEngine, ready_session


async def failed(d: Driver) -> None:
    """From Review to the failure panel."""
    await d.write("analytics-v2")
    await d.press("enter")
    await d.until(lambda: "Mend" in d.text())
    await d.settled()


async def running(d: Driver, step: str) -> None:
    await d.write("analytics-v2")
    await d.press("enter")
    await d.until(lambda: f"▸ {step}" in d.text())


async def test_the_panel_has_every_way_on_and_the_failed_step_in_sight_at_80x24(
    opening: Opener, fake: FakeEngine
) -> None:
    fake.fail_at = "import"
    session = ready_session()
    Journal.of(session.id).write("import", "started")
    async with opening(session, "review") as d:
        await failed(d)
        for part in (
            "FAILED at Import", "✘ Import", "r Retry", "e Edit: Policies", "u Undo …", "o Support bundle …", "^q Quit",
            "AccessDenied · request 7X2K", "dag_run and variable are in.",
        ):  # fmt: skip
            assert part in d.text(), part
        assert "Leave out" not in d.text(), "the plan needs the import"
        await d.press("x")
        assert "Leave out" not in d.text()
        marked = d.app.focused
        assert isinstance(marked, Ways)
        assert [(one.start, str(one.style)) for one in marked.content.spans] == [(0, "bold reverse")]  # type: ignore[union-attr]
        await d.press("right")
        assert [one.start for one in marked.content.spans] == [len(" r Retry  ")]  # type: ignore[union-attr]
        await d.press("enter")
        assert d.page == "policies"
        # Where the documents take their time that is told first, for a while.
        await d.until(lambda: "Then F2, Run, and r goes on" in d.flat())
        d.app.go_to("run")
        await d.until(lambda: "FAILED at Import" in d.text())
        assert "✘ Import" in d.text()
        await d.press("r")
        await d.until(lambda: "DONE" in d.text())


async def test_a_step_the_plan_does_without_is_left_out_after_a_word_on_what_is_missed(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.fail_at = "verify"
    monkeypatch.setattr(STEPS[-1], "skippable", lambda _session: "Nobody compares then.", raising=False)
    session = ready_session()
    async with opening(session, "review") as d:
        await failed(d)
        assert "x Leave out …" in d.text()
        await d.press("x")
        assert "Nobody compares then." in d.text()
        await d.press("enter")  # the safe answer
        assert "FAILED" in d.text()
        assert not Journal.of(session.id).of_step("verify", "left-out")
        await d.press("x", "y")
        await d.until(lambda: "DONE" in d.text())
    assert Journal.of(session.id).of_step("verify", "left-out")
    assert fake.started == 2


async def test_what_was_left_out_is_told_and_taken_in_again(opening: Opener, fake: FakeEngine) -> None:
    session = ready_session()
    journal = Journal.of(session.id)
    for step in STEPS[:-1]:
        journal.write(step.id, "done")
    journal.write("verify", "left-out", by="user")
    session.last_result.state = "verified"
    async with opening(session, "run") as d:
        assert "DONE, 1 step left out" in d.text()
        assert "– Verify" in d.text()
        assert "Done but for what you left out (Verify)" in d.text()
        journal.write("clean-up", "removed", kind="bucket", name=session.migration_bucket)
        await d.press("end", "x")
        assert "has deleted the exported bundle" in d.flat(0)
        assert not journal.of_step("verify", "taken-in")
        journal.path.write_text("".join(journal.path.read_text().splitlines(keepends=True)[:-1]))
        await d.press("x")
        assert "Verify is in again" in d.text()
        await d.press("r")
        await d.until(lambda: "✔ Verify" in d.text())
    assert fake.started == 1


async def test_details_of_a_step_hold_what_it_does_made_and_was_answered(opening: Opener, fake: FakeEngine) -> None:
    session = ready_session()
    journal = Journal.of(session.id)
    journal.write("create-target", "started")
    journal.write("create-target", "made", kind="environment", name="analytics-v2")
    journal.write("create-target", "answered", call="airflow:CreateEnvironment", request_id="REQ-77")
    journal.write("create-target", "failed", what="It broke.", retries=3)
    async with opening(session, "run", size=(100, 40)) as d:
        assert "↻3" in d.text()
        d.app.screen.query_one("#run-steps").focus()
        await d.press("enter")
        for part in (
            "Create target of analytics-v2 in us-east-1", "begun 1 time · 3 calls tried again", "It broke.",
            "made environment analytics-v2", "REQ-77 · airflow:CreateEnvironment", "create-target.log",
        ):  # fmt: skip
            assert part in d.text(), part
        await d.press("y")
        assert "does not tell whether it took it" in d.text()
        await d.press("escape")
        assert d.page == "run"


async def test_a_support_bundle_is_listed_first_and_only_then_written(opening: Opener, fake: FakeEngine) -> None:
    fake.fail_at = "import"
    session = ready_session()
    Journal.of(session.id).write("import", "started")
    async with opening(session, "review") as d:
        await failed(d)
        await d.press("o")
        for part in ("A bundle for support holds", "journal.jsonl", "step logs", "uploaded"):
            assert part in d.text(), part
        await d.press("enter")  # the safe answer
        assert not list(paths.exports_dir().glob("*.zip"))
        await d.press("o", "m")
        await d.until(lambda: "nothing was sent anywhere" in d.flat(0))
        (path,) = paths.exports_dir().glob("support-*.zip")
        with zipfile.ZipFile(path) as bundle:
            assert "session.json" in bundle.namelist()
            assert b"111122223333" not in bundle.read("session.json")
    assert support.listed(session)


async def test_quitting_says_what_goes_on_and_detaching_waits_for_the_safe_point(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake.hold = "create-target"
    words = "MWAA goes on making it."
    monkeypatch.setattr(STEPS[2], "while_away", lambda _session: words, raising=False)
    session = ready_session()
    async with opening(session, "review") as d:
        await running(d, "Create target")
        stopped = d.app.opened.runs["full"]._runner.cancel if d.app.opened else None  # type: ignore[union-attr]
        assert stopped is not None
        release = fake.release.set
        monkeypatch.setattr(fake.release, "set", lambda: None)  # this step takes its time
        await d.press("ctrl+q")
        for part in (words, f"mwaa-wizard resume {session.id}", "keep watching", "detach", "leave at once"):
            assert part in d.text(), part
        await d.press("enter")
        assert not stopped.is_set()
        await d.press("ctrl+q", "d")
        await d.until(lambda: "Stopping … Create target goes on to a point where nothing is half-done" in d.flat(0))
        assert "STOPPING at the next safe point" in d.text()
        assert stopped.is_set()
        assert d.app.return_code is None, "it leaves only when the run stands still"
        release()
        await d.until(lambda: d.app.return_code == 75)
        assert words in d.app.last_words
        assert any(f"mwaa-wizard resume {session.id}" in line for line in d.app.last_words)
    assert store.load(session.id).last_result.state == "stopped"


async def test_leaving_at_once_is_possible_and_says_the_same(opening: Opener, fake: FakeEngine) -> None:
    fake.hold = "export"
    async with opening(ready_session(), "review") as d:
        await running(d, "Export")
        await d.press("ctrl+q", "q")
        assert d.app.return_code == 75
        assert any("mwaa-wizard resume" in line for line in d.app.last_words)


async def test_the_box_says_another_thing_once_the_run_has_ended_under_it(opening: Opener, fake: FakeEngine) -> None:
    fake.hold = "export"
    async with opening(ready_session(), "review") as d:
        await running(d, "Export")
        await d.press("ctrl+q", "ctrl+q")
        assert "A migration is running" in d.text()
        assert "detach" in d.text()
        fake.release.set()
        await d.until(lambda: "It has ended meanwhile" in d.text())
        assert "A migration is running" not in d.text()
        assert "All of it is done." in d.text()
        assert "detach" not in d.text()
        await d.press("d")
        assert "It has ended meanwhile" in d.text(), "d is no answer any more"
        await d.press("enter")
        assert d.page == "run", "ctrl+q twice made one box"
        await d.press("ctrl+q")
        assert d.app.return_code == 0


def test_the_bundle_tells_a_full_disk_as_an_error_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from mwaa_wizard.errors import WizardError

    with pytest.raises(WizardError) as told:
        support.write(ready_session(), str(tmp_path / "no-such-folder" / "b.zip"))
    assert told.value.remedy
