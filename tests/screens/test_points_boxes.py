"""Boxes: whoever is moved where stays in sight above each, and its keys are in it, in every size that is enough."""

from __future__ import annotations

import re

import pytest

from screens.widgets.keys import Keys
from screens.widgets.modal import Box

from .conftest import Opener
from .fake_boards import FAILS
from .fakes import FakeEngine, ready_session

PLACE = re.compile(r"\d{4}-\d{4}-\d{4} [a-z]{2}-[a-z]+-\d")
BOXES = (
    ("logs", "f1"), ("tables", "m"), ("settings", "down down down enter"), ("source", "g"), ("policies", "up enter"),
    ("preflight", "enter"), ("run", "u"), ("run", "enter"), ("run", "o"), ("cutover", "b"),
)  # fmt: skip


@pytest.mark.parametrize(("page", "keys"), BOXES, ids=[f"{page} {keys}" for page, keys in BOXES])
async def test_no_box_covers_who_is_moved_where_or_loses_its_keys(
    opening: Opener, fake: FakeEngine, page: str, keys: str
) -> None:
    fake.boards.rows = [FAILS]
    session = ready_session()
    if page == "run":
        from mwaa_wizard.execution.journal import Journal

        Journal.of(session.id).write("read-source", "started")
        Journal.of(session.id).write("read-source", "failed", what="No.", where="here", remedy="Mend it.")
        session.last_result.state = "failed"
    async with opening(session, page, (120, 40)) as d:
        if page == "run":
            d.app.screen.query_one("#run-steps").focus()
        await d.press(*keys.split())
        await d.until(lambda: isinstance(d.app.screen, Box))
        for size in ((120, 40), (80, 24), (60, 15)):
            await d.pilot.resize_terminal(*size)
            await d.settled()
            await d.settled()
            rows = _whole(d)
            assert len(PLACE.findall("\n".join(rows[:2]))) == 2, (size, "\n".join(rows))
            box, line = d.app.screen.query_one("#box").region, d.app.screen.query_one(Keys).region
            assert line.height == 1
            assert box.y < line.y < box.bottom - 1 <= size[1] - 1, (size, box, line, "\n".join(rows))
            assert "esc close" in rows[line.y], size


def _whole(d: object) -> list[str]:
    """The rows with the page behind the box, as the app draws them."""
    app = d.app  # type: ignore[attr-defined]
    drawn = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens, simplify=True)
    return ["".join(segment.text for strip in row for segment in strip) for row in drawn.strips[: app.size.height]]
