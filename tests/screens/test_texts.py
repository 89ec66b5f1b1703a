"""What pages say, without a screen: shortened values, wrapped log lines, lists to undo, words on leaving."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from mwaa_wizard.execution.events import StepChanged
from mwaa_wizard.front.run_state import begin, from_journal, initial, reduce
from mwaa_wizard.front.words import shorten_value, shown_path
from mwaa_wizard.text import width
from screens.leaving import words_on_leaving
from screens.run_text import listed_things, outcome_line, step_prompt
from screens.widgets.log_pane import shown_lines

from .fakes import ready_session

T0 = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "cells", "shown"),
    [
        ("mw1.small", 15, "mw1.small"),
        ("(made by the wizard)", 15, "(made by the w…"),
        ("arn:aws:iam::111122223333:role/mwaa-prod", 15, "…/mwaa-prod"),
        ("arn:aws:s3:::airflow-analytics-prod", 12, "…lytics-prod"),
    ],
)
def test_a_value_keeps_what_tells_it_apart(value: str, cells: int, shown: str) -> None:
    assert width(shorten_value(value, cells)) <= cells
    assert shorten_value(value, cells) == shown


def test_a_path_below_home_is_shown_as_the_shell_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    assert shown_path("/home/ada/x/report.html") == "~/x/report.html"
    assert shown_path("/home/adam/x") == "/home/adam/x"


def test_log_lines_are_wrapped_below_their_text_and_keep_what_stands_out() -> None:
    rows = shown_lines(
        ["12:00:00 INFO  " + "word " * 12, "12:00:01 STEP  done", "12:00:02 ERROR it broke", "[key] 12:00:03 INFO  x"],
        40,
    )
    assert rows[0].startswith("12:00:00 word")
    assert rows[1].startswith(" " * 9 + "word")
    assert rows[-3:] == ["12:00:01 · done", "12:00:02 ERROR it broke", "12:00:03 [key] x"]
    assert all(width(row) <= 40 for row in rows)


def test_hundreds_of_things_to_undo_are_counted() -> None:
    things = [("role", "r"), *(("log-stream", f"s{n}") for n in range(1200))]
    assert listed_things(things) == ["· role r", "· 1,200 × log-stream"]


@pytest.mark.parametrize(
    ("state", "said"),
    [("", "then choose analytics"), ("stopped", "resume"), ("failed", "resume"), ("verified", "mwaa-wizard undo")],
)
def test_the_last_words_name_the_next_command(state: str, said: str) -> None:
    session = ready_session()
    session.last_result.state = state  # type: ignore[assignment]
    assert said in "\n".join(words_on_leaving(session))


def test_looking_again_keeps_the_time_the_work_took() -> None:
    state = initial([("a", "A")])
    after = 0
    for seconds, name in ((0, "checking"), (1, "running"), (41, "verifying"), (42, "done"), (900, "checking")):
        after = seconds
        state = reduce(state, StepChanged(step="a", state=name, at=T0 + dt.timedelta(seconds=seconds)))  # type: ignore[arg-type]
    state = reduce(state, StepChanged(step="a", state="done", at=T0 + dt.timedelta(seconds=after + 1)))
    assert step_prompt(state.steps[0], 30, T0 + dt.timedelta(hours=1)).plain.rstrip().endswith("0:42")


def test_an_undo_counts_what_is_undone_and_ends_as_undone() -> None:
    state = begin(initial([("a", "A"), ("b", "B")]), undoing=True, at=T0)
    state = reduce(state, StepChanged(step="b", state="running", detail="undoing", at=T0))
    assert state.current is not None
    assert state.current.id == "b"
    state = reduce(state, StepChanged(step="b", state="undone", at=T0))
    assert outcome_line(state, T0)[1].startswith("1 of 2 steps undone")
    records = [{"step": step, "event": "undone", "at": T0.isoformat()} for step in ("b", "a")]
    later = from_journal([("a", "A"), ("b", "B")], records)
    assert (later.outcome, later.undoing) == ("done", True)
    assert later.steps[0].seconds(T0) is None
