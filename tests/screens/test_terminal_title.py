"""The bell and the terminal's title when something ends: safe words, once, and given back."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Opener
from .driver import Driver
from .fakes import NASTY, FakeEngine, ready_session


def listen(d: Driver, monkeypatch: pytest.MonkeyPatch, term: str = "xterm-256color") -> tuple[list[str], list[int]]:
    """What is written to the terminal, and how often the bell rang."""
    written: list[str] = []
    bells: list[int] = []
    driver: Any = d.app._driver
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(driver, "write", written.append)
    monkeypatch.setattr(d.app, "bell", lambda: bells.append(1))
    return written, bells


async def hand_over(d: Driver) -> None:
    await d.press("b", "y")
    await d.until(lambda: d.app.opened is not None and "batch" in d.app.opened.runs)
    await d.until(lambda: d.app.opened is not None and not d.app.opened.runs["batch"].active)
    await d.settled()


async def test_the_end_of_a_run_rings_and_is_in_the_title(
    fake: FakeEngine, opening: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opening(ready_session(), "cutover") as d:
        written, bells = listen(d, monkeypatch)
        await hand_over(d)
        titles = [text for text in written if "\x1b]2;" in text]
        keep = "\x1b[22;2t"
        assert titles[0].startswith(keep), "the title before is kept"
        assert titles[-1].removeprefix(keep) == "\x1b]2;✔ done: cut over analytics-prod 2.8.1 → analytics-v2 2.11.2\x07"
        assert bells
        d.app.quit_now(0)
        assert written[-1] == "\x1b[23;2t", "the title before is back"


async def test_a_hostile_name_cannot_drive_the_terminal(
    fake: FakeEngine, opening: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opening(ready_session(name=NASTY + "x" * 300), "cutover") as d:
        written, _bells = listen(d, monkeypatch)
        await hand_over(d)
        (title,) = {text.partition("\x1b]2;")[2] for text in written if "✔ done" in text}
        assert "\x1b" not in title
        assert title.count("\x07") == 1
        assert len(title) < 100


@pytest.mark.parametrize("term", ["linux", "dumb", ""])
async def test_terminals_without_a_title_get_none(
    fake: FakeEngine, opening: Opener, monkeypatch: pytest.MonkeyPatch, term: str
) -> None:
    async with opening(ready_session(), "cutover") as d:
        written, bells = listen(d, monkeypatch, term)
        await hand_over(d)
        assert not [text for text in written if "\x1b]2;" in text]
        assert bells
