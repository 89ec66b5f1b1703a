"""The page Entries of route settings-only: what moves, and values that are given once and seen nowhere."""

from __future__ import annotations

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import flow, routing
from mwaa_wizard.paths import sessions_dir
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session

from .conftest import Opener
from .fakes import FakeEngine, ready_session

CANARY = "s3cret-canary-value"


def settings_only() -> Session:
    session = ready_session()
    session.source.airflow_version, session.target.airflow_version = "3.0.6", "3.3.1"
    routing.choose(session, "settings-only")
    return session


def test_the_page_is_of_one_route_only() -> None:
    session = settings_only()
    assert flow.after("settings", session) == "entries"
    assert flow.after("entries", session) == "policies"
    assert flow.before("policies", session) == "entries"
    other = ready_session()
    assert "entries" not in flow.pages(other)
    assert flow.after("settings", other) == "tables"
    assert flow.open_page(other, "entries") == "tables", "the next page that the route has"


async def test_a_value_is_given_without_being_seen_or_saved(opening: Opener, fake: FakeEngine) -> None:
    session = settings_only()
    async with opening(session, "entries") as d:
        assert "74, 1 of them masked" in d.flat()
        assert "1 of 2 can move" in d.flat()
        assert "✘ needs a value" in d.flat()
        await d.press("n")
        assert d.page == "entries"
        assert "A connection needs a value: db_main" in d.flat()
        await d.press("enter")
        await d.until(lambda: "Value of connection db_main" in d.text())
        await d.write(CANARY)
        assert CANARY not in d.text()
        await d.press("enter")
        await d.until(lambda: "✔ given" in d.text())
        assert CANARY not in d.text()
        await d.press("n")
        assert d.page == "policies"
    assert fake.given == {"db_main": CANARY}
    for path in sessions_dir().parent.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path


async def test_without_a_safe_keyring_it_says_where_the_value_is(opening: Opener, fake: FakeEngine) -> None:
    fake.keyring = False
    async with opening(settings_only(), "entries") as d:
        await d.press("enter")
        await d.until(lambda: "Value of connection" in d.text())
        await d.write(CANARY)
        await d.press("enter")
        await d.until(lambda: "Kept in this window only" in d.text())


async def test_a_connection_without_a_password_is_said_with_one_key(opening: Opener, fake: FakeEngine) -> None:
    async with opening(settings_only(), "entries", size=(150, 40)) as d:
        assert "0 no password" in d.footer()
        await d.press("0")
        assert "✔ given" in d.flat()
        assert "no password" not in d.footer()
    assert fake.given == {"db_main": '{"password": ""}'}


async def test_connections_are_left_behind_one_by_one_or_all(opening: Opener) -> None:
    session = settings_only()
    async with opening(session, "entries") as d:
        await d.press("space")
        assert "– left behind" in d.text()
        assert store.load(session.id).entries.left == ["db_main"]
        await d.press("space")
        assert store.load(session.id).entries.left == []
        await d.press("x")
        assert store.load(session.id).entries.left == ["db_main"]
        await d.press("n")
        assert d.page == "policies"


async def test_kinds_and_prefix_are_kept_and_a_bad_prefix_is_refused(opening: Opener) -> None:
    session = settings_only()
    async with opening(session, "entries") as d:
        await d.press("shift+tab")
        await d.write("bad prefix!")
        await d.press("ctrl+n")
        assert d.page == "entries"
        assert "takes letters, digits" in d.flat()
        await d.write("team/airflow/")
        await d.press("enter")
        await d.press(*["shift+tab"] * 3, "space")
        assert "Connections stay behind" in d.flat().replace("[ ] ", "")
        await d.press("shift+tab", "space")
    saved = store.load(session.id).entries
    assert (saved.prefix, saved.connections, saved.pools, saved.variables) == ("team/airflow", "leave", False, True)


async def test_a_source_that_cannot_be_asked_is_told_and_asked_again(opening: Opener, fake: FakeEngine) -> None:
    fake.fail["listed"] = WizardError(what="The REST API cannot be asked.", remedy="Grant airflow:InvokeRestApi.")
    async with opening(settings_only(), "entries") as d:
        assert "Grant airflow:InvokeRestApi." in d.flat()
        await d.press("r")
        assert "http_api" in d.flat()
