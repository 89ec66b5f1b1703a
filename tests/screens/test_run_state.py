"""The reducer, without Textual: what a run looks like after each event, and what a journal says of an earlier one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.events import (
    Event,
    Line,
    Progress,
    RunFinished,
    RunStarted,
    StepChanged,
    StepState,
)
from mwaa_wizard.front import run_state
from mwaa_wizard.front.run_state import RunState, reduce
from screens.run_text import outcome_line

STEPS = [("a", "First"), ("b", "Second")]
T0 = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def at(seconds: int) -> dt.datetime:
    return T0 + dt.timedelta(seconds=seconds)


def play(*events: Event) -> RunState:
    state = run_state.initial(STEPS)
    for event in events:
        state = reduce(state, event)
    return state


def changed(step: str, state: StepState, seconds: int, **more: str) -> StepChanged:
    return StepChanged(step=step, state=state, at=at(seconds), **more)  # type: ignore[arg-type]


def test_a_step_is_timed_from_its_check_to_its_end() -> None:
    state = play(
        RunStarted(steps=("a", "b"), at=at(0)), changed("a", "checking", 1), changed("a", "running", 2),
        changed("a", "verifying", 8), changed("a", "done", 11),
    )  # fmt: skip
    step = state.step("a")
    assert step is not None
    assert step.state == "done"
    assert step.seconds(at(500)) == 10
    assert state.done_count == 1
    assert state.current is not None
    assert state.current.id == "b"


def test_progress_belongs_to_the_running_step_and_ends_with_a_new_start() -> None:
    progress = Progress(step="a", done=5, total=10, unit="rows")
    state = play(changed("a", "running", 0), progress)
    step = state.step("a")
    assert step is not None
    assert step.progress == progress
    again = reduce(reduce(state, changed("a", "failed", 3)), changed("a", "checking", 9)).step("a")
    assert again is not None
    assert again.progress is None
    assert again.seconds(at(10)) == 1


def test_a_failure_is_kept_until_the_next_start() -> None:
    error = WizardError(what="No.")
    state = play(
        RunStarted(steps=("a", "b")), StepChanged(step="a", state="failed", error=error, detail="No."),
        RunFinished(outcome="failed", failed_step="a", error=error),
    )  # fmt: skip
    assert (state.outcome, state.failed_step, state.error) == ("failed", "a", error)
    assert state.current is not None
    assert state.current.id == "a"
    fresh = reduce(state, RunStarted(steps=("a", "b")))
    assert (fresh.outcome, fresh.error) == ("running", None)


def test_the_detail_of_running_explains_done() -> None:
    state = play(changed("a", "running", 0, detail="12 objects"), changed("a", "done", 1))
    step = state.step("a")
    assert step is not None
    assert step.detail == "12 objects"


def test_log_lines_and_unknown_steps_change_nothing() -> None:
    state = run_state.initial(STEPS)
    assert reduce(state, Line(step="a", level="INFO", text="x")) == state
    assert reduce(state, StepChanged(step="zzz", state="done")) == state


def test_a_snapshot_is_never_changed_in_place() -> None:
    state = run_state.initial(STEPS)
    copy = replace(state)
    reduce(state, changed("a", "running", 0))
    assert state == copy


def test_stopping_is_told_until_the_run_ends() -> None:
    state = run_state.stopping(play(RunStarted(steps=("a", "b"))))
    assert state.stopping
    assert not reduce(state, RunFinished(outcome="stopped")).stopping
    assert not run_state.stopping(run_state.initial(STEPS)).stopping


def test_a_step_that_was_started_and_never_ended_was_interrupted() -> None:
    records = [
        {"step": "a", "event": "started", "at": at(0).isoformat()},
        {"step": "a", "event": "made", "kind": "bucket", "name": "x"},
        {"step": "a", "event": "done", "at": at(4).isoformat()},
        {"step": "b", "event": "started", "at": at(4).isoformat()},
    ]
    state = run_state.from_journal(STEPS, records)
    assert [step.state for step in state.steps] == ["done", "stopped"]
    assert state.outcome == "stopped"
    first = state.steps[0]
    assert first.seconds(at(99)) == 4


def test_a_step_that_is_left_out_has_the_time_that_it_took() -> None:
    state = play(changed("a", "checking", 0), changed("a", "running", 0), changed("a", "failed", 3))
    state = reduce(state, StepChanged(step="a", state="skipped", by_user=True, at=at(60)))
    assert state.steps[0].left_out
    assert state.steps[0].seconds(at(99)) == 3


def test_a_kill_is_told_as_one_and_a_stop_is_not() -> None:
    started = {"step": "a", "event": "started", "at": at(0).isoformat()}
    killed = run_state.from_journal(STEPS, [started])
    assert (killed.outcome, killed.cut_off) == ("stopped", True)
    assert outcome_line(killed, at(9))[0] == "■ CUT OFF at First"
    stopped = run_state.from_journal(STEPS, [started, {"step": "a", "event": "stopped", "at": at(1).isoformat()}])
    assert (stopped.outcome, stopped.cut_off) == ("stopped", False)
    assert "STOPPED" in outcome_line(stopped, at(9))[0]
    assert not run_state.begin(killed, undoing=False, at=at(10)).cut_off


def test_a_journal_tells_failed_done_and_nothing() -> None:
    failed = run_state.from_journal(
        STEPS, [{"step": "a", "event": "failed", "what": "No.", "code": "AccessDenied"}]
    )
    assert (failed.outcome, failed.failed_step) == ("failed", "a")
    assert failed.error is not None
    assert (failed.error.what, failed.error.code) == ("No.", "AccessDenied")
    done = run_state.from_journal(STEPS, [{"step": "a", "event": "checked"}, {"step": "b", "event": "done"}])
    assert done.outcome == "done"
    assert run_state.from_journal(STEPS, []).outcome == ""
    assert run_state.from_journal(STEPS, [{"step": "a", "event": "done"}]).outcome == "stopped"
