"""A step that the plan does without, on the real plan: left out, taken in again, refused where the plan needs it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from mwaa_wizard.commands.run import resume, run
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.execution import documents
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.step import Check
from mwaa_wizard.execution.steps.logs import CopyLogs
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.cli.cloud import new_session

REFUSED = WizardError(what="The manifest may not be read.", code="AccessDenied")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """All steps of its plan find their work done, but the one that copies logs, which is refused."""
    made = new_session()
    for kind in {type(step) for step in plan_for(made)} - {CopyLogs}:
        monkeypatch.setattr(kind, "check", lambda _step, _ctx: Check(True))

    def refuse(*_arguments: object) -> object:
        raise REFUSED

    monkeypatch.setattr(documents, "need", refuse)
    return made


def call(*words: str) -> Result:
    command, *rest = words
    return CliRunner().invoke({"run": run, "resume": resume}[command], rest, standalone_mode=False)


def states(session: Session) -> list[str]:
    return [str(record["event"]) for record in Journal.of(session.id).of_step("logs")]


def test_the_failed_step_is_left_out_and_the_run_goes_on_to_its_end(session: Session) -> None:
    said = call("run", session.id, "--yes")
    assert f"Or without it: mwaa-wizard resume {session.id} --leave-out logs  (Old task logs stay" in said.stderr
    assert store.load(session.id).last_result.step == "logs"
    said = call("resume", session.id, "--headless", "--leave-out", "logs")
    assert "✔ logs             skipped  left out by you" in said.stdout
    assert store.load(session.id).last_result.state == "differs", "it came to its end; nothing was verified here"
    assert states(session)[-1] == "left-out"
    call("run", session.id, "--yes", "--take-in", "logs")
    assert (states(session)[-1], store.load(session.id).last_result.step) == ("failed", "logs")


def test_after_the_clean_up_it_is_too_late(session: Session) -> None:
    call("run", session.id, "--yes")
    Journal.of(session.id).write("clean-up", "removed", kind="bucket", name=session.migration_bucket)
    said = call("run", session.id, "--yes", "--take-in", "logs")
    assert isinstance(said.exception, WizardError)
    assert "has deleted the exported bundle" in said.exception.what
    assert "taken-in" not in states(session)
    Journal.of(session.id).write("migration-bucket", "made", kind="bucket", name=session.migration_bucket)
    call("run", session.id, "--yes", "--take-in", "logs")
    assert "taken-in" in states(session), "the bucket is there again"


@pytest.mark.parametrize("step", ["verify", "export", "create-target"])
def test_what_the_plan_needs_is_not_left_out(session: Session, step: str) -> None:
    for words in (["run", session.id, "--yes"], ["resume", session.id, "--headless"]):
        said = call(*words, "--leave-out", step)
        assert isinstance(said.exception, WizardError)
        assert said.exception.exit_code == EXIT_USAGE
        assert f"does not do without step {step}" in said.exception.what
    assert list(Journal.of(session.id).records()) == []


def test_a_step_that_there_is_not_is_refused_with_those_there_are(session: Session) -> None:
    said = call("run", session.id, "--yes", "--leave-out", "log")
    assert isinstance(said.exception, WizardError)
    assert "logs" in said.exception.what


def test_only_task_logs_can_be_left_out_of_any_plan() -> None:
    for route in ("new-environment", "bridge", "in-place", "settings-only"):
        session = Session(route=route)
        session.target.airflow_version = "2.11.2"
        assert {step.id for step in plan_for(session) if step.skippable(session)} <= {"logs"}, route
