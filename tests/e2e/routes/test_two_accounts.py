"""A migration from one account and region into another, each with credentials of its own: 2.5.1 to 2.10.3.

The sandbox enforces IAM in both accounts and counts every call by who made it, where, and whose resource it was about.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.commands.reach import reach
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.front.answers_file import load
from mwaa_wizard.metadata.bundle import VerifyResult
from mwaa_wizard.prompts.wizard import PlainRequest, run_plain
from mwaa_wizard.sandbox import control
from mwaa_wizard.sandbox.daemon import ACCOUNT, REGION
from mwaa_wizard.session.model import Session
from tests.airflows import near
from tests.e2e import played
from tests.e2e.canary import ProcessWatch, files_of
from tests.e2e.routes.two_accounts import GLOBAL, Side, TwoAccounts, clients_made, difference, table
from tests.e2e.world import READ_SECRETS

pytestmark = pytest.mark.e2e

SOURCE_NAME, TARGET_NAME, SCREEN_NAME = "ledger-prod", "ledger-eu", "ledger-screen"
SOURCE_VERSION, TARGET_VERSION = near("2.5.1"), near("2.10.3")
OTHER_ACCOUNT, OTHER_REGION, OTHER_PROFILE = "222233334444", "eu-west-1", "sandbox-eu"


def _say(line: str) -> None:
    print(line, flush=True)


@pytest.fixture(scope="module")
def two(home: Path) -> Iterator[TwoAccounts]:
    """The source with history in the first account, an empty second account with a network."""
    other = control.add_account(OTHER_ACCOUNT, OTHER_REGION, OTHER_PROFILE, _say)
    status = control.up([(SOURCE_NAME, SOURCE_VERSION)], "small", _say)
    first = next(place for place in status.accounts if place.profile == status.profile)
    os.environ.update(status.environ())
    # No default credentials: a client that is not told whose it is must fail.
    profile = os.environ.pop("AWS_PROFILE")
    source = Side(home, SOURCE_VERSION, TARGET_VERSION, first)
    target = Side(home, SOURCE_VERSION, TARGET_VERSION, other)
    yield TwoAccounts(home, source, target, SOURCE_NAME)
    os.environ["AWS_PROFILE"] = profile
    source.drop(SOURCE_NAME)


def _picture(side: Side) -> dict[str, list[str]]:
    """What there is in an account, for comparing before and after."""
    iam, s3 = side.client("iam"), side.client("s3")
    roles = [role["RoleName"] for role in iam.list_roles()["Roles"]]
    return {
        "environments": sorted(side.client("mwaa").list_environments()["Environments"]),
        "buckets": sorted(bucket["Name"] for bucket in s3.list_buckets()["Buckets"]),
        "roles": sorted(roles),
        "policies": sorted(
            f"{role}/{name}" for role in roles for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        ),
    }


@dataclass
class Run:
    """A session that ran to its end, its bundle kept, and what was seen meanwhile."""

    session: Session
    before: dict[str, dict[str, list[str]]]
    paused: dict[str, bool]
    calls: list[dict[str, Any]]
    clients: set[tuple[str, str, str]]
    arguments: list[str]


class NobodyThere:
    """Standard input is at its end."""

    def line(self, prompt: str) -> str:
        raise EOFError(prompt)

    secret = line


def answers(two: TwoAccounts, target: str, folder: pytest.TempPathFactory, **changes: object) -> Path:
    """The answers file of this route."""
    here, place = two.source.place, two.target.place
    values: dict[str, object] = {
        "source_profile": here.profile, "source_region": here.region, "target_profile": place.profile,
        "target_region": place.region, "source": SOURCE_NAME, "version": TARGET_VERSION, "target": target,
        "subnets": list(place.subnet_ids), "groups": list(place.security_group_ids), "more": "", "logs": "yes",
        "keep_bundle": "yes", "after": "{}", **changes,
    }  # fmt: skip
    return played.file_of("new-environment", folder.mktemp("answers"), **values)


@pytest.fixture(scope="module")
def migrated(two: TwoAccounts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """An answers file in plain lines, from the first page to the report."""
    before = {side.place.account: _picture(side) for side in two.sides()}
    paused = two.source.paused(SOURCE_NAME)
    known, counted = played.known(), control.calls()
    # In this process, so that the clients it makes can be looked at.
    request = PlainRequest(reach=reach, answers=load(answers(two, TARGET_NAME, tmp_path_factory)))
    with ProcessWatch() as watch, clients_made() as made:
        code = run_plain(request, NobodyThere())
    assert code == 0
    calls = difference(counted, control.calls())
    print(table(calls), flush=True)
    yield Run(played.made_since(known), before, paused, calls, made, watch.seen())
    if TARGET_NAME in two.target.client("mwaa").list_environments()["Environments"]:
        two.target.drop(TARGET_NAME)


def test_verification_finds_no_difference(migrated: Run) -> None:
    result = VerifyResult.model_validate_json((paths.run_dir(migrated.session.id) / "verify.json").read_text())
    assert result.same, result
    assert result.tables["task_instance"].target_rows > 10_000
    assert result.tables["connection"].target_rows > 0


def test_the_environments_are_where_they_should_be(two: TwoAccounts, migrated: Run) -> None:
    found = two.target.client("mwaa").get_environment(Name=TARGET_NAME)["Environment"]
    here = f"{OTHER_REGION}:{OTHER_ACCOUNT}"
    assert found["Arn"] == f"arn:aws:airflow:{here}:environment/{TARGET_NAME}"
    assert found["AirflowVersion"] == TARGET_VERSION
    assert found["ExecutionRoleArn"].startswith(f"arn:aws:iam::{OTHER_ACCOUNT}:role/")
    assert found["NetworkConfiguration"]["SubnetIds"] == list(two.target.place.subnet_ids)
    group = found["LoggingConfiguration"]["TaskLogs"]["CloudWatchLogGroupArn"]
    assert group.startswith(f"arn:aws:logs:{here}:log-group:")
    bucket = found["SourceBucketArn"].rsplit(":", 1)[1]
    assert two.target.client("s3").head_bucket(Bucket=bucket)["BucketRegion"] == OTHER_REGION
    assert two.source.client("mwaa").list_environments()["Environments"].count(TARGET_NAME) == 0


def test_secrets_arrived(two: TwoAccounts, migrated: Run) -> None:
    source, target = two.source.inside(SOURCE_NAME, READ_SECRETS), two.target.inside(TARGET_NAME, READ_SECRETS)
    brought = {key: value for key, value in target["variables"].items() if not key.startswith("mwaa_wizard_key_")}
    assert brought == source["variables"]
    assert target["connections"] == source["connections"]
    assert any(row[3] for row in source["connections"].values()), "the source has connections with passwords"


def test_every_client_is_of_its_own_side(migrated: Run) -> None:
    """The wizard's process made clients with the source's profile in the source's region, and the target's in its."""
    assert {(profile, region) for profile, region, _service in migrated.clients} == {
        ("sandbox", REGION),
        (OTHER_PROFILE, OTHER_REGION),
    }


def test_no_operator_reaches_into_the_other_account(migrated: Run) -> None:
    """Counted by the sandbox: each operator calls in its own region, on what its own account owns."""
    rows = [row for row in migrated.calls if row["caller"].startswith("user/")]
    place = {ACCOUNT: REGION, OTHER_ACCOUNT: OTHER_REGION}
    assert {row["account"] for row in rows} == set(place)
    for row in rows:
        assert row["owner"] == row["account"], row
        if row["service"] not in GLOBAL:
            assert row["region"] == place[row["account"]], row
    done = {account: {(r["service"], r["operation"]) for r in rows if r["account"] == account} for account in place}
    assert ("airflow", "CreateEnvironment") in done[OTHER_ACCOUNT] - done[ACCOUNT]
    assert ("logs", "PutLogEvents") in done[OTHER_ACCOUNT] - done[ACCOUNT]
    assert ("s3", "PutBucketPolicy") in done[ACCOUNT] - done[OTHER_ACCOUNT], "the migration bucket is the source's"
    assert not [row for row in rows if row["operation"] in ("CopyObject", "UploadPartCopy")]


def test_the_only_thing_shared_is_the_migration_bucket(migrated: Run) -> None:
    """Of the two execution roles only the target's leaves its account: to the migration bucket, for the bundle."""
    rows = [row for row in migrated.calls if row["caller"].startswith("role/")]
    abroad = [row for row in rows if row["owner"] != row["account"]]
    assert abroad
    for row in abroad:
        assert (row["account"], row["owner"], row["service"]) == (OTHER_ACCOUNT, ACCOUNT, "s3"), row
        assert row["region"] == REGION, "S3 is asked where the bucket is"
    assert {row["operation"] for row in abroad} >= {"GetObject", "PutObject"}
    assert {row["operation"] for row in abroad} <= {
        "AbortMultipartUpload", "CompleteMultipartUpload", "CreateMultipartUpload", "GetObject", "HeadObject",
        "ListObjectsV2", "PutObject", "UploadPart",
    }  # fmt: skip
    home = {ACCOUNT: REGION, OTHER_ACCOUNT: OTHER_REGION}
    for row in rows:
        if row["owner"] == row["account"] and row["service"] not in GLOBAL:
            assert row["region"] == home[row["account"]], row


def test_the_command_shows_both_accounts(two: TwoAccounts, migrated: Run) -> None:
    shown = two.source.wizard("sandbox", "calls", "--json")
    assert {row["account"] for row in json.loads(shown.stdout)} == {ACCOUNT, OTHER_ACCOUNT}
    again = two.source.wizard("sandbox", "account", OTHER_ACCOUNT, "--region", OTHER_REGION, "--profile", OTHER_PROFILE)
    assert again.returncode == 0, again.stderr
    assert set(two.target.place.subnet_ids) <= set(again.stdout.split())
    other = two.source.wizard("sandbox", "account", ACCOUNT, "--profile", OTHER_PROFILE)
    assert other.returncode == 2
    assert f"is account {OTHER_ACCOUNT} in {OTHER_REGION} already" in other.stderr


def test_task_logs_crossed_the_regions(two: TwoAccounts, migrated: Run) -> None:
    record = Journal.of(migrated.session.id).last("logs", "copied")
    assert record is not None
    assert record["streams_copied"] > 0
    name = next(r["name"] for r in Journal.of(migrated.session.id).live("log-stream"))
    events = {}
    for side, environment in ((two.source, SOURCE_NAME), (two.target, TARGET_NAME)):
        answer = side.client("logs").get_log_events(
            logGroupName=f"airflow-{environment}-Task", logStreamName=name, startFromHead=True
        )
        events[environment] = [(event["timestamp"], event["message"]) for event in answer["events"]]
    assert events[SOURCE_NAME]
    assert events[TARGET_NAME] == events[SOURCE_NAME]


def test_canaries_are_nowhere(two: TwoAccounts, migrated: Run) -> None:
    from mwaa_wizard.sandbox.seed import CANARIES

    objects = [body for side in two.sides() for body in _objects(side)]
    assert len(objects) > 20
    for canary in CANARIES:
        assert not [line for line in migrated.arguments if canary in line]
        assert files_of(canary) == []
        assert not [where for where, body in objects if canary.encode() in body]


def _objects(side: Side) -> list[tuple[str, bytes]]:
    """Every object version of an account's buckets, unpacked where it is packed."""
    s3, found = side.client("s3"), []
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket["Name"]):
            for version in page.get("Versions", []):
                where = {"Bucket": bucket["Name"], "Key": version["Key"], "VersionId": version["VersionId"]}
                body = s3.get_object(**where)["Body"].read()
                found.append((version["Key"], gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body))
    return found


def test_clean_up_leaves_nothing_but_the_bundle_in_either_account(two: TwoAccounts, migrated: Run) -> None:
    session = migrated.session
    assert json.loads(two.source.wizard("report", session.id, "--format", "json").stdout)["state"] == "verified"
    before = migrated.before[ACCOUNT]
    kept = sorted([*before["buckets"], session.migration_bucket])
    assert _picture(two.source) == {**before, "buckets": kept}
    now, before = _picture(two.target), migrated.before[OTHER_ACCOUNT]
    assert now["environments"] == [TARGET_NAME]
    assert [name for name in now["policies"] if name not in before["policies"] and "mwaa-wizard" in name] == []
    assert len(now["buckets"]) == len(before["buckets"]) + 1
    for side, name in ((two.source, SOURCE_NAME), (two.target, TARGET_NAME)):
        assert not [dag for dag in side.paused(name) if dag.startswith("mwz_")]
    assert two.source.paused(SOURCE_NAME) == migrated.paused
    assert all(two.target.paused(TARGET_NAME).values())


def test_undo_takes_it_out_of_both_accounts(two: TwoAccounts, migrated: Run) -> None:
    counted = control.calls()
    done = two.source.wizard("undo", migrated.session.id, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    for side in two.sides():
        assert _picture(side) == migrated.before[side.place.account]
    assert two.source.paused(SOURCE_NAME) == migrated.paused
    mine = [row for row in difference(counted, control.calls()) if row["caller"].startswith("user/")]
    assert [row for row in mine if row["owner"] != row["account"]] == []


def test_the_full_screen_wizard_plays_the_same_file(two: TwoAccounts, tmp_path_factory: pytest.TempPathFactory) -> None:
    """With fewer tables; nobody presses a key."""
    more = "tables.selected: [dag_run, variable, connection, slot_pool]"
    batch = sorted(dag_id for dag_id, paused in two.source.paused(SOURCE_NAME).items() if not paused)[:2]
    after = {"batches": [batch[:1], batch[1:]], "cleanup": True}
    file = answers(two, SCREEN_NAME, tmp_path_factory, more=more, logs="no", keep_bundle="no", after=after)
    code, captures, session = played.full_screen(file, tmp_path_factory.mktemp("screen"))
    assert code == 0, captures["end"]
    assert (session.route, session.last_result.state) == ("new-environment", "verified")
    assert {*played.PAGES["new-environment"], "run", "summary"} <= set(captures), sorted(captures)
    here, there = two.source.paused(SOURCE_NAME), two.target.paused(SCREEN_NAME)
    assert [(here[dag_id], there[dag_id]) for dag_id in batch] == [(True, False)] * 2
    assert [dag_id for dag_id, paused in there.items() if not paused] == batch
    assert Journal.of(session.id).last("batch", "done") is not None
    found = two.target.client("mwaa").get_environment(Name=SCREEN_NAME)["Environment"]
    assert found["NetworkConfiguration"]["SubnetIds"] == list(two.target.place.subnet_ids)
    two.target.drop(SCREEN_NAME)
