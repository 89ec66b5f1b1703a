"""The run in plain lines: words instead of signs, progress at a pace that can be read out, a failure told once."""

from __future__ import annotations

import io

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.events import Line, Progress, RunFinished, StepChanged
from mwaa_wizard.prompts import running
from mwaa_wizard.prompts.lines import Lines
from mwaa_wizard.prompts.running import Told
from mwaa_wizard.prompts.talk import Talk


class Clock:
    """Time that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(running, "time", found)
    return found


def telling() -> tuple[Told, io.StringIO]:
    out = io.StringIO()
    return Told(Talk(Lines(io.StringIO(), out), out=out), [("read", "Read source"), ("export", "Export")]), out


def test_progress_is_told_every_ten_seconds_or_ten_percent_but_not_in_one_breath(clock: Clock) -> None:
    told, out = telling()
    for tenth in range(600):  # a minute, ten events a second, one percent each 0.6 s
        clock.now = 1000.0 + tenth / 10
        told(Progress(step="export", done=tenth * 10, total=6000, unit="rows"))
    lines = out.getvalue().splitlines()
    assert len(lines) == 9
    assert lines[0] == "600 of 6,000 rows, 10 percent"
    out.truncate(0)
    for tenth in range(600):
        clock.now = 2000.0 + tenth / 10
        told(Progress(step="read", done=tenth, total=None, unit="s", detail="CREATING"))
    assert len(out.getvalue().splitlines()) == 5
    assert "s so far CREATING" in out.getvalue()


def test_progress_that_is_over_at_once_is_not_told(clock: Clock) -> None:
    told, out = telling()
    for done in range(100):
        clock.now += 0.01
        told(Progress(step="export", done=done, total=100, unit="DAGs"))
    assert out.getvalue() == ""


def test_steps_have_place_title_and_word(clock: Clock) -> None:
    told, out = telling()
    told(StepChanged(step="export", state="running", detail="of 3 tables"))
    clock.now += 61
    told(StepChanged(step="export", state="done"))
    assert out.getvalue() == "Step 2 of 2, Export: begins. of 3 tables\nStep 2 of 2, Export: done after 1:01.\n"


def test_a_failure_is_told_once_and_other_errors_are_kept(clock: Clock) -> None:
    told, out = telling()
    error = WizardError(what="It failed.", remedy="Mend it.")
    told(Line(step="export", level="ERROR", text="the disk is full"))
    told(Line(step="export", level="INFO", text="a line"))
    for text in error.lines():
        told(Line(step="export", level="ERROR", text=text))
    told(StepChanged(step="export", state="failed", detail=error.what, error=error))
    told(RunFinished(outcome="failed", failed_step="export", error=error))
    assert out.getvalue() == "ERROR: the disk is full\nStep 2 of 2, Export: failed.\n"
