"""Pages that rest on an answer which changed: stale with the reason, until they are looked at again."""

from __future__ import annotations

import json

from mwaa_wizard.front import flow, stale
from mwaa_wizard.front.question import give
from mwaa_wizard.front.questions import must
from mwaa_wizard.session.model import Session
from tests.screens.fakes import FakeEngine, ready_session


def _done() -> Session:
    session = ready_session()
    session.page.done = [page for page in flow.PAGES if page not in ("review", "run", "summary")]
    for page in session.page.done:
        stale.looked(page, session)
    return session


def _words(session: Session) -> dict[str, str]:
    return {mark.page: mark.word for mark in flow.marks(session, "connect")}


def test_another_version_makes_what_rests_on_it_stale_and_says_why(fake: FakeEngine) -> None:
    session = _done()
    assert "stale" not in _words(session).values()
    assert give(session, must("route.version"), "2.10.3") == []
    words = _words(session)
    assert (words["source"], words["target"], words["settings"], words["tables"]) == ("done", *["stale"] * 3)
    assert words["logs"] == "done", "the logs do not depend on the version"
    assert stale.reason("settings", session) == "Look at this page again: the Airflow version changed since."
    told = flow.to_look_at("review", session)
    assert "Settings: look at it again, the Airflow version changed since." in told
    stale.looked("settings", session)
    assert _words(session)["settings"] == "done"


def test_the_same_answer_again_makes_nothing_stale(fake: FakeEngine) -> None:
    session = _done()
    give(session, must("route.version"), "2.10.3")
    give(session, must("route.version"), "2.11.2")
    assert "stale" not in _words(session).values()


def test_old_sessions_have_nothing_to_compare_with() -> None:
    session = ready_session()
    session.target.airflow_version = "2.10.3"
    assert "stale" not in _words(session).values()


def test_only_digests_are_kept() -> None:
    session = _done()
    session.target.airflow_options = {"core.parallelism": "64-canary"}
    stale.looked("review", session)
    for page in session.page.done:
        stale.looked(page, session)
    assert "canary" not in json.dumps(session.page.basis)
    assert Session.model_validate_json(session.model_dump_json()).page.basis == session.page.basis


def test_the_counter_leaves_out_what_is_left_out() -> None:
    session = ready_session()
    before = flow.position("review", session)
    session.route, session.target.environment = "in-place", session.source.environment
    after = flow.position("review", session)
    assert after[1] == before[1] - 5, "target, tables, logs, cut over and clean up"
    assert flow.position("connect", session)[0] == 1


def test_what_is_missing_in_front_blocks_and_is_named() -> None:
    session = ready_session()
    session.target.environment = ""
    marks = {mark.page: mark for mark in flow.marks(session, "connect")}
    session.page.done = ["connect", "source", "route"]
    marks = {mark.page: mark for mark in flow.marks(session, "connect")}
    assert (marks["review"].glyph, marks["review"].word) == ("·", "blocked")
    assert marks["review"].reason == "First comes page Target. Name the new environment."
    assert "· blocked" in flow.legend(list(marks.values()))
