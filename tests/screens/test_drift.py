"""A session that was left for a while: what changed is shown before it goes on, and nothing waits for AWS."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Callable

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.front import drift as looking
from mwaa_wizard.front.drift import Found
from mwaa_wizard.session import store
from mwaa_wizard.session.drift import Difference
from mwaa_wizard.session.model import Seen, Session
from screens.app import WizardApp
from screens.drift import DriftBox
from screens.start_request import StartRequest

from .driver import Driver
from .fakes import NASTY, FakeEngine, ready_session

THEN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
CHANGED = Difference("source", "Max workers", "10", "12")


def left_alone(page: str = "logs", state: str = "") -> Session:
    """A saved session whose last change is days ago."""
    session = ready_session()
    session.page.name = page
    session.last_result.state = state  # type: ignore[assignment]
    store.save(session)
    path = store.path_of(session.id)
    raw = json.loads(path.read_text())
    raw["updated_at"] = THEN.isoformat()
    path.write_text(json.dumps(raw))
    return session


def answers(monkeypatch: pytest.MonkeyPatch, *found: Found) -> None:
    given = list(found)
    monkeypatch.setattr(looking, "look", lambda _session: given.pop(0) if len(given) > 1 else given[0])


async def with_wizard(
    session: Session, then: Callable[[Driver], object], *, go_on: bool = False
) -> None:
    app = WizardApp(StartRequest(page="session", session_id=session.id, go_on=go_on))
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)
        await d.until(lambda: app.opened is not None)
        await then(d)  # type: ignore[misc]


async def test_what_changed_is_shown_side_by_side_and_remembered(
    fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = left_alone()
    seen = Seen(at=THEN, status="AVAILABLE", settings={"MaxWorkers": "12"})
    hostile = Difference("target", NASTY, "", "AVAILABLE")
    answers(monkeypatch, Found(THEN, [CHANGED, hostile], {"source": seen}))

    async def walk(d: Driver) -> None:
        await d.until(lambda: isinstance(d.app.screen, DriftBox))
        await d.until(lambda: "go on" in d.text())
        flat = " ".join(d.text().replace("│", " ").split())
        assert "2 things are not as they were:" in flat
        assert "source · Max workers 10 → 12" in flat
        assert "not there → AVAILABLE" in flat
        assert "[/x][bold]移行" in d.text()
        assert "\x1b" not in d.text()
        await d.press("enter")
        assert d.page == "logs"
        assert store.load(session.id).last_seen.source == seen

    await with_wizard(session, walk)


async def test_nothing_changed_goes_on_without_a_box(fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, Found(THEN))

    async def walk(d: Driver) -> None:
        await d.until(lambda: d.app.drift is None)
        assert d.page == "logs"

    await with_wizard(left_alone(), walk)


async def test_aws_that_does_not_answer_holds_nothing_up(fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def slow(_session: Session) -> Found:
        answered.wait(10)
        return Found(THEN)

    monkeypatch.setattr(looking, "look", slow)

    async def walk(d: Driver) -> None:
        await d.until(lambda: isinstance(d.app.screen, DriftBox))
        await d.until(lambda: "go on" in d.text())
        assert "Asking AWS what became of source and target" in d.text()
        await d.press("enter")
        assert d.page == "logs"
        answered.set()
        await d.pilot.pause(0.3)
        assert d.page == "logs"

    await with_wizard(left_alone(), walk)


async def test_expired_credentials_are_told_with_the_command_and_asked_again_after_the_login(
    fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    expired = WizardError(
        what="The SSO login has expired.", code="ExpiredToken", remedy="Run: aws sso login --profile prod"
    )
    answers(monkeypatch, Found(THEN, problems=[expired]), Found(THEN, [CHANGED]))

    async def walk(d: Driver) -> None:
        await d.until(lambda: isinstance(d.app.screen, DriftBox))
        await d.until(lambda: "go on" in d.text())
        assert "AWS could not be asked, so it is not known what changed." in d.text()
        assert "aws sso login --profile prod" in d.text()
        assert "F5 ask again" in d.text()
        await d.press("f5")
        await d.until(lambda: "Max workers" in d.text())
        assert "F5 ask again" not in d.text()

    await with_wizard(left_alone(), walk)


async def test_a_resume_goes_on_only_after_it_was_shown_what_changed(
    fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = left_alone("run", "failed")
    Journal.of(session.id).write("read-source", "done")
    answers(monkeypatch, Found(THEN, [CHANGED]))

    async def walk(d: Driver) -> None:
        await d.until(lambda: isinstance(d.app.screen, DriftBox))
        await d.pilot.pause(0.2)
        assert fake.started == 0
        await d.press("enter")
        await d.until(lambda: fake.started == 1)

    await with_wizard(session, walk, go_on=True)


async def test_a_session_left_a_moment_ago_is_not_looked_at(fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_session: Session) -> Found:
        raise AssertionError("not asked")

    monkeypatch.setattr(looking, "look", never)
    session = ready_session()
    session.page.name = "logs"
    store.save(session)

    async def walk(d: Driver) -> None:
        await d.settled()
        assert d.page == "logs"
        assert d.app.drift is None

    await with_wizard(session, walk)
