"""Facts from AWS, from the kept copy of the source, from the journal; and the policies at work on a local IAM."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa_wizard import paths
from mwaa_wizard.environments import clone
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.policies import build, documents, render
from mwaa_wizard.session.model import Session
from tests.environments.samples import ACCOUNT, KEY, environment, session
from tests.logs.cloud import SOURCE, TARGET, Cloud


def keep(made: Session, **changes: Any) -> None:
    text = json.dumps(clone.sanitise(environment(**changes)))
    (paths.run_dir(made.id) / "source.json").write_text(text, encoding="utf-8")


def test_without_aws_and_before_any_run() -> None:
    policy = build.for_session(session(), "source-role")
    assert policy.attach_to_arn == ""
    assert render.check_policy(policy) == []


def test_the_kept_copy_of_the_source_gives_its_role() -> None:
    made = session()
    keep(made)
    assert build.for_session(made, "source-role").attach_to_arn == f"arn:aws:iam::{ACCOUNT}:role/mwaa-prod"
    made.source.environment = "another"
    assert build.for_session(made, "source-role").attach_to_arn == ""


def test_the_targets_role_is_the_one_made_chosen_or_shared() -> None:
    made = session()
    keep(made)
    assert build.for_session(made, "target-role").attach_to_arn == ""
    Journal.of(made.id).write("execution-role", "made", kind="role", name="r", arn="arn:aws:iam::111122223333:role/r")
    assert build.for_session(made, "target-role").attach_to_arn.endswith("role/r")
    made.target.create_role = False
    assert build.for_session(made, "target-role").attach_to_arn.endswith("role/mwaa-prod")
    made.target.settings["ExecutionRoleArn"] = "arn:aws:iam::111122223333:role/chosen"
    assert build.for_session(made, "target-role").attach_to_arn.endswith("role/chosen")


@pytest.mark.parametrize("edited", [KEY, KEY.split(":key/")[1], None])
def test_the_environments_own_key(edited: str | None) -> None:
    made = session()
    keep(made, KmsKey=KEY)
    if edited:
        made.target.settings["KmsKey"] = edited
    assert build.from_session(made).environment_kms_key_arn == KEY
    made.target.settings["KmsKey"] = None
    assert build.from_session(made).environment_kms_key_arn is None


def test_a_damaged_copy_is_no_fact() -> None:
    made = session()
    (paths.run_dir(made.id) / "source.json").write_text("{", encoding="utf-8")
    assert build.from_session(made).source_role_arn == ""


def test_an_unknown_policy_is_refused() -> None:
    with pytest.raises(WizardError):
        build.for_session(session(), "admin")  # type: ignore[arg-type]


def test_facts_come_from_aws_where_it_answers(cloud: Cloud) -> None:
    cloud.environment("facts-old", SOURCE, "us-east-1")
    made = cloud.session("facts-old", "facts-none")
    known = build.facts_of(made, made.clients())
    assert (known.source_account, known.target_account) == (SOURCE, TARGET)
    assert known.source_role_arn == f"arn:aws:iam::{SOURCE}:role/facts-old-role"
    assert known.source_task_log_group == "airflow-facts-old-Task"
    assert known.target_role_arn == ""


def test_no_answer_leaves_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    made = session()
    made.source.connection.profile = "nobody"
    keep(made)
    assert build.facts_of(made, made.clients()).source_role_arn.endswith("role/mwaa-prod")


def _as_role(cloud: Cloud, made: Session, account: str, policy: str, name: str) -> Any:
    """An S3 client with the credentials of a role that has just this policy."""
    import boto3

    iam = made.clients().client("source" if account == SOURCE else "target", "iam")
    believed = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [believed]}
    user = f"user-{name}"
    iam.create_user(UserName=user)
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    allowed = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": arn}]}  # fmt: skip
    iam.put_user_policy(UserName=user, PolicyName="p", PolicyDocument=json.dumps(allowed))
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    sts = boto3.client("sts", region_name="us-east-1", **keys)
    found = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return arn, boto3.client(
        "s3", region_name="us-east-1", aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"], aws_session_token=found["SessionToken"],
    )  # fmt: skip


def _code(call: Any, **arguments: Any) -> str:
    try:
        call(**arguments)
    except ClientError as problem:
        return str(problem.response["Error"]["Code"])
    return "ok"


def test_the_source_policy_lets_the_dags_do_their_work_and_no_more(cloud: Cloud) -> None:
    made = cloud.session("work-old", "work-new")
    bucket = made.migration_bucket
    made.clients().client("source", "s3").create_bucket(Bucket=bucket)
    policy = render.to_json(documents.source_role(made, build.from_session(made)))
    _arn, s3 = _as_role(cloud, made, SOURCE, policy, "mwaa-work-old")
    for key in ("inventory.json", "manifest.json", "paused.json", "progress/mwz_export.json",
                "tables/xcom/0000.csv.gz", "sealed/variable.json.sealed"):  # fmt: skip
        assert _code(s3.put_object, Bucket=bucket, Key=key, Body=b"x") == "ok", key
    assert _code(s3.get_object, Bucket=bucket, Key="requests/mwz_export.json") == "NoSuchKey"
    upload = s3.create_multipart_upload(Bucket=bucket, Key="tables/log/0000.csv.gz")["UploadId"]
    assert _code(s3.abort_multipart_upload, Bucket=bucket, Key="tables/log/0000.csv.gz", UploadId=upload) == "ok"
    assert _code(s3.put_object, Bucket=bucket, Key="requests/mwz_export.json", Body=b"x") == "AccessDenied"
    assert _code(s3.put_object, Bucket=bucket, Key="import/result.json", Body=b"x") == "AccessDenied"
    assert _code(s3.get_object, Bucket=bucket, Key="sealed/variable.json.sealed") == "AccessDenied"
    assert _code(s3.delete_object, Bucket=bucket, Key="manifest.json") == "AccessDenied"


def test_the_target_policy_works_across_accounts_with_the_buckets_own(cloud: Cloud) -> None:
    made = cloud.session("far-old", "far-new")
    bucket = made.migration_bucket
    owner = made.clients().client("source", "s3")
    owner.create_bucket(Bucket=bucket)
    owner.put_object(Bucket=bucket, Key="tables/xcom/0000.csv.gz", Body=b"x")
    known = documents.Facts(source_account=SOURCE, target_account=TARGET)
    policy = render.to_json(documents.target_role(made, known))
    arn, s3 = _as_role(cloud, made, TARGET, policy, "mwaa-far-new")
    assert _code(s3.get_object, Bucket=bucket, Key="tables/xcom/0000.csv.gz") == "AccessDenied"
    known = documents.Facts(source_account=SOURCE, target_account=TARGET, target_role_arn=arn)
    own = documents.migration_bucket_policy(made, known, owner="source").document
    owner.put_bucket_policy(Bucket=bucket, Policy=json.dumps(own))
    assert _code(s3.get_object, Bucket=bucket, Key="tables/xcom/0000.csv.gz") == "ok"
    assert _code(s3.list_objects_v2, Bucket=bucket) == "ok"
    assert _code(s3.put_object, Bucket=bucket, Key="import/result.json", Body=b"x") == "ok"
    assert _code(s3.put_object, Bucket=bucket, Key="tables/xcom/0000.csv.gz", Body=b"x") == "AccessDenied"
