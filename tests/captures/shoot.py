"""Drives one app through all scenes and sizes of a look (a language and a way of colouring)."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.geometry import Size

from mwaa_wizard import paths
from mwaa_wizard.front.runs import Run
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from screens.app import WizardApp
from screens.page import WizardPage
from screens.start import StartPage
from screens.start_request import StartRequest
from screens.widgets.notice import Notice
from tests.screens.driver import Driver

from .layers import Cells, taken
from .scenes import SCENES, Scene
from .world import CaptureEngine, a_session, capture_world, undress

SIZES = ((80, 24), (120, 40), (200, 60))
COLOURS = ("colour", "no-colour", "16-colours")
LANGUAGES = ("en", "ja")
_ENVIRON = {"colour": {}, "no-colour": {"NO_COLOR": "1"}, "16-colours": {}}


@dataclass(frozen=True)
class Shot:
    """One capture."""

    scene: str
    size: tuple[int, int]
    cells: Cells
    svg: str = ""


class Studio:
    """An app and its driver, with a fresh session for each scene."""

    def __init__(self, driver: Driver, engine: CaptureEngine) -> None:
        self.driver, self.engine = driver, engine
        self.app: WizardApp = driver.app
        self.session = Session()

    def put_run(self, run: Run) -> None:
        """Let the opened session have this run."""
        assert self.app.opened is not None
        self.app.opened.runs["full"] = run

    async def set(self, scene: Scene) -> None:
        """Open the scene's page and press its keys."""
        app, d = self.app, self.driver
        undress(self.engine)
        self.session = a_session(scene.route)
        if scene.prepare is not None:
            scene.prepare(self.engine, self.session)
        if not scene.page:
            await self.to_start()
        else:
            self.session.page.name = scene.page
            store.save(self.session)
            from mwaa_wizard.front.opened import Opened

            app.opened = Opened.open(self.session)
            if scene.opened is not None:
                scene.opened(self)
            app.go_to(scene.page)
            await self.until(lambda: isinstance(app.screen, WizardPage) and app.screen.alive)
        await self.settled()
        if scene.wait:
            await self.until(lambda: scene.wait in d.text())
        await self.settled()
        for key in scene.keys:
            await self.press(key)

    async def settled(self) -> None:
        """Until nothing is asked any more, no message waits anywhere, and two looks show the same screen."""
        # The run page looks at its clock and its log four times a second.
        apart = 0.3 if self.session.page.name == "run" else 0.05
        end = time.monotonic() + 240  # on a machine that is busy with other things, too
        seen: Cells | None = None
        while True:
            await asyncio.sleep(apart if seen is not None else 0.005)
            assert time.monotonic() < end, self.driver.text()
            if not self._still():
                seen = None
                continue
            now = taken(self.app)
            if now == seen:
                return
            seen = now
            # What lies behind a box is drawn with the box only.
            self.app.screen.refresh()

    def _still(self) -> bool:
        page = self.app.screen
        asking = isinstance(page, WizardPage) and page.lookups.busy
        sized = all(one.size == self.app.size == one._compositor.size for one in self.app.screen_stack[1:])
        if asking or not page.is_running or not sized:
            return False
        if any(notice.kind == "busy" for notice in page.query(Notice)):
            return False
        pumps = [self.app, *(node for one in self.app.screen_stack[1:] for node in one.walk_children(with_self=True))]
        return not any(pump.is_running and pump.message_queue_size for pump in pumps)

    async def press(self, key: str) -> None:
        """One key, and what it shows."""
        self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await asyncio.sleep(0.01)
        await self.settled()

    async def resize(self, size: tuple[int, int]) -> None:
        """Another terminal."""
        if self.app.size != size:
            # As Pilot does it, without its wait for a processor that has nothing else to do.
            driver: Any = self.app._driver
            driver._size = Size(*size)
            self.app.post_message(events.Resize(Size(*size), Size(*size)))
            await self.until(lambda: self.app.screen.size == Size(*size))
            await self.settled()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition."""
        end = time.monotonic() + 240
        while not condition():
            assert time.monotonic() < end, self.driver.text()
            await asyncio.sleep(0.005)

    async def to_start(self) -> None:
        """The list of sessions, read anew."""
        page = StartPage(StartRequest(profile="default", region="us-east-1"))
        self.app.switch_screen(page)
        await self.until(lambda: self.app.screen is page and page.list_read)

    async def strike(self) -> None:
        """Away with boxes, the session and its file."""
        app = self.app
        while len(app.screen_stack) > 2:
            app.pop_screen()
        # No page may look at the next scene's session.
        await self.to_start()
        if app.opened is not None:
            app.opened.runs.clear()
            app.opened.close()
            app.opened = None
        for listed in store.list_sessions():
            store.delete(listed.id)
        shutil.rmtree(paths.state_dir(), ignore_errors=True)


async def shots(
    language: str, colour: str, scenes: Sequence[Scene], sizes: Sequence[tuple[int, int]] = SIZES, *, svg: bool = False
) -> AsyncIterator[Shot]:
    """Every scene at every size in one look."""
    with capture_world(language, **_ENVIRON[colour]) as (engine, _patch):
        app = WizardApp(StartRequest(profile="default", region="us-east-1"))
        if colour == "16-colours":
            app.use_theme("16")
        async with app.run_test(size=sizes[0]) as pilot:
            driver = Driver(app, pilot)
            await driver.until(lambda: getattr(app.screen, "list_read", False))
            studio = Studio(driver, engine)
            for scene in scenes:
                await studio.strike()
                await studio.resize(sizes[0])
                await studio.set(scene)
                for size in sizes:
                    await studio.resize(size)
                    picture = app.export_screenshot() if svg else ""
                    yield Shot(scene.name, size, taken(app), picture)
            await studio.strike()


def look_at(
    language: str, colour: str, names: Sequence[str], sizes: Sequence[tuple[int, int]]
) -> tuple[list[Shot], float]:
    """All shots of the scenes of these names in one look, and how many seconds they took: for a process of its own."""

    async def take() -> list[Shot]:
        wanted = [one for one in SCENES if one.name in names]
        return [shot async for shot in shots(language, colour, wanted, sizes)]

    began = time.monotonic()
    return asyncio.run(take()), time.monotonic() - began
