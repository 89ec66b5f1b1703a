"""The page Route: what the planner says is what is shown, and what is chosen is what the session holds."""

from __future__ import annotations

import pytest
from textual.widgets import OptionList

from mwaa_wizard.environments import versions
from mwaa_wizard.environments.routes import in_place
from mwaa_wizard.environments.routes.planner import plan
from mwaa_wizard.front import flow, route_text, routing
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import width
from screens.widgets.plain import Plain

from .conftest import Opener
from .fakes import ACCOUNT, ready_session

STONE = in_place.stepping_stone() or ""
NEWEST = versions.creatable()[0]


def new(version: str = "2.8.1", wanted: str = "") -> Session:
    """A session whose source is chosen and nothing after it."""
    session = ready_session()
    session.source.airflow_version, session.target.airflow_version = version, wanted
    session.target.environment, session.page.done = "", ["connect", "source"]
    return session


# The session alone


@pytest.mark.parametrize("cells", [44, 62, 90])
@pytest.mark.parametrize(
    ("source", "target"), [("1.10.12", NEWEST), ("2.8.1", STONE), ("3.0.6", NEWEST), ("2.8.1", NEWEST)]
)
def test_every_line_fits_and_tells_what_the_planner_said(cells: int, source: str, target: str) -> None:
    session = new(source, target)
    session.keep = ["history", "name"]
    found = routing.routes(session)
    for route in found.routes:
        rows = [route_text.line(route, cells, chosen=False), *route_text.facts(found, route, cells)]
        assert all(width(row) <= cells for row in rows), rows
        told = " ".join(" ".join(route_text.reasons(found, route)).split())
        for reason in route.blocked or route.notes:
            assert reason.text in told
            assert f"[{reason.source}]" in told
        assert ("blocked" in rows[0]) == (not route.possible)
        facts = " ".join(" ".join(rows).split())
        assert ("(estimate)" in facts) == route.possible
        assert ("Does not keep" in facts) == bool(route.lost)


def test_a_bridge_is_made_at_the_stepping_stone_and_leads_on() -> None:
    session = new("2.8.1", NEWEST)
    assert routing.problems(session), "history cannot enter Airflow 3 directly"
    routing.choose(session, "bridge")
    assert (session.target.airflow_version, session.target.upgrade_to) == (STONE, NEWEST)
    assert routing.wanted(session) == NEWEST
    assert routing.problems(session) == []
    routing.want(session, STONE)
    assert (session.target.airflow_version, session.target.upgrade_to) == (STONE, "")
    assert "bridge is blocked" in routing.problems(session)[0]
    routing.choose(session, "new-environment")
    assert routing.problems(session) == []


def test_in_place_the_target_is_the_source_and_nothing_of_a_new_one_is_left() -> None:
    session = ready_session()
    session.source.environment_class = "mw1.large"
    session.target.settings = {"KmsKey": "arn:aws:kms:x", "MaxWorkers": 20, "ExecutionRoleArn": "arn:aws:iam::1:role/x"}
    forgotten = routing.choose(session, "in-place")
    target = session.target
    assert forgotten == ["KMS key", "Execution role"]
    assert (target.environment, target.settings) == ("analytics-prod", {"MaxWorkers": 20})
    assert target.connection == session.source.connection
    assert target.connection is not session.source.connection
    assert not target.create_role
    assert not target.create_bucket
    assert [page for page in flow.pages(session) if flow.left_out(page, session)] == [
        "target", "tables", "logs", "cutover", "cleanup",
    ]  # fmt: skip
    session.source.environment = "billing"
    assert "choose the route anew" in routing.problems(session)[0]
    routing.source_changed(session)
    assert routing.problems(session) == []
    routing.choose(session, "new-environment")
    assert (target.environment, target.create_role, target.create_bucket) == ("", True, True)


def test_another_account_blocks_in_place_and_reopens_the_route() -> None:
    session = ready_session()
    routing.choose(session, "in-place")
    session.page.done = [*session.page.done, "route"]
    assert flow.open_page(session, "review") == "review"
    session.target.connection.account = "444455556666"
    assert flow.open_page(session, "review") == "route"
    marks = {mark.page: mark.word for mark in flow.marks(session, "source")}
    assert marks["route"] == "to mend"
    assert marks["tables"] == "left out"


def test_what_is_asked_of_the_planner_is_what_the_command_prints() -> None:
    session = ready_session()
    session.keep, session.source.environment_class = ["name", "history"], "mw1.medium"
    session.target.settings["EnvironmentClass"] = "mw1.large"
    session.target.connection.region = "eu-west-1"
    assert routing.command(session) == (
        "mwaa-wizard routes 2.8.1 2.11.2 --keep history,name --elsewhere --region eu-west-1 --class mw1.large "
        "--source-class mw1.medium"
    )
    assert routing.routes(session) == plan(routing.request(session))


def test_sessions_from_before_the_page_open_where_they_were() -> None:
    session = ready_session()
    session.page.done = ["connect", "source", "target", "settings", "tables"]
    assert flow.open_page(session, "logs") == "logs"
    marks = {mark.page: mark for mark in flow.marks(session, "logs")}
    assert (marks["route"].word, marks["logs"].open) == ("done", True)
    # Their way to Airflow 3 was an upgrade by hand after the migration: it stays one.
    session.target.upgrade_to = NEWEST
    assert routing.problems(session) == []
    assert routing.wanted(session) == "2.11.2"


def test_a_run_that_has_begun_is_not_kept_from_its_end_by_newer_tables() -> None:
    session = ready_session()
    session.target.airflow_version = "2.5.1"  # nobody can make it any more
    assert flow.open_page(session, "run") == "route"
    session.last_result.state = "failed"
    assert flow.open_page(session, "run") == "run"


@pytest.mark.parametrize("version", ["2.11", "latest", "2.11.2; rm", "３.0.1"])
def test_what_is_no_version_is_told(version: str) -> None:
    session = ready_session()
    session.target.airflow_version = version
    assert routing.problems(session) == ["An Airflow version is three numbers, like 2.11.2."]


# The page


async def test_the_recommended_is_first_and_nothing_is_written_before_it_is_chosen(opening: Opener) -> None:
    session = new()
    async with opening(session, "route") as d:
        first = routing.routes(store.load(session.id)).routes[0].kind
        line = next(row for row in d.text().splitlines() if "recommended" in row)
        assert f"○ {first}" in line
        assert store.load(session.id).route == "new-environment"
        assert "◉" not in d.text()
        await d.press("n")
        assert store.load(session.id).route == first == "in-place"
        assert d.page == "settings", "in place there is no name to choose"
        await d.press("escape")
        assert d.page == "route"
        assert "◉ in-place" in d.text()
        assert "– Target" in d.text()


async def test_a_wish_changes_the_order_and_is_kept(opening: Opener) -> None:
    session = new("1.10.12")
    async with opening(session, "route", size=(120, 40)) as d:
        await d.press("up")
        assert "is blocked" in d.text()
        await d.press("shift+tab", "space")
        await d.until(lambda: "Does not keep: URL" in d.text())
        assert store.load(session.id).keep == ["url"]
        assert "--keep url" in d.flat(2)


async def test_a_blocked_route_says_why_with_its_source_and_is_not_taken(opening: Opener) -> None:
    session = new("2.8.1", NEWEST)
    async with opening(session, "route") as d:
        await d.press("end", "enter")
        assert d.page == "route"
        assert "✘ new-environment" in d.text()
        assert "History cannot be imported into" in d.text()
        await d.press("f1")
        told = " ".join(str(part.visual) for part in d.app.screen.query("#help-scroll Plain").results(Plain))
        assert "MWAA user guide: airflow-versions" in told
    assert store.load(session.id).page.done == ["connect", "source"]


async def test_another_version_is_chosen_or_typed(opening: Opener) -> None:
    session = new()
    async with opening(session, "route") as d:
        await d.press("v", "home", "enter")
        assert store.load(session.id).target.airflow_version == NEWEST
        assert "✘ new-environment" in d.text()
        await d.press("v", "end", "enter")
        await d.write("2.99.1")
        await d.press("enter")
        assert "2.99.1 is not in our table" in d.flat()
        await d.press("n")
        assert d.page == "settings"
    assert store.load(session.id).target.airflow_version == "2.99.1"


async def test_a_source_of_airflow_3_has_routes_too(opening: Opener) -> None:
    session = new("3.0.6")
    async with opening(session, "route") as d:
        assert f"{NEWEST}  Python" in d.text()
        assert "✘ bridge" in d.text()
        await d.press("down", "enter")
        assert d.page == "target"
        await d.press("enter")
        assert d.page == "settings"
    saved = store.load(session.id)
    assert (saved.route, saved.target.airflow_version) == ("settings-only", NEWEST)


async def test_once_a_run_has_begun_the_route_stays(opening: Opener) -> None:
    session = ready_session()
    session.last_result.state = "failed"
    async with opening(session, "route") as d:
        assert "The run has begun by this route" in d.text()
        await d.press("up", "enter")
        assert d.page == "route"
        assert store.load(session.id).route == "new-environment"
        await d.press("down", "enter")
        assert d.page == "target"


async def test_the_target_page_shows_the_version_and_the_way_back(opening: Opener) -> None:
    session = new("2.8.1", NEWEST)
    routing.choose(session, "bridge")
    async with opening(session, "target") as d:
        flat = d.flat()
        assert f"Airflow {STONE} first, then upgraded in place to {NEWEST}" in flat
        assert "1111-2222-3333 us-east-1" in d.text()
        assert ACCOUNT not in d.text()
        await d.press("ctrl+r")
        assert d.page == "route"


async def test_a_page_that_is_left_out_says_why_in_the_rail(opening: Opener) -> None:
    session = ready_session()
    routing.choose(session, "in-place")
    async with opening(session, "settings") as d:
        await d.press("f2", "down", "enter")
        assert d.page == "settings"
        assert "Airflow upgrades its own database" in d.text()
        await d.press("n") if d.app.focused is None else None
        d.app.go_to("tables")
        await d.settled()
        assert d.page == "policies"


async def test_reading_on_is_offered_where_there_is_something_left_to_read(opening: Opener) -> None:
    async with opening(ready_session(), "route") as d:
        assert "pgdn read on" in d.footer()
        marked = d.app.screen.query_one("#routes", OptionList).highlighted
        await d.press("pagedown", "pagedown", "pagedown")
        assert "read on" not in d.footer()
        assert d.app.screen.query_one("#routes", OptionList).highlighted == marked, "the list stands still"
        await d.press("pageup")
        assert "pgdn read on" in d.footer()
    async with opening(ready_session(), "route", size=(200, 80)) as d:
        assert "read on" not in d.footer()
