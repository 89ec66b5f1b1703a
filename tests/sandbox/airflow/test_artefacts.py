"""plugins.zip and the startup script at their pinned versions, from a real (moto) bucket."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.sandbox.airflow import artefacts, cloudwatch
from mwaa_wizard.sandbox.airflow.role import RoleCredentials
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from tests.sandbox.airflow.specs import spec

KEYS = {"AccessKeyId": "AKIATEST", "SecretAccessKey": "secret", "SessionToken": "token"}


@pytest.fixture
def role(tmp_path: Path) -> RoleCredentials:
    return RoleCredentials(lambda: KEYS, tmp_path)


@pytest.fixture
def where(endpoint: str, aws: Callable[[str], Any]) -> RuntimeSpec:
    s3 = aws("s3")
    s3.create_bucket(Bucket="prod-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="prod-bucket", VersioningConfiguration={"Status": "Enabled"})
    return replace(spec(), endpoint_url=endpoint)


def put(aws: Callable[[str], Any], key: str, body: bytes) -> str:
    return str(aws("s3").put_object(Bucket="prod-bucket", Key=key, Body=body)["VersionId"])


def archive(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/"), text)
    return buffer.getvalue()


def test_plugins_are_those_of_the_pinned_version(
    tmp_path: Path, aws: Callable[[str], Any], role: RoleCredentials, where: RuntimeSpec
) -> None:
    old = put(aws, "plugins.zip", archive(old="1"))
    new = put(aws, "plugins.zip", archive(new="2", team__deep="3"))
    artefacts.apply_plugins(role, replace(where, plugins_s3_path="plugins.zip", plugins_version=old), tmp_path)
    assert [p.name for p in (tmp_path / "plugins").iterdir()] == ["old"]
    artefacts.apply_plugins(role, replace(where, plugins_s3_path="plugins.zip", plugins_version=new), tmp_path)
    assert (tmp_path / "plugins" / "team" / "deep").read_text() == "3"
    assert not (tmp_path / "plugins" / "old").exists()
    artefacts.apply_plugins(role, where, tmp_path)
    assert list((tmp_path / "plugins").iterdir()) == []


def test_an_archive_cannot_write_outside(
    tmp_path: Path, aws: Callable[[str], Any], role: RoleCredentials, where: RuntimeSpec
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("../../outside", "x")
    put(aws, "plugins.zip", buffer.getvalue())
    home = tmp_path / "a" / "b"
    home.mkdir(parents=True)
    artefacts.apply_plugins(role, replace(where, plugins_s3_path="plugins.zip"), home)
    assert not (tmp_path / "a" / "outside").exists()
    assert not (tmp_path / "outside").exists()


def test_what_is_no_archive_is_told(
    tmp_path: Path, aws: Callable[[str], Any], role: RoleCredentials, where: RuntimeSpec
) -> None:
    put(aws, "plugins.zip", b"not a zip")
    with pytest.raises(WizardError, match=r"plugins\.zip is not a zip archive"):
        artefacts.apply_plugins(role, replace(where, plugins_s3_path="plugins.zip"), tmp_path)


def test_exports_of_the_startup_script(
    tmp_path: Path, aws: Callable[[str], Any], role: RoleCredentials, where: RuntimeSpec
) -> None:
    put(aws, "startup.sh", b'export TEAM="data eng"\nNOT_EXPORTED=1\necho hello from startup\n')
    said: list[str] = []
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    started = replace(where, startup_s3_path="startup.sh")
    assert artefacts.run_startup_script(role, started, tmp_path, env, said.append) == {"TEAM": "data eng"}
    assert "hello from startup" in said[0]
    assert artefacts.run_startup_script(role, where, tmp_path, env, said.append) == {}


def test_a_failing_startup_script_leaves_no_variables(
    tmp_path: Path, aws: Callable[[str], Any], role: RoleCredentials, where: RuntimeSpec
) -> None:
    put(aws, "startup.sh", b"export TEAM=data\necho broken >&2\nexit 3\n")
    said: list[str] = []
    env = {"PATH": os.environ["PATH"]}
    started = replace(where, startup_s3_path="startup.sh")
    assert artefacts.run_startup_script(role, started, tmp_path, env, said.append) == {}
    assert "broken" in said[0]
    assert "ended with 3" in said[0]


def test_a_batch_keeps_the_end_and_fits_one_call() -> None:
    lines = [f"{number} " + "ü" * 5_000 for number in range(400)]
    kept = cloudwatch.last_batch("\n".join(lines))
    assert kept == lines[-len(kept) :]
    assert 0 < sum(len(line.encode()) + 26 for line in kept) <= 1_048_576
    assert len(cloudwatch.last_batch("x\n" * 20_000)) <= 10_000
    assert cloudwatch.last_batch("\n \n") == []
