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
from mwaa_wizard.session.model import Session
from tests.airflows import near
from tests.e2e import played
from tests.e2e.world import PROFILE, READ_SECRETS, REGION, World, step_has

pytestmark = pytest.mark.e2e

SOURCE, TARGET, SCREEN_TARGET = "ledger-prod", "ledger-v3", "ledger-screen"
BEFORE, STONE, AFTER = near("2.10.3"), "2.11.2", "3.3.1"


@pytest.fixture(scope="module")
def own_world(home: Path) -> Iterator[World]:
    from mwaa_wizard.sandbox import control

    status = control.up([(SOURCE, BEFORE)], "small", lambda line: print(line, flush=True))
    os.environ.update(status.environ())
    world = World(home, BEFORE, STONE)
    yield world
    for name in world.client("mwaa").list_environments()["Environments"]:
        if name in (SOURCE, TARGET, SCREEN_TARGET):
            world.drop(name)


@pytest.fixture(scope="module")
def paused_before(own_world: World) -> dict[str, bool]:
    return own_world.paused(SOURCE)


@pytest.fixture(scope="module")
def bridged(own_world: World, paused_before: dict[str, bool], tmp_path_factory: pytest.TempPathFactory) -> Session:
    """An answers file in plain lines, killed in the middle of the upgrade, and resumed to its last step."""
    file = answers(tmp_path_factory, TARGET)
    known = played.known()
    # kill -9 while MWAA changes the version: the resume goes through every step before and follows that update.
    updating = played.of_the_new_one(known, lambda session: step_has(session, "upgrade", "answered"))
    own_world.run_and_kill("--plain", "--answers", str(file), when=updating, timeout=600)
    session = played.made_since(known)
    assert (session.route, session.target.airflow_version, session.target.upgrade_to) == ("bridge", STONE, AFTER)
    done = own_world.wizard("--plain", "resume", session.id)
    assert done.returncode == 0, done.stdout + done.stderr
    return store.load(session.id)


def answers(folder: pytest.TempPathFactory, target: str, more: str = "") -> Path:
    """The answers file of this route."""
    return played.file_of("bridge", folder.mktemp("answers"), profile=PROFILE, region=REGION, source=SOURCE,
                          version=AFTER, target=target, more=more)  # fmt: skip


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


def test_the_full_screen_wizard_plays_the_same_file(own_world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With fewer tables, nobody presses a key, and nothing comes between."""
    file = answers(tmp_path_factory, SCREEN_TARGET, "tables.selected: [dag_run, variable, connection, slot_pool]")
    code, captures, session = played.full_screen(file, tmp_path_factory.mktemp("screen"))
    assert code == 0, captures["end"]
    assert (session.route, session.last_result.state) == ("bridge", "verified")
    assert {*played.PAGES["bridge"], "run", "summary"} <= set(captures), sorted(captures)
    assert own_world.rest(SCREEN_TARGET, "/version")["version"] == AFTER
    result = VerifyResult.model_validate_json((paths.run_dir(session.id) / "verify-upgrade.json").read_text())
    assert result.same, result
