"""Preflight page: rows as they come, what complains, why Next is refused and when it is not."""

from __future__ import annotations

from mwaa_wizard.front import flow
from mwaa_wizard.front.engine_preflight import Row
from mwaa_wizard.session import store

from .conftest import Opener
from .fake_boards import CERTAIN, FAILS, PASSES, WARNS
from .fakes import NASTY, FakeEngine, ready_session


async def test_every_check_is_told_by_glyph_and_word_with_its_remedy(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.rows = [*PASSES, WARNS, FAILS]
    async with opening(ready_session(), "preflight") as d:
        text = d.text()
        assert text.index("✘ fail") < text.index("! warn") < text.index("✔ pass"), "what complains comes first"
        assert "✘ fail target subnets" in text
        assert "! warn target quota" in text
        assert "✔ pass credentials" in text
        assert "2 pass · 1 warn · 1 fail" in text
        assert "→ Give its route table a NAT gateway." in d.flat(), "the remedy of the marked one"


async def test_c_shows_only_what_complains_and_slash_filters(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.rows = [*PASSES, WARNS]
    async with opening(ready_session(), "preflight") as d:
        await d.press("c")
        assert "credentials" not in d.text()
        assert "quota of workers" in d.text()
        await d.press("c")
        await d.press("slash")
        await d.write("bucket")
        assert "source bucket" in d.text()
        assert "quota of workers" not in d.text()
        await d.press("escape")
        assert "quota of workers" in d.text()
        assert d.page == "preflight", "esc closed the filter only"


async def test_enter_shows_one_check_in_full(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.rows = [Row("target role policy", "warn", "could not be looked at: " + "long words " * 30, "Grant it.")]
    async with opening(ready_session(), "preflight") as d:
        await d.press("tab", "enter")
        assert d.page == "FullText"
        assert "To mend it: Grant it." in d.flat()
        await d.press("escape")
        assert d.page == "preflight"


async def test_a_failure_that_may_be_mended_in_aws_does_not_keep_anybody(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.rows = [*PASSES, FAILS]
    async with opening(ready_session(), "preflight") as d:
        assert "next (anyway)" in d.footer()
        assert "the run checks again" in d.flat()
        await d.press("n")
        assert d.page == "review"


async def test_a_failure_that_only_another_answer_mends_is_why_next_is_refused(
    fake: FakeEngine, opening: Opener
) -> None:
    fake.boards.rows = [*PASSES, CERTAIN]
    async with opening(ready_session(), "preflight") as d:
        await d.press("n")
        assert d.page == "preflight"
        assert "certain to fail" in d.flat()
        assert "analytics-v2 is taken" in d.flat()


async def test_a_result_is_kept_until_an_answer_changes(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.rows = [*PASSES, CERTAIN]
    async with opening(ready_session(), "preflight") as d:
        assert fake.boards.asked == 1
        await d.press("escape")
        assert d.page == "policies"
        await d.press("n")
        assert (d.page, fake.boards.asked) == ("preflight", 1), "nothing was asked again"
        fake.boards.rows = PASSES
        d.app.opened.session.target.environment = "analytics-v3"  # type: ignore[union-attr]
        await d.press("escape")
        await d.press("n")
        assert fake.boards.asked == 2, "it was for other answers"
        await d.press("n")
        assert d.page == "review"


async def test_r_and_f5_ask_again(fake: FakeEngine, opening: Opener) -> None:
    async with opening(ready_session(), "preflight") as d:
        await d.press("f5")
        await d.press("r")
        assert fake.boards.asked == 3
        assert d.text().count("✔ pass credentials") == 1


async def test_hostile_evidence_is_inert(fake: FakeEngine, opening: Opener) -> None:
    fake.boards.rows = [Row("bucket", "fail", NASTY, NASTY)]
    async with opening(ready_session(), "preflight") as d:
        assert "移行" in d.text()
        assert "\x1b" not in d.text()
        await d.press("enter")
        assert "[/x][bold]" in d.text()


async def test_it_comes_between_policies_and_review_and_journals_nothing(fake: FakeEngine, opening: Opener) -> None:
    session = ready_session()
    assert (flow.after("policies", session), flow.after("preflight", session)) == ("preflight", "review")
    async with opening(session, "preflight"):
        pass
    from mwaa_wizard import paths

    assert not (paths.run_dir(session.id) / "journal.jsonl").exists()
    assert store.load(session.id).page.name == "preflight"
