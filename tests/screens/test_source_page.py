"""The page Source: many regions at once, one refused, narrowed, chosen; and an expired login on the way."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from mwaa_wizard.aws.retries import Retry
from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine, retrying, routing
from mwaa_wizard.front.words import age
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from screens.app import WizardApp
from screens.start_request import StartRequest

from .conftest import Opener
from .driver import Driver
from .fakes import NASTY, FakeEngine, ready_session

REFUSED = WizardError(what="AWS refused ListEnvironments: the permission is missing.", remedy="Grant it.")
SSO = WizardError(
    what="The SSO session of profile prod has expired.", code="UnauthorizedSSOTokenError",
    remedy="Run: aws sso login --profile prod · then resume.",
)  # fmt: skip


async def everywhere(d: Driver) -> None:
    """Look in all regions."""
    await d.press("g")
    await d.until(lambda: "Look in which regions?" in d.text())
    await d.press("a", "enter")
    await d.settled()


async def test_a_refused_region_is_a_row_and_the_others_answer(opening: Opener, fake: FakeEngine) -> None:
    fake.refused = {"eu-west-1": REFUSED}
    async with opening(ready_session(), "source") as d:
        assert "eu-central-1" not in d.flat()
        await everywhere(d)
        for part in ("analytics-prod", "billing", "eu-central-1-etl"):
            assert part in d.flat()
        assert "✘ AWS" in d.flat()
        await d.press("down", "down", "down")
        line = d.flat()
        if "eu-west-1: AWS refused" not in line:
            await d.press("down")
        assert "eu-west-1: AWS refused ListEnvironments: the permission is missing. Grant it." in d.flat()
        await d.press("enter")
        assert d.page == "source"
        fake.refused = {}
        await d.press("r")
        assert "eu-west-1-etl" in d.flat()


async def test_rows_appear_while_another_region_is_still_asked(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, answer = threading.Event(), engine.environments

    def environments(session: Session) -> list[engine.EnvironmentLine]:
        if session.source.connection.region == "eu-west-1":
            slow.wait(20)
        return answer(session)

    monkeypatch.setattr(engine, "environments", environments)
    async with opening(ready_session(), "source") as d:
        await d.pilot.press("g")
        await d.until(lambda: "Look in which regions?" in d.text())
        await d.pilot.press("a", "enter")
        await d.until(lambda: "eu-central-1-etl" in d.flat())
        assert "eu-west-1-etl" not in d.flat()
        await d.until(lambda: "Asking for the environments of eu-west-1" in d.flat())
        slow.set()
        await d.until(lambda: "eu-west-1-etl" in d.flat())


async def test_one_of_another_region_moves_both_sides_where_they_were_one(opening: Opener) -> None:
    session = ready_session()
    routing.choose(session, "in-place")
    async with opening(session, "source") as d:
        await everywhere(d)
        await d.press("slash")
        await d.write("central")
        assert "billing" not in d.flat()
        await d.press("enter")
        assert d.page == "route"
    saved = store.load(session.id)
    assert (saved.source.environment, saved.source.connection.region) == ("eu-central-1-etl", "eu-central-1")
    assert (saved.target.environment, saved.target.connection.region) == ("eu-central-1-etl", "eu-central-1")
    assert saved.source.environment_class == "mw1.medium"


async def test_a_target_of_its_own_stays_where_it_is(opening: Opener) -> None:
    session = ready_session()
    session.target.connection.profile = "prod"
    async with opening(session, "source") as d:
        await everywhere(d)
        await d.press("slash")
        await d.write("region-without")
        await d.press("enter")
        assert d.page == "source"
        await d.press("slash")
        await d.write("central")
        await d.press("enter")
        assert d.page == "route"
    assert store.load(session.id).target.connection.region == "us-east-1"


async def test_the_filter_is_left_by_esc_before_the_page(opening: Opener, fake: FakeEngine) -> None:
    fake.environment_names = [NASTY, "billing"]
    async with opening(ready_session(), "source") as d:
        await d.press("slash")
        await d.write("nothing like it")
        assert "Nothing matches" in d.flat()
        await d.press("escape")
        assert d.page == "source"
        assert "billing" in d.flat()
        assert "\x1b" not in d.text()
        await d.press("escape")
        assert d.page == "connect"


@pytest.mark.parametrize("page", ["connect", "source"])
async def test_an_expired_login_shows_its_command_and_r_goes_on(opening: Opener, fake: FakeEngine, page: str) -> None:
    fake.fail["identity" if page == "connect" else "environments"] = SSO
    async with opening(ready_session(), page) as d:
        assert "aws sso login --profile prod" in d.flat()
        await d.press("r")
        assert "aws sso login" not in d.flat()
        assert ("Both identities are known now" if page == "connect" else "Enter chooses") in d.flat()
        await d.press("n")
        assert d.page == ("source" if page == "connect" else "route")


async def test_throttling_is_told_while_it_is_waited_for(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, answer = threading.Event(), engine.environments

    def environments(session: Session) -> list[engine.EnvironmentLine]:
        tell = retrying.clients(session).on_retry
        assert tell is not None
        tell(Retry("source", "us-east-1", "airflow", "ListEnvironments", "throttled", 2, 5, 1.3))
        go.wait(20)
        return answer(session)

    monkeypatch.setattr(engine, "environments", environments)
    session = ready_session()
    session.page.name = "source"
    store.save(session)
    app = WizardApp(StartRequest())
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)
        await d.until(lambda: getattr(app.screen, "list_read", False))
        app.open_session(store.load(session.id))
        await d.until(lambda: "ListEnvironments throttled, try 2 of 5 in 1.3 s" in d.flat())
        go.set()
        await d.until(lambda: "billing" in d.flat())
        assert "throttled" not in d.flat()


async def test_class_and_age_are_shown_and_an_old_version_of_airflow_3_is_taken(
    opening: Opener, fake: FakeEngine
) -> None:
    fake.version = "3.0.6"
    session = ready_session()
    async with opening(session, "source") as d:
        assert "mw1.medium" in d.flat()
        assert age("2024-05-01", dt.date.today()) in d.flat()
        assert "made 2024-05-01" in d.flat()
        await d.press("enter")
        assert d.page == "route"
        assert "new-environment, chosen before, is blocked now" in d.flat()
        assert "✘ new-environment" in d.flat()
    assert store.load(session.id).source.airflow_version == "3.0.6"


@pytest.mark.parametrize("size", [(80, 24), (119, 30), (120, 40), (200, 50)])
async def test_every_column_is_in_sight_from_the_first_answer_on(
    fake: FakeEngine, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """AWS answers after the page was laid out, and nobody changes the terminal's size afterwards."""
    go, answer = threading.Event(), engine.environments

    def environments(session: Session) -> list[engine.EnvironmentLine]:
        go.wait(20)
        return answer(session)

    monkeypatch.setattr(engine, "environments", environments)
    session = ready_session()
    session.page.name = "source"
    store.save(session)
    app = WizardApp(StartRequest())
    async with app.run_test(size=size) as pilot:
        d = Driver(app, pilot)
        await d.until(lambda: getattr(app.screen, "list_read", False))
        app.open_session(store.load(session.id))
        await d.until(lambda: "Asking for the environments" in d.flat())
        await pilot.pause()
        go.set()
        await d.until(lambda: "billing" in d.flat())
        labels = next(line for line in d.text().splitlines() if "Version" in line and "Class" in line)
        for label in ("Name", "Status", "Version", "Class", "Age"):
            assert label in labels.split()


@pytest.mark.parametrize(
    ("created", "told"),
    [("2026-05-10", "0 d"), ("2026-03-31", "40 d"), ("2025-05-10", "12 mo"), ("2023-01-01", "3 y"), ("", "")],
)
def test_ages_of_environments(created: str, told: str) -> None:
    assert age(created, dt.date(2026, 5, 10)) == told
