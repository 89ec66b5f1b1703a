"""Resource-scoped statements: allowed where they reach, refused one step outside."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import ACCOUNT, Keys, World, allow, deny, document, refusal

LOGS = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group"


def stream(world: World) -> tuple[str, str]:
    logs = world.client("logs")
    group, name = world.name("airflow-old-Task"), "dag_id=d/run_id=r/task_id=t/attempt=1.log"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName=name)
    return group, name


def put(client: Any, group: str, name: str) -> Any:
    event = {"timestamp": int(time.time() * 1000), "message": "m"}
    return client.put_log_events(logGroupName=group, logStreamName=name, logEvents=[event])


def test_logs_statement_for_a_group_covers_its_streams(world: World) -> None:
    group, name = stream(world)
    logs = world.client("logs", world.user(allow("logs:*", f"{LOGS}:{group}:*")))
    put(logs, group, name)
    assert len(logs.get_log_events(logGroupName=group, logStreamName=name)["events"]) == 1
    assert logs.describe_log_streams(logGroupName=group)["logStreams"][0]["logStreamName"] == name
    other, other_name = stream(world)
    code, status, message = refusal(
        logs.put_log_events,
        logGroupName=other,
        logStreamName=other_name,
        logEvents=[{"timestamp": int(time.time() * 1000), "message": "m"}],
    )
    assert (code, status) == ("AccessDeniedException", 400)
    assert f'logs:PutLogEvents on resource: "{LOGS}:{other}:log-stream:{other_name}"' in message
    assert "because no identity-based policy allows the logs:PutLogEvents action" in message


def test_logs_group_without_star_grants_nothing_on_it(world: World) -> None:
    group, _ = stream(world)
    logs = world.client("logs", world.user(allow("logs:*", f"{LOGS}:{group}")))
    assert refusal(logs.describe_log_streams, logGroupName=group)[0] == "AccessDeniedException"


def test_logs_describe_groups_needs_all_groups(world: World) -> None:
    group, _ = stream(world)
    narrow = world.client("logs", world.user(allow("logs:*", f"{LOGS}:{group}:*")))
    assert refusal(narrow.describe_log_groups, logGroupNamePrefix=group)[0] == "AccessDeniedException"
    wide = world.client("logs", world.user(allow("logs:DescribeLogGroups")))
    assert wide.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["logGroupName"] == group


def test_logs_by_identifier_and_region(world: World) -> None:
    group, name = stream(world)
    logs = world.client("logs", world.user(allow("logs:GetLogEvents", f"{LOGS}:{group}:log-stream:dag_id=*")))
    found = logs.get_log_events(logGroupIdentifier=f"{LOGS}:{group}", logStreamName=name)
    assert found["events"] == []
    elsewhere = world.client("logs", world.user(allow("logs:*", f"{LOGS}:*")), region="eu-west-1")
    assert refusal(elsewhere.create_log_group, logGroupName=group)[0] == "AccessDeniedException"


def test_kms_key_and_alias(world: World) -> None:
    kms = world.client("kms")
    key = kms.create_key()["KeyMetadata"]
    other = kms.create_key()["KeyMetadata"]
    alias = f"alias/{world.name('a')}"
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    mine = world.client("kms", world.user(allow("kms:*", key["Arn"])))
    sealed = mine.encrypt(KeyId=alias, Plaintext=b"x")["CiphertextBlob"]
    assert mine.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"x"
    foreign = kms.encrypt(KeyId=other["KeyId"], Plaintext=b"y")["CiphertextBlob"]
    code, status, message = refusal(mine.decrypt, CiphertextBlob=foreign)
    assert (code, status) == ("AccessDeniedException", 400)
    assert f'kms:Decrypt on resource: "{other["Arn"]}"' in message


def test_kms_key_policy_must_allow(world: World) -> None:
    policy = document(allow("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:user/nobody"}))
    key = world.client("kms").create_key(Policy=policy, BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]
    user = world.client("kms", world.user(allow("kms:*")))
    assert refusal(user.describe_key, KeyId=key["KeyId"])[0] == "AccessDeniedException"


@pytest.fixture(scope="module")
def sealed_bucket(world: World) -> tuple[str, str]:
    """A bucket under a customer's key, and the key's ARN."""
    key = world.client("kms").create_key()["KeyMetadata"]["Arn"]
    bucket = world.bucket()
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    world.client("s3").put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    return bucket, key


def test_sealed_objects_need_the_key_through_s3(world: World, sealed_bucket: tuple[str, str]) -> None:
    bucket, key = sealed_bucket
    objects = allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/*")
    plain = world.client("s3", world.user(objects))
    assert "kms:GenerateDataKey" in refusal(plain.put_object, Bucket=bucket, Key="k", Body=b"x")[2]
    wrong = {"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}}
    misled = world.client("s3", world.user(objects, allow("kms:*", key, Condition=wrong)))
    assert refusal(misled.put_object, Bucket=bucket, Key="k", Body=b"x")[0] == "AccessDenied"
    right = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
    writer = world.client("s3", world.user(objects, allow("kms:GenerateDataKey*", key, Condition=right)))
    writer.put_object(Bucket=bucket, Key="k", Body=b"x")
    assert "kms:Decrypt" in refusal(writer.get_object, Bucket=bucket, Key="k")[2]
    reader = world.client("s3", world.user(objects, allow("kms:Decrypt", key, Condition=right)))
    assert reader.get_object(Bucket=bucket, Key="k")["Body"].read() == b"x"


def test_secrets_by_name_and_arn(world: World) -> None:
    root = world.client("secretsmanager")
    mine, other = world.name("airflow/variables/a"), world.name("else/b")
    for name in (mine, other):
        root.create_secret(Name=name, SecretString="v")
    scope = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:airflow/*"
    user = world.client("secretsmanager", world.user(allow("secretsmanager:*", scope)))
    arn = user.describe_secret(SecretId=mine)["ARN"]
    assert user.get_secret_value(SecretId=arn)["SecretString"] == "v"
    assert refusal(user.get_secret_value, SecretId=other)[0] == "AccessDeniedException"
    assert refusal(user.list_secrets)[0] == "AccessDeniedException"
    user.create_secret(Name=world.name("airflow/new"), SecretString="v")
    assert refusal(user.create_secret, Name=world.name("new"), SecretString="v")[0] == "AccessDeniedException"


def test_parameters_and_queues(world: World) -> None:
    scope = f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/airflow/*"
    ssm = world.client("ssm", world.user(allow("ssm:*", scope)))
    ssm.put_parameter(Name="/airflow/a", Value="v", Type="String", Overwrite=True)
    assert ssm.get_parameters(Names=["/airflow/a"])["Parameters"][0]["Value"] == "v"
    assert refusal(ssm.get_parameters, Names=["/airflow/a", "/b"])[0] == "AccessDeniedException"
    # Of a listing IAM is asked on the path as it is written, and not on what lies below it.
    assert 'parameter/airflow" because' in refusal(ssm.get_parameters_by_path, Path="/airflow")[2]
    assert ssm.get_parameters_by_path(Path="/airflow/")["Parameters"][0]["Value"] == "v"
    exact = world.client("ssm", world.user(allow("ssm:GetParametersByPath", scope.removesuffix("/*"))))
    assert exact.get_parameters_by_path(Path="/airflow")["Parameters"][0]["Value"] == "v"
    assert refusal(exact.get_parameters_by_path, Path="/airflow/")[0] == "AccessDeniedException"
    assert 'parameter/" because' in refusal(exact.get_parameters_by_path, Path="/")[2]
    queue = world.client("sqs").create_queue(QueueName=world.name("airflow-celery"))["QueueUrl"]
    sqs = world.client("sqs", world.user(allow("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:airflow-celery-*")))
    assert sqs.send_message(QueueUrl=queue, MessageBody="m")["MessageId"]
    assert refusal(sqs.delete_queue, QueueUrl=queue)[1] in (400, 403)


def test_metrics_namespace_is_a_condition(world: World) -> None:
    only = {"StringEquals": {"cloudwatch:namespace": "AmazonMWAA"}}
    client = world.client("cloudwatch", world.user(allow("cloudwatch:PutMetricData", Condition=only)))
    data = [{"MetricName": "m", "Value": 1.0}]
    client.put_metric_data(Namespace="AmazonMWAA", MetricData=data)
    assert refusal(client.put_metric_data, Namespace="Else", MetricData=data)[0].startswith("AccessDenied")


def test_iam_role_arns_and_query_wording(world: World) -> None:
    role, other = world.role(), world.role()
    iam = world.client("iam", world.user(allow("iam:PutRolePolicy", role)))
    arguments = {"PolicyName": "p", "PolicyDocument": document(allow("s3:GetObject"))}
    iam.put_role_policy(RoleName=role.rpartition("/")[2], **arguments)
    code, status, message = refusal(iam.put_role_policy, RoleName=other.rpartition("/")[2], **arguments)
    assert (code, status) == ("AccessDenied", 403)
    assert f'not authorized to perform: iam:PutRolePolicy on resource: "{other}"' in message


def test_users_may_be_granted_their_own_keys(world: World) -> None:
    keys = world.user(allow("iam:ListAccessKeys", f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"))
    assert world.client("iam", keys).list_access_keys()["AccessKeyMetadata"][0]["AccessKeyId"] == keys[0]


def test_group_and_managed_policies_count(world: World) -> None:
    keys = world.user()
    iam = world.client("iam")
    name = world.client("sts", keys).get_caller_identity()["Arn"].rpartition("/")[2]
    group = world.name("group")
    iam.create_group(GroupName=group)
    iam.put_group_policy(GroupName=group, PolicyName="p", PolicyDocument=document(allow("iam:ListRoles")))
    client = world.client("iam", keys)
    assert refusal(client.list_roles)[0] == "AccessDenied"
    iam.add_user_to_group(GroupName=group, UserName=name)
    client.list_roles()
    arn = iam.create_policy(PolicyName=world.name("p"), PolicyDocument=document(deny("iam:ListRoles")))["Policy"]["Arn"]
    iam.attach_user_policy(UserName=name, PolicyArn=arn)
    assert "explicit deny in an identity-based policy" in refusal(client.list_roles)[2]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(deny("iam:ListUsers")), SetAsDefault=True)
    client.list_roles()


def test_permissions_boundary_of_a_role(world: World) -> None:
    boundary = world.client("iam").create_policy(
        PolicyName=world.name("b"), PolicyDocument=document(allow("iam:ListUsers"))
    )["Policy"]["Arn"]
    keys = world.assume(world.role(allow("iam:*"), PermissionsBoundary=boundary))
    client = world.client("iam", keys)
    client.list_users()
    assert "no permissions boundary allows" in refusal(client.list_roles)[2]


def test_session_policy_narrows(world: World) -> None:
    keys = world.assume(world.role(allow("iam:*")), Policy=document(allow("iam:ListUsers")))
    client = world.client("iam", keys)
    client.list_users()
    assert "no session policy allows" in refusal(client.list_roles)[2]


def test_ec2_wording_and_dry_run(world: World) -> None:
    allowed = world.client("ec2", world.user(allow("ec2:DescribeVpcs")))
    assert allowed.describe_vpcs()["Vpcs"]
    assert refusal(allowed.describe_vpcs, DryRun=True)[:2] == ("DryRunOperation", 412)
    refused = refusal(allowed.create_vpc, CidrBlock="10.0.0.0/16", DryRun=True)
    assert refused[:2] == ("UnauthorizedOperation", 403)


def test_a_vpcs_attributes_are_granted_on_the_vpc(world: World) -> None:
    vpc = world.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    asked = {"VpcId": vpc, "Attribute": "enableDnsSupport"}
    every = f"arn:aws:ec2:us-east-1:{ACCOUNT}:vpc/*"
    assert world.client("ec2", world.user(allow("ec2:DescribeVpcAttribute", every))).describe_vpc_attribute(**asked)
    other = world.client("ec2", world.user(allow("ec2:DescribeVpcAttribute", f"{every[:-1]}vpc-else")))
    assert refusal(other.describe_vpc_attribute, **asked)[0] == "UnauthorizedOperation"
    elsewhere = world.client("ec2", world.user(allow("ec2:DescribeVpcs", every)))
    assert refusal(elsewhere.describe_vpcs)[0] == "UnauthorizedOperation", "its answer is a list: only on everything"


def test_service_without_rules_is_asked_on_everything(world: World) -> None:
    keys: Keys = world.user(allow("servicequotas:GetServiceQuota"))
    client = world.client("service-quotas", keys)
    assert client.get_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]
    assert refusal(world.client("events", keys).list_rules)[0] == "AccessDeniedException"


def test_simulate_principal_policy(world: World) -> None:
    role = world.role(allow("s3:GetObject", "arn:aws:s3:::b/*"), deny("s3:PutObject"))
    iam = world.client("iam", world.user(allow("iam:SimulatePrincipalPolicy")))
    answer = iam.simulate_principal_policy(
        PolicySourceArn=role,
        ActionNames=["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        ResourceArns=["arn:aws:s3:::b/k"],
    )
    found = {item["EvalActionName"]: item["EvalDecision"] for item in answer["EvaluationResults"]}
    assert found == {"s3:GetObject": "allowed", "s3:PutObject": "explicitDeny", "s3:ListBucket": "implicitDeny"}
    missing = refusal(iam.simulate_principal_policy, PolicySourceArn=f"{role}-none", ActionNames=["s3:GetObject"])
    assert missing[:2] == ("NoSuchEntity", 404)


def test_request_id_is_given_with_a_refusal(world: World) -> None:
    client = world.client("logs", world.user())
    with pytest.raises(ClientError) as refused:
        client.describe_log_groups()
    assert len(refused.value.response["ResponseMetadata"]["RequestId"]) == 36


def test_unread_body_does_not_break_the_connection(world: World) -> None:
    bucket = world.bucket()
    client = world.client("s3", world.user(allow("s3:ListBucket")), max_pool_connections=1)
    for _ in range(3):
        body = io.BytesIO(b"x" * 300_000)
        assert refusal(client.put_object, Bucket=bucket, Key="k", Body=body)[0] == "AccessDenied"
        assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_what_is_made_with_tags_needs_the_permission_to_tag(world: World) -> None:
    tags = [{"Key": "a", "Value": "b"}]
    secrets = world.client("secretsmanager", world.user(allow("secretsmanager:CreateSecret")))
    secrets.create_secret(Name=world.name("plain"), SecretString="x")
    code, _status, message = refusal(secrets.create_secret, Name=world.name("tagged"), SecretString="x", Tags=tags)
    assert code == "AccessDeniedException"
    assert "secretsmanager:TagResource" in message
    iam = world.client("iam", world.user(allow("iam:CreateRole")))
    trust = document(allow("sts:AssumeRole"))
    wanted = {"AssumeRolePolicyDocument": trust, "Tags": tags}
    code, _status, message = refusal(iam.create_role, RoleName=world.name("role"), **wanted)
    assert code == "AccessDenied"
    assert "iam:TagRole" in message
