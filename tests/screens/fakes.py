"""An engine of in-memory answers for the one seam the screens have, and a runner that plays a script."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mwaa_wizard.environments.settings import SettingRow
from mwaa_wizard.errors import Cancelled, WizardError
from mwaa_wizard.execution.events import Event, Line, Progress, RunFinished, RunStarted, StepChanged
from mwaa_wizard.execution.steplog import StepLogs
from mwaa_wizard.front import engine, engine_entries
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata.bundle import Inventory, TableCount
from mwaa_wizard.session.model import Session

from .fake_boards import FakeBoards
from .policy_fakes import FakePolicies

ACCOUNT = "111122223333"
OTHER = "444455556666"  # of profile prod, where a test gives the target that one
# What a hostile name or log line may hold: markup, an escape sequence that sets the clipboard, wide characters.
NASTY = "[/x][bold]移行\x1b]52;c;ZXZpbA==\x07環境"


@dataclass
class FakeStep:
    """A step as far as the screens look at it."""

    id: str
    title: str

    def describe(self, session: Session) -> list[str]:
        return [f"{self.title} of {session.target.environment} in {session.target.connection.region}"]


STEPS = [
    FakeStep("read-source", "Read source"),
    FakeStep("migration-bucket", "Migration bucket"),
    FakeStep("create-target", "Create target"),
    FakeStep("export", "Export"),
    FakeStep("import", "Import"),
    FakeStep("verify", "Verify"),
]

FAILURE = WizardError(
    what="The target's role may not read the bundle.",
    where="s3:GetObject on mwaa-migration/tables/xcom/0003.csv.gz",
    code="AccessDenied",
    request_id="7X2K",
    changed="dag_run and variable are in.",
    remedy="Attach the policy of the page Policies, then retry.",
)


class FakeRunner:
    """Runs the steps at once; stops before `hold` until `release` is set, fails at `fail_at`."""

    def __init__(self, owner: FakeEngine, session: Session, steps: Sequence[FakeStep], listener: Any) -> None:
        self.owner, self.session, self.steps, self._listener = owner, session, steps, listener
        self.logs = StepLogs(session.id)
        self.cancel = threading.Event()
        self.context = SimpleNamespace(ask=None, cancel=self.cancel)

    def _emit(self, event: Event) -> None:
        self.logs.write(event)
        self._listener(event)

    def run(self) -> None:
        owner = self.owner
        owner.started += 1
        self._emit(RunStarted(steps=tuple(step.id for step in self.steps)))
        for step in self.steps:
            self._emit(StepChanged(step=step.id, state="checking"))
            self._emit(StepChanged(step=step.id, state="running"))
            for number in range(owner.lines):
                self._emit(Line(step=step.id, level="INFO", text=f"{step.id} line {number}"))
            self._emit(Line(step=step.id, level="WARN", text="[red]not markup[/nothing]"))
            self._emit(Progress(step=step.id, done=711_402, total=1_000_000, unit="rows", detail="part 5/8"))
            if step.id == owner.hold:
                owner.release.wait(20)
            if self.cancel.is_set() or not self._answered(step):
                self._emit(StepChanged(step=step.id, state="stopped"))
                self._emit(RunFinished(outcome="stopped", failed_step=step.id))
                return
            if step.id == owner.fail_at:
                owner.fail_at = ""
                self._emit(StepChanged(step=step.id, state="failed", detail=FAILURE.what, error=FAILURE))
                self._emit(RunFinished(outcome="failed", failed_step=step.id, error=FAILURE))
                return
            self._emit(StepChanged(step=step.id, state="verifying"))
            self._emit(StepChanged(step=step.id, state="done"))
        owner.finished = True
        self._emit(RunFinished(outcome="done"))

    def _answered(self, step: FakeStep) -> bool:
        """Ask where the test wants it; False where the run is to stop, as the real runner does with Cancelled."""
        if step.id not in self.owner.asks or self.context.ask is None:
            return True
        try:
            self.owner.answers.append(self.context.ask(self.owner.asks[step.id]))
        except Cancelled:
            return False
        return True

    def undo(self) -> None:
        for step in reversed(self.steps):
            self._emit(StepChanged(step=step.id, state="undone"))
        self._emit(RunFinished(outcome="done"))

    def stop(self) -> None:
        self.cancel.set()
        self.owner.release.set()


@dataclass
class FakeEngine:
    """Answers of `mwaa_wizard.front.engine`; tests change the members they are about."""

    names: list[str] = field(default_factory=lambda: ["default", "prod"])
    environment_names: list[str] = field(default_factory=lambda: ["analytics-prod", "billing"])
    version: str = "2.8.1"
    refused: dict[str, WizardError] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    given: dict[str, str] = field(default_factory=dict)
    keyring: bool = True
    made: list[tuple[str, str]] = field(
        default_factory=lambda: [("bucket", "mwaa-migration-1"), ("environment", "analytics-v2")]
    )
    asks: dict[str, str] = field(default_factory=dict)
    answers: list[bool] = field(default_factory=list)
    fail: dict[str, WizardError] = field(default_factory=dict)
    needed: str = ""
    edits: dict[str, str] = field(default_factory=dict)
    counted: Inventory | None = None
    hold: str = ""
    fail_at: str = ""
    lines: int = 3
    started: int = 0
    finished: bool = False
    policies: FakePolicies = field(default_factory=FakePolicies)
    release: threading.Event = field(default_factory=threading.Event)
    boards: FakeBoards = field(default_factory=FakeBoards)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
        """Put the answers in place of the engine's."""
        for name in (
            "profiles", "profile_region", "regions", "regions_beside", "identity", "environments", "source_environment",
            "name_is_free", "name_problems", "setting_rows", "edit_setting", "reset_setting",
            "setting_problems", "setting_choices", "takes_several", "tables", "inventory",
            "plan", "inventory_plan", "make_runner", "report", "verified", "made_things",
        ):  # fmt: skip
            monkeypatch.setattr(engine, name, self._maybe_failing(name))
        monkeypatch.setattr(engine_entries, "listed", self._maybe_failing("listed"))
        monkeypatch.setattr(engine_entries, "states", self._maybe_failing("states"))
        monkeypatch.setattr(engine_entries, "give", self._maybe_failing("give"))
        self.policies.install(monkeypatch)
        self.boards.install(monkeypatch)
        return self

    def _maybe_failing(self, name: str) -> Callable[..., Any]:
        answer = getattr(self, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            if name in self.fail:
                raise self.fail.pop(name)
            return answer(*args, **kwargs)

        return call

    def profiles(self) -> list[engine.ProfileLine]:
        return [engine.ProfileLine(name, "us-east-1", "SSO") for name in self.names]

    def profile_region(self, _profile: str | None) -> str:
        return "us-east-1"

    def regions(self) -> list[str]:
        return ["eu-west-1", "us-east-1"]

    def regions_beside(self, _region: str) -> list[str]:
        return ["eu-central-1", "eu-west-1", "us-east-1"]

    def identity(self, session: Session, side: str) -> engine.Who:
        if session.target.connection.profile == "prod" and side == "target":
            return engine.Who(OTHER, f"arn:aws:sts::{OTHER}:assumed-role/{side}/me", "aws")
        return engine.Who(ACCOUNT, f"arn:aws:sts::{ACCOUNT}:assumed-role/{side}/me", "aws")

    def environments(self, session: Session) -> list[engine.EnvironmentLine]:
        region = session.source.connection.region
        if region in self.refused:
            raise self.refused[region]
        names = self.environment_names if region == "us-east-1" else [f"{region}-etl"]
        return [
            engine.EnvironmentLine(name, "AVAILABLE", self.version, "mw1.medium", "2024-05-01", region)
            for name in names
        ]

    def source_environment(self, _session: Session) -> dict[str, Any]:
        return {"Name": "analytics-prod", "MaxWorkers": 10}

    def name_is_free(self, _session: Session, name: str) -> bool:
        return name not in self.taken

    def name_problems(self, name: str) -> list[str]:
        return [] if name[:1].isalpha() else ["A name starts with a letter."]

    def setting_rows(self, session: Session, _environment: dict[str, Any]) -> list[SettingRow]:
        workers = self.edits.get("MaxWorkers", "10")
        needed = bool(self.needed) and self.needed not in self.edits
        return [
            SettingRow("AirflowVersion", "Airflow version", "2.8.1", session.target.airflow_version, "changed"),
            SettingRow("EnvironmentClass", "Class", "mw1.medium", "mw1.medium", "same", help="How large it is."),
            SettingRow(
                "MaxWorkers", "Max workers", "10", workers, "same" if workers == "10" else "changed",
                help="Workers at most.", edited=workers != "10", text=workers,
            ),
            SettingRow(
                "KmsKey", "KMS key", "", self.edits.get("KmsKey", ""), "needed" if needed else "same",
                problems=["The source's key belongs to another account."] if needed else [],
                fixed_after_creation=True, help="Encrypts everything.",
            ),
        ]  # fmt: skip

    def edit_setting(self, _session: Session, name: str, text: str) -> list[str]:
        if name == "MaxWorkers" and not text.isdigit():
            return ["Give a whole number."]
        self.edits[name] = text
        return []

    def reset_setting(self, _session: Session, name: str) -> None:
        self.edits.pop(name, None)

    def setting_problems(self, session: Session, environment: dict[str, Any]) -> list[str]:
        return [
            f"{row.label}: {text}" for row in self.setting_rows(session, environment) for text in row.problems
        ]

    def setting_choices(self, _session: Session, name: str) -> list[tuple[str, str]]:
        return [("key-1", "alias/one  key-1")] if name == "KmsKey" else []

    def takes_several(self, _name: str) -> bool:
        return False

    def listed(self, _session: Session) -> engine_entries.Listed:
        return engine_entries.Listed(74, 5, ("api_token",), ("db_main", "http_api"))

    def states(
        self, session: Session, _environment: dict[str, Any], found: engine_entries.Listed
    ) -> list[engine_entries.ConnectionLine]:
        lines = []
        for conn_id in found.connections:
            state = "given" if conn_id in self.given else "needed" if conn_id == "db_main" else "complete"
            if session.entries.connections == "leave" or conn_id in session.entries.left:
                state = "left"
            moves = state in ("given", "complete")
            why = _("its password is not known")
            lines.append(engine_entries.ConnectionLine(conn_id, "postgres", state, why, moves))
        return lines

    def give(self, _session: Session, conn_id: str, text: str) -> bool:
        self.given[conn_id] = text
        return self.keyring

    def tables(self) -> list[engine.TableLine]:
        return [
            engine.TableLine("dag_run", "runs of every DAG", True),
            engine.TableLine("task_instance", "tries, times, states", True),
            engine.TableLine("log", "audit log", False),
            engine.TableLine("variable", "sealed to the target's key", True),
        ]

    def inventory(self, _session: Session) -> Inventory | None:
        return self.counted

    def plan(self, _session: Session) -> list[FakeStep]:
        return STEPS

    def inventory_plan(self, _session: Session) -> list[FakeStep]:
        return STEPS[:2]

    def make_runner(self, session: Session, kind: str, listener: Any) -> FakeRunner:
        steps = STEPS[:2] if kind == "inventory" else STEPS
        if kind == "inventory":
            self.counted = inventory()
        return FakeRunner(self, session, steps, listener)

    def report(self, _session: Session, _columns: int) -> engine.ReportText:
        text = "table          source   target  same\ndag_run        48,211   48,211  yes\n"
        return engine.ReportText(text, ("Try the target.",), ("/state/report.html",), self.finished or None)

    def verified(self, _session: Session) -> bool | None:
        return self.finished or None

    def made_things(self, _session: Session) -> list[tuple[str, str]]:
        return self.made


def inventory() -> Inventory:
    """Counts as the inventory DAG writes them."""
    tables = {
        "dag_run": TableCount(
            rows=48_211, size_bytes=9_000_000, first="2023-04-01T00:00:00", last="2026-11-01T00:00:00"
        ),
        "task_instance": TableCount(rows=1_002_340, size_bytes=300_000_000),
        "log": TableCount(rows=163_500, size_bytes=40_000_000),
        "variable": TableCount(rows=74, size_bytes=8192),
    }
    return Inventory(
        run_id="r", environment="analytics-prod", airflow_version="2.8.1", alembic_head="x", python_version="3.11",
        database="postgresql 15", created_at=dt.datetime.now(dt.UTC).isoformat(), tables=tables, dags=[],
    )  # fmt: skip


def home(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """State, AWS configuration and animations of the test, never the user's own."""
    monkeypatch.setenv("MWAA_WIZARD_HOME", str(folder))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "aws-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")


def ready_session(**changes: Any) -> Session:
    """A session complete up to Review."""
    session = Session(**changes)
    for part, side, name, version in (
        (session.source, "source", "analytics-prod", "2.8.1"), (session.target, "target", "analytics-v2", "2.11.2"),
    ):  # fmt: skip
        part.connection.profile, part.connection.region = "default", "us-east-1"
        part.connection.account, part.connection.arn = (
            ACCOUNT,
            f"arn:aws:sts::{ACCOUNT}:assumed-role/{side}/me",
        )
        part.connection.partition = "aws"
        part.environment, part.airflow_version = name, version
    session.page.done = ["connect", "source", "target", "settings", "tables", "logs", "policies", "preflight"]
    return session
