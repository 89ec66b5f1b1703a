"""Step logs on disk: the file is the truth, a log pane only shows its end."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from mwaa_wizard import paths
from mwaa_wizard.execution.events import Event, Line, StepChanged

# Open files at most: the step at work, the one before it, and that of all steps.
_OPEN = 3


class StepLogs:
    """Appends each event's line to `<run dir>/logs/<step>.log` and to `all.log`.

    Files stay open from one line to the next and nothing is held back, so that what was told is on disk even where
    the process is killed.
    """

    def __init__(self, session_id: str) -> None:
        self._lock = threading.Lock()
        self._handles: dict[str, int] = {}
        self.folder = paths.run_dir(session_id) / "logs"
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def __del__(self) -> None:
        self.close()

    def path(self, step: str) -> Path:
        """The log file of a step, or of the whole run for an empty id."""
        return self.folder / f"{step or 'all'}.log"

    def write(self, event: Event) -> None:
        """Append the event if it has a line to show."""
        line = format_line(event)
        if line is None:
            return
        data = (line + "\n").encode("utf-8", "replace")
        with self._lock:
            if event.step:
                self._append(event.step, data)
                data = f"[{event.step}] ".encode() + data
            self._append("", data)

    def close(self) -> None:
        """Close the files; the next line opens them again."""
        with self._lock:
            handles, self._handles = self._handles, {}
        for handle in handles.values():
            os.close(handle)

    def _append(self, step: str, data: bytes) -> None:
        handle = self._handles.get(step)
        if handle is None:
            handle = os.open(self.path(step), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            self._handles[step] = handle
            if len(self._handles) > _OPEN:
                oldest = next(name for name in self._handles if name)
                os.close(self._handles.pop(oldest))
        while data:
            # A full disk may take half a line without an error; the rest then tells.
            data = data[os.write(handle, data) :]


def format_line(event: Event) -> str | None:
    """`12:40:58 INFO  text`, or None for events that are no lines."""
    at = event.at
    clock = f"{at.hour:02d}:{at.minute:02d}:{at.second:02d}"
    if isinstance(event, Line):
        return f"{clock} {event.level:<5} {event.text}"
    if isinstance(event, StepChanged) and event.state not in ("waiting", "checking"):
        return f"{clock} {'STEP':<5} {event.state} {event.detail}".rstrip()
    return None
