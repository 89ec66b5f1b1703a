"""What the service refuses beyond the model's constraints, and whom."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa_wizard.sandbox.mwaa.airflow_roles import permits
from tests.sandbox.mwaa.conftest import World
from tests.sandbox.mwaa.fakes import ACCOUNT, REGION, Permissions, mwaa_client


def refused(world: World, **changes: Any) -> str:
    with pytest.raises(ClientError) as info:
        world.client.create_environment(**world.settings(**changes))
    assert info.value.response["Error"]["Code"] == "ValidationException"
    assert world.service.environments() == []
    return str(info.value.response["Error"]["Message"])


@pytest.mark.parametrize(
    "changes",
    [
        {"Schedulers": 1}, {"MinWorkers": 5, "MaxWorkers": 4}, {"MaxWorkers": 26}, {"MinWebservers": 1},
        {"MaxWebservers": 6}, {"EnvironmentClass": "mw1.tiny"}, {"EnvironmentClass": "mw1.micro", "MaxWorkers": 2},
        {"DagS3Path": "/dags"}, {"DagS3Path": "dags/"}, {"DagS3Path": "s3://b/dags"}, {"DagS3Path": ""},
        {"PluginsS3Path": "absent.zip"}, {"PluginsS3ObjectVersion": "v1"}, {"StartupScriptS3Path": "startup.sh"},
        {"WebserverAccessMode": "PUBLIC_AND_PRIVATE"}, {"KmsKey": "alias/mine"}, {"Tags": {"aws:x": "y"}},
        {"KmsKey": "12345678-1234-1234-1234-123456789012"},
        {"ExecutionRoleArn": f"arn:aws:iam::{ACCOUNT}:role/absent"},
        {"ExecutionRoleArn": "arn:aws:iam::999999999999:role/mwaa-prod"},
        {"SourceBucketArn": "arn:aws:s3:::absent-bucket"},
    ],
    ids=str,
)  # fmt: skip
def test_refused_settings(world: World, changes: dict[str, Any]) -> None:
    assert refused(world, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"Schedulers": 5}, {"MinWorkers": 25, "MaxWorkers": 25}, {"MaxWebservers": 5},
        {"EnvironmentClass": "mw1.micro"},
        {"EnvironmentClass": "mw1.2xlarge"}, {"version": "3.2.1", "WebserverAccessMode": "PUBLIC_AND_PRIVATE"},
    ],
    ids=str,
)  # fmt: skip
def test_accepted_settings(world: World, changes: dict[str, Any]) -> None:
    assert world.create(**changes)["Status"] == "AVAILABLE"


def test_versions_out_of_support_only_for_the_sandbox_itself(world: World) -> None:
    assert "2.6.3" in refused(world, version="2.6.3")
    world.service.legacy_versions.add("2.6.3")
    assert world.create(version="2.6.3")["AirflowVersion"] == "2.6.3"


def test_bucket_must_be_versioned_and_private(world: World) -> None:
    s3 = world.aws.client("s3", REGION)
    s3.put_bucket_versioning(Bucket=world.around.bucket, VersioningConfiguration={"Status": "Suspended"})
    assert "versioning" in refused(world)
    s3.put_bucket_versioning(Bucket=world.around.bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.delete_public_access_block(Bucket=world.around.bucket)
    assert "public access" in refused(world)


def test_object_versions_are_pinned_or_must_exist(world: World) -> None:
    s3 = world.aws.client("s3", REGION)
    old = s3.put_object(Bucket=world.around.bucket, Key="requirements.txt", Body=b"1")["VersionId"]
    new = s3.put_object(Bucket=world.around.bucket, Key="requirements.txt", Body=b"2")["VersionId"]
    message = refused(world, RequirementsS3Path="requirements.txt", RequirementsS3ObjectVersion="nonsense")
    assert message.startswith("Unable to access version nonsense of ")
    assert world.create(RequirementsS3Path="requirements.txt")["RequirementsS3ObjectVersion"] == new
    world.client.update_environment(Name="prod", RequirementsS3ObjectVersion=old)
    assert world.settle()["RequirementsS3ObjectVersion"] == old
    assert world.plan.made[0].spec.requirements_version == old
    world.client.update_environment(Name="prod", RequirementsS3Path="requirements.txt")
    assert world.settle()["RequirementsS3ObjectVersion"] == new


def test_subnets_in_one_zone_or_two_vpcs(world: World) -> None:
    ec2 = world.aws.client("ec2", REGION)
    first = ec2.describe_subnets(SubnetIds=[world.around.subnet_ids[0]])["Subnets"][0]
    twin = ec2.create_subnet(
        VpcId=first["VpcId"], CidrBlock="10.192.30.0/24", AvailabilityZone=first["AvailabilityZone"]
    )["Subnet"]["SubnetId"]
    net = {"SecurityGroupIds": [world.around.security_group_id], "SubnetIds": [world.around.subnet_ids[0], twin]}
    assert "Availability Zones" in refused(world, NetworkConfiguration=net)
    net["SubnetIds"] = [world.around.subnet_ids[0], "subnet-absent"]
    assert "InvalidSubnetID" in refused(world, NetworkConfiguration=net)


def test_names_are_unique_per_account_and_region(world: World) -> None:
    world.create()
    with pytest.raises(ClientError, match="already exists"):
        world.client.create_environment(**world.settings())
    elsewhere = mwaa_client(world.service, world.permissions, region="eu-west-1")
    assert elsewhere.list_environments()["Environments"] == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        elsewhere.get_environment(Name="prod")


def test_quota_and_paging(world: World) -> None:
    names = [f"env-{index}" for index in range(10)]
    for name in names:
        world.create(name)
    with pytest.raises(ClientError, match="limit of 10"):
        world.client.create_environment(**world.settings("env-10"))
    pages = list(world.client.get_paginator("list_environments").paginate(PaginationConfig={"PageSize": 3}))
    assert [len(page["Environments"]) for page in pages] == [3, 3, 3, 1]
    assert [name for page in pages for name in page["Environments"]] == names
    with pytest.raises(ClientError, match="ValidationException"):
        world.client.list_environments(MaxResults=26)


def test_tags(world: World) -> None:
    arn = world.create()["Arn"]
    world.client.tag_resource(ResourceArn=arn, Tags={"team": "データ"})
    world.client.untag_resource(ResourceArn=arn, tagKeys=["project"])
    tags = world.client.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert tags == {"made-by": "sandbox", "team": "データ"}
    with pytest.raises(ClientError, match="at most 50"):
        world.client.tag_resource(ResourceArn=arn, Tags={f"k{index}": "v" for index in range(49)})


DENIALS = [
    ("airflow:CreateEnvironment", "create_environment"), ("iam:PassRole", "create_environment"),
    ("ec2:CreateVpcEndpoint", "create_environment"), ("s3:GetEncryptionConfiguration", "create_environment"),
    ("airflow:TagResource", "create_environment"), ("iam:CreateServiceLinkedRole", "create_environment"),
    ("airflow:GetEnvironment", "get_environment"), ("airflow:ListEnvironments", "list_environments"),
    ("airflow:UpdateEnvironment", "update_environment"), ("iam:PassRole", "update_environment"),
    ("airflow:DeleteEnvironment", "delete_environment"), ("airflow:CreateCliToken", "create_cli_token"),
    ("airflow:CreateWebLoginToken", "create_web_login_token"), ("airflow:InvokeRestApi", "invoke_rest_api"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "operation"), DENIALS)
def test_a_refused_permission(world: World, action: str, operation: str) -> None:
    if operation != "create_environment":
        world.create()
    world.permissions.denied.add((action, ""))
    params: dict[str, Any] = {"Name": "prod"}
    if operation == "create_environment":
        params = world.settings()
    elif operation == "invoke_rest_api":
        params |= {"Path": "/dags", "Method": "GET"}
    elif operation == "list_environments":
        params = {}
    with pytest.raises(ClientError) as info:
        getattr(world.client, operation)(**params)
    assert info.value.response["Error"]["Code"] == "AccessDeniedException"
    assert action in info.value.response["Error"]["Message"]


def test_a_stranger_learns_nothing_about_names(world: World) -> None:
    world.permissions.denied.add(("airflow:GetEnvironment", ""))
    with pytest.raises(ClientError, match="AccessDenied"):
        world.client.get_environment(Name="absent")


def test_pass_role_is_asked_with_the_service_it_goes_to(world: World) -> None:
    world.create()
    asked = [entry for entry in world.permissions.asked if entry[0] == "iam:PassRole"]
    assert asked == [("iam:PassRole", world.around.role_arn, {"iam:PassedToService": "airflow.amazonaws.com"})]


@pytest.mark.parametrize("part", [":vpc-endpoint/", ":vpc/", ":subnet/", ":security-group/"])
def test_the_endpoints_are_asked_for_on_all_that_they_touch(world: World, part: str) -> None:
    world.permissions.denied.add(("ec2:CreateVpcEndpoint", part))
    with pytest.raises(ClientError, match="ec2:CreateVpcEndpoint"):
        world.client.create_environment(**world.settings())


@pytest.mark.parametrize("action", ["kms:DescribeKey", "kms:CreateGrant"])
def test_a_key_of_ones_own_is_asked_for_as_the_caller(world: World, action: str) -> None:
    key = world.aws.client("kms", REGION).create_key()["KeyMetadata"]["Arn"]
    world.permissions.denied.add((action, key))
    with pytest.raises(ClientError, match=action):
        world.client.create_environment(**world.settings(KmsKey=key))


def test_an_account_has_the_service_linked_role_once(world: World) -> None:
    world.create()
    world.permissions.denied.add(("iam:CreateServiceLinkedRole", ""))
    assert world.create("second")["Status"] == "AVAILABLE"


def test_the_highest_airflow_role_that_iam_allows_is_used(world: World) -> None:
    world.create()
    world.permissions.denied |= {("airflow:InvokeRestApi", "/Admin"), ("airflow:InvokeRestApi", "/Op")}
    world.permissions.denied |= {("airflow:InvokeRestApi", "/User")}
    world.client.invoke_rest_api(Name="prod", Path="/dags", Method="GET")
    with pytest.raises(ClientError) as info:
        world.client.invoke_rest_api(Name="prod", Path="/dags/x", Method="PATCH", Body={"is_paused": True})
    assert info.value.response["RestApiStatusCode"] == 403
    resources = [entry[1] for entry in world.permissions.asked if entry[0] == "airflow:InvokeRestApi"]
    assert resources[:4] == [
        f"arn:aws:airflow:{REGION}:{ACCOUNT}:role/prod/{role}" for role in ("Admin", "Op", "User", "Viewer")
    ]


@pytest.mark.parametrize(
    ("role", "method", "path", "allowed"),
    [
        ("Admin", "GET", "/users", True), ("Op", "GET", "/users", False), ("Op", "POST", "/variables", True),
        ("User", "GET", "/variables", False), ("User", "POST", "/dags/x/dagRuns", True),
        ("Viewer", "POST", "/dags/x/dagRuns", False),
        ("Public", "GET", "/dags", False), ("Public", "GET", "/health", True),
    ],
)  # fmt: skip
def test_airflow_roles(role: str, method: str, path: str, allowed: bool) -> None:
    assert permits(role, method, path) is allowed


def test_partition_of_china(world: World) -> None:
    client = mwaa_client(world.service, Permissions({("airflow:GetEnvironment", "arn:aws-cn:")}), region="cn-north-1")
    with pytest.raises(ClientError, match="AccessDenied"):
        client.get_environment(Name="prod")
