"""Step logs on disk: the file is the truth, a log pane only shows its end."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from mwaa_wizard import paths
from mwaa_wizard.execution.events import Event, Line, StepChanged, state_word

# Open files at most: the step at work, the one before it, and that of all steps.
_OPEN = 3
# Lines that follow one another faster than this are written together.
_TOGETHER = 0.02
# Bytes that are held back at most.
_HELD = 1 << 18


class StepLogs:
    """Appends each event's line to `<run dir>/logs/<step>.log` and to `all.log`.

    A line is on disk when `write` returns, but for those of a flood: of these some hundredths of a second are held
    back, never a warning, an error, or how a step stands.
    """

    def __init__(self, session_id: str) -> None:
        self._lock = threading.Lock()
        self._handles: dict[str, int] = {}
        self._held: dict[str, list[bytes]] = {}
        self._size = 0
        self._flushed = 0.0
        self._flusher: threading.Thread | None = None
        self._lost: OSError | None = None
        self.folder = paths.run_dir(session_id) / "logs"
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def __del__(self) -> None:
        self.close()

    def path(self, step: str) -> Path:
        """The log file of a step, or of the whole run for an empty id."""
        return self.folder / f"{step or 'all'}.log"

    def write(self, event: Event) -> None:
        """Append the event if it has a line to show. Raises OSError, also for lines that were held back."""
        line = format_line(event)
        if line is None:
            return
        data = (line + "\n").encode("utf-8", "replace")
        now = time.monotonic()
        with self._lock:
            lost, self._lost = self._lost, None
            if event.step:
                self._held.setdefault(event.step, []).append(data)
                data = f"[{event.step}] ".encode() + data
            self._held.setdefault("", []).append(data)
            self._size += len(data)
            quick = now - self._flushed < _TOGETHER and isinstance(event, Line) and event.level in ("INFO", "DEBUG")
            if not quick or self._size > _HELD:
                self._flush(now)
            elif self._flusher is None:
                self._flusher = threading.Thread(target=self._flush_later, name="step-logs", daemon=True)
                self._flusher.start()
        if lost is not None:
            raise lost

    def close(self) -> None:
        """Write what is held back and close the files; the next line opens them again. Raises no error: the run's
        end must be told.
        """
        with self._lock:
            try:
                self._flush(0.0)
            except OSError as problem:
                self._lost = problem
            handles, self._handles = self._handles, {}
        for handle in handles.values():
            os.close(handle)

    def _flush_later(self) -> None:
        """Ends when a turn finds nothing to write."""
        while True:
            time.sleep(_TOGETHER)
            with self._lock:
                if not self._held:
                    self._flusher = None
                    return
                try:
                    self._flush(time.monotonic())
                except OSError as problem:
                    self._lost = problem

    def _flush(self, now: float) -> None:
        held, self._held, self._size, self._flushed = self._held, {}, 0, now
        for step, parts in held.items():
            self._append(step, b"".join(parts))

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
        return f"{clock} {'STEP':<5} {state_word(event.state)} {event.detail}".rstrip()
    return None
