"""Cut-over page: who runs each DAG, picks, batches handed over and back, half ones, lists of any length."""

from __future__ import annotations

import threading
from dataclasses import replace

from mwaa_wizard.execution.unpausing.batches import Batch
from mwaa_wizard.front import flow
from screens.cutover import CutoverPage
from screens.widgets.row_list import RowList

from .conftest import Opener
from .driver import Driver
from .fake_boards import line
from .fakes import NASTY, FakeEngine, ready_session


async def forecasts_in(d: Driver) -> None:
    await d.until(lambda: bool(d.app.screen._kept.forecasts))  # type: ignore[attr-defined]
    await d.settled()


async def test_each_dag_is_told_with_both_sides_and_its_forecast(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.lines += [line("only_old", on_target=False, target=None, place="no-target")]
    async with opening(ready_session(), "cutover", (120, 40)) as d:
        await forecasts_in(d)
        text = d.text()
        assert "3 source · 1 paused" not in text
        assert "2 source · 1 paused · 1 not in target" in text
        row = next(one for one in text.splitlines() if " daily " in one)
        assert "unpaused" in row
        assert "▸ source" in row
        assert "4 runs at once" in row
        assert "– stays paused" in text
        assert "! not in target" in text
        assert "from 2026-11-19 00:00 UTC on" in d.flat(0), "the marked one's forecast in words"
        assert "run not verified" in text


async def test_at_80_columns_the_states_fit(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(), "cutover") as d:
        row = next(one for one in d.text().splitlines() if "resting" in one)
        assert row.split() == ["resting", "paused", "paused", "none", "paused", "–", "stays", "paused"]


async def test_the_command_is_about_what_is_marked(fake: FakeEngine, opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "cutover", (120, 40)) as d:
        await forecasts_in(d)
        await d.press("f4")
        assert f"cutover {session.id} --batch daily --yes" in d.text()
        await d.press("escape", "a", "f4")
        assert "--batch daily,hourly --yes" in d.text()
        await d.press("escape", "b", "y")
        await d.until(lambda: "runs in the target" in d.text())
        await d.press("f4")
        assert "--roll-back 1 --yes" in d.text()
        assert "--batch daily" not in d.text()


async def test_picked_dags_are_handed_over_once_confirmed(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(), "cutover") as d:
        await forecasts_in(d)
        await d.press("space", "b")
        assert "Hand 1 DAG over to analytics-v2?" in d.text()
        assert "The target makes 4 runs at once." in d.flat()
        await d.press("enter")  # the safe answer is the default
        assert fake.boards.orders == []
        await d.press("b", "y")
        await d.until(lambda: bool(fake.boards.batches))
        await d.until(lambda: "runs in the target" in d.text())
        assert [order.dags for order in fake.boards.orders] == [("daily",)]
        assert "✔ target" in d.text()
        assert "1 picked" not in d.text()


async def test_a_paused_dag_cannot_be_picked_and_says_why(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(), "cutover") as d:
        await d.press("end", "space")
        assert "stays paused on both sides" in d.flat(0)
        assert "picked" not in d.text().splitlines()[3]
        await d.press("a")
        assert "2 picked" in d.text()
        await d.press("i")
        assert "picked" not in d.text().splitlines()[3]


async def test_a_batch_is_rolled_back_by_u(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.batches = [Batch(1, ("daily",), (), "done", "")]
    fake.boards.lines[0] = line("daily", batch=fake.boards.batches[0], place="target", source=True, target=False)
    async with opening(ready_session(), "cutover") as d:
        await d.press("u")
        assert "Give batch 1 back to analytics-prod?" in d.text()
        await d.press("y")
        await d.until(lambda: "rolled back" in d.text())
        assert [(one.what, one.number) for one in fake.boards.orders] == [("roll-back", 1)]


async def test_a_half_batch_is_shown_and_gone_on_with(fake: FakeEngine, opening: Opener) -> None:
    half = Batch(1, ("daily",), (), "draining", "")
    fake.boards.batches = [half]
    fake.boards.lines[0] = line("daily", batch=half, place="neither", source=True)
    async with opening(ready_session(), "cutover") as d:
        text = d.flat(0)
        assert "half done: waiting for the source's tasks" in text
        assert "r goes on with it, u rolls it back" in text
        assert "■ runs nowhere" in text
        assert "hand over" not in d.footer(), "another one cannot begin"
        await d.press("r")
        assert "tasks that still run may run twice" in d.flat()
        await d.press("w")
        await d.until(lambda: fake.boards.batches[0].phase == "done")
        assert (fake.boards.orders[0].what, fake.boards.orders[0].wait) == ("go-on", None)


async def test_going_on_without_waiting_is_asked_for_by_name(fake: FakeEngine, opening: Opener) -> None:
    half = Batch(1, ("daily",), (), "rolling-back", "")
    fake.boards.batches = [half]
    async with opening(ready_session(), "cutover") as d:
        await d.press("r", "x")
        await d.until(lambda: bool(fake.boards.orders))
        order = fake.boards.orders[0]
        assert (order.what, order.wait, order.anyway) == ("roll-back", 0, True)


async def test_a_batch_under_way_is_stopped_safely_and_survives_the_page(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.held.set()
    async with opening(ready_session(), "cutover") as d:
        await d.press("b", "y")
        await d.until(lambda: "p stops it safely" in d.flat(0))
        await d.press("escape")
        assert d.page == "summary"
        await d.press("n")
        assert d.app.opened is not None
        assert d.app.opened.active_run is not None, "it goes on while another page is shown"
        await d.press("p")
        await d.until(lambda: d.app.opened is not None and d.app.opened.active_run is None)
        assert fake.boards.batches == []


async def test_what_stands_in_the_way_is_said(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.obstacle = "The run has not come through its step Cut over."
    async with opening(ready_session(), "cutover") as d:
        assert "has not come through" in d.flat(0)
        await d.press("b")
        assert d.page == "cutover"


async def test_a_filter_narrows_what_all_means(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(), "cutover") as d:
        await d.press("slash")
        await d.write("hour")
        await d.press("enter", "a", "b")
        assert "· hourly" in d.text()
        assert "· daily" not in d.text()


async def test_ten_thousand_dags_are_drawn_by_the_screenful(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.lines = [line(f"dag_{number:05}") for number in range(10_000)]
    async with opening(ready_session(), "cutover") as d:
        page = d.app.screen
        assert isinstance(page, CutoverPage)
        drawn: list[int] = []

        def counting(index: int, cells: int) -> tuple[str, str]:
            drawn.append(index)
            return page._draw(index, cells)

        page.query_one(RowList).show([one.dag_id for one in fake.boards.lines], counting)
        await d.press("end")
        assert "dag_09999" in d.text()
        assert 0 < len(drawn) < 200
        await d.press("a")
        assert "10,000 picked" in d.text()


async def test_hostile_names_are_inert(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.lines = [replace(line("x"), dag_id=NASTY)]
    async with opening(ready_session(), "cutover") as d:
        assert "移行" in d.text()
        assert "\x1b]52" not in d.text()
        await d.press("enter")
        assert d.page == "FullText"


def test_in_place_leaves_the_page_out_with_a_reason() -> None:
    session = ready_session()
    session.route = "in-place"
    assert "one environment" in flow.left_out("cutover", session)
    assert flow.after("summary", session) is None


def test_forecasts_stop_with_the_page() -> None:
    stop = threading.Event()
    stop.set()
    from mwaa_wizard.execution.unpausing import forecast

    class Stopped:
        cancel = stop

    assert list(forecast.many(Stopped(), ["daily"])) == []  # type: ignore[arg-type]
