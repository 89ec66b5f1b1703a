"""Everything that is known of one step: what it does, what it made, what AWS answered, how often it was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _
from mwaa_wizard.report.kinds import kind_word
from mwaa_wizard.text import clean

from . import engine

if TYPE_CHECKING:
    from mwaa_wizard.execution.step import Step
    from mwaa_wizard.session.model import Session

# Of many things or requests the last ones; the journal has all.
_MOST = 40


@dataclass(frozen=True)
class StepFacts:
    """`does`: one line each. `things`: (event, kind, name); `more` are not listed. `requests`: (call, request id)."""

    does: list[str]
    log: Path
    attempts: int = 0
    retries: int = 0
    things: list[tuple[str, str, str]] = field(default_factory=list)
    more: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)
    skippable: str = ""
    while_away: str = ""


def step_of(session: Session, step_id: str) -> Step | None:
    """The plan's step; None where the plan has none of that id any more."""
    return next((step for step in engine.plan(session) if step.id == step_id), None)


def facts(session: Session, step_id: str) -> StepFacts:
    """Reads the journal, which may be long: call it in a thread. Raises WizardError of the plan."""
    from mwaa_wizard.execution.journal import Journal

    step = step_of(session, step_id)
    things: list[tuple[str, str, str]] = []
    requests: list[tuple[str, str]] = []
    attempts = retries = 0
    for record in Journal.of(session.id).of_step(step_id):
        event = str(record.get("event", ""))
        attempts += event == "started"
        retries += int(record.get("retries") or 0)
        if event in ("made", "changed", "removed"):
            things.append((event, kind_word(clean(record.get("kind", ""))), clean(record.get("name", ""))))
        if record.get("request_id"):
            call = clean(record.get("call") or record.get("where") or event, limit=60)
            requests.append((call, clean(record["request_id"], limit=100)))
    return StepFacts(
        does=[clean(line) for line in step.describe(session)] if step else [],
        log=engine.log_path(session.id, step_id),
        attempts=attempts,
        retries=retries,
        things=things[-_MOST:],
        more=max(0, len(things) - _MOST),
        requests=requests[-_MOST:],
        skippable=_asked(step, "skippable", session),
        while_away=_asked(step, "while_away", session),
    )


def skippable(session: Session, step_id: str) -> str:
    """What is missed where this step is left out; empty where the plan does not allow it."""
    return _asked(step_of(session, step_id), "skippable", session)


def while_away(session: Session, step_id: str) -> str:
    """What goes on in the environments while nobody watches this step; empty where nothing does."""
    return _asked(step_of(session, step_id), "while_away", session)


def _asked(step: Step | None, name: str, session: Session) -> str:
    answer = getattr(step, name, None)
    return clean(answer(session)) if answer is not None else ""


def leave_out(session: Session, step_id: str, *, out: bool) -> None:
    """Note in the journal that the user leaves a step out, or takes that back."""
    from mwaa_wizard.execution.journal import Journal

    Journal.of(session.id).write(step_id, "left-out" if out else "taken-in", by="user")


def too_late(session: Session) -> str:
    """Why no step that was left out can be done any more; empty where it can. Reads the journal."""
    from mwaa_wizard.execution.journal import Journal

    gone = False
    for record in Journal.of(session.id).records():
        if record.get("kind") == "bucket" and record.get("name") == session.migration_bucket:
            gone = record.get("event") == "removed"  # it is made again where an earlier attempt took it back
    if gone:
        return _("The clean-up has deleted the exported bundle, and without that it cannot be done any more.")
    return ""


def failed_names(steps: Sequence[object]) -> list[str]:
    """`Title: what happened` of each failed step."""
    return [
        clean(f"{getattr(step, 'title', '')}: {getattr(getattr(step, 'error', None), 'what', '')}") for step in steps
    ]
