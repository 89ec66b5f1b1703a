"""The runner by itself: retries counted, waits told, steps left out by the user, step logs on disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.aws.retries import Retry
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Event, Line, Retried, StepChanged, Waiting
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.runner import Runner, left_out
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.steplog import StepLogs
from mwaa_wizard.front import engine, run_state, step_facts
from mwaa_wizard.report.build import build
from mwaa_wizard.report.table import counted
from mwaa_wizard.session.model import Session

Work = Callable[[Context], None]


class Told:
    """Clients that tell retries, as far as the runner uses them."""

    def __init__(self) -> None:
        self.tell: Any = None

    def telling(self, tell: Any, _waiting: Any = None) -> Told:
        self.tell = tell
        return self

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_exc: object) -> None:
        self.tell = None


class Act(Step):
    """A step that does what the test says."""

    def __init__(self, step_id: str, work: Work, undo: Work | None = None) -> None:
        self.id = step_id  # type: ignore[misc]
        self.work, self.back = work, undo

    @property
    def title(self) -> str:
        return self.id.title()

    def describe(self, session: Session) -> list[str]:
        return []

    def check(self, ctx: Context) -> Check:
        return Check(bool(ctx.journal.last(self.id, "done")))

    def run(self, ctx: Context) -> None:
        self.work(ctx)

    def undo(self, ctx: Context) -> None:
        if self.back is not None:
            self.back(ctx)


def fails(what: str) -> Work:
    def work(_ctx: Context) -> None:
        raise WizardError(what=what, page="tables")

    return work


def nothing(_ctx: Context) -> None:
    return None


def a_runner(session: Session, *steps: Step) -> tuple[Runner, list[Event], Told]:
    events: list[Event] = []
    clients = Told()
    return Runner(session, steps, events.append, clients), events, clients  # type: ignore[arg-type]


def test_retries_are_told_counted_and_journalled_with_the_steps_end() -> None:
    session = Session()
    retry = Retry("source", "us-east-1", "airflow", "GetEnvironment", "throttled", 2, 5, 1.0)

    def throttled(ctx: Context) -> None:
        clients.tell._tell(retry)
        clients.tell._tell(retry)
        raise WizardError(what="No.")

    runner, events, clients = a_runner(session, Act("a", throttled))
    runner.run()
    assert len([event for event in events if isinstance(event, Retried)]) == 2
    assert any(isinstance(event, Line) and "throttled" in event.text for event in events)
    assert runner.journal.of_step("a", "failed")[0]["retries"] == 2
    past = run_state.from_journal([("a", "A")], runner.journal.records())
    assert (past.steps[0].retries, past.steps[0].attempts) == (2, 1)


def test_long_waits_say_when_they_look_again_and_short_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def waits(ctx: Context) -> None:
        monkeypatch.setattr(ctx.cancel, "wait", lambda _seconds: False)
        ctx.sleep(0.5)
        ctx.sleep(24.0)

    runner, events, _clients = a_runner(Session(), Act("a", waits))
    assert runner.run().finished
    (waiting,) = [event for event in events if isinstance(event, Waiting)]
    assert 23.0 < (waiting.until - waiting.at).total_seconds() <= 24.5
    assert waiting.step == "a"


def test_a_step_that_the_user_leaves_out_is_passed_over_and_the_report_says_so() -> None:
    session = Session()
    steps = [Act("a", nothing), Act("logs", fails("No.")), Act("z", nothing)]
    runner, _events, _clients = a_runner(session, *steps)
    outcome = runner.run()
    assert (outcome.failed_step, outcome.finished) == ("logs", False)
    assert not runner.journal.last("z", "done"), "without a word of the user nothing is passed over"

    step_facts.leave_out(session, "logs", out=True)
    assert left_out(runner.journal, "logs")
    runner, events, _clients = a_runner(session, *steps)
    assert runner.run().finished
    (skipped,) = [event for event in events if isinstance(event, StepChanged) and event.state == "skipped"]
    assert (skipped.step, skipped.by_user) == ("logs", True)
    past = run_state.from_journal([(step.id, step.title) for step in steps], runner.journal.records())
    assert past.outcome == "done"
    assert [step.id for step in past.left_out] == ["logs"]
    assert ("logs", "left-out") in [(one.step, one.state) for one in build(session).steps]
    assert any("logs: left out by the user" in line for _title, lines in counted(build(session)) for line in lines)

    step_facts.leave_out(session, "logs", out=False)
    steps[1] = Act("logs", nothing)
    runner, _events, _clients = a_runner(session, *steps)
    assert runner.run().finished
    assert runner.journal.last("logs", "done")
    assert ("logs", "done") in [(one.step, one.state) for one in build(session).steps]


def test_an_undo_goes_on_past_a_step_that_is_refused_and_names_each() -> None:
    undone: list[str] = []
    steps = [
        Act("a", nothing, lambda _ctx: undone.append("a")), Act("b", nothing, fails("No b.")),
        Act("c", nothing, lambda _ctx: undone.append("c")), Act("d", nothing, fails("No d.")),
    ]  # fmt: skip
    runner, events, _clients = a_runner(Session(), *steps)
    state = run_state.initial([(step.id, step.title) for step in steps])
    outcome = runner.undo()
    for event in events:
        state = run_state.reduce(state, event)
    assert undone == ["c", "a"]
    assert outcome.failed_step == "d"
    assert step_facts.failed_names(state.failures) == ["B: No b.", "D: No d."]


def test_a_failure_keeps_its_page_over_the_journal() -> None:
    runner, _events, _clients = a_runner(Session(), Act("a", fails("No.")))
    runner.run()
    past = run_state.from_journal([("a", "A")], runner.journal.records())
    assert past.error is not None
    assert past.error.page == "tables"


def test_lines_are_on_disk_in_order_and_a_flood_loses_none() -> None:
    logs = StepLogs("s")
    logs.write(Line(step="a", level="INFO", text="first"))
    assert logs.path("a").read_text().endswith("first\n"), "a single line is there at once"

    def talk(step: str) -> None:
        for number in range(3000):
            logs.write(Line(step=step, level="INFO", text=f"{step} {number}"))

    threads = [threading.Thread(target=talk, args=(step,)) for step in ("a", "b", "c", "d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logs.write(Line(step="a", level="ERROR", text="last"))
    assert logs.path("a").read_text().endswith("ERROR last\n"), "an error waits for nothing"
    for step in ("b", "c", "d"):
        assert [line.rsplit(" ", 1)[1] for line in logs.path(step).read_text().splitlines()] == [
            str(number) for number in range(3000)
        ]
    assert len(logs.path("").read_text().splitlines()) == 4 * 3000 + 2
    assert "[b] " in logs.path("").read_text()
    logs.close()
    assert (logs.path("").stat().st_mode & 0o777) == 0o600


def test_lines_that_are_held_back_come_by_themselves_and_a_lost_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    logs = StepLogs("s")
    for number in range(50):
        logs.write(Line(step="a", level="INFO", text=str(number)))
    flusher = logs._flusher
    assert flusher is not None
    flusher.join(5)
    assert logs.path("a").read_text().splitlines()[-1].endswith(" 49")

    def full(_handle: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.write", full)
        with pytest.raises(OSError, match="No space"):
            logs.write(Line(step="a", level="WARN", text="x"))
    logs.close()


def test_a_step_is_not_left_out_in_another_session() -> None:
    one, other = Session(), Session()
    step_facts.leave_out(one, "logs", out=True)
    assert left_out(Journal.of(one.id), "logs")
    assert not left_out(Journal.of(other.id), "logs")
    assert engine.log_path(one.id, "logs").parent == paths.run_dir(one.id) / "logs"
