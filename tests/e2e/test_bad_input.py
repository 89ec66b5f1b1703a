"""Trouble in the middle of a real migration: each ends in one plain message within a bounded time, and resume goes on.

One session goes through all of it, in order: the source's web server hangs while it exports, a part of the bundle is
damaged, the migration bucket is deleted, the target's scheduler is gone while it imports. At the end it is verified.
"""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from mwaa_wizard import paths
from mwaa_wizard.airflow import follow, health, rest
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.metadata.bundle import Manifest, VerifyResult
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.e2e.world import SOURCE, World

pytestmark = pytest.mark.e2e
TARGET = "analytics-trouble"


def airflow_of(environment: str, component: str) -> list[psutil.Process]:
    """The processes of a component (as their title names it) of one of this sandbox's environments, with children."""
    home, found = str(paths.sandbox_dir()), []
    for process in psutil.process_iter():
        try:
            environ = process.environ()
            ours = environ.get("AIRFLOW_ENV_NAME") == environment and process.cwd().startswith(home)
            if ours and component in " ".join(process.cmdline()):
                found += [process, *process.children(recursive=True)]
        except (psutil.Error, OSError):
            continue
    assert found, f"no {component} of {environment} is running"
    return list(dict.fromkeys(found))


def tell(processes: list[psutil.Process], number: int) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def run(session: Session, until: str, listener: Any = lambda event: None) -> WizardError:
    """Run in this process up to a step that must fail; its error."""
    outcome = Runner(store.load(session.id), plan_for(session), listener).run(until=until)
    assert outcome.failed_step == until, outcome
    assert outcome.error is not None
    assert outcome.error.exit_code == EXIT_RESUMABLE
    assert outcome.error.remedy
    assert outcome.error.changed
    assert Journal.of(session.id).last(until, "failed") is not None
    return outcome.error


def events_of(text: str) -> list[dict[str, Any]]:
    """Standard output of `--json`: every line one object."""
    return [json.loads(line) for line in text.splitlines()]


def dag_runs(session: Session, step: str) -> list[str]:
    return [str(r["name"]) for r in Journal.of(session.id).of_step(step, "made") if r.get("kind") == "dag-run"]


def parts(session: Session) -> Manifest:
    return Manifest.model_validate_json((paths.run_dir(session.id) / "manifest.json").read_text())


@pytest.fixture(scope="module")
def session(world: World) -> Iterator[Session]:
    """A session whose target is there and whose next step is the export."""
    made = world.new_session(TARGET)
    before = world.paused(SOURCE)
    outcome = Runner(made, plan_for(made), lambda event: None).run(until="key")
    assert outcome.finished, outcome
    yield made
    done = world.wizard("undo", made.id, "--yes")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert world.paused(SOURCE) == before


def test_web_server_that_hangs_while_the_source_exports(
    world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "GONE_AFTER", 3.0)
    monkeypatch.setattr(rest, "_TRIES", 1)
    hung = airflow_of(SOURCE, "airflow-webserver")

    def listen(event: Any) -> None:
        if "Triggered mwz_export" in getattr(event, "text", ""):
            tell(hung, signal.SIGSTOP)

    try:
        error = run(session, "export", listen)
    finally:
        tell(hung, signal.SIGCONT)
    assert f"Airflow of {SOURCE} could not be reached for" in error.what
    assert "mwz_export was at work" in error.what
    assert dag_runs(session, "export")[0] in error.remedy
    outcome = Runner(store.load(session.id), plan_for(session), lambda event: None).run(until="export")
    assert outcome.finished, outcome
    assert len(dag_runs(session, "export")) == 1, "resume attaches to the run that went on"


def test_damaged_part_is_named_and_exported_again(world: World, session: Session) -> None:
    first = parts(session)
    part = max((part for table in first.tables.values() for part in table.parts), key=lambda part: part.bytes)
    s3 = world.client("s3")
    s3.put_object(Bucket=session.migration_bucket, Key=part.key, Body=b"\x1f\x8b" + b"x" * (part.bytes - 2))
    error = run(session, "import")
    assert part.key in error.where
    assert "Resume exports again" in error.remedy
    outcome = Runner(store.load(session.id), plan_for(session), lambda event: None).run(until="export")
    assert outcome.finished, outcome
    assert parts(session).run_id != first.run_id
    assert {name: t.rows for name, t in parts(session).tables.items() if name in ("variable", "connection")} == {
        name: t.rows for name, t in first.tables.items() if name in ("variable", "connection")
    }


def test_deleted_bucket_is_made_and_filled_again(world: World, session: Session) -> None:
    """Deleted when the import is about to start: that run fails in its first step's own words."""
    s3, bucket = world.client("s3"), session.migration_bucket

    def listen(event: Any) -> None:
        if getattr(event, "step", "") == "import" and getattr(event, "state", "") == "running":
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
                for entry in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                    s3.delete_object(Bucket=bucket, Key=entry["Key"], VersionId=entry["VersionId"])
            s3.delete_bucket(Bucket=bucket)

    error = run(session, "import", listen)
    assert error.code == "NoSuchBucket", error.lines()
    before = parts(session).run_id
    outcome = Runner(store.load(session.id), plan_for(session), lambda event: None).run(until="export")
    assert outcome.finished, outcome
    assert parts(session).run_id != before
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    assert "aws:SecureTransport" in json.dumps(policy)


def test_scheduler_gone_while_the_target_imports_then_killed_and_back(
    world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "QUIET_AFTER", 2.0)
    monkeypatch.setattr(health, "ASK_EVERY", 1.0)
    monkeypatch.setattr(health, "UNHEALTHY_AFTER", 3.0)
    stopped = airflow_of(TARGET, "airflow schedule")

    def listen(event: Any) -> None:
        if "Triggered mwz_import" in getattr(event, "text", ""):
            tell(stopped, signal.SIGSTOP)

    try:
        error = run(session, "import", listen)
    finally:
        tell(stopped, signal.SIGKILL)  # the environment starts another one, as MWAA does
    assert f"scheduler of {TARGET} has not been alive for" in error.what
    assert "last heartbeat" in error.where

    done = world.wizard("run", session.id, "--yes", "--json")
    if done.returncode == EXIT_RESUMABLE:
        # The killed scheduler may have taken the task with it: Airflow says so, and the next run starts anew.
        assert "mwz_import failed" in events_of(done.stdout)[-1]["error"]["what"]
        done = world.wizard("resume", session.id, "--json")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    last = events_of(done.stdout)[-1]
    assert (last["event"], last["outcome"]) == ("RunFinished", "done")
    result = VerifyResult.model_validate_json((paths.run_dir(session.id) / "verify.json").read_text())
    assert result.same, result


def test_report_of_a_finished_session_in_every_format(world: World, session: Session) -> None:
    for form in ("text", "markdown", "html"):
        done = world.wizard("report", session.id, "--format", form)
        assert done.returncode == 0, done.stderr
        assert "VERIFIED" in done.stdout
        assert "NOT VERIFIED" not in done.stdout
        assert "task_instance" in done.stdout.replace("\\_", "_")
    document = json.loads(world.wizard("report", session.id, "--format", "json").stdout)
    assert document["state"] == "verified"
    assert {step["state"] for step in document["steps"]} <= {"done", "skipped"}
