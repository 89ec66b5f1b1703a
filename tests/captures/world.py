"""What the captures show: the tests' engine of in-memory answers with the size and the names of a real migration."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard import i18n
from mwaa_wizard.execution.events import Line, Progress, StepChanged, StepState
from mwaa_wizard.execution.steplog import StepLogs
from mwaa_wizard.execution.unpausing.batches import Batch
from mwaa_wizard.front import engine, engine_cutover, engine_preflight
from mwaa_wizard.front.run_state import Outcome, RunState, StepView
from mwaa_wizard.front.runs import Run
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.session.model import Session
from tests.environments import samples
from tests.screens.fake_boards import line
from tests.screens.fakes import FakeEngine, home, ready_session

from . import real
from .clock import NOW, standing_still

_FOLDER = re.compile(r"/\S*/mwz-[0-9a-z_]{8}")
# Pure functions of the engine: the captures show what they really say.
_REAL = (
    "setting_rows", "edit_setting", "reset_setting", "setting_problems", "takes_several", "tables", "plan",
    "inventory_plan", "name_problems",
)  # fmt: skip


class CaptureEngine(FakeEngine):
    """Answers of AWS as an account of some years has them; `many` environments more, for the bench."""

    many = 0

    def dressed(self) -> CaptureEngine:
        """With boards of that size, too."""
        failing = Batch(2, ("billing_monthly",), (), "draining", "2026-11-22T12:41:00+00:00")
        done = Batch(1, ("etl_hourly", "etl_daily"), (), "done", "2026-11-22T12:20:00+00:00")
        self.boards.rows = real.checks()
        self.boards.lines = [
            line("etl_hourly", batch=done, place="target", source=True, target=False),
            line("etl_daily", batch=done, place="target", source=True, target=False),
            line("billing_monthly", runs=1), line("reports"), line("日次集計"),
            line("old_backfill", paused=True),
            line("only_on_the_source", on_target=False, target=None, place="no-target"),
            *(line(f"team_{n:05d}") for n in range(self.many)),
        ]  # fmt: skip
        self.boards.batches = [done]
        self.boards.things, self.boards.stays = real.things(), real.stays()
        self.half = failing
        return self

    def environments(self, session: Session) -> list[engine.EnvironmentLine]:
        region = session.source.connection.region
        if region in self.refused:
            raise self.refused[region]
        one = engine.EnvironmentLine
        return [
            one("analytics-prod", "AVAILABLE", "2.8.1", "mw1.medium", "2024-05-01", region),
            one("billing", "AVAILABLE", "1.10.12", "mw1.small", "2021-02-11", region),
            one("etl-staging", "UPDATING", "2.10.3", "mw1.large", "2025-11-30", region),
            one("移行テスト", "AVAILABLE", "2.11.2", "mw1.micro", "2026-11-20", region),
            *(one(f"team-{n:05d}-etl", "AVAILABLE", "2.8.1", "mw1.small", "2024-05-01", region)
              for n in range(self.many)),
        ]  # fmt: skip

    def report(self, session: Session, columns: int) -> engine.ReportText:
        return real.report(session, columns)

    def source_environment(self, _session: Session) -> dict[str, Any]:
        return samples.environment()


def install(patch: pytest.MonkeyPatch, kind: type[CaptureEngine] | None = None) -> CaptureEngine:
    """The answers in place of the engine's, but for the functions that ask nobody."""
    real = {name: getattr(engine, name) for name in _REAL}
    fake = (kind or CaptureEngine)().dressed()
    fake.install(patch)
    for name, function in real.items():
        patch.setattr(engine, name, function)
    return fake


@contextmanager
def capture_world(language: str, **environ: str) -> Iterator[tuple[CaptureEngine, pytest.MonkeyPatch]]:
    """A home of its own, a clock that stands still, one language; all put back at the end."""
    patch = pytest.MonkeyPatch()
    with tempfile.TemporaryDirectory(prefix="mwz-") as folder, standing_still():
        for name in ("NO_COLOR", "MWAA_WIZARD_LANG", "TEXTUAL_THEME", *(n for n in os.environ if n[:4] == "AWS_")):
            patch.delenv(name, raising=False)
        home(patch, Path(folder))
        for name, value in environ.items():
            patch.setenv(name, value)
        fake = install(patch)
        patch.setattr("mwaa_wizard.__version__", "1.0.0")
        patch.setattr("textual.widgets.Input._toggle_cursor", lambda _field: None)  # no blinking
        patch.setattr(os, "fsync", lambda _handle: None)  # nothing here has to outlive a power cut
        patch.setattr("screens.lookup.AT_LEAST", 0.0)  # a word of waiting is not kept for anyone to read
        i18n.use_language(language)
        try:
            yield fake, patch
        finally:
            fake.release.set()
            i18n.use_language("en")
            patch.undo()


def undress(engine_: CaptureEngine) -> None:
    """As fresh, for the next scene; what was put in place of the engine stays in place."""
    boards, fresh = engine_.boards, type(engine_)().dressed()
    engine_.__dict__.update(fresh.__dict__)
    boards.__dict__.update(fresh.boards.__dict__)
    engine_.boards = boards
    engine_preflight._kept.clear()
    engine_cutover._kept.clear()


def without_folder(text: str) -> str:
    """The temporary folder's name is the only thing that differs from run to run; as long as before."""
    return _FOLDER.sub(lambda found: "/home/you".ljust(len(found[0]), "x"), text)


def a_session(route: str = "new-environment", number: int = 1) -> Session:
    """Complete up to Review; nothing in it is random."""
    session = ready_session(id=f"0000000{number}", migration_bucket=real.BUCKET)
    session.route = route  # type: ignore[assignment]
    session.source.environment_class = "mw1.medium"
    session.created_at = session.updated_at = NOW - dt.timedelta(minutes=3)
    session.page.done = [
        "connect", "source", "route", "target", "settings", "entries", "tables", "logs", "policies", "preflight",
        "review",
    ]  # fmt: skip
    if route == "bridge":
        session.target.upgrade_to = "3.0.6"
    if route == "in-place":
        session.target.environment, session.target.airflow_version = "analytics-prod", "2.11.2"
        session.target.create_role = session.target.create_bucket = False
    return session


_AT: dict[Outcome, StepState] = {"running": "running", "failed": "failed", "stopped": "stopped", "": "waiting"}
def a_run(session: Session, outcome: Outcome, at: str) -> Run:
    """A run that stands still: every step before `at` is done, with times, logs and progress."""
    denied = real.denied()
    steps, clock, before = [], NOW - dt.timedelta(minutes=47), True
    logs = StepLogs(session.id)
    for step in engine.plan(session):
        view = StepView(step.id, step.title)
        if step.id == at and outcome != "done":
            before = False
            view = replace(view, started_at=clock, state=_AT[outcome])
            if outcome == "failed":
                view = replace(view, ended_at=clock + dt.timedelta(seconds=38), error=denied)
            if outcome == "running":
                progress = Progress(
                    step=step.id, at=NOW, done=711_402, total=1_002_340, unit=in_words("rows"),
                    detail=f"{in_words('export')} task_instance",
                )  # fmt: skip
                view = replace(view, progress=progress)
            _write_lines(logs, step.id, NOW)
        elif before:
            took = dt.timedelta(seconds=1450 if step.id == "create-target" else 2 + len(step.id))
            view = replace(view, state="done", started_at=clock, ended_at=clock + took)
            logs.write(StepChanged(step=step.id, state="done", at=clock + took))
            clock += took
        steps.append(view)
    state = RunState(
        steps=tuple(steps), outcome=outcome, started_at=NOW - dt.timedelta(minutes=47),
        ended_at=None if outcome == "running" else NOW - dt.timedelta(seconds=9),
        failed_step=at if outcome == "failed" else "", error=denied if outcome == "failed" else None,
    )  # fmt: skip
    return Run("full", [(step.id, step.title) for step in engine.plan(session)], logs.path, state)


def _write_lines(logs: StepLogs, step: str, at: dt.datetime) -> None:
    texts = (
        ("INFO", "snapshot 00000004-1 shared with 4 threads"),
        ("INFO", "task_instance part 4: 125,000 rows, 7.9 MiB"),
        ("WARN", "2 runs are running still: etl_hourly, 日次集計; waiting for them at most 10 minutes"),
        ("INFO", "task_instance part 5: s3://mwaa-migration-5f2c9a10-7d41-4c7e-9b1e-0a6b3d8e4f21/run-1/task_instance/0005.csv.gz"),
        ("ERROR", "part 5: SlowDown (503), tried again in 4 s [x/y] [red]not a colour[/]"),
    )
    for number, (level, text) in enumerate(texts):
        logs.write(Line(step=step, level=level, text=text, at=at - dt.timedelta(seconds=20 - 3 * number)))  # type: ignore[arg-type]
