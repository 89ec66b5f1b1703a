"""Every declared question: explained, kept from what cannot be, safe by default; every answer makes what rests on it
stale."""

from __future__ import annotations

import pytest

from mwaa_wizard import i18n
from mwaa_wizard.front import engine, flow, questions, routing, stale
from mwaa_wizard.front.question import Question, problems, said
from mwaa_wizard.front.questions.tables import KINDS
from mwaa_wizard.session.model import POLICIES, Session
from tests.screens.fakes import FakeEngine, ready_session

NAMES = [question.name for question in questions.all_questions()]
# Any text is an answer there: a name for the user himself, patterns of DAGs and ids that are looked up.
ANYTHING = ("review.name", "tables.dag_patterns", "entries.left")


def asked(name: str) -> Question:
    return questions.must(name)


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_explained_and_so_is_each_choice(fake: FakeEngine, name: str) -> None:
    question = asked(name)
    assert len(question.help.split()) >= 3
    assert question.help.rstrip().endswith((".", "?"))
    if name.startswith("tables.conflict.") and question.choices is not None:
        assert all(len(choice.words.split()) > 6 for choice in question.choices(ready_session()))
    if name in ("route.route", "review.cut_over", "entries.connections") and question.choices is not None:
        assert all(len(choice.words.split()) >= 2 for choice in question.choices(ready_session()))


@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_is_not_taken_in_words(fake: FakeEngine, name: str) -> None:
    """A picker, a pattern that is held while one types, or yes and no: there is no question that takes anything."""
    question, session = asked(name), ready_session()
    if name in ANYTHING or question.kind == "yes-no":
        return
    assert question.restrict or question.choices is not None, "neither picked nor held to a pattern"
    if question.restrict:
        import re

        assert not re.fullmatch(question.restrict, "no such answer!"), "typed all the same"
    if question.choices is not None and not question.free:
        found = problems(session, question, ["no-such"] if question.kind == "several" else "no-such")
        assert found
        assert all(len(told.split()) > 3 for told in found)


def test_what_is_dangerous_is_off_in_a_new_session() -> None:
    session = Session()
    assert {str(getattr(session.tables.conflict, kind)) for kind in KINDS} == {"keep"}
    assert POLICIES[0] == "keep"
    assert (session.cut_over, session.keep_bundle, session.entries.conflict) == ("restore-source", False, "keep")
    assert session.logs.failed_only is False
    assert (session.target.create_role, session.target.create_bucket) == (True, True), "nothing of others is changed"


def change(session: Session, answer: str) -> None:
    """Another answer than before."""
    if answer == "source-place":
        session.source.connection.profile = "other"
    elif answer == "target-place":
        session.target.connection.region = "eu-west-1"
    elif answer == "source":
        session.source.environment = "billing"
    elif answer == "version":
        routing.want(session, "2.10.3")
    elif answer == "route":
        session.route = "bridge"
    elif answer == "name":
        session.target.environment = "analytics-v9"
    elif answer == "roles":
        session.target.create_role = False
    elif answer == "settings":
        session.target.settings = {"MaxWorkers": 3}
    elif answer == "entries":
        session.entries.pools = False
    elif answer == "tables":
        session.tables.selected = ["variable"]
    elif answer == "logs":
        session.logs.days = 2


ANSWERS = sorted({answer for answers in stale.RESTS_ON.values() for answer in answers})


@pytest.mark.parametrize("answer", ANSWERS)
def test_each_answer_makes_what_rests_on_it_stale_and_nothing_else(
    fake: FakeEngine, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(engine, "inventory", lambda _session: None)
    session = ready_session()
    session.page.done = list(flow.PAGES[:11])
    for page in session.page.done:
        stale.looked(page, session)
    assert not any(stale.changed(page, session) for page in flow.PAGES)
    change(session, answer)
    told = {page for page in flow.PAGES if stale.changed(page, session)}
    assert told == {page for page, rests in stale.RESTS_ON.items() if answer in rests}
    assert told, "an answer that nothing rests on"
    for page in told - {page for page in told if flow.left_out(page, session) or page not in flow.pages(session)}:
        marks = {mark.page: mark for mark in flow.marks(session, "connect")}
        assert marks[page].word in ("stale", "to mend")
        assert stale.reason(page, session) or flow.missing(page, session)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tables.conflict.history", "keep target"), ("review.cut_over", "source goes on, target stays paused"),
        ("review.keep_bundle", "no"), ("route.keep", "history, logs"), ("tables.drain_seconds", "600"),
    ],
)  # fmt: skip
def test_an_answer_is_said_by_its_words_not_by_its_key(fake: FakeEngine, name: str, words: str) -> None:
    session = ready_session()
    session.keep = ["history", "logs"]
    assert said(asked(name), session) == words
    i18n.use_language("ja")
    try:
        assert name == "tables.drain_seconds" or said(asked(name), session) != words
    finally:
        i18n.use_language("en")
