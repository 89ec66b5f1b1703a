"""The plain front-end of a run: events as lines, or as JSON lines for other programs."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from mwaa_wizard.aws.errors import translate
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.events import Event, Line, Progress, RunFinished, RunStarted, StepChanged, state_word
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.text import human_time

_MARKS = {"done": "✔", "skipped": "✔", "failed": "✘", "stopped": "■", "running": "▸", "undone": "↶"}


class Console:
    """Prints events; `progress` is shown at most every two seconds so that logs stay readable.

    Where its output is gone (`| head`) or full, it is silent from then on, `gone` is set, and `on_gone` is called.
    """

    def __init__(self, *, as_json: bool = False, out: TextIO | None = None, quiet: bool = False) -> None:
        self.as_json, self.quiet = as_json, quiet
        self.out = out or sys.stdout
        self.gone: OSError | None = None
        self.on_gone: Callable[[], None] = lambda: None
        self._started: dict[str, float] = {}
        self._last_progress = 0.0

    def __call__(self, event: Event) -> None:
        line = self._json(event) if self.as_json else self._text(event)
        if not line or self.gone:
            return
        try:
            print(line, file=self.out, flush=True)
        except OSError as problem:
            # A run is not at an end because nobody reads about it: whoever owns the run decides.
            self.gone = problem
            self.on_gone()

    def _json(self, event: Event) -> str:
        document: dict[str, object] = {
            "event": type(event).__name__,
            "at": event.at.isoformat(),
            "step": event.step,
        }
        for field in dataclasses.fields(event):
            value = getattr(event, field.name)
            if isinstance(value, WizardError):
                value = {key: text for key, text in dataclasses.asdict(value).items() if text}
            if field.name not in ("at", "step"):
                document[field.name] = value
        return json.dumps(document, ensure_ascii=False, default=str)

    def _text(self, event: Event) -> str:
        if isinstance(event, RunStarted):
            count = len(event.steps)
            told = ngettext("{count} step", "{count} steps", count).format(count=count)
            return told + (_(" (dry run)") if event.dry_run else "")
        if isinstance(event, StepChanged):
            return self._step(event)
        if isinstance(event, Line) and not self.quiet:
            return f"    {event.level:<5} {event.text}"
        if isinstance(event, Progress) and time.monotonic() - self._last_progress >= 2:
            self._last_progress = time.monotonic()
            of = f"/{event.total:,}" if event.total is not None else ""
            return f"    …     {event.done:,}{of} {event.unit} {event.detail}".rstrip()
        if isinstance(event, RunFinished) and event.outcome == "stopped":
            return _("Stopped at a safe point.")
        return ""

    def _step(self, event: StepChanged) -> str:
        if event.state == "running":
            self._started[event.step] = time.monotonic()
        if event.state not in _MARKS:
            return ""
        took = ""
        if event.state in ("done", "failed", "stopped") and event.step in self._started:
            took = " " + human_time(time.monotonic() - self._started[event.step])
        return f"{_MARKS[event.state]} {event.step:<16} {state_word(event.state)}{took}  {event.detail}".rstrip()


@contextlib.contextmanager
def errors_as_json(as_json: bool) -> Iterator[None]:
    """Where output is JSON, an error before the run's first event is told as the event that ends a run, too."""
    try:
        yield
    except (WizardError, OSError) as problem:
        if as_json:
            Console(as_json=True)(RunFinished(outcome="failed", error=translate(problem)))
        raise
