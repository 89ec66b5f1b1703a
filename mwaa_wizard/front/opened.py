"""The session that is open: its lock, its saving, and what was asked of AWS for it in this process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mwaa_wizard.session import drift, store
from mwaa_wizard.session.model import LastResult, Session

from . import engine
from .runs import Kind, Run, steps_of

if TYPE_CHECKING:
    from .engine import Environment


@dataclass
class Opened:
    """`session` is the truth every page reads and edits; `save()` after each change.

    A front-end that goes on where a save is not possible has `on_unsaved` called with the reason, and with None when it
    is possible again; without it the error is raised.
    """

    session: Session
    lock: store.Lock
    runs: dict[Kind, Run] = field(default_factory=dict)
    saved_once: bool = False
    regions: list[str] = field(default_factory=list)  # looked through for the source, besides its own
    drafts: dict[str, str] = field(default_factory=dict)  # texts in fields that are no answers yet, by question
    on_unsaved: Callable[[OSError | None], None] | None = None
    unsaved: OSError | None = None  # why the last save was not possible
    _environment: tuple[object, Environment] | None = None

    @classmethod
    def open(cls, session: Session) -> Opened:
        """Take the session's lock; WizardError says who holds it."""
        lock = store.Lock(session.id)
        lock.acquire()
        return cls(session, lock)

    def save(self) -> None:
        """Write the session to disk."""
        try:
            store.save(self.session)
        except OSError as problem:
            if self.on_unsaved is None:
                raise
            first, self.unsaved = self.unsaved is None, problem
            if first:
                self.on_unsaved(problem)
            return
        again, self.unsaved, self.saved_once = self.unsaved is not None, None, True
        if again and self.on_unsaved is not None:
            self.on_unsaved(None)

    def close(self) -> None:
        """Give the lock back."""
        self.lock.release()

    @property
    def active_run(self) -> Run | None:
        """The run a thread works for, if any."""
        return next((run for run in self.runs.values() if run.active), None)

    def run(self, kind: Kind) -> Run:
        """The run of a kind, with what the journal says of earlier ones. Raises WizardError of the plan."""
        steps = steps_of(
            engine.inventory_plan(self.session) if kind == "inventory" else engine.plan(self.session)
        )
        run = self.runs.get(kind)
        if run is None or (not run.active and run.steps != steps):
            session_id = self.session.id
            past = engine.past_run(self.session, steps)
            run = self.runs[kind] = Run(kind, steps, lambda step: engine.log_path(session_id, step), past)
        return run

    def remember(self, state: str, step: str = "") -> None:
        """Note in the session how its run stands, for the list of sessions and for resume."""
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        self.session.last_result = LastResult.model_validate({"state": state, "step": step, "at": now})
        self.save()

    def _environment_key(self) -> object:
        place = self.session.source.connection
        return (place.profile, place.region, self.session.source.environment)

    @property
    def environment(self) -> Environment | None:
        """GetEnvironment of the source if it was asked for in this process, otherwise None."""
        if self._environment is not None and self._environment[0] == self._environment_key():
            return self._environment[1]
        return None

    @environment.setter
    def environment(self, found: Environment) -> None:
        self._environment = (self._environment_key(), found)
        if found.get("Status"):
            place, now = self.session.source.connection, dt.datetime.now(dt.UTC).replace(microsecond=0)
            self.session.last_seen.source = drift.picture(found, place.account, place.arn, now)
