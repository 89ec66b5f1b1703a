"""A file of answers is played in the full-screen wizard, page by page; where it does not lead on, somebody is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from mwaa_wizard.front import engine
from mwaa_wizard.front.after_run import After
from mwaa_wizard.front.answers_file import Answers
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from screens.app import WizardApp
from screens.start_request import StartRequest

from .driver import Driver
from .fakes import FakeEngine, ready_session

TEXTS = {
    "connect.source.profile": "prod",
    "source.environment": "billing",
    "route.version": "2.11.2",
    "route.route": "new-environment",
    "target.name": "billing-v2",
    "settings.MaxWorkers": "12",
    "tables.selected": "variable, dag_run",
    "tables.since": "2026-01-01",
    "logs.days": "3",
    "review.cut_over": "switch",
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, fake: FakeEngine) -> None:
    def described(session: Session) -> dict[str, Any]:
        return {"Name": session.source.environment, "Status": "AVAILABLE", "AirflowVersion": fake.version}

    monkeypatch.setattr(engine, "source_environment", described)
    monkeypatch.setattr("screens.replay.TICK", 0.02)
    monkeypatch.setattr("screens.replay._SEEN", 0.0)
    monkeypatch.setattr("screens.replay._READ", 0.1)
    monkeypatch.setattr("screens.replay._TIRED", 0.3)


async def played(answers: Answers, session_id: str | None = None) -> tuple[WizardApp, list[str], str]:
    """The app after the file was played to its end, the pages that were seen, and the last screen."""
    app, text = WizardApp(StartRequest(answers=answers, profile="default", session_id=session_id)), ""
    seen: list[str] = []
    go_to = app.go_to

    def going(wanted: str) -> None:
        go_to(wanted)
        # A page that the file says nothing of is gone before anybody looks.
        seen.append(app.opened.session.page.name if app.opened else wanted)

    app.go_to = going  # type: ignore[method-assign]
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)
        end = time.monotonic() + 240
        while app.is_running and app.return_code is None and time.monotonic() < end:
            if not seen or seen[-1] != d.page:
                seen.append(d.page)
            await pilot.pause(0.05)
            if app.replay is not None and app.replay.over:
                await d.settled()
                text = d.flat() if app.return_code is None else text
                break
    return app, seen, text


async def test_every_page_is_shown_and_the_run_ends_verified(fake: FakeEngine) -> None:
    fake.asks = {"export": "Go on in spite of warnings?"}
    app, seen, _text = await played(Answers("a.yaml", TEXTS, start=True, confirm="billing-v2", agree=True))
    pages = ("connect", "source", "route", "target", "settings", "tables", "logs", "policies", "preflight", "review")
    assert [page for page in (*pages, "run") if page not in seen] == []
    assert app.return_code == 0, app.last_words
    (listed,) = store.list_sessions()
    session = listed.session
    assert session is not None
    assert session.source.connection.profile == "prod"
    assert (session.source.environment, session.target.environment) == ("billing", "billing-v2")
    assert (session.route, session.target.airflow_version) == ("new-environment", "2.11.2")
    assert fake.edits == {"MaxWorkers": "12"}
    assert session.tables.selected == ["dag_run", "variable"]
    assert (str(session.tables.since), session.logs.days, session.cut_over) == ("2026-01-01", 3, "switch")
    assert session.last_result.state == "verified"
    assert fake.answers == [True]


def ended_at(app: WizardApp) -> str:
    """The page on which the app ended."""
    assert app.opened is not None
    return app.opened.session.page.name


async def test_a_refused_answer_ends_a_run_without_anyone_there(fake: FakeEngine) -> None:
    texts = {**TEXTS, "connect.source.region": "nowhere"}
    app, _seen, _text = await played(Answers("a.yaml", texts, start=True, confirm="billing-v2"))
    assert ended_at(app) == "connect"
    assert app.return_code == 1
    assert "a.yaml does not lead on from page Connect: Source region: That is not an AWS region" in app.last_words[0]
    assert fake.started == 0


async def test_a_refused_answer_hands_over_to_whoever_is_there(fake: FakeEngine) -> None:
    app, _seen, text = await played(Answers("a.yaml", {**TEXTS, "connect.source.region": "nowhere"}))
    assert ended_at(app) == "connect"
    assert app.return_code is None
    assert "That is not an AWS region" in text


async def test_another_name_than_the_targets_starts_nothing(fake: FakeEngine) -> None:
    app, _seen, _text = await played(Answers("a.yaml", TEXTS, start=True, confirm="billing"))
    assert ended_at(app) == "review"
    assert app.return_code == 1
    assert "That is not the target's name" in app.last_words[0]
    assert fake.started == 0


async def test_a_failed_run_ends_with_its_words(fake: FakeEngine) -> None:
    fake.fail_at = "export"
    app, _seen, _text = await played(Answers("a.yaml", TEXTS, start=True, confirm="billing-v2"))
    assert ended_at(app) == "run"
    assert app.return_code == 1
    assert any("may not read the bundle" in line for line in app.last_words)


async def test_a_saved_session_is_played_from_its_first_page_and_nothing_is_started(fake: FakeEngine) -> None:
    session = ready_session()
    session.page.name = "logs"
    store.save(session)
    app, seen, text = await played(Answers("a.yaml", {"logs.days": "5"}), session.id)
    assert "connect" in seen
    assert ended_at(app) == "review"
    assert "nothing is started by the file" in text
    assert store.load(session.id).logs.days == 5
    assert fake.started == 0


async def test_batches_and_the_clean_up_of_a_file_are_played_on_their_pages(fake: FakeEngine) -> None:
    after = After((("daily",), ("hour*",)), cleanup=True, bundle=False)
    app, seen, _text = await played(Answers("a.yaml", TEXTS, start=True, confirm="billing-v2", agree=True, after=after))
    assert app.return_code == 0, app.last_words
    assert [order.dags for order in fake.boards.orders] == [("daily",), ("hourly",)]
    assert fake.boards.taken == ["variable"], "the bundle is kept, as the file says"
    assert seen.index("summary") < seen.index("cutover") < seen.index("cleanup")


async def test_a_refresh_that_a_closing_box_took_along_is_asked_for_again(fake: FakeEngine) -> None:
    app = WizardApp(StartRequest(answers=Answers("a.yaml", TEXTS), profile="default"))
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)

        await d.until(lambda: d.page == "source" and app.screen.alive)  # type: ignore[attr-defined]
        page = app.screen
        dropped: list[object] = []
        after = page.call_after_refresh

        def drop(callback: Callable[..., object], *more: object) -> bool:
            if dropped or not callback.__qualname__.startswith("Replay."):
                return after(callback, *more)
            dropped.append(callback)
            return True

        page.call_after_refresh = drop  # type: ignore[method-assign]
        await d.until(lambda: bool(dropped) and d.page not in ("source", "Screen"), 60)
        assert app.replay is not None
        app.replay.over = True
        await d.settled()


async def test_a_batch_that_names_nothing_ends_the_file_with_its_reason(fake: FakeEngine) -> None:
    after = After((("nothing_*",),), cleanup=True)
    app, _seen, _text = await played(Answers("a.yaml", TEXTS, start=True, confirm="billing-v2", after=after))
    assert app.return_code == 2
    assert any("No DAG that can be handed over matches nothing_*" in line for line in app.last_words)
    assert fake.boards.taken == []
