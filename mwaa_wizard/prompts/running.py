"""The run as plain lines: one an event, progress at most every ten seconds or ten percent; then what can be done."""

from __future__ import annotations

import datetime as dt
import signal
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mwaa_wizard.commands.console import Console
from mwaa_wizard.commands.signals import stop_on_signals
from mwaa_wizard.errors import EXIT_DONE, EXIT_FAILED, EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution.events import Event, Line, Progress, RunFinished, StepChanged
from mwaa_wizard.front import engine, run_state
from mwaa_wizard.front.run_state import RunState, StepView
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, human_time

from .talk import Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened

# Progress is told after ten seconds, or ten percent further where that took long enough to be read out.
_SECONDS, _PERCENT, _BREATH = 10.0, 10, 3.0


class Told(Console):
    """Events as words, without a sign that a screen reader would have to spell. Log lines only from WARN on."""

    def __init__(self, talk: Talk, steps: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._talk = talk
        count = len(steps)
        self._names = {
            step: _("Step {number} of {count}, {title}").format(number=number, count=count, title=title)
            for number, (step, title) in enumerate(steps, 1)
        }
        self._last: dict[str, tuple[float, int]] = {}
        self._errors: list[str] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, Line) and event.level == "ERROR":
            self._errors.append(event.text)  # mostly the lines of the failure that follows and is told in full
            return
        known = event.error.lines() if isinstance(event, StepChanged) and event.error is not None else []
        lines = [f"ERROR: {text}" for text in self._errors if text not in known]
        self._errors = []
        lines += [text for text in [self._words(event)] if text]
        if not lines or self.gone:
            return
        try:
            self._talk.say(*lines)
        except OSError as problem:
            self.gone = problem
            self.on_gone()

    def _words(self, event: Event) -> str:
        if isinstance(event, StepChanged):
            return self._step_words(event)
        if isinstance(event, Progress):
            return self._progress(event)
        if isinstance(event, Line):
            return f"{event.level}: {event.text}" if event.level in ("WARN", "WARNING") else ""
        return "" if isinstance(event, RunFinished) else self._text(event)

    def _step_words(self, event: StepChanged) -> str:
        words = {
            "running": _("{step}: begins."),
            "done": _("{step}: done{took}."),
            "skipped": _("{step}: was done already."),
            "failed": _("{step}: failed{took}."),
            "stopped": _("{step}: stopped{took}."),
            "undone": _("{step}: undone."),
        }.get(event.state, "")
        if not words:
            return ""
        took = ""
        if event.state == "running":
            self._started[event.step] = time.monotonic()
        elif event.step in self._started:
            took = _(" after {time}").format(time=human_time(time.monotonic() - self._started[event.step]))
        name = self._names.get(event.step, event.step)
        detail = "" if event.error is not None else event.detail
        return (words.format(step=name, took=took) + " " + detail).strip()

    def _progress(self, event: Progress) -> str:
        percent = int(100 * event.done / event.total) if event.total else -1
        now = time.monotonic()
        at, before = self._last.setdefault(event.step, (now, 0))
        further = percent - before >= _PERCENT and now - at >= _BREATH
        if now - at < _SECONDS and not further:
            return ""
        self._last[event.step] = (now, percent)
        if percent >= 0:
            words = _("{done} of {total} {unit}, {percent} percent").format(
                done=f"{event.done:,}", total=f"{event.total:,}", unit=event.unit, percent=percent
            )
        else:
            words = _("{done} {unit} so far").format(done=f"{event.done:,}", unit=event.unit)
        return f"{words} {event.detail}".rstrip()


Make = Callable[[Callable[[Event], None]], Any]


def run(talk: Talk, opened: Opened, *, undo: bool = False) -> RunState:
    """Run the session's plan, or undo it, until it ends; how it ended is remembered in the session."""
    session, run = opened.session, opened.run("full")
    opened.remember("running")
    state = carry_out(talk, run.steps, lambda listen: engine.make_runner(session, "full", listen), run.state, undo=undo)
    if state.error is not None:
        talk.error(state.error)
    remember(opened, state)
    return state


def count(talk: Talk, opened: Opened) -> RunState:
    """The steps that lead to real row counts; the full run finds them done."""
    session, run = opened.session, opened.run("inventory")
    state = carry_out(talk, run.steps, lambda listen: engine.make_runner(session, "inventory", listen), run.state)
    if state.error is not None:
        talk.error(state.error)
    return state


def carry_out(
    talk: Talk, steps: Sequence[tuple[str, str]], make: Make, before: RunState | None = None, *, undo: bool = False
) -> RunState:
    """Run steps in this thread; a signal stops them at the next safe point. Raises OSError where nobody reads."""
    told = Told(talk, steps)
    start = before or RunState(steps=tuple(StepView(step, title) for step, title in steps))
    state = run_state.begin(start, undoing=undo, at=dt.datetime.now(dt.UTC))

    def listen(event: Event) -> None:
        nonlocal state
        state = run_state.reduce(state, event)
        told(event)

    runner = make(listen)
    runner.context.ask = lambda question: _ask(talk, runner, question)
    told.on_gone = runner.stop
    with stop_on_signals(runner):
        runner.undo() if undo else runner.run()
    if told.gone:
        raise told.gone
    return state


def _ask(talk: Talk, runner: Any, question: str) -> bool:
    """A step asks in the middle of the run. Ctrl-C is a no."""
    talk.heading(_("The run asks:"))
    talk.raw(clean(question, keep_newlines=True))
    said = talk.answers.agree if talk.answers is not None else None
    if talk.answers is not None and said is None:
        talk.say(_("The answers file says nothing to that (run: questions), so it is a no."))
        return False
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return talk.yes(_("Go on"), said=said)
    except KeyboardInterrupt:
        runner.stop()
        return False
    finally:
        signal.signal(signal.SIGINT, before)


def remember(opened: Opened, state: RunState) -> None:
    """Note in the session how its run stands, for the list of sessions and for resume."""
    if state.outcome == "done":
        verified = "verified" if engine.verified(opened.session) else "differs"
        opened.remember("undone" if state.undoing else verified)
    elif state.outcome in ("failed", "stopped"):
        opened.remember(state.outcome, state.failed_step)


def exit_code(opened: Opened, error: WizardError | None = None) -> int:
    """What the program ends with, by how the session's run stands: 0 only where verification found no difference."""
    state = opened.session.last_result.state
    if state in ("", "verified", "undone"):
        return EXIT_DONE
    if state in ("stopped", "running"):
        return EXIT_RESUMABLE
    return error.exit_code if error is not None and error.exit_code else EXIT_FAILED
