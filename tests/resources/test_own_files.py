"""Files that only the target names: found in its bucket, brought from the source's, or asked for."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.environments import clone
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.steps.resources import Resources
from mwaa_wizard.resources import copy
from tests.execution.fakes import Rig

SCRIPT = "scripts/startup.sh"


@pytest.fixture
def bucket(rig: Rig) -> str:
    """The target's bucket, chosen by the user and there already."""
    name = f"own-files-{rig.source_bucket}"
    rig.s3.create_bucket(Bucket=name)
    rig.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    rig.session.target.create_bucket = False
    rig.session.target.settings["SourceBucketArn"] = f"arn:aws:s3:::{name}"
    rig.session.target.settings["StartupScriptS3Path"] = SCRIPT
    return name


def put(rig: Rig, bucket: str, key: str, body: bytes) -> str:
    return str(rig.s3.put_object(Bucket=bucket, Key=key, Body=body)["VersionId"])


def run(rig: Rig) -> dict[str, str]:
    """The step as the runner runs it; the object versions that CreateEnvironment will name."""
    ctx = rig.context("resources")
    Resources().run(ctx)
    Resources().verify(ctx)
    return copy.recorded_versions(ctx)


def body(rig: Rig, bucket: str, key: str) -> bytes:
    found: bytes = rig.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return found


def test_a_script_in_the_targets_bucket_is_taken_as_it_is(rig: Rig, bucket: str) -> None:
    version = put(rig, bucket, SCRIPT, b"#!/bin/sh")
    assert run(rig)["StartupScriptS3ObjectVersion"] == version
    assert "taken as it is" in rig.lines()
    assert [v["VersionId"] for v in rig.s3.list_object_versions(Bucket=bucket, Prefix=SCRIPT)["Versions"]] == [version]


def test_a_script_in_the_sources_bucket_is_copied(rig: Rig, bucket: str) -> None:
    put(rig, rig.source_bucket, SCRIPT, b"#!/bin/sh source")
    version = run(rig)["StartupScriptS3ObjectVersion"]
    assert rig.s3.head_object(Bucket=bucket, Key=SCRIPT)["VersionId"] == version
    assert body(rig, bucket, SCRIPT) == b"#!/bin/sh source"
    assert run(rig)["StartupScriptS3ObjectVersion"] == version  # what was brought is found again, not copied twice


def test_a_script_in_neither_is_asked_for_and_found_when_it_was_uploaded(rig: Rig, bucket: str) -> None:
    with pytest.raises(WizardError, match="in neither bucket") as asked:
        run(rig)
    assert f"s3://{bucket}/{SCRIPT}" in asked.value.remedy
    assert asked.value.exit_code == EXIT_RESUMABLE
    version = put(rig, bucket, SCRIPT, b"#!/bin/sh later")
    assert run(rig)["StartupScriptS3ObjectVersion"] == version


def test_the_bucket_is_made_before_the_file_is_asked_for(rig: Rig) -> None:
    """So that there is a place to upload it to."""
    rig.session.target.settings["StartupScriptS3Path"] = SCRIPT
    with pytest.raises(WizardError, match="in neither bucket"):
        run(rig)
    made = names.target_bucket(rig.session)
    version = put(rig, made, SCRIPT, b"#!/bin/sh")
    assert run(rig)["StartupScriptS3ObjectVersion"] == version


def test_a_requirements_file_of_the_users_own_is_not_overwritten(rig: Rig, bucket: str) -> None:
    put(rig, rig.source_bucket, SCRIPT, b"s")
    rig.session.target.settings["RequirementsS3Path"] = "requirements-2.11.txt"
    version = put(rig, bucket, "requirements-2.11.txt", b"for the new version")
    assert run(rig)["RequirementsS3ObjectVersion"] == version
    assert body(rig, bucket, "requirements-2.11.txt") == b"for the new version"


def test_the_pin_reaches_the_request(rig: Rig, bucket: str) -> None:
    version = put(rig, bucket, SCRIPT, b"#!/bin/sh")
    run(rig)
    ctx = rig.context("create-target")
    request: dict[str, Any] = clone.create_request(
        rig.session, sides.environment(ctx, "source"), role_arn=sides.role_arn(ctx, "target"),
        bucket_arn=f"arn:aws:s3:::{bucket}", object_versions=copy.recorded_versions(ctx),
    )  # fmt: skip
    assert (request["StartupScriptS3Path"], request["StartupScriptS3ObjectVersion"]) == (SCRIPT, version)
