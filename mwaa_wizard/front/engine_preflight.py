"""Preflight for every front-end: all checks through a look-up, before anything is changed, and what was found last.

A result is kept for this process only. It says for which answers it was found: after a change of them it is stale.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import retrying

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

# What changes in a session without an answer having changed.
_NO_ANSWER = {"page", "last_result", "last_seen", "updated_at", "created_at", "name", "schema_version", "keep_bundle",
              "cut_over"}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One check's outcome, as plain values. `certain`: it can only be mended by other answers, so it stops Next."""

    name: str
    verdict: Literal["pass", "warn", "fail"]
    evidence: str
    remedy: str = ""
    certain: bool = False

    @property
    def complains(self) -> bool:
        """Whether it is no pass."""
        return self.verdict != "pass"


@dataclass(frozen=True)
class Result:
    """All rows in the order they were found, when, and for which answers."""

    rows: tuple[Row, ...]
    at: dt.datetime
    answers: str

    def count(self, verdict: str) -> int:
        """How many rows have a verdict."""
        return sum(row.verdict == verdict for row in self.rows)

    @property
    def certain(self) -> tuple[Row, ...]:
        """The failures that no mending outside the wizard takes away."""
        return tuple(row for row in self.rows if row.certain)

    def stale(self, session: Session) -> bool:
        """Whether an answer was changed since."""
        return self.answers != answers_of(session)


_kept: dict[str, Result] = {}


def kept(session: Session) -> Result | None:
    """What was found last in this process, stale or not."""
    return _kept.get(session.id)


def answers_of(session: Session) -> str:
    """A short text that is another one whenever an answer is."""
    answers = session.model_dump(mode="json", exclude=_NO_ANSWER)
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest()


def look(session: Session, tell: Callable[[Row], object], cancel: threading.Event | None = None) -> Result:
    """Run every check and tell each row as it is found. Journals nothing and changes nothing.

    Raises Cancelled where `cancel` is set meanwhile; then the last result stays.
    """
    from mwaa_wizard.execution import preflight
    from mwaa_wizard.execution.looking import looking
    from mwaa_wizard.text import clean

    answers, rows = answers_of(session), []
    for one in preflight.told(looking(session, retrying.clients(session), cancel=cancel)):
        found = one.finding
        row = Row(clean(found.name, limit=200), found.verdict, clean(found.evidence, limit=2000),
                  clean(found.remedy, limit=2000), one.certain)  # fmt: skip
        rows.append(row)
        tell(row)
    result = Result(tuple(rows), dt.datetime.now(dt.UTC), answers)
    _kept[session.id] = result
    return result
