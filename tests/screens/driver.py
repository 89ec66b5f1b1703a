"""Drives the app by keys and reads what is on the screen, as a person would."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot

from screens.app import WizardApp
from screens.page import WizardPage


class Driver:
    """Waits for conditions, never for fixed times."""

    def __init__(self, app: WizardApp, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys; look-ups they start are waited for."""
        await self.pilot.press(*keys)
        await self.settled()

    async def write(self, text: str) -> None:
        """Put text into the focused field (typing key by key costs 0.1 s each)."""
        field = self.app.focused
        assert field is not None
        field.value = text  # type: ignore[attr-defined]
        await self.pilot.pause(0.01)

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until a condition holds; fails with the screen's text."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.text()
            await self.pilot.pause(0.02)

    async def settled(self) -> None:
        """Wait until the page's look-ups have answered and everything is drawn."""
        await self.pilot.pause(0)
        await self.until(
            lambda: not (isinstance(self.app.screen, WizardPage) and self.app.screen.lookups.busy)
        )
        # What an answer changes is drawn by callbacks after the next refresh, those by one more.
        for _turn in range(3):
            await self.pilot.pause(0.01)

    @property
    def page(self) -> str:
        """The shown page's name, or the screen's class."""
        screen = self.app.screen
        return screen.PAGE if isinstance(screen, WizardPage) else type(screen).__name__

    def text(self) -> str:
        """The screen as text, one line a row."""
        width, height = self.app.size
        return "\n".join(
            "".join(segment.text for segment in strip).rstrip()
            for strip in self.app.screen._compositor.render_strips()[:height]
        )[: (width * 4 + 1) * height]

    def flat(self, column: int = 1) -> str:
        """The text of the page itself on one line; `column` 0 is the rail, 2 the reasons at the right."""
        parts = [row.split("│") for row in self.text().splitlines()]
        return " ".join(" ".join(row[column] for row in parts if len(row) > column).split())

    def flat_list(self) -> str:
        """The lines of the page between its heading and the last five rows, the right half of each left out."""
        rows = [row.split("│") for row in self.text().splitlines()[4:-6]]
        return "\n".join(row[1][:40] for row in rows if len(row) > 1)

    def footer(self) -> str:
        """The last row."""
        return self.text().splitlines()[-1]
