"""Calls that AWS makes wait are told on the page that asked: throttling, 5xx, a wrong clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

_thread = threading.local()


def listen(tell: Callable[[str], object]) -> None:
    """What clients made in this thread have to tell from now on goes to `tell`, one sentence a time."""
    _thread.tell = tell


def clients(session: Session) -> Any:
    """Fresh clients for both sides that tell their retries."""
    made = session.clients()
    tell = getattr(_thread, "tell", None)
    if tell is not None:
        made.on_retry = lambda retry: tell(clean(retry.text(), limit=300))
    return made
