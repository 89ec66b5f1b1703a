"""The wizard's own app, with a stop watch on what it paints, on answers of the tests' engine."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

from textual import events

import screens
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from screens.app import WizardApp
from screens.start_request import StartRequest

QUIET = 0.12


class Watched(WizardApp):
    """Runs `measure` once the first screen stands, and leaves."""

    # Textual looks beside the class that is run.
    CSS_PATH: ClassVar[list[Any]] = [
        str(Path(screens.__file__).parent / path) for path in WizardApp.CSS_PATH
    ]

    def __init__(self, measure: Callable[[Watched], Awaitable[None]]) -> None:
        super().__init__(StartRequest(profile="default", region="us-east-1"))
        self._measure = measure
        self.painted_at = 0.0
        self._awaited, self._came = "", 0.0
        # Of this process, at the last paint and when the awaited page was painted: another load does not change it.
        self.painted_cpu = self.cpu = 0.0
        self.most_cpu = self.switch_cpu = 0.0
        self.problem: BaseException | None = None

    def _display(self, screen: Any, renderable: Any) -> None:
        super()._display(screen, renderable)
        if renderable is not None:
            self.painted_at, self.painted_cpu = time.perf_counter(), time.process_time()
            if self._awaited and not self._came and self._shows(screen, self._awaited):
                self._came, self.cpu = time.perf_counter(), time.process_time()

    def on_ready(self) -> None:
        self.run_worker(self._go(), exclusive=False, exit_on_error=True)

    async def _go(self) -> None:
        await self.until(lambda: getattr(self.screen, "list_read", False))
        await self.quiet()
        try:
            await self._measure(self)
        finally:
            self.exit(0)

    # Waiting

    async def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        """Wait for a condition; every turn is also a sample of the event loop."""
        end = time.perf_counter() + seconds
        while not condition():
            if time.perf_counter() > end:
                raise SystemExit(f"waited {seconds} s in vain")
            await asyncio.sleep(0.003)

    async def quiet(self) -> None:
        """Wait until nothing was painted for a while."""
        while True:
            seen = self.painted_at
            await asyncio.sleep(QUIET)
            if self.painted_at == seen:
                return

    async def key(self, key: str) -> float:
        """Milliseconds from a key to the last change that it paints."""
        started, cpu = time.perf_counter(), time.process_time()
        before = self.painted_at
        char = key if len(key) == 1 else None
        self.post_message(events.Key(key, char))
        await asyncio.sleep(0.001)
        await self.quiet()
        if self.painted_at == before:
            return 0.0
        self.most_cpu = max(self.most_cpu, (self.painted_cpu - cpu) * 1000)
        return (self.painted_at - started) * 1000

    async def keys(self, key: str, times: int) -> float:
        """The median of that many presses."""
        return statistics.median([await self.key(key) for _turn in range(times)])

    async def watch_lag(self, seconds: float) -> list[float]:
        """How late a wake-up every 10 ms comes, in milliseconds."""
        lags, end = [], time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            await asyncio.sleep(0.01)
            lags.append((time.perf_counter() - began - 0.01) * 1000)
        return lags

    # Pages

    def open(self, session: Session, page: str) -> None:
        """A saved session at a page."""
        session.page.name = page
        store.save(session)
        self.open_session(session, page=page)

    async def switch(self, page: str) -> float:
        """Milliseconds until a page is painted with its own heading."""
        started, cpu = time.perf_counter(), time.process_time()
        self._awaited, self._came = page, 0.0
        self.go_to(page)
        while not self._came:
            await asyncio.sleep(0.002)
        self.switch_cpu = (self.cpu - cpu) * 1000
        return (self._came - started) * 1000

    def _shows(self, screen: Any, page: str) -> bool:
        """Whether what was painted just now is that page with its heading."""
        from screens.page import WizardPage
        from screens.widgets.plain import Plain

        if not isinstance(screen, WizardPage) or page != screen.PAGE or not screen.query("#heading"):
            return False
        line = screen.query_one("#heading", Plain)
        return bool(line.size.width) and screen.heading()[0][:12] in str(line.content)
