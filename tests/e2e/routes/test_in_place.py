"""A production environment changes from Airflow 2.10.3 to 2.11.2 where it is, and keeps everything."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.errors import EXIT_RESUMABLE
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.report import build
from mwaa_wizard.session.model import Session
from tests.airflows import near
from tests.e2e import played
from tests.e2e.world import PROFILE, READ_SECRETS, REGION, World, step_has

pytestmark = pytest.mark.e2e

NAME, BEFORE, AFTER = "orders-prod", near("2.10.3"), "2.11.2"


@dataclass
class Upgraded:
    """A session that ran to its end, and what the environment was like before."""

    session: Session
    paused: dict[str, bool]
    totals: dict[str, tuple[int, int]]
    secrets: dict[str, Any]
    environment: dict[str, Any]


def totals(world: World, dags: list[str]) -> dict[str, tuple[int, int]]:
    """DAG id -> runs and task instances, by the environment's REST API."""
    return {
        dag_id: (
            world.rest(NAME, f"/dags/{dag_id}/dagRuns", limit=1)["total_entries"],
            world.rest(NAME, f"/dags/{dag_id}/dagRuns/~/taskInstances", limit=1)["total_entries"],
        )
        for dag_id in dags
    }


@pytest.fixture(scope="module")
def own_world(home: Path) -> Iterator[World]:
    from mwaa_wizard.sandbox import control

    status = control.up([(NAME, BEFORE)], "small", lambda line: print(line, flush=True))
    os.environ.update(status.environ())
    world = World(home, BEFORE, AFTER)
    yield world
    world.drop(NAME)


@dataclass
class Failed:
    """A first try that MWAA took back, and what was there before it."""

    session: Session
    code: int
    printed: str
    paused: dict[str, bool]
    environment: dict[str, Any]


@pytest.fixture(scope="module")
def rolled_back(own_world: World, tmp_path_factory: pytest.TempPathFactory) -> Failed:
    """The upgrade with a plugins.zip along that is none, in plain lines: the new version does not come up."""
    world = own_world
    file = answers(tmp_path_factory, settings="{PluginsS3Path: broken.zip}")
    paused, environment = world.paused(NAME), world.client("mwaa").get_environment(Name=NAME)["Environment"]
    bucket = environment["SourceBucketArn"].rsplit(":", 1)[1]
    world.client("s3").put_object(Bucket=bucket, Key="broken.zip", Body=b"no archive")
    code, printed, session = played.plain(file)
    return Failed(session, code, printed, paused, environment)


def answers(folder: pytest.TempPathFactory, *, settings: str = "{}", questions: str = "yes") -> Path:
    """The answers file of this route."""
    return played.file_of("in-place", folder.mktemp("answers"), profile=PROFILE, region=REGION, source=NAME,
                          version=AFTER, settings=settings, questions=questions)  # fmt: skip


def test_an_upgrade_that_fails_is_rolled_back_and_told(own_world: World, rolled_back: Failed) -> None:
    result = rolled_back.session.last_result
    assert (rolled_back.code, result.state, result.step) == (EXIT_RESUMABLE, "failed", "upgrade"), rolled_back.printed
    assert f"went back to {BEFORE}" in rolled_back.printed
    assert "broken.zip is not a zip archive" in rolled_back.printed
    assert f"mwaa-wizard resume {rolled_back.session.id}" in rolled_back.printed
    found, before = own_world.client("mwaa").get_environment(Name=NAME)["Environment"], rolled_back.environment
    assert found["Status"] == "UPDATE_FAILED"
    assert {key for key in found.keys() | before.keys() if found.get(key) != before.get(key)} == {
        "LastUpdate", "Status",
    }  # fmt: skip
    assert own_world.rest(NAME, "/version")["version"] == BEFORE
    assert own_world.paused(NAME) == rolled_back.paused


@pytest.fixture(scope="module")
def upgraded(own_world: World, rolled_back: Failed, tmp_path_factory: pytest.TempPathFactory) -> Upgraded:
    """Without the broken file: a no to the run's question, then held, counted, killed in the middle, and resumed."""
    world = own_world
    secrets = world.inside(NAME, READ_SECRETS)
    code, printed, session = played.plain(answers(tmp_path_factory, questions="no"))
    assert "Go on (yes or no): no" in printed, printed
    assert (code, session.last_result.step) == (EXIT_RESUMABLE, "preflight"), printed
    found = Upgraded(session, rolled_back.paused, {}, secrets, rolled_back.environment)
    held = Runner(session, plan_for(session), lambda event: None).run(until="facts")
    assert held.finished, held.error.lines() if held.error else held
    assert all(world.paused(NAME).values())
    found.totals = totals(world, sorted(found.paused))
    # kill -9 while MWAA is at it: the update goes on, and a resume follows that one.
    world.run_and_kill("run", session.id, "--yes", when=step_has(session, "upgrade", "answered"))
    assert Journal.of(session.id).last("upgrade", "done") is None
    done = world.wizard("resume", session.id, "--headless")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "looking where it is" in done.stdout
    return found


def calls(session: Session) -> list[dict[str, Any]]:
    """The updates that MWAA accepted."""
    return [r for r in Journal.of(session.id).of_step("upgrade") if r.get("call") == "airflow:UpdateEnvironment"]


def test_the_environment_runs_the_new_version_and_nothing_else_changed(own_world: World, upgraded: Upgraded) -> None:
    found = own_world.client("mwaa").get_environment(Name=NAME)["Environment"]
    assert (found["Status"], found["AirflowVersion"]) == ("AVAILABLE", AFTER)
    assert own_world.rest(NAME, "/version")["version"] == AFTER
    before = upgraded.environment
    differs = {key for key in found.keys() | before.keys() if found.get(key) != before.get(key)}
    assert differs - {"AirflowConfigurationOptions"} == {"AirflowVersion", "LastUpdate", "RequirementsS3ObjectVersion"}
    assert found["AirflowConfigurationOptions"]["core.parallelism"] == "24"


def test_every_run_and_task_instance_is_still_listed(own_world: World, upgraded: Upgraded) -> None:
    assert sum(runs for runs, _tasks in upgraded.totals.values()) > 1000
    report = build.build(upgraded.session)
    assert report.state == "verified", report.tables
    lines = {line.name: line for line in report.tables}
    assert lines["dag_run"].source == lines["dag_run"].target == sum(runs for runs, _tasks in upgraded.totals.values())
    assert lines["task_instance"].target == sum(tasks for _runs, tasks in upgraded.totals.values())
    assert own_world.inside(NAME, READ_SECRETS) == upgraded.secrets


def test_paused_states_are_as_before(own_world: World, upgraded: Upgraded) -> None:
    assert own_world.paused(NAME) == upgraded.paused
    assert not all(upgraded.paused.values())


def test_requirements_follow_and_the_old_ones_stay(own_world: World, upgraded: Upgraded) -> None:
    found = own_world.client("mwaa").get_environment(Name=NAME)["Environment"]
    s3, bucket = own_world.client("s3"), found["SourceBucketArn"].rsplit(":", 1)[1]

    def text(version: str) -> str:
        key = found["RequirementsS3Path"]
        return str(s3.get_object(Bucket=bucket, Key=key, VersionId=version)["Body"].read().decode())

    assert "constraints-2.11.2/constraints-3.12.txt" in text(found["RequirementsS3ObjectVersion"])
    assert f"constraints-{BEFORE}/" in text(upgraded.environment["RequirementsS3ObjectVersion"])
    jump = Journal.of(upgraded.session.id).live("airflow-version")
    assert [record["before"]["requirements_version"] for record in jump] == [
        upgraded.environment["RequirementsS3ObjectVersion"]
    ]


def test_a_second_run_changes_nothing_and_says_verified(own_world: World, upgraded: Upgraded) -> None:
    done = own_world.wizard("run", upgraded.session.id, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "VERIFIED" in done.stdout
    assert len(calls(upgraded.session)) == 1
    report = json.loads(own_world.wizard("report", upgraded.session.id, "--format", "json").stdout)
    assert report["state"] == "verified"


def test_undo_brings_the_environment_back(own_world: World, upgraded: Upgraded) -> None:
    done = own_world.wizard("undo", upgraded.session.id, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    found = own_world.client("mwaa").get_environment(Name=NAME)["Environment"]
    before = upgraded.environment
    assert {key for key in found.keys() | before.keys() if found.get(key) != before.get(key)} == {"LastUpdate"}
    assert own_world.rest(NAME, "/version")["version"] == BEFORE
    assert own_world.paused(NAME) == upgraded.paused
    assert totals(own_world, sorted(upgraded.paused)) == upgraded.totals
    bucket = found["SourceBucketArn"].rsplit(":", 1)[1]
    versions = own_world.client("s3").list_object_versions(Bucket=bucket, Prefix=found["RequirementsS3Path"])
    assert [entry["VersionId"] for entry in versions["Versions"]] == [before["RequirementsS3ObjectVersion"]]
    assert Journal.of(upgraded.session.id).live("airflow-version") == []


def test_the_full_screen_wizard_plays_the_same_file(
    own_world: World, upgraded: Upgraded, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After the undo, so once more from the version before; nobody presses a key."""
    code, captures, session = played.full_screen(answers(tmp_path_factory), tmp_path_factory.mktemp("screen"))
    assert code == 0, captures["end"]
    assert (session.route, session.last_result.state) == ("in-place", "verified")
    assert set(played.PAGES["in-place"]) < set(captures), sorted(captures)
    assert own_world.rest(NAME, "/version")["version"] == AFTER
    assert own_world.paused(NAME) == upgraded.paused
