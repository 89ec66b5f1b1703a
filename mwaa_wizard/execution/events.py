"""What a run tells its front-ends. Events are plain data; all text in them is already cleaned."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import N_, _

Level = Literal["DEBUG", "INFO", "WARN", "ERROR"]
StepState = Literal[
    "waiting", "checking", "running", "verifying", "done", "skipped", "failed", "stopped", "undone"
]

_STATES = {
    "running": N_("running"), "verifying": N_("verifying"), "done": N_("done"), "skipped": N_("skipped"),
    "failed": N_("failed"), "stopped": N_("stopped"), "undone": N_("undone"),
}  # fmt: skip


def state_word(state: str) -> str:
    """A state as a line of a log or of a terminal says it, in the user's language."""
    return _(_STATES.get(state, state))


def now() -> dt.datetime:
    """The current time in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Event:
    """`at` is UTC; `step` is a step's id, or empty for the run as a whole."""

    step: str = ""
    at: dt.datetime = field(default_factory=now)


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """The ids of all steps, in order."""

    steps: tuple[str, ...]
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class StepChanged(Event):
    """A step entered a state; `detail` is one short line, `error` is set for `failed`, `by_user` for a step that was
    skipped because the user left it out, not because its work was there.
    """

    state: StepState
    detail: str = ""
    error: WizardError | None = None
    by_user: bool = False


@dataclass(frozen=True, kw_only=True)
class Line(Event):
    """One log line of a step."""

    level: Level
    text: str


@dataclass(frozen=True, kw_only=True)
class Progress(Event):
    """How far a step is. `total` None means unknown: show elapsed time, no bar."""

    done: int
    total: int | None
    unit: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Retried(Event):
    """A call that failed is made again; `text` says which and why (it is in the step's log, too)."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Waiting(Event):
    """A step that waits for something looks again at `until`."""

    until: dt.datetime


@dataclass(frozen=True, kw_only=True)
class RunFinished(Event):
    """How the run ended; `failed_step` and `error` for `failed`."""

    outcome: Literal["done", "failed", "stopped"]
    failed_step: str = ""
    error: WizardError | None = None
