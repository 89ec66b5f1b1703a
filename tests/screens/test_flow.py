"""The flow without a screen: order, reasons, marks, and where a jump ends."""

from __future__ import annotations

import datetime as dt

from mwaa_wizard.execution.events import StepState
from mwaa_wizard.front import flow, words
from mwaa_wizard.front.run_state import StepView
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import width
from screens import page_classes
from screens.run_text import progress_line, step_prompt

from .fakes import ready_session


def test_every_page_has_a_class_and_a_title() -> None:
    for page in flow.PAGES:
        assert page == page_classes.page_class(page).PAGE
        assert flow.title_of(page)


def test_a_new_session_misses_what_it_misses() -> None:
    session = Session()
    assert flow.missing("connect", session)
    assert flow.missing("source", session) == ["Choose the environment to move."]
    assert flow.missing("route", session) == ["The version of the source is not known: choose the source again."]
    assert flow.missing("target", session) == ["Name the new environment."]
    assert flow.missing("tables", session) == []
    session.tables.selected = []
    assert flow.missing("tables", session)


def test_a_jump_ends_at_the_first_incomplete_page() -> None:
    session = ready_session()
    assert flow.open_page(session, "review") == "review"
    session.target.environment = ""
    assert flow.open_page(session, "review") == "target"
    assert flow.open_page(session, "source") == "source"


def test_marks_tell_done_here_to_do_and_to_mend() -> None:
    session = ready_session()
    session.page.done = ["connect", "source", "route", "target"]
    words_of = {mark.page: mark.word for mark in flow.marks(session, "settings")}
    assert words_of["connect"] == "done"
    assert words_of["settings"] == "here"
    assert words_of["review"] == "to do"
    session.target.environment = ""
    again = {mark.page: mark for mark in flow.marks(session, "connect")}
    assert again["target"].word == "to mend"
    assert again["target"].open
    assert not again["settings"].open


def test_long_names_keep_their_ends() -> None:
    arn = "arn:aws:iam::111122223333:role/service-role/very-long-name-of-a-role"
    cut = words.shorten_middle(arn, 30)
    assert width(cut) <= 30
    assert cut.startswith("arn:aws")
    assert cut.endswith("of-a-role")
    assert width(words.shorten("移行" * 10, 7)) <= 7


def test_wrapped_lines_fit_and_lose_nothing() -> None:
    text = "put an inline policy on arn:aws:iam::111122223333:role/service-role/very-long-name-of-a-role now"
    lines = words.wrap(text, 30, "    ", "  - ")
    assert all(width(line) <= 30 for line in lines)
    assert "".join("".join(lines).split()).replace("-", "") == "".join(text.split()).replace("-", "")


def test_ages_are_told_in_words() -> None:
    now = dt.datetime(2026, 5, 10, 12, tzinfo=dt.UTC)
    told = [words.ago(now - dt.timedelta(seconds=s), now) for s in (5, 200, 7200, 90_000, 864_000)]
    assert told == ["just now", "3 min ago", "2 h ago", "yesterday", "30 Apr"]


def test_a_step_line_is_as_wide_as_asked_for() -> None:
    now = dt.datetime.now(dt.UTC)
    states: tuple[StepState, ...] = ("waiting", "running", "done", "failed")
    for state in states:
        step = StepView("a", "移行バケットの作成とその設定", state, started_at=now)
        assert width(step_prompt(step, 37, now).plain) == 37
        assert progress_line(step, 40) == ""


def test_the_suggested_name_is_never_the_sources() -> None:
    from mwaa_wizard.front.questions.target import suggested_name

    names = ["analytics-prod", "etl-v2", "billing", "x" * 80, "y" * 77 + "-v9"]
    assert [suggested_name(name) for name in names[:3]] == ["analytics-v2", "etl-v3", "billing-v2"]
    assert all(suggested_name(name) != name and len(suggested_name(name)) <= 80 for name in names)
