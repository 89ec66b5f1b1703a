"""The state of a run as one immutable snapshot, folded from the runner's events. Knows nothing of Textual."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.events import (
    Event,
    Progress,
    Retried,
    RunFinished,
    RunStarted,
    StepChanged,
    StepState,
    Waiting,
)

from . import eta

Outcome = Literal["", "running", "done", "failed", "stopped"]

_BUSY = ("checking", "running", "verifying")
_ENDED = ("done", "skipped", "failed", "stopped", "undone")


@dataclass(frozen=True)
class StepView:
    """One line of the step list. Times are UTC; `progress` is the newest one of a running step.

    `before` are the times of an earlier run in which the step was done: looking again must not overwrite them.
    `retries`: calls of this attempt that were made again; `attempts`: how often the step was begun. `next_look`: when a
    step that waits looks again. `left_out`: skipped by the user, not because its work was there.
    """

    id: str
    title: str
    state: StepState = "waiting"
    detail: str = ""
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    progress: Progress | None = None
    error: WizardError | None = None
    before: tuple[dt.datetime | None, dt.datetime | None] = (None, None)
    retries: int = 0
    attempts: int = 0
    next_look: dt.datetime | None = None
    left_out: bool = False
    samples: eta.Samples = ()

    @property
    def busy(self) -> bool:
        """Whether it is being worked on now."""
        return self.state in _BUSY

    def seconds(self, now: dt.datetime) -> float | None:
        """How long it took or takes; None where it was never started."""
        if self.started_at is None:
            return None
        return max(0.0, ((self.ended_at or now) - self.started_at).total_seconds())

    def seconds_left(self, now: dt.datetime) -> float | None:
        """How long its counts still take; None where that is not known."""
        if not self.busy or self.progress is None:
            return None
        return eta.seconds_left(self.samples, self.progress.total, now)


@dataclass(frozen=True)
class RunState:
    """All steps in order and how the run as a whole stands. `outcome` is empty before the first start. `cut_off`: it
    is stopped because the process was ended in the middle of a step.
    """

    steps: tuple[StepView, ...] = ()
    outcome: Outcome = ""
    undoing: bool = False
    stopping: bool = False
    failed_step: str = ""
    error: WizardError | None = None
    started_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    stop_asked_at: dt.datetime | None = None
    cut_off: bool = False

    def step(self, step_id: str) -> StepView | None:
        """A step by its id."""
        return next((step for step in self.steps if step.id == step_id), None)

    @property
    def current(self) -> StepView | None:
        """The step that runs, else the one that failed, else the first not done, else the last."""
        for wanted in (
            lambda s: s.busy,
            lambda s: s.state in ("failed", "stopped"),
            lambda s: s.state == "waiting",
        ):
            for step in self.steps:
                if wanted(step):
                    return step
        return self.steps[-1] if self.steps else None

    @property
    def done_count(self) -> int:
        """Steps that need no more work."""
        return sum(step.state in ("done", "skipped") for step in self.steps)

    @property
    def left_out(self) -> list[StepView]:
        """Steps that the user left out."""
        return [step for step in self.steps if step.left_out]

    @property
    def failures(self) -> list[StepView]:
        """Steps that failed: an undo goes on past one that is refused, so that there may be several."""
        return [step for step in self.steps if step.state == "failed"]


def initial(steps: Sequence[tuple[str, str]]) -> RunState:
    """The state before anything ran: (id, title) of each step."""
    return RunState(steps=tuple(StepView(step_id, title) for step_id, title in steps))


def begin(state: RunState, *, undoing: bool, at: dt.datetime) -> RunState:
    """A run (or an undo) was started: the last outcome is history."""
    return replace(
        state, outcome="running", undoing=undoing, stopping=False, failed_step="", error=None, started_at=at,
        ended_at=None, cut_off=False,
    )  # fmt: skip


def stopping(state: RunState, at: dt.datetime | None = None) -> RunState:
    """The user asked to stop; the running step goes on to its next safe point."""
    if state.outcome != "running":
        return state
    return replace(state, stopping=True, stop_asked_at=state.stop_asked_at if state.stopping else at)


def reduce(state: RunState, event: Event) -> RunState:
    """The state after `event`. Events of unknown steps and log lines change nothing."""
    if isinstance(event, RunStarted):
        known = {step.id: step for step in state.steps}
        steps = tuple(known.get(step_id, StepView(step_id, step_id)) for step_id in event.steps)
        return replace(begin(state, undoing=False, at=event.at), steps=steps)
    if isinstance(event, RunFinished):
        return replace(
            state, outcome=event.outcome, failed_step=event.failed_step, error=event.error, ended_at=event.at,
            stopping=False,
        )  # fmt: skip
    if isinstance(event, StepChanged):
        return _on_step(state, event.step, lambda step: _changed(step, event))
    if isinstance(event, Progress):
        return _on_step(state, event.step, lambda step: _progressed(step, event))
    if isinstance(event, Retried):
        return _on_step(state, event.step, lambda step: replace(step, retries=step.retries + 1))
    if isinstance(event, Waiting):
        return _on_step(state, event.step, lambda step: replace(step, next_look=event.until))
    return state


def _on_step(state: RunState, step_id: str, change: Any) -> RunState:
    return replace(state, steps=tuple(change(step) if step.id == step_id else step for step in state.steps))


def _progressed(step: StepView, event: Progress) -> StepView:
    same = step.progress is not None and step.progress.unit == event.unit
    samples = eta.sampled(step.samples if same else (), event.at, event.done)
    return replace(step, progress=event, samples=samples, next_look=None)


def _changed(step: StepView, event: StepChanged) -> StepView:
    started, ended, progress, before = step.started_at, step.ended_at, step.progress, step.before
    if event.state == "checking":
        before = (started, ended) if step.state in ("done", "skipped") else (None, None)
    elif event.state == "running":
        before = (None, None)
    if event.state in ("done", "skipped") and before[0] is not None:
        started, ended = before
    elif event.state == "checking" or (event.state in _BUSY and not step.busy):
        started, ended, progress = event.at, None, None
    elif event.state in _ENDED and not event.by_user:  # what is left out has the time that it took before
        ended = event.at
    # A bare change of state (verifying, done) must not wipe the detail that explains it.
    detail = event.detail or ("" if event.state in ("checking", "running", "undone") else step.detail)
    return replace(
        step,
        state=event.state,
        detail=detail,
        error=event.error,
        started_at=started,
        ended_at=ended,
        progress=progress,
        before=before,
        retries=0 if event.state == "checking" and before[0] is None else step.retries,
        attempts=step.attempts + (event.state == "running"),
        next_look=None,
        left_out=event.by_user and event.state == "skipped",
        samples=step.samples if progress is not None else (),
    )


_JOURNAL_STATES: Mapping[str, StepState] = {
    "checked": "done", "done": "done", "failed": "failed", "stopped": "stopped", "undone": "undone",
    "started": "stopped", "left-out": "skipped", "taken-in": "stopped",
}  # fmt: skip


def from_journal(steps: Sequence[tuple[str, str]], records: Iterable[Mapping[str, Any]]) -> RunState:
    """What an earlier process left: a step that was started and never ended was interrupted."""
    views = {step_id: StepView(step_id, title) for step_id, title in steps}
    begun: set[str] = set()
    for record in records:
        step = views.get(str(record.get("step", "")))
        event = str(record.get("event", ""))
        if step is None or event not in _JOURNAL_STATES:
            continue
        at = _time(record.get("at"))
        begun = begun | {step.id} if event == "started" else begun - {step.id}
        if event == "started":
            step = replace(step, started_at=at, ended_at=None, attempts=step.attempts + 1, retries=0)
        error = None
        if event == "failed":
            error = WizardError(
                what=str(record.get("what") or ""), code=str(record.get("code") or ""),
                request_id=str(record.get("request_id") or ""), where=str(record.get("where") or ""),
                changed=str(record.get("changed") or ""), remedy=str(record.get("remedy") or ""),
                page=str(record.get("page") or ""),
            )  # fmt: skip
        step = replace(
            step, state=_JOURNAL_STATES[event], error=error, detail=str(record.get("detail") or ""),
            left_out=event == "left-out", retries=int(record.get("retries") or step.retries),
        )  # fmt: skip
        if event == "undone":
            step = replace(step, started_at=None, ended_at=None)
        elif event not in ("started", "checked", "left-out", "taken-in"):
            step = replace(step, ended_at=at)
        views[step.id] = step
    state = _concluded(tuple(views.values()))
    return replace(state, cut_off=state.outcome == "stopped" and state.failed_step in begun)


def _concluded(steps: tuple[StepView, ...]) -> RunState:
    for step in steps:
        if step.state == "failed":
            return RunState(steps=steps, outcome="failed", failed_step=step.id, error=step.error)
    for step in steps:
        if step.state == "stopped":
            return RunState(steps=steps, outcome="stopped", failed_step=step.id)
    if steps and all(step.state in ("done", "skipped") for step in steps):
        return RunState(steps=steps, outcome="done")
    if steps and all(step.state == "undone" for step in steps):
        return RunState(steps=steps, outcome="done", undoing=True)
    if any(step.state in ("done", "skipped") for step in steps):
        return RunState(steps=steps, outcome="stopped")
    return RunState(steps=steps)


def _time(value: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
