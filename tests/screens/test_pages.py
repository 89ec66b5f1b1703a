"""Each page at 80x24: what it shows, what it saves, why it refuses to be left."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session

from .conftest import Opener
from .fakes import FakeEngine, FakeStep, inventory, ready_session

EXPIRED = WizardError(what="The credentials have expired.", code="ExpiredToken", remedy="Run: aws sso login")


async def test_connect_is_refused_until_sts_answered(opening: Opener, fake: FakeEngine) -> None:
    fake.fail["identity"] = EXPIRED
    async with opening() as d:
        await d.press("enter")
        assert "The credentials have expired." in d.text()
        assert "F5" in d.footer()
        await d.press("n")
        assert d.page == "connect"
        assert "identity of the" in d.text()
        await d.press("f5")
        await d.press("n")
        assert d.page == "source"


async def test_source_failure_is_retried_on_the_spot(opening: Opener, fake: FakeEngine) -> None:
    fake.fail["environments"] = EXPIRED
    async with opening(ready_session(), "source") as d:
        assert "Run: aws sso login" in d.text()
        await d.press("f5")
        assert "billing" in d.text()
        await d.press("down", "enter")
        assert d.page == "route"
        assert d.app.opened is not None
        assert d.app.opened.session.source.environment == "billing"


async def test_target_name_is_validated_and_checked_free(opening: Opener, fake: FakeEngine) -> None:
    fake.taken = {"analytics-v2"}
    async with opening(ready_session(), "target") as d:
        await d.write("9nope")
        await d.press("ctrl+n")
        assert "A name starts with a letter." in d.text()
        await d.write("analytics-v2")
        await d.press("ctrl+n")
        assert "There is an environment analytics-v2 already" in d.text()
        await d.write("analytics-prod")
        await d.press("ctrl+n")
        assert "another name than the source" in d.text()
        await d.write("analytics-v3")
        await d.press("ctrl+n")
        assert d.page == "settings"


async def test_the_column_plan_goes_on_over_the_bridge(opening: Opener) -> None:
    session = ready_session()
    session.route, session.target.upgrade_to = "bridge", "3.3.1"
    async with opening(session, "tables") as d:
        await d.press("m", "end")
        await d.until(lambda: "run_after: the end of the data interval" in d.text())


async def test_settings_next_tells_how_many_are_to_mend(opening: Opener, fake: FakeEngine) -> None:
    fake.needed = "KmsKey"
    async with opening(ready_session(), "settings") as d:
        assert "1 to mend" in d.text().splitlines()[3]
        assert "n next (1 to mend)" in d.footer()
        await d.press("n")
        assert d.page == "settings"
        assert "belongs to another account" in d.text()
        await d.press("enter")
        await d.until(lambda: "alias/one" in d.text())
        await d.press("down", "enter")
        await d.until(lambda: d.page == "settings" and "to mend" not in d.footer())
        await d.press("n")
        assert d.page == "tables"


async def test_an_invalid_setting_is_marked_beside_its_field(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "settings") as d:
        await d.press("down", "down", "enter")
        await d.write("many")
        await d.press("enter")
        await d.until(lambda: "✘ Give a whole number." in d.text())
        await d.write("20")
        await d.press("enter")
        await d.until(lambda: d.page == "settings" and "● edited" in d.text())
        await d.press("u")
        assert "● edited" not in d.text()
        await d.press("c")
        assert "mw1.medium" not in d.text()


async def test_tables_pick_all_none_invert(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "tables") as d:
        assert "k counts them" in d.text()
        await d.press("0")
        await d.press("n")
        assert "Pick at least one table." in d.text()
        await d.press("i")
        assert store.load(session.id).tables.selected == ["dag_run", "task_instance", "log", "variable"]
        await d.press("space")
        assert "[ ] dag_run" in d.text()
        assert store.load(session.id).tables.selected == ["task_instance", "log", "variable"]
        await d.press("a")
        assert "[✔] dag_run" in d.text()


async def test_tables_show_real_counts_after_counting(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "tables") as d:
        await d.press("k")
        assert "Migration bucket" in d.text()
        await d.press("y")
        await d.until(lambda: "1,002,340" in d.text())
        assert fake.started == 1


async def test_tables_tell_how_many_rows_stay_by_their_state(opening: Opener, fake: FakeEngine) -> None:
    fake.counted = inventory()
    fake.counted.tables["dag_run"].not_terminal = 1_234
    async with opening(ready_session(), "tables") as d:
        assert "1,234 rows are in a state that stays" in d.text()
        assert "2023-04-01 … 2026-11-01" in d.text()


async def test_tables_refuse_a_day_that_is_none(opening: Opener, fake: FakeEngine) -> None:
    fake.counted = inventory()
    session = ready_session()
    async with opening(session, "tables") as d:
        assert "48,211" in d.text()
        await d.press("tab", "tab")
        await d.write("2026-13-01")
        await d.press("ctrl+n")
        assert "YYYY-MM-DD" in d.text()
        assert d.page == "tables"
        await d.write("2025-01-01")
        await d.press("ctrl+n")
        assert d.page == "logs"
    assert store.load(session.id).tables.since == dt.date(2025, 1, 1)


async def test_tables_take_days_and_several_patterns(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "tables") as d:
        await d.press("tab", "tab")
        await d.write("2025-02-01")
        await d.press("enter")
        await d.write("2025-01-01")
        await d.press("ctrl+n")
        assert d.page == "tables"
        assert "after the last one" in d.text()
        await d.write("2025-02-01")
        await d.press("enter")
        await d.write("daily_*, etl_?  x")
        await d.press("enter")
        await d.write("9")
        await d.press("ctrl+n")
        assert d.page == "tables"
        assert "from 1 to 8" in d.text()
        await d.write("4")
        await d.press("ctrl+n")
        assert d.page == "logs"
    saved = store.load(session.id).tables
    assert (saved.since, saved.until) == (dt.date(2025, 2, 1), dt.date(2025, 2, 1))
    assert (saved.dag_patterns, saved.workers) == (["daily_*", "etl_?", "x"], 4)


async def test_tables_choose_what_happens_to_existing_rows(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "tables") as d:
        assert "rows of the target are kept" in d.text()
        await d.press("e")
        await d.press("right", "escape")
        assert store.load(session.id).tables.conflict.changed() == {}
        await d.press("e", "space")
        await d.until(lambda: "old rows are kept in the" in d.text())
        await d.press("left", "down", "space")
        await d.until(lambda: "clean-up" in d.text())
        await d.press("down", "left")
        await d.until(lambda: "All tables are looked at first" in d.text())
        await d.press("enter")
        await d.until(lambda: "variables: replace · connections: refuse" in d.text())
    assert store.load(session.id).tables.conflict.changed() == {"variable": "replace", "connection": "fail"}


@pytest.mark.parametrize("size", [(80, 24), (130, 40)])
async def test_tables_show_the_column_plan_of_the_highlighted_table(opening: Opener, size: tuple[int, int]) -> None:
    async with opening(ready_session(), "tables", size) as d:
        await d.press("down", "m")
        assert "Airflow 2.8.1 as released → 2.11.2" in d.text()
        assert "task_instance" in d.text()
        assert "(2 of 4)" in d.text()
        await d.press("left")
        assert "log_template_id" in d.text()
        assert "external_trigger" not in d.text()
        await d.press("c")
        await d.press("end")
        assert "clear_number" in d.text()
        await d.press("escape")
        await d.press("space")
        assert "[ ] dag_run" in d.text(), "the page follows the box"


async def test_the_column_plan_is_of_the_real_source_once_it_is_counted(opening: Opener, fake: FakeEngine) -> None:
    fake.counted = inventory()
    fake.counted.columns = {"dag_run": {"run_id": "character varying(250)", "[bold]of ours\x1b[2J": "text"}}
    async with opening(ready_session(), "tables") as d:
        await d.press("m")
        assert "as counted → 2.11.2" in d.text()
        await d.press("end")
        assert "[bold]of ours" in d.text()
        await d.press("right")
        assert "The source has no such table." in d.text()


async def test_the_column_plan_refuses_plainly(opening: Opener) -> None:
    session = ready_session()
    session.target.airflow_version = "2.99.1"
    async with opening(session, "tables") as d:
        await d.press("m")
        assert "The metadata of Airflow 2.99.1 is not known." in d.text()


async def test_logs_take_1_to_13_days(opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "logs") as d:
        await d.press("tab", "tab")
        await d.write("14")
        await d.press("ctrl+n")
        assert d.page == "logs"
        assert "from 1 to 13" in d.text()
        await d.write("13")
        await d.press("tab", "down", "space")
        await d.press("n")
        assert d.page == "policies"
    saved = store.load(session.id).logs
    assert (saved.days, saved.failed_only) == (13, True)


async def test_enter_on_review_waits_for_the_plan_and_says_so(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    let, plan = threading.Event(), fake.plan

    def slow(session: Session) -> list[FakeStep]:
        if threading.current_thread() is not threading.main_thread():
            let.wait(20)
        return plan(session)

    monkeypatch.setattr(engine, "plan", slow)
    async with opening() as d:
        session = ready_session()
        store.save(session)
        d.app.open_session(store.load(session.id), page="review")
        await d.until(lambda: d.page == "review" and d.app.focused is not None)
        await d.write("analytics-v1")
        await d.pilot.press("enter")
        await d.until(lambda: "That is not the target's name" in d.flat())
        await d.write("analytics-v2")
        await d.pilot.press("enter")
        await d.until(lambda: "the run starts as soon as it is there" in d.flat())
        assert fake.started == 0
        let.set()
        await d.until(lambda: d.page == "run" and fake.finished)
        await d.settled()
        assert fake.started == 1


async def test_review_starts_only_with_the_targets_name(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "review") as d:
        await d.press("enter")
        assert "Type the target's name" in d.text()
        await d.write("analytics-prod")
        await d.press("enter")
        assert "That is not the target's name" in d.text()
        assert fake.started == 0


async def test_two_wizards_cannot_open_one_session(opening: Opener) -> None:
    session = ready_session()
    store.save(session)
    with store.Lock(session.id):
        async with opening() as d:
            await d.press("enter")
            assert d.page == "StartPage"
            assert "already open" in d.text()


async def test_start_duplicates_and_a_deleted_one_comes_back(opening: Opener) -> None:
    session = ready_session()
    session.last_result.state = "verified"
    store.save(session)
    async with opening() as d:
        assert "verified" in d.text()
        await d.press("d")
        await d.until(lambda: "Copy of" in d.text())
        assert len(store.list_sessions()) == 2
        await d.press("x")
        await d.until(lambda: len(store.list_sessions()) == 1)
        await d.press("u")
        await d.until(lambda: len(store.list_sessions()) == 2)


async def test_a_damaged_session_is_listed_and_refused(opening: Opener) -> None:
    (paths.sessions_dir() / "broken.json").write_text('{"schema_version": 1, "na')
    async with opening() as d:
        assert "damaged" in d.text()
        await d.press("enter")
        assert d.page == "StartPage"
        assert "Nothing" in d.text() or "repair" in d.text()
