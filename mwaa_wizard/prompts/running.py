"""The run as plain lines: one an event, progress at most every ten seconds or ten percent; then what can be done."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

from mwaa_wizard.commands.console import Console
from mwaa_wizard.commands.signals import stop_on_signals
from mwaa_wizard.errors import EXIT_DONE, EXIT_FAILED, EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution.events import Event, Line, Progress, RunFinished, StepChanged
from mwaa_wizard.front import engine, run_state
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, human_time

from .talk import Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.front.run_state import RunState

_SECONDS, _PERCENT = 10.0, 10


class Told(Console):
    """Events as words, without a sign that a screen reader would have to spell. Log lines only from WARN on."""

    def __init__(self, talk: Talk) -> None:
        super().__init__()
        self._talk = talk
        self._last: dict[str, tuple[float, int]] = {}

    def __call__(self, event: Event) -> None:
        text = self._words(event)
        if not text or self.gone:
            return
        try:
            self._talk.say(text)
        except OSError as problem:
            self.gone = problem
            self.on_gone()

    def _words(self, event: Event) -> str:
        if isinstance(event, StepChanged):
            return self._step_words(event)
        if isinstance(event, Progress):
            return self._progress(event)
        if isinstance(event, Line):
            return f"{event.level}: {event.text}" if event.level in ("WARN", "WARNING", "ERROR") else ""
        return "" if isinstance(event, RunFinished) else self._text(event)

    def _step_words(self, event: StepChanged) -> str:
        words = {
            "running": _("Step {step}: begins."),
            "done": _("Step {step}: done{took}."),
            "skipped": _("Step {step}: was done already."),
            "failed": _("Step {step}: failed{took}."),
            "stopped": _("Step {step}: stopped{took}."),
            "undone": _("Step {step}: undone."),
        }.get(event.state, "")
        if not words:
            return ""
        took = ""
        if event.state == "running":
            self._started[event.step] = time.monotonic()
        elif event.step in self._started:
            took = _(" after {time}").format(time=human_time(time.monotonic() - self._started[event.step]))
        return (words.format(step=event.step, took=took) + " " + event.detail).strip()

    def _progress(self, event: Progress) -> str:
        percent = int(100 * event.done / event.total) if event.total else -1
        at, before = self._last.get(event.step, (0.0, -_PERCENT))
        now = time.monotonic()
        further = percent >= 0 and percent // _PERCENT > before // _PERCENT
        if now - at < _SECONDS and not (further and at):
            return ""
        self._last[event.step] = (now, percent)
        if percent >= 0:
            words = _("{done} of {total} {unit}, {percent} percent").format(
                done=f"{event.done:,}", total=f"{event.total:,}", unit=event.unit, percent=percent
            )
        else:
            words = _("{done} {unit} so far").format(done=f"{event.done:,}", unit=event.unit)
        return f"{event.step}: {words} {event.detail}".rstrip()


def run(talk: Talk, opened: Opened, *, undo: bool = False, kind: str = "full") -> RunState:
    """Run (or undo) in this thread until it ends; a signal stops it at its next safe point."""
    session = opened.session
    told = Told(talk)
    state = run_state.begin(opened.run("full" if kind == "full" else "inventory").state, undoing=undo, at=_now())

    def listen(event: Event) -> None:
        nonlocal state
        state = run_state.reduce(state, event)
        told(event)

    runner: Any = engine.make_runner(session, kind, listen)
    runner.context.ask = lambda question: _ask(talk, runner, question)
    told.on_gone = runner.stop
    if kind == "full":
        opened.remember("running")
    with stop_on_signals(runner):
        runner.undo() if undo else runner.run()
    if kind == "full":
        remember(opened, state)
    if told.gone:
        raise told.gone
    if state.error is not None:
        talk.error(state.error)
    return state


def _now() -> Any:
    import datetime as dt

    return dt.datetime.now(dt.UTC)


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
