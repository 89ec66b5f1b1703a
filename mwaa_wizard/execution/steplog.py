"""Step logs on disk: the file is the truth, a log pane only shows its end."""

from __future__ import annotations

import threading
from pathlib import Path

from mwaa_wizard import paths
from mwaa_wizard.execution.events import Event, Line, StepChanged


class StepLogs:
    """Appends each event's line to `<run dir>/logs/<step>.log` and to `all.log`."""

    def __init__(self, session_id: str) -> None:
        self.folder = paths.run_dir(session_id) / "logs"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._lock = threading.Lock()

    def path(self, step: str) -> Path:
        """The log file of a step, or of the whole run for an empty id."""
        return self.folder / f"{step or 'all'}.log"

    def write(self, event: Event) -> None:
        """Append the event if it has a line to show."""
        line = format_line(event)
        if line is None:
            return
        with self._lock:
            for name in {event.step, ""}:
                with open(self.path(name), "a", encoding="utf-8") as file:
                    file.write((f"[{event.step}] " if not name and event.step else "") + line + "\n")


def format_line(event: Event) -> str | None:
    """`12:40:58 INFO  text`, or None for events that are no lines."""
    clock = event.at.strftime("%H:%M:%S")
    if isinstance(event, Line):
        return f"{clock} {event.level:<5} {event.text}"
    if isinstance(event, StepChanged) and event.state not in ("waiting", "checking"):
        return f"{clock} {'STEP':<5} {event.state} {event.detail}".rstrip()
    return None
