"""What lies round every page: identity and production, modes, help, the footer, look-ups, the cursor, sizes."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from textual.widgets import DataTable, OptionList

from mwaa_wizard import preferences, readonly
from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine, flow, guide
from mwaa_wizard.front.production import is_production
from mwaa_wizard.preferences import Preferences
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Connection
from mwaa_wizard.text import width
from screens import keymap
from screens import lookup as lookups
from screens.app import WizardApp
from screens.cursor import place_of
from screens.start_request import StartRequest
from screens.widgets.identity import identity_lines
from screens.widgets.plain import Plain

from .conftest import Opener
from .driver import Driver
from .fakes import FakeEngine, ready_session

# Identity


@pytest.mark.parametrize(
    ("profile", "environment", "expected"),
    [
        ("default", "analytics-prod", True), ("acme.production", "etl", True), ("PRD_eu", "etl", True),
        ("live", "etl", True), ("default", "product-catalogue", False), ("alive", "reproduce", False),
        ("nonprod2", "dev", False),
    ],
)  # fmt: skip
def test_production_is_a_word_of_a_name(profile: str, environment: str, expected: bool) -> None:
    assert is_production(Connection(profile=profile), environment, Preferences()) is expected


def test_the_users_word_wins_over_a_name() -> None:
    place = Connection(profile="default", account="111122223333")
    assert not is_production(place, "analytics-prod", Preferences(not_production=["111122223333"]))
    assert is_production(place, "etl", Preferences(production=["111122223333"]))


@pytest.mark.parametrize(("cells", "rows"), [(60, 15), (80, 18), (80, 20), (80, 24), (120, 40), (200, 60)])
def test_production_is_worded_within_the_width_and_both_accounts_stay(cells: int, rows: int) -> None:
    session = ready_session()
    session.target.connection.account, session.target.connection.region = "444455556666", "ap-southeast-1"
    lines = identity_lines(session, cells, rows, (True, False))
    assert all(width(line) <= cells for line in lines)
    text = "\n".join(lines)
    assert "PRODUCTION" in text or "!1111" in text
    for part in ("1111-2222-3333 us-east-1", "4444-5555-6666 ap-southeast-1"):
        assert part in text
    if rows >= 18:
        assert text.count("default") == 2  # the profile, too


@pytest.mark.parametrize("page", ["connect", "settings", "review", "run", "summary"])
async def test_profile_account_and_region_are_on_every_page(opening: Opener, page: str) -> None:
    async with opening(ready_session(), page) as d:
        head = d.text().splitlines()[:2]
        for line, name in zip(head, ("analytics-prod 2.8.1", "analytics-v2 2.11.2"), strict=True):
            for part in (name, "1111-2222-3333 us-east-1", "default"):
                assert part in line
        assert "PRODUCTION" in head[0]
        assert "PRODUCTION" not in head[1]
        strips = d.app.screen._compositor.render_strips()
        styles = [{segment.style.color for segment in strips[row] if segment.style} for row in (0, 1)]
        assert styles[0] != styles[1]  # the word, and the colour on top


# Modes


async def test_read_only_is_said_on_every_page_and_the_engine_refuses(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(readonly.VARIABLE, "1")
    async with opening() as d:
        assert "READ ONLY" in d.text().splitlines()[0]
    async with opening(ready_session(), "review") as d:
        assert "READ ONLY: nothing that changes AWS can be started" in d.text().splitlines()[0]


class _Dry:
    """A runner that notes how it is called."""

    def __init__(self, runner: Any, calls: list[bool]) -> None:
        self._runner, self._calls = runner, calls
        self.context = runner.context

    def run(self, dry_run: bool = False) -> None:
        self._calls.append(dry_run)
        self._runner.run()

    def stop(self) -> None:
        self._runner.stop()


async def test_a_dry_run_says_so_and_leaves_the_session_as_it_stands(
    fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[bool] = []
    make = engine.make_runner
    monkeypatch.setattr(engine, "make_runner", lambda *given: _Dry(make(*given), calls))
    session = ready_session()
    session.page.name = "run"
    store.save(session)
    app = WizardApp(StartRequest(page="session", session_id=session.id, dry_run=True))
    async with app.run_test(size=(80, 24)) as pilot:
        d = Driver(app, pilot)
        await d.until(lambda: d.page == "run")
        await d.settled()
        assert "DRY RUN" in d.text().splitlines()[0]
        assert app.opened is not None
        run = app.opened.run("full")
        app.start_run(run)
        await d.until(lambda: run.state.outcome == "done")
    assert calls == [True]
    assert store.load(session.id).last_result.state == ""


# Help and footer


async def test_f1_tells_of_the_focused_field_the_reason_and_the_pages_of_the_guide(
    opening: Opener, fake: FakeEngine
) -> None:
    async with opening(ready_session(), "logs", size=(120, 60)) as d:
        await d.press("f1")
        flat = " ".join(d.text().replace("│", " ").split())
        assert "Copy task logs: From the source's CloudWatch log group" in flat
        assert "PutLogEvents" in flat
        assert "The guide copies a few days only, for the cost" in flat
        assert "Amazon MWAA User Guide: Viewing Airflow logs in Amazon CloudWatch" in flat
        assert "docs.aws.amazon.com/mwaa/latest/userguide/monitoring-airflow.html" in flat
        await d.press("escape", "tab", "tab", "f1")
        flat = " ".join(d.text().replace("│", " ").split())
        assert "Copy task logs: " not in flat
        assert "Days" in flat


def test_every_page_has_a_reason_and_a_page_of_the_guide() -> None:
    for page in flow.PAGES:
        assert guide.reason(page), page
        for chapter in guide.chapters(page):
            assert chapter.where.startswith("Amazon MWAA ")
            assert chapter.address.endswith(".html")
        assert guide.chapters(page), page


async def test_help_lists_each_key_once_and_only_those_that_work(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "tables", size=(120, 60)) as d:
        labels = [(one.name, one.label) for one in keymap.working(d.app.screen)]
        await d.press("f1")
        rows = str(d.app.screen.query_one("#help-scroll > Plain", Plain).content).splitlines()
        first = [row.split()[0] for row in rows[rows.index("Keys that work here now") + 1 :] if row.strip()]
        for name, _label in labels:
            assert first.count(name.split()[0]) == 1, name
        assert first.count("^p") == 1


async def test_in_a_text_field_letters_are_no_keys(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "tables") as d:
        assert " a all" in d.footer()
        await d.press("slash")
        await d.until(lambda: " a all" not in d.footer())
        assert "esc" in d.footer()
        assert "^n next" in d.footer()


@pytest.mark.parametrize("page", ["connect", "source", "settings", "tables", "policies", "review", "run", "summary"])
async def test_the_footer_fits_80_columns_with_the_ways_on_and_out(opening: Opener, page: str) -> None:
    async with opening(ready_session(), page) as d:
        assert width(d.footer()) < 80
        for part in ("esc back", "F1 help", "^q quit"):
            assert part in d.footer()
        for one in keymap.working(d.app.screen):
            assert one.label == one.label.strip()


async def test_what_to_do_after_a_failure_comes_first_and_only_then(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "source") as d:
        assert not d.footer().strip().startswith(("F5", "r "))
    fake.fail["environments"] = WizardError(what="The SSO login has expired.", code="ExpiredToken")
    async with opening(ready_session(), "source") as d:
        assert d.footer().strip().startswith(("F5 ask again", "r ask again"))


# Look-ups


async def test_a_look_up_is_told_after_a_moment_and_for_a_moment(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()
    lines = engine.environments

    def slow(session: Any) -> Any:
        answered.wait(20)
        return lines(session)

    async with opening(ready_session(), "logs") as d:
        page = d.app.screen
        said: list[str] = []
        monkeypatch.setattr(type(page.notice), "busy", lambda _self, text: said.append(text))  # type: ignore[attr-defined]
        page.look_up("quick", lambda: 1, lambda _one: None)  # type: ignore[attr-defined]
        await d.settled()
        await d.pilot.pause(lookups.AFTER * 2)
        assert said == []
        page.look_up("slow", lambda: slow(None), lambda _one: None)  # type: ignore[attr-defined]
        await d.until(lambda: said == ["slow"])
        # The page answers meanwhile.
        await d.pilot.press("f1")
        await d.until(lambda: "Help:" in d.text())
        answered.set()
        await d.pilot.press("escape")
        await d.settled()


async def test_a_word_that_was_shown_stays_for_a_second(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "AT_LEAST", 60.0)
    answered = threading.Event()
    async with opening(ready_session(), "logs") as d:
        page = d.app.screen
        done: list[int] = []
        page.look_up("Asking …", lambda: answered.wait(20), lambda _one: done.append(1))  # type: ignore[attr-defined]
        await d.until(lambda: "Asking …" in d.text())
        answered.set()
        await d.until(lambda: done == [1])
        assert "Asking …" in d.text()  # answered, and the word does not flicker
        monkeypatch.setattr(lookups, "AT_LEAST", 0.0)
        page.lookups._quiet()  # type: ignore[attr-defined]
        await d.until(lambda: "Asking …" not in d.text())


# The cursor, sizes


async def test_the_terminals_cursor_follows_lists_and_tables(opening: Opener, fake: FakeEngine) -> None:
    async with opening() as d:
        options = d.app.screen.query_one(OptionList)
        before = d.app.cursor_position
        assert before == place_of(options)
        assert "Migrate an environment" in d.text().splitlines()[before.y]
        await d.press("down")
        assert "Try it all" in d.text().splitlines()[d.app.cursor_position.y]
    async with opening(ready_session(), "settings") as d:
        await d.press("down")
        table = d.app.focused
        assert isinstance(table, DataTable | OptionList) or hasattr(table, "row")
        row = d.text().splitlines()[d.app.cursor_position.y]
        assert "Class" in row or "Max workers" in row


@pytest.mark.parametrize("page", ["settings", "tables", "run", "policies"])
async def test_a_storm_of_sizes_ends_where_it_was(opening: Opener, page: str) -> None:
    async with opening(ready_session(), page) as d:
        before = d.text()
        focused = d.app.focused
        for size in ((200, 60), (1, 1), (59, 14), (300, 3), (10, 100), (80, 24)):
            await d.pilot.resize_terminal(*size)
        await d.settled()
        assert d.page == page
        assert d.app.focused is focused
        assert d.text().splitlines()[0] == before.splitlines()[0]
        assert d.text().splitlines()[-1] == before.splitlines()[-1]


def test_what_is_kept_of_preferences_is_private() -> None:
    preferences.change(theme="light")
    from mwaa_wizard import paths

    assert oct(paths.preferences_file().stat().st_mode)[-3:] == "600"
