"""Summary: what was found, and the keys of what may come next."""

from __future__ import annotations

from mwaa_wizard.session.model import LastResult

from .conftest import Opener
from .fakes import FakeEngine, ready_session


async def test_the_ways_on_have_keys(fake: FakeEngine, opening: Opener) -> None:
    session = ready_session(last_result=LastResult(state="verified"))
    async with opening(session, "summary") as d:
        assert "n hands DAGs over to the target in batches" in d.flat(0)
        assert f"mwaa-wizard undo {session.id}" in d.flat(0)
        await d.press("x")
        assert d.page == "cleanup"
        await d.press("escape")
        assert d.page == "cutover"
        await d.press("escape")
        assert d.page == "summary"


async def test_u_goes_to_the_undo_and_asks(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(last_result=LastResult(state="verified")), "summary") as d:
        await d.press("u")
        await d.until(lambda: "Undo everything" in d.text())
        await d.press("escape")
        assert d.page == "run"


async def test_a_switched_session_has_no_batches_to_offer(fake: FakeEngine, opening: Opener) -> None:
    session = ready_session(last_result=LastResult(state="verified"), cut_over="switch")
    async with opening(session, "summary") as d:
        assert "in batches" not in d.flat(0)
        assert "the DAGs that were unpaused in analytics-prod run in analytics-v2 now" in d.flat(0)
        assert "x shows what of the migration is still there" in d.flat(0)


async def test_before_a_run_there_is_nothing_to_undo(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(), "summary") as d:
        assert "undo …" not in d.footer()
