"""A whole migration on real Airflow, without a screen: everything that a person is promised, looked at afterwards."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from mwaa_wizard import paths
from mwaa_wizard.execution import names
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.metadata.bundle import ImportResult, Manifest, VerifyResult
from mwaa_wizard.session.model import Session
from tests.e2e.canary import ProcessWatch, files_of, objects_of, places_of
from tests.e2e.world import READ_SECRETS, SOURCE, World
from tests.policies import untouched
from tests.policies.untouched import Snapshot

pytestmark = pytest.mark.e2e

TARGET = "analytics-v2"


@pytest.fixture(scope="module")
def paused_before(world: World) -> dict[str, bool]:
    return world.paused(SOURCE)


@pytest.fixture(scope="module")
def policies_before(world: World) -> Snapshot:
    """Every role, bucket policy and key policy of the account, byte for byte."""
    return untouched.take(world.client("iam"), s3=world.client("s3"), kms=world.client("kms"))


@pytest.fixture(scope="module")
def migrated(
    world: World, paused_before: dict[str, bool], policies_before: Snapshot
) -> Iterator[tuple[Session, list[str]]]:
    """A session that ran up to verification, with the bundle still there; process arguments seen meanwhile."""
    session = world.new_session(TARGET, keep_bundle=True)
    with ProcessWatch() as watch:
        events: list[object] = []
        outcome = Runner(session, plan_for(session), events.append).run(until="verify")
    assert outcome.finished, outcome.error.lines() if outcome.error else outcome
    yield session, watch.seen()
    world.drop(TARGET)


def test_verification_finds_no_difference(migrated: tuple[Session, list[str]]) -> None:
    session, _seen = migrated
    result = VerifyResult.model_validate_json((paths.run_dir(session.id) / "verify.json").read_text())
    assert result.same, result
    assert set(result.tables) >= {"variable", "connection", "slot_pool", "dag_run", "task_instance", "xcom", "log"}
    assert result.tables["task_instance"].target_rows > 10_000


def test_target_airflow_reads_variables_and_connections(world: World, migrated: tuple[Session, list[str]]) -> None:
    source, target = world.inside(SOURCE, READ_SECRETS), world.inside(TARGET, READ_SECRETS)
    ours = {key for key in target["variables"] if key.startswith("mwaa_wizard_key_")}
    assert len(ours) == 1
    assert {k: v for k, v in target["variables"].items() if k not in ours} == source["variables"]
    assert target["connections"] == source["connections"]
    assert any(row[3] for row in source["connections"].values()), "the source has connections with passwords"


def test_rest_api_of_the_target_lists_runs_and_tasks(world: World, migrated: tuple[Session, list[str]]) -> None:
    session, _seen = migrated
    manifest = Manifest.model_validate_json((paths.run_dir(session.id) / "manifest.json").read_text())
    for dag_id, counts in list(manifest.dag_counts.items())[:5]:
        page = world.rest(TARGET, f"/dags/{dag_id}/dagRuns", limit=1)
        assert page["total_entries"] == counts["runs"], dag_id
        tasks = world.rest(TARGET, f"/dags/{dag_id}/dagRuns/~/taskInstances", limit=1)
        assert tasks["total_entries"] == counts["task_instances"], dag_id


def test_second_import_inserts_nothing(migrated: tuple[Session, list[str]]) -> None:
    session, _seen = migrated
    runner = Runner(session, plan_for(session), lambda event: None)
    step = next(step for step in runner.steps if step.id == "import")
    runner.context.step = step.id
    step.run(runner.context)
    result = ImportResult.model_validate_json((paths.run_dir(session.id) / "import.json").read_text())
    assert {name: table.inserted for name, table in result.tables.items() if table.inserted} == {}
    assert result.tables["task_instance"].present > 10_000


def test_canaries_are_nowhere(world: World, migrated: tuple[Session, list[str]]) -> None:
    from mwaa_wizard.sandbox.seed import CANARIES

    session, arguments = migrated
    assert arguments, "no process argument was seen at all"
    for canary in CANARIES:
        assert not [line for line in arguments if canary in line]
        assert places_of(canary, world, session) == []


def test_clean_up_leaves_nothing_of_ours(
    world: World, migrated: tuple[Session, list[str]], paused_before: dict[str, bool]
) -> None:
    session, _seen = migrated
    done = world.wizard("run", session.id, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "task_instance" in done.stdout
    listed = world.wizard("cleanup", session.id, "--list")
    assert f"! Migration bucket · {session.migration_bucket}: is there" in listed.stdout, "the session keeps it"
    assert listed.stdout.count("gone since") == 6, listed.stdout
    done = world.wizard("cleanup", session.id, "--bundle", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Looked again: all that was chosen is gone." in done.stdout

    iam, s3, mwaa = world.client("iam"), world.client("s3"), world.client("mwaa")
    for name in (SOURCE, TARGET):
        environment = mwaa.get_environment(Name=name)["Environment"]
        role = environment["ExecutionRoleArn"].rsplit("/", 1)[1]
        inline = iam.list_role_policies(RoleName=role)["PolicyNames"]
        assert not [policy for policy in inline if policy.startswith("mwaa-wizard-")]
        bucket = environment["SourceBucketArn"].rsplit(":", 1)[1]
        versions = s3.list_object_versions(Bucket=bucket)
        keys = {v["Key"] for v in versions.get("Versions", []) + versions.get("DeleteMarkers", [])}
        assert not [key for key in keys if "mwz_" in key]
        assert not [dag for dag in world.paused(name) if dag.startswith("mwz_")]
        assert not [key for key in world.inside(name, READ_SECRETS)["variables"] if key.startswith("mwaa_wizard")]
    assert session.migration_bucket not in {b["Name"] for b in s3.list_buckets()["Buckets"]}
    assert world.paused(SOURCE) == paused_before
    assert all(world.paused(TARGET).values())

    report = json.loads(world.wizard("report", session.id, "--format", "json").stdout)
    assert report["state"] == "verified"


def test_clean_up_leaves_roles_and_policies_byte_for_byte(
    world: World, migrated: tuple[Session, list[str]], policies_before: Snapshot
) -> None:
    session, _seen = migrated
    after = untouched.take(world.client("iam"), s3=world.client("s3"), kms=world.client("kms"))
    role, bucket = f"role {names.target_role(session)}", f"bucket {names.target_bucket(session)}"
    changed = untouched.changed(policies_before, after)
    assert {name for name in changed if not name.startswith(role)} == {bucket}, "only what the target lives on is new"
    assert {name for name in changed if " inline " in name} == {f"{role} inline mwaa-execution"}


def test_journal_names_everything_that_was_made(migrated: tuple[Session, list[str]]) -> None:
    session, _seen = migrated
    journal = Journal.of(session.id)
    assert [record["name"] for record in journal.live("environment")] == [TARGET]
    assert journal.live("inline-policy") == []
    assert journal.live("dag-file") == []


def test_the_search_for_canaries_would_find_one(world: World, migrated: tuple[Session, list[str]]) -> None:
    """The canary test can fail: a planted word is found in a file, in an object, and in an argument."""
    word = "planted-" + "4711"
    bucket = world.client("mwaa").get_environment(Name=SOURCE)["Environment"]["SourceBucketArn"].rsplit(":", 1)[1]
    planted = paths.state_dir() / "planted.txt"
    planted.write_text(word)
    world.client("s3").put_object(Bucket=bucket, Key="planted", Body=gzip.compress(word.encode()))
    try:
        assert files_of(word) == [str(planted)]
        assert objects_of(word, world) == [f"s3://{bucket}/planted"]
        with ProcessWatch() as watch:
            subprocess.run([sys.executable, "-c", "import time; time.sleep(1)", word], check=True)
        assert [line for line in watch.seen() if word in line]
    finally:
        planted.unlink()
        world.client("s3").delete_object(Bucket=bucket, Key="planted")
