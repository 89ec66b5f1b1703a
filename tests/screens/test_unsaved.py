"""A disk that is full, or a folder that is read-only, under the full screen: nothing crashes and nothing is lost."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaa_wizard.front.runs import _unexpected
from mwaa_wizard.session import store
from screens import leaving

from .conftest import Opener
from .fakes import FakeEngine, ready_session


class Disk:
    """Full from `fill` on, until `make_room`."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch, self._real = patch, store.write_atomic

    def fill(self) -> None:
        def full(path: Path, text: str) -> None:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

        self._patch.setattr(store, "write_atomic", full)

    def make_room(self) -> None:
        self._patch.setattr(store, "write_atomic", self._real)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    one = Disk(monkeypatch)
    yield one
    one.make_room()


async def test_an_answer_that_cannot_be_saved_is_told_kept_and_saved_with_the_next_one(
    opening: Opener, disk: Disk
) -> None:
    session = ready_session()
    async with opening(session, "connect") as d:
        disk.fill()
        d.app.go_to("tables")
        await d.settled()
        assert "NOT SAVED" in d.text()
        assert d.page == "tables"
        d.app.leave_session()
        await d.settled()
        assert d.page == "tables", "the answers would be lost"
        await d.press("ctrl+q")
        assert d.app.is_running
        assert d.app.return_code is None
        disk.make_room()
        d.app.go_to("logs")
        await d.settled()
        assert "NOT SAVED" not in d.text()
        assert store.load(session.id).page.name == "logs"


async def test_a_run_that_cannot_be_written_down_is_not_begun(opening: Opener, fake: FakeEngine, disk: Disk) -> None:
    async with opening(ready_session(), "review") as d:
        disk.fill()
        await d.write("analytics-v2")
        await d.press("enter")
        assert d.page == "review"
        assert fake.started == 0
        assert d.app.opened is not None
        assert d.app.opened.session.last_result.state == ""
        disk.make_room()
        await d.press("enter")
        await d.until(lambda: fake.finished)


async def test_a_run_ends_as_it_does_where_the_list_of_sessions_cannot_be_told(
    opening: Opener, fake: FakeEngine, disk: Disk
) -> None:
    session = ready_session()
    fake.hold = "export"
    async with opening(session, "review") as d:
        await d.write("analytics-v2")
        await d.press("enter")
        await d.until(lambda: "▸ Export" in d.text())
        disk.fill()
        fake.release.set()
        await d.until(lambda: "NOT SAVED" in d.text())
        await d.until(lambda: fake.finished)
        # The window hears of it a moment later; until then ctrl+q asks what becomes of the run.
        await d.until(lambda: d.app.opened is not None and d.app.opened.active_run is None)
        await d.press("ctrl+q", "ctrl+q")
    assert d.app.return_code == 1
    assert any("Not saved: No space left on device" in line for line in d.app.last_words)
    assert not any(line.startswith("Saved.") for line in d.app.last_words)


async def test_what_the_first_page_cannot_do_is_said_there(opening: Opener, disk: Disk) -> None:
    store.save(ready_session())
    async with opening() as d:
        disk.fill()
        await d.press("d")
        assert "no room left" in d.text()
        assert "System: ENOSPC" in d.text()
        assert "Duplicated" not in d.text()


def test_a_crash_or_a_thread_on_a_full_disk_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("mwaa_wizard.commands.crash.write_crash_file", full)
    assert "could not be written (No space left on device)" in " ".join(leaving.crash_words(RuntimeError("x"), None))
    assert _unexpected(RuntimeError("x")).what == "The run could not go on (RuntimeError)."
    assert _unexpected(OSError(errno.ENOSPC, "No space left on device")).code == "ENOSPC"
