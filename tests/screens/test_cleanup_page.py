"""Clean-up page: what is there, what stays, what is taken away, and the second look."""

from __future__ import annotations

from .conftest import Opener
from .fake_boards import thing
from .fakes import FakeEngine, ready_session


async def test_what_is_there_is_told_with_what_its_removal_means(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(), "cleanup") as d:
        text = d.flat(0)
        assert "! is there" in text
        assert "When it goes: variable is missed by nobody" in text
        assert "environment analytics-v2: the target runs with it" in text
        assert "Never touched here: analytics-prod, analytics-v2" in text
        assert "2 to take away" in text
        assert "Still there: 2 of 2." in text


async def test_undo_is_named_as_another_thing(fake: FakeEngine, opening: Opener) -> None:
    session = ready_session()
    async with opening(session, "cleanup", (80, 40)) as d:
        assert f"mwaa-wizard undo {session.id}" in d.flat(0)


async def test_the_bundle_stays_where_the_session_keeps_it(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(keep_bundle=True), "cleanup") as d:
        rows = [one for one in d.text().splitlines() if "is there" in one]
        assert [one.strip()[:3] for one in rows] == ["[✔]", "[ ]"]
        await d.press("x")
        assert "Take 1 thing away?" in d.text()
        assert "Key variable" in d.text()
        await d.press("y")
        await d.until(lambda: fake.boards.taken == ["variable"])


async def test_taking_away_ends_with_a_second_look(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(), "cleanup") as d:
        await d.press("x")
        await d.press("enter")  # the safe answer is the default
        assert fake.boards.taken == []
        await d.press("x", "y")
        await d.until(lambda: "Nothing of ours is left" in d.flat(0))
        assert fake.boards.taken == ["variable", "bundle"]
        assert d.text().count("✔ gone since 2026-11-23 03:16 UTC") == 2
        assert "take away" not in d.footer()


async def test_what_the_run_took_away_is_proven_by_the_journals_time(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.things = [thing("bundle", False, gone="2026-11-23T03:16:00+00:00")]
    async with opening(ready_session(), "cleanup") as d:
        assert "gone since 2026-11-23 03:16 UTC" in d.text()
        assert "Nothing of ours is left" in d.flat(0)


async def test_what_another_session_put_there_is_not_picked(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.things = [thing("dags:source", ours=False)]
    async with opening(ready_session(), "cleanup") as d:
        assert "[ ]" in d.text()
        assert "another one may need it" in d.flat(0)


async def test_what_may_not_be_looked_at_is_not_called_gone(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.things = [thing("policy:source", None, seen="AWS refuses it · AccessDenied")]
    async with opening(ready_session(), "cleanup") as d:
        assert "? could not be looked at" in d.text()
        assert "Could not be looked at: 1 of 1." in d.flat(0)
        assert "Nothing of ours is left" not in d.flat(0)


async def test_in_the_middle_of_a_run_nothing_is_taken_away(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.obstacle = "The run has not come to its end."
    async with opening(ready_session(), "cleanup") as d:
        assert "has not come to its end" in d.flat(0)
        await d.press("x")
        assert d.page == "cleanup"
        assert "take away" not in d.footer()


async def test_enter_shows_one_thing_in_full(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(), "cleanup") as d:
        await d.press("enter")
        assert d.page == "FullText"
        assert "place of variable" in d.text()
