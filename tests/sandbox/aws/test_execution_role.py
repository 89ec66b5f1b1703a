"""MWAA's documented execution role policy, as a real session meets it (MWAA user guide, "mwaa-create-role")."""

from __future__ import annotations

import time
from typing import Any

import pytest

from .conftest import ACCOUNT, World, allow, deny, document, refusal

ENVIRONMENT = "exec-prod"


def base_policy(bucket: str) -> list[dict[str, Any]]:
    objects = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    return [
        allow("airflow:PublishMetrics", f"arn:aws:airflow:us-east-1:{ACCOUNT}:environment/{ENVIRONMENT}"),
        deny("s3:ListAllMyBuckets", objects),
        allow(["s3:GetObject*", "s3:GetBucket*", "s3:List*"], objects),
        allow(
            [
                "logs:CreateLogStream",
                "logs:CreateLogGroup",
                "logs:PutLogEvents",
                "logs:GetLogEvents",
                "logs:GetLogRecord",
                "logs:GetLogGroupFields",
                "logs:GetQueryResults",
                "logs:DescribeLogStreams",
            ],
            f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:airflow-{ENVIRONMENT}-*",
        ),
        allow(["logs:DescribeLogGroups", "s3:GetAccountPublicAccessBlock", "cloudwatch:PutMetricData"]),
        allow(["sqs:SendMessage", "sqs:GetQueueUrl"], "arn:aws:sqs:us-east-1:*:airflow-celery-*"),
        {
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"],
            "NotResource": f"arn:aws:kms:*:{ACCOUNT}:key/*",
            "Condition": {"StringLike": {"kms:ViaService": ["sqs.us-east-1.amazonaws.com"]}},
        },
    ]


@pytest.fixture(scope="module")
def place(world: World) -> tuple[str, Any]:
    """The environment's bucket, and a client maker with the role's session."""
    bucket = world.bucket()
    world.client("s3").put_object(Bucket=bucket, Key="dags/a.py", Body=b"x")
    keys = world.assume(world.role(*base_policy(bucket), Path="/service-role/"))
    return bucket, lambda service: world.client(service, keys)


def test_what_the_role_may_do(place: tuple[str, Any]) -> None:
    bucket, client = place
    s3, logs = client("s3"), client("logs")
    assert s3.list_objects_v2(Bucket=bucket, Prefix="dags/")["KeyCount"] == 1
    assert s3.get_object(Bucket=bucket, Key="dags/a.py")["Body"].read() == b"x"
    assert s3.get_bucket_versioning(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"] == 200
    group = f"airflow-{ENVIRONMENT}-Task"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    event = {"timestamp": int(time.time() * 1000), "message": "m"}
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[event])
    assert len(logs.get_log_events(logGroupName=group, logStreamName="s")["events"]) == 1
    assert len(logs.describe_log_streams(logGroupName=group)["logStreams"]) == 1
    logs.describe_log_groups()
    client("cloudwatch").put_metric_data(Namespace="AmazonMWAA", MetricData=[{"MetricName": "m", "Value": 1.0}])


def test_what_it_may_not(world: World, place: tuple[str, Any]) -> None:
    bucket, client = place
    s3, logs = client("s3"), client("logs")
    other = world.bucket()
    assert "s3:PutObject" in refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"x")[2]
    assert refusal(s3.list_buckets)[0] == "AccessDenied"
    assert refusal(s3.list_objects_v2, Bucket=other)[0] == "AccessDenied"
    code, _, message = refusal(logs.create_log_group, logGroupName=f"airflow-{ENVIRONMENT}2-Task")
    assert code == "AccessDeniedException"
    assert f"User: arn:aws:sts::{ACCOUNT}:assumed-role/role-" in message
    assert refusal(client("iam").list_roles)[0] == "AccessDenied"
    assert refusal(client("secretsmanager").list_secrets)[0] == "AccessDeniedException"
    assert refusal(logs.filter_log_events, logGroupName=f"airflow-{ENVIRONMENT}-Task")[0] == "AccessDeniedException"


def test_an_added_policy_counts_at_once_and_until_it_is_removed(world: World) -> None:
    bucket = world.bucket()
    role = world.role(*base_policy(bucket))
    s3 = world.client("s3", world.assume(role))
    name = role.rpartition("/")[2]
    assert refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"x")[0] == "AccessDenied"
    iam = world.client("iam")
    grant = allow("s3:PutObject", f"arn:aws:s3:::{bucket}/migration/*")
    iam.put_role_policy(RoleName=name, PolicyName="migration", PolicyDocument=document(grant))
    s3.put_object(Bucket=bucket, Key="migration/k", Body=b"x")
    assert refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"x")[0] == "AccessDenied"
    iam.delete_role_policy(RoleName=name, PolicyName="migration")
    assert refusal(s3.put_object, Bucket=bucket, Key="migration/k", Body=b"x")[0] == "AccessDenied"
