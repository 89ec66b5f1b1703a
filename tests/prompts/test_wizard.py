"""Plain mode from the first line to the report, by answers to its prompts."""

from __future__ import annotations

from tests.screens.fakes import FakeEngine

from .conftest import Play


def test_first_line_to_report(play: Play, fake: FakeEngine) -> None:
    code, printed = play({"Environment to move": "1", "Route (": "new-environment", "To start, type": "analytics-v2"})
    print(printed)
    assert code == 0
