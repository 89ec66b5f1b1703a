"""Runs a plan step by step: check, run, verify; journals each outcome before the next step starts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mwaa_wizard import readonly
from mwaa_wizard.aws.errors import translate
from mwaa_wizard.aws.factory import Clients
from mwaa_wizard.aws.retries import Retry, Sparing
from mwaa_wizard.errors import Cancelled, WizardError
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Event, Line, Retried, RunFinished, RunStarted, StepChanged, StepState
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.step import Step
from mwaa_wizard.execution.steplog import StepLogs
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session

Listener = Callable[[Event], None]


@dataclass(frozen=True)
class Outcome:
    """How a run ended."""

    finished: bool
    failed_step: str = ""
    error: WizardError | None = None
    stopped: bool = False


def left_out(journal: Journal, step_id: str) -> bool:
    """Whether the user chose to leave this step out, and did not take that back."""
    chosen = [r["event"] for r in journal.of_step(step_id) if r.get("event") in ("left-out", "taken-in")]
    return bool(chosen) and chosen[-1] == "left-out"


class Runner:
    """Executes steps for one session. Owned by the front-end's root, not by a page; `stop()` is safe at any time."""

    def __init__(self, session: Session, steps: Sequence[Step], listener: Listener, clients: Clients | None = None):
        self.session, self.steps, self._listener = session, list(steps), listener
        self.journal = Journal.of(session.id)
        self.logs = StepLogs(session.id)
        self.cancel = threading.Event()
        self._log_lost = False
        self._retries: dict[str, int] = {}
        self.context = Context(
            session=session,
            clients=clients or session.clients(),
            journal=self.journal,
            emit=self._emit,
            cancel=self.cancel,
        )

    def stop(self) -> None:
        """Ask the running step to stop at its next safe point."""
        self.cancel.set()

    def run(self, until: str | None = None, *, dry_run: bool = False) -> Outcome:
        """Run the steps in order, up to and including `until`. Never raises for a step's failure.

        Raises WizardError in read-only mode, unless it is a dry run.
        """
        if not dry_run:
            readonly.refuse_run()
        try:
            with self.context.clients.telling(Sparing(self._tell_retry), self.context.log):
                return self._run(until, dry_run)
        finally:
            self.logs.close()

    def _run(self, until: str | None, dry_run: bool) -> Outcome:
        self.context.dry_run = dry_run
        self._emit(RunStarted(steps=tuple(step.id for step in self.steps), dry_run=dry_run))
        for step in self.steps:
            outcome = self._dry(step) if dry_run else self._one(step)
            if outcome is not None:
                return outcome
            if step.id == until:
                break
        self._emit(RunFinished(outcome="done"))
        return Outcome(finished=True)

    def undo(self) -> Outcome:
        """Undo in reverse order everything the journal says was made; goes on to the end where a step is refused.

        Raises WizardError in read-only mode.
        """
        readonly.refuse_run()
        try:
            with self.context.clients.telling(Sparing(self._tell_retry), self.context.log):
                return self._undo()
        finally:
            self.logs.close()

    def _undo(self) -> Outcome:
        first: tuple[str, WizardError] | None = None
        for step in reversed(self.steps):
            self.context.step = step.id
            try:
                self.context.safe_point()
                self._state(step, "running", _("undoing"))
                step.undo(self.context)
                self.journal.write(step.id, "undone")
            except Cancelled:
                return self._stopped(step)
            except Exception as problem:
                error = translate(problem)
                first = first or (step.id, error)
                self._state(step, "failed", error=error)
                continue
            self._state(step, "undone")
        if first:
            self._emit(RunFinished(outcome="failed", failed_step=first[0], error=first[1]))
            return Outcome(finished=False, failed_step=first[0], error=first[1])
        self._emit(RunFinished(outcome="done"))
        return Outcome(finished=True)

    def _one(self, step: Step) -> Outcome | None:
        self.context.step = step.id
        try:
            self.context.safe_point()
            if left_out(self.journal, step.id):
                self._emit(StepChanged(step=step.id, state="skipped", detail=_("left out by you"), by_user=True))
                return None
            self._state(step, "checking")
            check = step.check(self.context)
            if check.done:
                self.journal.write(step.id, "checked", detail=check.detail)
                self._state(step, "skipped" if not self.journal.last(step.id, "done") else "done", check.detail)
                return None
            self.journal.write(step.id, "started")
            self._state(step, "running", check.detail)
            step.run(self.context)
            self._state(step, "verifying")
            step.verify(self.context)
            self.journal.write(step.id, "done", **self._tried_again(step))
            self._state(step, "done")
        except Cancelled:
            return self._stopped(step)
        except Exception as problem:  # every failure must reach the user as a WizardError, and the journal
            return self._failed(step, translate(problem))
        return None

    def _dry(self, step: Step) -> Outcome | None:
        self.context.step = step.id
        for line in step.describe(self.session):
            self.context.log(line)
        self._state(step, "waiting", _("would run"))
        return None

    def _stopped(self, step: Step) -> Outcome:
        self._note(step, "stopped")
        self._state(step, "stopped")
        self._emit(RunFinished(outcome="stopped", failed_step=step.id))
        return Outcome(finished=False, stopped=True, failed_step=step.id)

    def _failed(self, step: Step, error: WizardError) -> Outcome:
        if not error.changed:
            made = len(self.journal.of_step(step.id, "made")) + len(self.journal.of_step(step.id, "changed"))
            error.changed = (
                _("This step made or changed {count} things; the journal lists them.").format(count=made)
                if made
                else _("This step changed nothing.")
            )
        self._note(
            step, "failed", what=error.what, where=error.where, changed=error.changed, remedy=error.remedy,
            code=error.code, request_id=error.request_id, **({"page": error.page} if error.page else {}),
            **self._tried_again(step),
        )  # fmt: skip
        for line in error.lines():
            self.context.log(line, "ERROR")
        self._state(step, "failed", error.what, error)
        self._emit(RunFinished(outcome="failed", failed_step=step.id, error=error))
        return Outcome(finished=False, failed_step=step.id, error=error)

    def _tell_retry(self, retry: Retry) -> None:
        """A call that was throttled, failed or came out of time is told in the running step's log, and counted."""
        step, text = self.context.step, retry.text()
        self._retries[step] = self._retries.get(step, 0) + 1
        self.context.log(text, "WARN")
        self._emit(Retried(step=step, text=text))

    def _tried_again(self, step: Step) -> dict[str, int]:
        """What the record of a step's end says of calls that were made again."""
        count = self._retries.pop(step.id, 0)
        return {"retries": count} if count else {}

    def _note(self, step: Step, event: str, **facts: str | int) -> None:
        """Journal how a step ended. Where even that fails (a full disk) the end is told all the same."""
        try:
            self.journal.write(step.id, event, **facts)
        except OSError as problem:
            self.context.log(_("The journal could not be written: {why}").format(why=problem), "ERROR")

    def _state(self, step: Step, state: StepState, detail: str = "", error: WizardError | None = None) -> None:
        self._emit(StepChanged(step=step.id, state=state, detail=detail, error=error))

    def _emit(self, event: Event) -> None:
        try:
            self.logs.write(event)
        except OSError as problem:
            # The journal stops the run when it cannot be written; a log line alone is no reason to.
            if not self._log_lost:
                self._log_lost = True
                text = _("The step's log cannot be written ({why}); going on without.").format(why=problem)
                self._listener(Line(step=event.step, level="WARN", text=text))
        self._listener(event)
