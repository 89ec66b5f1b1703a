"""Copies of DAGs and pinned objects, on real S3: what travels, what stays, and both ways of getting there."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.aws.factory import Identity
from mwaa_wizard.errors import WizardError
from mwaa_wizard.resources import bucket as buckets
from mwaa_wizard.resources import copy
from tests.execution.fakes import REGION, Rig, client_error


@pytest.fixture
def target(rig: Rig) -> str:
    name = f"copy-of-{rig.source_bucket}"
    rig.s3.create_bucket(Bucket=name)
    rig.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def environment(rig: Rig) -> dict[str, Any]:
    return dict(rig.mwaa.environments["old"])


def plan(rig: Rig, **target_paths: str) -> list[copy.Item]:
    paths = {"DagS3Path": "dags", "RequirementsS3Path": "requirements.txt", **target_paths}
    return copy.plan(rig.context("resources"), environment(rig), paths)


def test_plan_leaves_ours_and_the_folder_marker_out(rig: Rig) -> None:
    for key in ("dags/", "dags/mwz_import.py", "dags2/other.py"):
        rig.s3.put_object(Bucket=rig.source_bucket, Key=key, Body=b"")
    assert [item.key for item in plan(rig)] == ["dags/a.py", "dags/lib/b.py", "requirements.txt"]


def test_paths_that_the_user_changed_are_followed(rig: Rig, target: str) -> None:
    items = plan(rig, DagS3Path="team/dags", RequirementsS3Path="team/req.txt")
    done = copy.copy(rig.context("resources"), rig.source_bucket, target, items)
    keys = {entry["Key"] for entry in rig.s3.list_objects_v2(Bucket=target)["Contents"]}
    assert keys == {"team/dags/a.py", "team/dags/lib/b.py", "team/req.txt"}
    assert rig.s3.get_object(Bucket=target, Key="team/req.txt")["Body"].read() == b"requirements.txt"
    assert set(done.versions) == {"RequirementsS3ObjectVersion"}


def test_a_setting_that_was_dropped_is_not_copied(rig: Rig) -> None:
    assert [item.key for item in plan(rig, RequirementsS3Path="")] == ["dags/a.py", "dags/lib/b.py"]


def test_a_pinned_object_that_is_gone_is_told(rig: Rig) -> None:
    pinned = rig.mwaa.environments["old"]["RequirementsS3ObjectVersion"]
    rig.s3.delete_object(Bucket=rig.source_bucket, Key="requirements.txt", VersionId=pinned)
    with pytest.raises(WizardError, match="not there"):
        plan(rig)


class _MayNotReadSource:
    """The target's credentials in another account: CopyObject is denied, everything else works."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        if name == "copy_object":

            def refuse(**_arguments: Any) -> None:
                raise client_error("AccessDenied")

            return refuse
        return getattr(self._real, name)


def test_without_the_right_to_read_the_bytes_go_through_this_host(rig: Rig, target: str) -> None:
    rig.s3.put_object(
        Bucket=rig.source_bucket, Key="dags/a.py", Body=b"print()", ContentType="text/x-python", Metadata={"who": "me"}
    )
    rig.clients.overrides["target", "s3"] = _MayNotReadSource(rig.s3)
    done = copy.copy(rig.context("resources"), rig.source_bucket, target, plan(rig))
    assert done.copied == 3
    there = rig.s3.get_object(Bucket=target, Key="dags/a.py")
    assert there["Body"].read() == b"print()"
    assert there["Metadata"] == {"who": "me"}
    assert rig.s3.get_object(Bucket=target, Key="requirements.txt")["Body"].read() == b"requirements.txt"
    assert "through this computer" in rig.lines()


def test_what_is_there_is_not_copied_again(rig: Rig, target: str) -> None:
    ctx = rig.context("resources")
    first = copy.copy(ctx, rig.source_bucket, target, plan(rig))
    rig.s3.put_object(Bucket=rig.source_bucket, Key="dags/a.py", Body=b"changed since")
    second = copy.copy(ctx, rig.source_bucket, target, plan(rig))
    assert (first.copied, second.copied, second.present) == (3, 1, 2)
    assert second.versions == first.versions
    assert len(ctx.journal.of_step("resources", "made")) == 4


def test_versions_are_deleted_a_thousand_at_a_time(rig: Rig, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "BATCH", 3)
    for number in range(8):
        rig.s3.put_object(Bucket=target, Key="same", Body=str(number).encode())
    rig.s3.delete_object(Bucket=target, Key="same")
    assert buckets.delete_versions(rig.s3, target, list(buckets.versions(rig.s3, target))) == 9
    assert list(buckets.versions(rig.s3, target)) == []


def test_a_refused_delete_is_told() -> None:
    class Refusing:
        def delete_objects(self, **_arguments: Any) -> dict[str, Any]:
            return {"Errors": [{"Key": "k", "Code": "AccessDenied", "Message": "no"}]}

    with pytest.raises(WizardError, match="would not delete") as caught:
        buckets.delete_versions(Refusing(), "b", [{"Key": "k", "VersionId": "1"}])
    assert caught.value.code == "AccessDenied"


class _Noting:
    """Passes on what is asked of S3 and notes it."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.asked = inner, list[str]()

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self.inner, name)


def test_across_accounts_each_side_touches_its_own_bucket_only(rig: Rig, target: str) -> None:
    """CopyObject would need one side's credentials to reach both buckets; what is there is found again by its source's
    ETag, for parts and keys give the same bytes another one.
    """
    rig.clients._identities["target"] = Identity("444455556666", "arn:aws:iam::444455556666:user/me", "aws", REGION)
    big = b"x" * (9 << 20)  # boto3 uploads it in parts
    rig.s3.put_object(Bucket=rig.source_bucket, Key="dags/big.bin", Body=big)
    asked = _Noting(rig.s3)
    rig.clients.overrides["target", "s3"] = asked
    context = rig.context("resources")
    first = copy.copy(context, rig.source_bucket, target, plan(rig))
    assert (first.copied, first.present) == (4, 0)
    assert "copy_object" not in asked.asked
    there = rig.s3.head_object(Bucket=target, Key="dags/big.bin")
    assert there["ETag"] != rig.s3.head_object(Bucket=rig.source_bucket, Key="dags/big.bin")["ETag"]
    again = copy.copy(rig.context("resources"), rig.source_bucket, target, plan(rig))
    assert (again.copied, again.present) == (0, 4)
    rig.s3.put_object(Bucket=target, Key="dags/big.bin", Body=b"y" * len(big))
    third = copy.copy(rig.context("resources"), rig.source_bucket, target, plan(rig))
    assert (third.copied, third.present) == (1, 3)


def test_requirements_follow_the_targets_version(rig: Rig) -> None:
    """Same length, other bytes: what is there of the old text is not taken for the new one, ours is."""
    url = "https://raw.githubusercontent.com/apache/airflow/constraints-{}/constraints-{}.txt"
    old = rig.mwaa.environments["old"]
    put = rig.s3.put_object(
        Bucket=rig.source_bucket, Key="requirements.txt", Body=f'--constraint "{url.format("2.8.1", "3.11")}"'.encode()
    )
    old.update(AirflowVersion="2.8.1", RequirementsS3ObjectVersion=put["VersionId"])
    target = f"requirements-{rig.session.id}"
    rig.s3.create_bucket(Bucket=target)
    rig.s3.put_bucket_versioning(Bucket=target, VersioningConfiguration={"Status": "Enabled"})
    same = f'--constraint "{url.format("2.9.2", "3.11")}"'.encode()
    rig.s3.put_object(Bucket=target, Key="requirements.txt", Body=same)
    ctx = rig.context("resources")
    for version, wanted in (("2.9.2", url.format("2.9.2", "3.11")), ("2.10.3", url.format("2.10.3", "3.11"))):
        items = [item for item in plan(rig, AirflowVersion=version) if item.member]
        copied = copy.copy(ctx, rig.source_bucket, target, items)
        found = rig.s3.get_object(Bucket=target, Key="requirements.txt")
        assert found["Body"].read().decode() == f'--constraint "{wanted}"'
        assert copied.versions == {"RequirementsS3ObjectVersion": found["VersionId"]}
        assert copy.copy(ctx, rig.source_bucket, target, items).copied == 0
    assert [i.rewritten for i in plan(rig, AirflowVersion="2.8.1")] == [None, None, None]
