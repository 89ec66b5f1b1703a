"""A context that only looks: nothing can be journalled through it, so nothing can be changed by what uses it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from mwaa_wizard.aws.factory import Clients
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Event
from mwaa_wizard.execution.journal import Journal, Record
from mwaa_wizard.session.model import Session


class ReadOnlyJournal(Journal):
    """The session's journal, to read."""

    def write(self, step: str, event: str, **facts: Any) -> Record:
        """A look that would change something is a defect: every change is journalled before it is made."""
        raise AssertionError(f"a look wanted to journal {event} of {step}")


def looking(
    session: Session,
    clients: Clients,
    *,
    emit: Callable[[Event], None] = lambda event: None,
    cancel: threading.Event | None = None,
) -> Context:
    """A context for look-ups between runs."""
    journal = ReadOnlyJournal(Journal.of(session.id).path)
    return Context(session=session, clients=clients, journal=journal, emit=emit, cancel=cancel or threading.Event())
