"""History of Airflow 2.10.3 comes to 3.3.1: imported into 2.11.2, verified there, upgraded in place, verified again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaa_wizard import paths
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.metadata.bundle import Manifest, VerifyResult
from mwaa_wizard.report import build
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Connection, Logs, Session, Source, Target
from tests.airflows import near
from tests.e2e.world import PROFILE, READ_SECRETS, REGION, World, step_has

pytestmark = pytest.mark.e2e

SOURCE, TARGET = "ledger-prod", "ledger-v3"
BEFORE, STONE, AFTER = near("2.10.3"), "2.11.2", "3.3.1"


@pytest.fixture(scope="module")
def own_world(home: Path) -> Iterator[World]:
    from mwaa_wizard.sandbox import control

    status = control.up([(SOURCE, BEFORE)], "small", lambda line: print(line, flush=True))
    os.environ.update(status.environ())
    world = World(home, BEFORE, STONE)
    yield world
    for name in world.client("mwaa").list_environments()["Environments"]:
        if name in (SOURCE, TARGET):
            world.drop(name)


@pytest.fixture(scope="module")
def paused_before(own_world: World) -> dict[str, bool]:
    return own_world.paused(SOURCE)


@pytest.fixture(scope="module")
def bridged(own_world: World, paused_before: dict[str, bool]) -> Session:
    """A session that ran from its first step to its last, killed in the middle of the upgrade."""
    connection = Connection(profile=PROFILE, region=REGION)
    session = Session(
        route="bridge",
        source=Source(connection=connection, environment=SOURCE, airflow_version=BEFORE),
        target=Target(connection=connection, environment=TARGET, airflow_version=STONE, upgrade_to=AFTER),
        logs=Logs(copy_logs=False),
    )
    store.save(session)
    events: list[object] = []
    outcome = Runner(session, plan_for(session), events.append).run(until="facts")
    assert outcome.finished, outcome.error.lines() if outcome.error else outcome
    # kill -9 while MWAA changes the version: the resume goes through every step before and follows that update.
    own_world.run_and_kill("run", session.id, "--yes", when=step_has(session, "upgrade", "answered"))
    done = own_world.wizard("resume", session.id, "--headless")
    assert done.returncode == 0, done.stdout + done.stderr
    return session


def test_the_target_runs_airflow_3_and_both_verifications_are_equal(own_world: World, bridged: Session) -> None:
    found = own_world.client("mwaa").get_environment(Name=TARGET)["Environment"]
    assert (found["Status"], found["AirflowVersion"]) == ("AVAILABLE", AFTER)
    folder = paths.run_dir(bridged.id)
    for name, version in (("verify.json", STONE), ("verify-upgrade.json", AFTER)):
        result = VerifyResult.model_validate_json((folder / name).read_text())
        assert result.airflow_version == version
        assert result.same, result
    assert build.build(bridged).state == "verified"
    assert build.verified(bridged)


def test_rest_api_v2_lists_every_migrated_run_and_task_instance(own_world: World, bridged: Session) -> None:
    manifest = Manifest.model_validate_json((paths.run_dir(bridged.id) / "manifest.json").read_text())
    assert sum(counts["runs"] for counts in manifest.dag_counts.values()) > 1000
    assert own_world.rest(TARGET, "/version")["version"] == AFTER
    for dag_id, counts in manifest.dag_counts.items():
        page = own_world.rest(TARGET, f"/dags/{dag_id}/dagRuns", limit=1)
        assert page["total_entries"] == counts["runs"], dag_id
        tasks = own_world.rest(TARGET, f"/dags/{dag_id}/dagRuns/~/taskInstances", limit=1)
        assert tasks["total_entries"] == counts["task_instances"], dag_id


def test_variables_and_connections_can_be_read_by_airflow_3(own_world: World, bridged: Session) -> None:
    source, target = own_world.inside(SOURCE, READ_SECRETS), own_world.inside(TARGET, READ_SECRETS)
    assert target["variables"] == source["variables"]
    assert target["connections"] == source["connections"]


def test_nothing_of_ours_is_left_on_either_side(
    own_world: World, bridged: Session, paused_before: dict[str, bool]
) -> None:
    s3 = own_world.client("s3")
    for name in (SOURCE, TARGET):
        bucket = own_world.client("mwaa").get_environment(Name=name)["Environment"]["SourceBucketArn"].rsplit(":", 1)[1]
        found = s3.list_object_versions(Bucket=bucket)
        keys = {entry["Key"] for entry in found.get("Versions", []) + found.get("DeleteMarkers", [])}
        assert not [key for key in keys if "mwz_" in key]
    assert not [dag for dag in own_world.paused(SOURCE) if dag.startswith("mwz_")]
    dags = own_world.rest(TARGET, "/dags", limit=100, exclude_stale=False)["dags"]
    assert not [dag["dag_id"] for dag in dags if dag["dag_id"].startswith("mwz_")]
    assert all(dag["is_paused"] for dag in dags)
    assert own_world.paused(SOURCE) == paused_before
    assert bridged.migration_bucket not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    journal = Journal.of(bridged.id)
    assert [journal.live(kind) for kind in ("dag-file", "inline-policy", "variable")] == [[], [], []]


def test_a_second_run_says_verified_and_changes_nothing(own_world: World, bridged: Session) -> None:
    done = own_world.wizard("run", bridged.id, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "VERIFIED" in done.stdout
    assert f"dag_run {AFTER}" in done.stdout
    records = Journal.of(bridged.id).of_step("upgrade")
    assert len([record for record in records if record.get("call") == "airflow:UpdateEnvironment"]) == 1
    assert json.loads(own_world.wizard("report", bridged.id, "--format", "json").stdout)["state"] == "verified"


def test_the_target_can_take_over(own_world: World, bridged: Session, paused_before: dict[str, bool]) -> None:
    """The other cut-over, on Airflow 3: exactly the source's unpaused DAGs run in the target, and undo pauses them."""
    bridged.cut_over = "switch"
    runner = Runner(bridged, plan_for(bridged), lambda event: None)
    step = next(step for step in runner.steps if step.id == "cut-over")
    runner.context.step = step.id
    step.run(runner.context)
    wanted = {dag_id for dag_id, paused in paused_before.items() if not paused}
    dags = own_world.rest(TARGET, "/dags", limit=100, exclude_stale=False)["dags"]
    assert {dag["dag_id"] for dag in dags if not dag["is_paused"]} == wanted
    assert all(own_world.paused(SOURCE).values())
    step.undo(runner.context)
    dags = own_world.rest(TARGET, "/dags", limit=100, exclude_stale=False)["dags"]
    assert all(dag["is_paused"] for dag in dags)
