"""What AWS says no to: one plain message, the exit code, and a journal that names the step."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.errors import EXIT_FAILED, EXIT_RESUMABLE, EXIT_USAGE
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.cli.cloud import PROFILE, REGION, Cloud, edit, failures, new_session, refused, wizard


def run(session: Session) -> Any:
    return wizard("run", session.id, "--yes")


def test_unknown_profile(cloud: Cloud) -> None:
    session = new_session()
    edit(session, lambda raw: raw["source"]["connection"].update(profile="nobody"))
    parts = refused(run(session), "no AWS profile nobody", code=EXIT_RESUMABLE, mend="Choose")
    assert parts["AWS said"] == "ProfileNotFound"
    assert failures(session) == ["read-source"]


def test_no_credentials_at_all(cloud: Cloud) -> None:
    session = new_session()
    for side in ("source", "target"):
        edit(session, lambda raw, side=side: raw[side]["connection"].update(profile=None))  # type: ignore[misc]
    parts = refused(run(session), "No AWS credentials", code=EXIT_RESUMABLE, mend="profile")
    assert parts["AWS said"] == "NoCredentialsError"
    assert failures(session) == ["read-source"]


def test_unknown_keys_name_their_profile(cloud: Cloud) -> None:
    session = new_session()
    Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"]).write_text(
        f"[{PROFILE}]\naws_access_key_id = AKIAAAAAAAAAAAAAAAAA\naws_secret_access_key = wrong\n"
    )
    parts = refused(run(session), f"credentials of profile {PROFILE}", code=EXIT_RESUMABLE, mend="another profile")
    assert parts["AWS said"].startswith("InvalidClientTokenId")


def test_expired_token_of_an_assumed_role_then_renewed(cloud: Cloud, tmp_path: Path) -> None:
    from moto.sts.models import sts_backends

    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
    }
    iam = cloud.client("iam")
    arn = iam.create_role(RoleName=f"operator-{tmp_path.name}"[:64], AssumeRolePolicyDocument=json.dumps(trust))
    keys = cloud.client("sts").assume_role(RoleArn=arn["Role"]["Arn"], RoleSessionName="operator")["Credentials"]
    held = sts_backends["111122223333"]["aws"].get_assumed_role_from_access_key(keys["AccessKeyId"])
    held.expiration = datetime.now(UTC) - timedelta(seconds=1)
    file = Path(os.environ["AWS_SHARED_CREDENTIALS_FILE"])
    good = file.read_text()
    file.write_text(
        f"[{PROFILE}]\naws_access_key_id = {keys['AccessKeyId']}\n"
        f"aws_secret_access_key = {keys['SecretAccessKey']}\naws_session_token = {keys['SessionToken']}\n"
    )
    session = new_session("never-made", migration_bucket="Not_A_Bucket")
    said = run(session)
    parts = refused(said, f"profile {PROFILE} have expired", code=EXIT_RESUMABLE, mend=f"--profile {PROFILE}")
    assert parts["AWS said"].startswith("ExpiredToken")
    assert f"mwaa-wizard resume {session.id}" in said.err
    assert store.load(session.id).last_result.state == "failed"
    file.write_text(good)
    assert wizard("resume", session.id, "--headless").code != 0
    assert failures(session)[-1] != "read-source", "with good keys the run must get past its first step"


def sso_profile(expires: str | None) -> None:
    """A profile with an SSO session whose token is over, or was never there."""
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(
        "[profile 'prod team']\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n"
        f"region = {REGION}\n[sso-session corp]\nsso_region = {REGION}\nsso_start_url = https://corp.awsapps.com/start\n"
    )
    if expires:
        import hashlib

        folder = Path(os.environ["HOME"]) / ".aws" / "sso" / "cache"
        folder.mkdir(parents=True)
        token = {"startUrl": "https://corp.awsapps.com/start", "region": REGION}
        token |= {"accessToken": "x", "expiresAt": expires}
        (folder / f"{hashlib.sha1(b'corp').hexdigest()}.json").write_text(json.dumps(token))


@pytest.mark.parametrize("expires", [None, "2020-01-01T00:00:00Z"])
def test_sso_login_names_the_sessions_own_profile(
    cloud: Cloud, expires: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    sso_profile(expires)
    session = new_session()
    for side in ("source", "target"):
        edit(session, lambda raw, side=side: raw[side]["connection"].update(profile="prod team"))  # type: ignore[misc]
    said = run(session)
    refused(said, "SSO session of profile prod team", code=EXIT_RESUMABLE, mend="aws sso login --profile 'prod team'")
    assert failures(session) == ["read-source"]
    policy = wizard("policy", session.id, "--for", "source-role")
    assert policy.code == 0, "a policy needs no AWS: " + policy.text


@pytest.mark.parametrize("side", ["source", "target"])
@pytest.mark.parametrize("region", ["mars-1", "us-gov-east-1", "eu central 1"])
def test_region_without_mwaa(cloud: Cloud, side: str, region: str) -> None:
    session = new_session()
    edit(session, lambda raw: raw[side]["connection"].update(region=region))
    refused(run(session), f"MWAA is not in {region}", code=EXIT_FAILED, mend="Choose a region")
    assert failures(session) == ["read-source"]


@pytest.mark.parametrize("side", ["source", "target"])
def test_empty_region_is_found_before_anything_is_run(cloud: Cloud, side: str) -> None:
    session = new_session()
    edit(session, lambda raw: raw[side]["connection"].update(region=""))
    parts = refused(run(session), f"{side}.connection.region is empty", code=EXIT_USAGE, mend="--session")
    assert parts["Changed"] == "Nothing was changed."
    assert failures(session) == []


def test_source_that_does_not_exist(cloud: Cloud) -> None:
    session = new_session()
    edit(session, lambda raw: raw["source"].update(environment="gone"))
    refused(run(session), f"no environment gone in {REGION}", code=EXIT_FAILED, mend="Check the name")
    assert failures(session) == ["read-source"]


def test_source_that_is_not_available(cloud: Cloud) -> None:
    session = new_session()
    cloud.environment("old").status = "UPDATING"
    try:
        parts = refused(run(session), "Preflight found", code=EXIT_FAILED, mend="Wait until it is AVAILABLE")
    finally:
        cloud.environment("old").status = "AVAILABLE"
    assert "old: UPDATING" in parts["Where"]
    assert failures(session) == ["preflight"]


def test_target_name_that_is_somebody_elses(cloud: Cloud) -> None:
    cloud.make("taken", "2.8.1")
    session = new_session("taken")
    before = cloud.picture()
    parts = refused(run(session), "Preflight found", code=EXIT_FAILED, mend="Choose another name")
    assert "taken exists already (AVAILABLE)" in parts["Where"]
    assert cloud.picture() == before
    assert wizard("undo", session.id, "--yes").code == 0
    assert cloud.picture() == before, "undo must not touch what is not ours"


@pytest.mark.parametrize(
    ("version", "words", "mend"),
    [
        ("2.6.3", "2.8.1 → 2.6.3", "choose 2.8.1 or newer"),
        ("2.8.0", "2.8.1 → 2.8.0", "choose 2.8.1 or newer"),
        ("3.0.6", "2.8.1 → 3.0.6", "choose that version now"),
        ("latest", "2.8.1 → latest", "or newer"),
    ],
)
def test_target_version_that_cannot_be(cloud: Cloud, version: str, words: str, mend: str) -> None:
    session = new_session()
    edit(session, lambda raw: raw["target"].update(airflow_version=version))
    before = cloud.picture()
    parts = refused(run(session), "Preflight found", code=EXIT_FAILED, mend=mend)
    assert words in parts["Where"]
    assert cloud.picture() == before


# Setting, a value that cannot be, and what the message says of it; one run each, all of a run in one message.
WRONG: list[dict[str, tuple[object, str]]] = [
    {
        "EnvironmentClass": ("m" * 1025, "EnvironmentClass: too long"),
        "MaxWorkers": (0, "MaxWorkers: 0 is too low"),
        "MinWorkers": (-1, "MinWorkers: -1 is too low"),
        "Schedulers": (99, "99"),
        "MinWebservers": (0, "MinWebservers: 0"),
        "MaxWebservers": (99, "Max web servers"),
        "WebserverAccessMode": ("WIDE_OPEN", "WIDE_OPEN"),
        "WeeklyMaintenanceWindowStart": ("SOON", "SOON"),
        "KmsKey": ("no key!", "no key!"),
        "ExecutionRoleArn": ("no role", "no role"),
        "SourceBucketArn": ("no bucket", "no bucket"),
        "DagS3Path": (["dags"], "DagS3Path: this must be text"),
        "RequirementsS3Path": (7, "RequirementsS3Path: this must be text"),
        "PluginsS3Path": (3.5, "PluginsS3Path: this must be text"),
        "StartupScriptS3Path": (True, "StartupScriptS3Path: this must be text"),
        "NetworkConfiguration.SubnetIds": (["subnet-1"], "2 entries are needed"),
        "NetworkConfiguration.SecurityGroupIds": (["no group"], "no group"),
        "EndpointManagement": ("NOBODY", "NOBODY"),
        "LoggingConfiguration.DagProcessingLogs": ({"Enabled": "yes"}, "on or off"),
        "LoggingConfiguration.TaskLogs": ({"Enabled": True, "LogLevel": "LOUD"}, "LOUD"),
        "Tags.team": ("x" * 300, "too long (300 characters)"),
        "NoSuchThing": ("x", "NoSuchThing: MWAA has no such setting"),
    },
    {
        "EnvironmentClass": (7, "EnvironmentClass: this must be text"),
        "MaxWorkers": ("ten", "MaxWorkers: this must be a whole number"),
        "MinWorkers": (30, "Min workers"),
        "DagS3Path": ("", "DAG folder: This is required"),
        "NetworkConfiguration.SubnetIds": ("subnet-1", "SubnetIds: this must be a list"),
        "NetworkConfiguration.SecurityGroupIds": ([], "Security groups: This is required"),
        "Name": ("other", "Name: MWAA has no such setting, or it is chosen elsewhere"),
    },
]


@pytest.mark.parametrize("wrong", WRONG)
def test_invalid_settings_in_the_file(cloud: Cloud, wrong: dict[str, tuple[object, str]]) -> None:
    session = new_session()

    def change(raw: dict[str, Any]) -> None:
        raw["target"]["settings"] = {name: value for name, (value, _words) in wrong.items()}
        raw["target"]["create_role"] = "ExecutionRoleArn" not in wrong
        raw["target"]["create_bucket"] = "SourceBucketArn" not in wrong

    edit(session, change)
    before = cloud.picture()
    said = run(session)
    parts = refused(said, "Preflight found", code=EXIT_FAILED, mend="Settings")
    silent = [name for name, (_value, words) in wrong.items() if words not in parts["Where"]]
    assert silent == [], parts["Where"].replace(" · ", "\n")
    assert cloud.picture() == before
    assert failures(session) == ["preflight"]


def test_endpoint_gone_while_the_target_is_made_and_back_again(cloud: Cloud) -> None:
    """Nobody listens in the middle of the run; once somebody does, resume goes on with the same environment."""
    import threading
    import time

    from mwaa_wizard.execution.journal import Journal

    session, gate = new_session("slow-target"), threading.Event()
    cloud.plan.hold["create"] = gate
    found: list[Any] = []
    runner = threading.Thread(target=lambda: found.append(run(session)), daemon=True)
    runner.start()
    end = time.monotonic() + 60
    journal = Journal.of(session.id)
    while time.monotonic() < end and not (
        journal.last("create-target", "answered")
        and any(made.spec.name == "slow-target" and "create" in made.asked for made in cloud.plan.made)
    ):
        time.sleep(0.05)
    cloud.stop()
    runner.join(100)
    cloud.start()
    gate.set()
    del cloud.plan.hold["create"]
    parts = refused(found[0], "AWS cannot be reached", code=EXIT_RESUMABLE, mend="Check the network")
    assert parts["AWS said"] == "EndpointConnectionError"
    assert "made or changed" in parts["Changed"]
    assert failures(session) == ["create-target"]
    assert cloud.environment("slow-target").done.wait(30)
    from mwaa_wizard.execution import plan
    from mwaa_wizard.execution.runner import Runner

    outcome = Runner(store.load(session.id), plan.plan_for(session), lambda event: None).run(until="create-target")
    assert outcome.finished, outcome.error
    made = [r for r in journal.of_step("create-target", "made") if r["kind"] == "environment"]
    assert len(made) == 1
    assert wizard("undo", session.id, "--yes").code == 0
    assert "slow-target" not in cloud.client("mwaa").list_environments()["Environments"]
