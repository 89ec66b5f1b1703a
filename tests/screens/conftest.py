"""Fixtures: a state folder of the test's own and the engine's seam filled with in-memory answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from screens.app import WizardApp
from screens.start_request import StartRequest

from .driver import Driver
from .fakes import FakeEngine, home

Opener = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeEngine]:
    """The engine as the screens see it."""
    home(monkeypatch, tmp_path)
    engine = FakeEngine().install(monkeypatch)
    yield engine
    engine.release.set()


@pytest.fixture
def opening(fake: FakeEngine) -> Opener:
    """`async with opening(session, page) as d:` shows a page of a saved session in a terminal of 80x24."""

    @asynccontextmanager
    async def open_(
        session: Session | None = None, page: str | None = None, size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator[Driver]:
        if session is not None:
            session.page.name = page or session.page.name
            store.save(session)
        app = WizardApp(StartRequest(profile="default", region="us-east-1"))
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await driver.until(lambda: getattr(app.screen, "list_read", False))
            await driver.settled()
            if session is not None:
                app.open_session(store.load(session.id))
                await driver.settled()
            yield driver
            fake.release.set()
            if app.opened is not None:
                for run in app.opened.runs.values():
                    run.join(10)

    return open_
