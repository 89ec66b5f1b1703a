"""Owns a run: the runner's thread, the queue of its events, and the snapshot that pages show.

Owned by the App, not by a page: leaving the run page does not touch the run.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

from mwaa_wizard.errors import Cancelled, WizardError
from mwaa_wizard.execution.events import Event, Line, Progress, RunFinished
from mwaa_wizard.i18n import _

from . import run_state
from .run_state import RunState

Kind = Literal["full", "inventory", "batch", "cleanup"]
Listener = Callable[[Event], None]


class AsksLike(Protocol):
    """What the screens use of `execution.context.Context`."""

    ask: Callable[[str], bool] | None
    cancel: threading.Event


class RunnerLike(Protocol):
    """What the screens use of `execution.runner.Runner`."""

    @property
    def context(self) -> AsksLike: ...
    def run(self) -> object: ...
    def undo(self) -> object: ...
    def stop(self) -> None: ...


class Question:
    """A question of a running step: its thread waits until `answer` is called, or the run is asked to stop."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.shown = False
        self._yes = False
        self._answered = threading.Event()

    def answer(self, yes: bool) -> None:
        """Let the step go on with that answer."""
        self._yes = yes
        self._answered.set()

    def wait(self, cancel: threading.Event) -> bool:
        """The answer. Raises Cancelled where the run is to stop: nothing was begun yet when a step asks."""
        while not self._answered.wait(0.1):
            if cancel.is_set():
                raise Cancelled
        if cancel.is_set():
            raise Cancelled
        return self._yes


class Run:
    """One session's run: `state` is the newest snapshot, `drain()` folds in what happened since the last call.

    `question` is what a step wants to know before it goes on, None most of the time.
    """

    def __init__(
        self, kind: Kind, steps: Sequence[tuple[str, str]], log_path: Callable[[str], Path], before: RunState
    ) -> None:
        self.kind = kind
        self.steps = list(steps)
        self.log_path = log_path
        self.state = before
        self.question: Question | None = None
        self._events: deque[Event] = deque()
        self._progress: dict[str, Progress] = {}
        self._runner: RunnerLike | None = None
        self._thread: threading.Thread | None = None

    @property
    def active(self) -> bool:
        """Whether a thread works for this run, or its last events are not folded in yet."""
        return self.state.outcome == "running"

    def start(self, make_runner: Callable[[Listener], RunnerLike], *, undo: bool = False) -> None:
        """Run (or undo) in a thread of its own; does nothing while one is active."""
        if self.active or (self._thread is not None and self._thread.is_alive()):
            return
        self._events.clear()
        self._progress.clear()
        self.state = run_state.begin(self.state, undoing=undo, at=dt.datetime.now(dt.UTC))

        def work() -> None:
            try:
                self._runner = make_runner(self.take)
                self._runner.context.ask = self._ask
                if self.state.stopping:
                    self._runner.stop()
                self._runner.undo() if undo else self._runner.run()
            except Exception as problem:  # the runner itself never raises; whatever does must reach the page
                error = problem if isinstance(problem, WizardError) else _unexpected(problem)
                self._events.append(RunFinished(outcome="failed", error=error))

        # A daemon: quitting must not hang on a call to AWS; everything done so far is in the journal.
        self._thread = threading.Thread(target=work, name=f"run-{self.kind}", daemon=True)
        self._thread.start()

    def take(self, event: Event) -> None:
        """Called by the run's threads with each event. Lines are in the step's file, which pages read: at a hundred
        thousand a second they would only be in the way here. Of progress the newest counts.
        """
        if isinstance(event, Line):
            return
        if isinstance(event, Progress):
            self._progress[event.step] = event
            return
        progress = self._progress.pop(event.step, None)
        if progress is not None:
            self._events.append(progress)
        self._events.append(event)

    def _ask(self, text: str) -> bool:
        """Called by a step in the run's thread; the app shows the question and calls its `answer`."""
        assert self._runner is not None
        question = Question(text)
        self.question = question
        try:
            return question.wait(self._runner.context.cancel)
        finally:
            self.question = None

    def stop(self) -> None:
        """Stop at the next safe point."""
        self.state = run_state.stopping(self.state, dt.datetime.now(dt.UTC))
        if self._runner is not None:
            self._runner.stop()

    def join(self, seconds: float) -> bool:
        """Wait for the thread at most `seconds`; whether it ended."""
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def drain(self) -> list[Event]:
        """Fold waiting events into `state` and return them (at most a few thousand a call)."""
        taken: list[Event] = []
        while len(taken) < 5000:
            if self._events:
                event: Event = self._events.popleft()
            else:
                try:
                    event = self._progress.popitem()[1]
                except KeyError:
                    break
            self.state = run_state.reduce(self.state, event)
            taken.append(event)
        return taken


def _unexpected(problem: Exception) -> WizardError:
    from mwaa_wizard.aws.errors import translate
    from mwaa_wizard.commands.crash import write_crash_file

    if isinstance(problem, OSError):
        return translate(problem)  # a full disk, a folder that is not ours: no fault of the program
    try:
        where = write_crash_file(problem)
    except OSError:
        where = ""
    return WizardError(
        what=_("The run could not go on ({kind}).").format(kind=type(problem).__name__),
        where=where,
        changed=_("Everything done so far is in the journal."),
        remedy=_("Retry; if it fails again, the file named here says where."),
    )


def steps_of(plan: Sequence[Any]) -> list[tuple[str, str]]:
    """(id, title) of each step."""
    return [(step.id, step.title) for step in plan]
