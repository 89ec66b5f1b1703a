"""Drives one app through all scenes and sizes of a look (a language and a way of colouring)."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from mwaa_wizard import paths
from mwaa_wizard.front.runs import Run
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from screens.app import WizardApp
from screens.start import StartPage
from screens.start_request import StartRequest
from screens.widgets.notice import Notice
from tests.screens.driver import Driver

from .layers import Cells, taken
from .scenes import Scene
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
        await self.strike()
        undress(self.engine)
        self.session = a_session(scene.route)
        if scene.prepare is not None:
            scene.prepare(self.engine, self.session)
        if not scene.page:
            app.switch_screen(StartPage(StartRequest(profile="default", region="us-east-1")))
            await d.until(lambda: getattr(app.screen, "list_read", False))
        else:
            self.session.page.name = scene.page
            store.save(self.session)
            from mwaa_wizard.front.opened import Opened

            app.opened = Opened.open(self.session)
            if scene.opened is not None:
                scene.opened(self)
            app.go_to(scene.page)
        await self.settled()
        if scene.wait:
            await d.until(lambda: scene.wait in d.text())
        for key in scene.keys:
            await d.press(key)
        await self.settled()

    async def settled(self) -> None:
        """Until nothing is asked any more and no word of asking is left."""
        await self.driver.settled()
        await self.driver.until(
            lambda: all(notice.kind != "busy" for notice in self.app.screen.query(Notice))
        )

    async def strike(self) -> None:
        """Away with boxes, the session and its file."""
        app = self.app
        while len(app.screen_stack) > 2:
            app.pop_screen()
        # No page may look at the next scene's session.
        app.switch_screen(StartPage(StartRequest(profile="default", region="us-east-1")))
        await self.driver.until(lambda: getattr(app.screen, "list_read", False))
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
                await pilot.resize_terminal(*sizes[0])
                await studio.set(scene)
                for size in sizes:
                    if app.size != size:
                        await pilot.resize_terminal(*size)
                        await studio.settled()
                    picture = app.export_screenshot() if svg else ""
                    yield Shot(scene.name, size, taken(app), picture)
            await studio.strike()
