"""S3 is mirrored into the DAG folder; refusals are survived and logged."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.sandbox.airflow.dag_sync import DagSync, safe_relative
from mwaa_wizard.sandbox.airflow.role import RoleCredentials
from tests.sandbox.airflow.specs import spec

KEYS = {"AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}


@pytest.mark.parametrize(
    ("key", "relative"),
    [
        ("a.py", "a.py"), ("team/b.py", "team/b.py"), ("", None), ("team/", None), ("../evil.py", None),
        ("x/../../evil.py", None), ("/etc/passwd", None),
    ],
)  # fmt: skip
def test_keys_stay_inside_the_folder(key: str, relative: str | None) -> None:
    assert safe_relative(key) == relative


def test_mirror(tmp_path: Path, endpoint: str, aws: Callable[[str], Any], caplog: pytest.LogCaptureFixture) -> None:
    where = replace(spec(), endpoint_url=endpoint)
    s3 = aws("s3")
    s3.create_bucket(Bucket=where.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    folder = tmp_path / "dags"
    folder.mkdir()
    (folder / "kept.txt").write_text("not from S3")
    sync = DagSync(RoleCredentials(lambda: KEYS, tmp_path), folder, logging.getLogger("test"))

    s3.put_object(Bucket=where.bucket, Key="dags/one.py", Body=b"1")
    s3.put_object(Bucket=where.bucket, Key="dags/team/two.py", Body=b"2")
    s3.put_object(Bucket=where.bucket, Key="dags-other/no.py", Body=b"no")
    assert sync.sync(where)
    assert sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()) == [
        "kept.txt", "one.py", "team/two.py",
    ]  # fmt: skip

    s3.put_object(Bucket=where.bucket, Key="dags/one.py", Body=b"one")
    s3.delete_object(Bucket=where.bucket, Key="dags/team/two.py")
    assert sync.sync(where)
    assert (folder / "one.py").read_bytes() == b"one"
    assert not (folder / "team" / "two.py").exists()
    assert (folder / "kept.txt").exists()

    with caplog.at_level(logging.WARNING):
        gone = replace(where, bucket="no-such-bucket")
        assert not sync.sync(gone)
        assert not sync.sync(gone)
    ours = [record for record in caplog.records if record.name == "test"]
    assert len(ours) == 1, "the same refusal is logged once"
    assert (folder / "one.py").exists(), "a refusal deletes nothing"


def test_credentials_reach_the_processes_through_a_private_file(tmp_path: Path) -> None:
    import json

    role = RoleCredentials(lambda: KEYS, tmp_path)
    role.refresh()
    document = json.loads((tmp_path / "aws" / "role.json").read_text())
    assert (document["AccessKeyId"], document["SessionToken"], document["Version"]) == ("AKIATEST", "token", 1)
    assert (tmp_path / "aws" / "role.json").stat().st_mode & 0o077 == 0
    import botocore.session

    session = botocore.session.Session()
    session.set_config_variable("config_file", str(tmp_path / "aws" / "config"))
    session.set_config_variable("credentials_file", str(tmp_path / "aws" / "credentials"))
    found = session.get_credentials()
    assert found.access_key == "AKIATEST"
    assert found.method == "custom-process"
