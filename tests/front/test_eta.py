"""Time left is told only where it can be known: a second of samples, the last minute, a total; else what is usual."""

from __future__ import annotations

import datetime as dt

from mwaa_wizard.execution.events import Progress, Retried, StepChanged, Waiting
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.front import eta, run_state, typical
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session

T0 = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def at(seconds: float) -> dt.datetime:
    return T0 + dt.timedelta(seconds=seconds)


def pace(*points: tuple[float, int]) -> eta.Samples:
    samples: eta.Samples = ()
    for seconds, done in points:
        samples = eta.sampled(samples, at(seconds), done)
    return samples


def test_nothing_is_said_before_a_second_of_samples_or_without_a_total() -> None:
    samples = pace((0, 0), (0.6, 60))
    assert eta.seconds_left(samples, 1000, at(0.9)) is None
    assert eta.seconds_left(samples, None, at(5)) is None
    assert eta.seconds_left(pace((0, 5), (30, 5)), 1000, at(30)) is None, "what stands still has no end"
    left = eta.seconds_left(pace((0, 0), (10, 100)), 1000, at(10))
    assert left == 90


def test_a_beginning_with_the_smallest_table_does_not_promise_an_hour() -> None:
    samples = pace((0, 6), (2, 31))
    assert eta.seconds_left(samples, 34_552, at(4)) is None
    assert eta.seconds_left(samples, 34_552, at(12)) is not None, "what stays that slow is told"
    assert eta.seconds_left(pace((0, 6), (2, 2_006)), 34_552, at(2)) is not None, "a hundredth of it is enough"


def test_only_the_last_minute_counts_and_a_halt_makes_it_longer() -> None:
    # An hour at 1/s, then a minute at 100/s.
    samples = pace(*((n * 10.0, n * 10) for n in range(360)), *((3600.0 + n, 3600 + 100 * n) for n in range(61)))
    assert len(samples) < 130
    assert (samples[-1][0] - samples[0][0]).total_seconds() <= eta.SPAN + 10
    soon = eta.seconds_left(samples, 9600 + 6000, at(3660))
    assert soon is not None
    assert 55 < soon < 75
    later = eta.seconds_left(samples, 9600 + 6000, at(3720))
    assert later is not None
    assert later > 1.8 * soon


def test_a_count_that_begins_anew_forgets_the_old_pace() -> None:
    samples = pace((0, 0), (10, 1000), (11, 3))
    assert samples == ((at(11), 3),)
    many = pace(*((n / 100, n) for n in range(1000)))
    assert len(many) < 30, "a flood of progress keeps few samples"


def test_a_step_has_time_left_retries_attempts_and_its_next_look() -> None:
    state = run_state.initial([("a", "A")])
    for event in (
        StepChanged(step="a", state="running", at=at(0)),
        Progress(step="a", done=0, total=100, unit="rows", at=at(0)),
        Progress(step="a", done=25, total=100, unit="rows", at=at(10)),
        Retried(step="a", text="s3:GetObject throttled"),
        Retried(step="a", text="s3:GetObject throttled"),
        Waiting(step="a", until=at(40)),
    ):
        state = run_state.reduce(state, event)
    step = state.steps[0]
    assert step.seconds_left(at(10)) == 30
    assert (step.retries, step.attempts, step.next_look) == (2, 1, at(40))
    step = run_state.reduce(state, Progress(step="a", done=1, total=9, unit="files", at=at(41))).steps[0]
    assert step.next_look is None
    assert step.samples == ((at(41), 1),), "another unit is another count"
    again = run_state.reduce(state, StepChanged(step="a", state="failed", at=at(42)))
    again = run_state.reduce(again, StepChanged(step="a", state="checking", at=at(50)))
    again = run_state.reduce(again, StepChanged(step="a", state="running", at=at(51)))
    assert (again.steps[0].retries, again.steps[0].attempts) == (0, 2)


def a_session(account: str, *steps: tuple[str, float]) -> Session:
    session = Session()
    session.target.connection.account, session.target.connection.region = account, "us-east-1"
    store.save(session)
    journal = Journal.of(session.id)
    seconds = 0.0
    lines = []
    for step, took in steps:
        for event, moment in (("started", seconds), ("done", seconds + took)):
            lines.append(f'{{"at": "{at(moment).isoformat()}", "step": "{step}", "event": "{event}"}}\n')
        seconds += took
    journal.path.write_text("".join([*lines, "{torn"]), encoding="utf-8")
    return session


def test_what_is_usual_comes_from_runs_into_the_same_account_only() -> None:
    a_session("111122223333", ("export", 100), ("import", 40))
    a_session("111122223333", ("export", 300))
    a_session("999999999999", ("export", 1), ("verify", 1))
    here = a_session("111122223333", ("export", 5000))
    times = typical.earlier(here)
    assert times == {"export": 200, "import": 40}
    assert "3:20" in typical.words("export", times)
    assert "20–30 min" in typical.words("create-target", {})
    assert typical.words("verify", times) == ""
    assert typical.earlier(Session()) == {}


def test_the_whole_run_has_a_time_only_where_every_step_of_it_does() -> None:
    times = {"export": 200.0, "import": 40.0}
    assert typical.remaining(["import"], times, "export", 50, None) == 190
    assert typical.remaining(["import"], times, "export", 50, 12.0) == 52, "counts are better than what was before"
    assert typical.remaining(["import", "verify"], times, "export", 50, 12.0) is None
    assert typical.remaining(["import"], times, "export", 400, None) is None, "far over what it took: nobody knows"
    assert typical.remaining(["import"], times, "key", 1, None) is None
