"""Create, update, roll back and delete: the statuses MWAA goes through, and what LastUpdate says."""

from __future__ import annotations

import json
import threading

import pytest
from botocore.exceptions import ClientError

from mwaa_wizard.sandbox import provision
from tests.sandbox.mwaa.conftest import World
from tests.sandbox.mwaa.fakes import ACCOUNT, REGION


def refusal(info: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    error = info.value.response["Error"]
    return str(error["Code"]), str(error["Message"])


def test_creating_then_available(world: World) -> None:
    go = world.plan.hold["create"] = threading.Event()
    arn = world.client.create_environment(**world.settings())["Arn"]
    assert arn == f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/prod"
    assert world.client.get_environment(Name="prod")["Environment"]["Status"] == "CREATING"
    go.set()
    view = world.settle()
    assert view["Status"] == "AVAILABLE"
    assert view["LastUpdate"]["Status"] == "SUCCESS"
    assert view["WebserverUrl"].startswith("127.0.0.1:")
    assert {"Arn", "CreatedAt", "ServiceRoleArn", "CeleryExecutorQueue", "DatabaseVpcEndpointService"} <= set(view)
    task_logs = view["LoggingConfiguration"]["TaskLogs"]
    assert task_logs["CloudWatchLogGroupArn"].endswith(":log-group:airflow-prod-Task")


def test_defaults_are_those_of_mwaa(world: World) -> None:
    view = world.create(AirflowVersion=None, EnvironmentClass=None, WebserverAccessMode=None, LoggingConfiguration=None)
    assert view["EnvironmentClass"] == "mw1.small"
    assert (view["MinWorkers"], view["MaxWorkers"], view["Schedulers"]) == (1, 10, 2)
    assert (view["MinWebservers"], view["MaxWebservers"]) == (2, 2)
    assert view["WebserverAccessMode"] == "PRIVATE_ONLY"
    assert view["LoggingConfiguration"]["TaskLogs"] == {"Enabled": False}


def test_log_groups_of_enabled_modules_only(world: World) -> None:
    modules = {"TaskLogs": {"Enabled": True, "LogLevel": "INFO"}, "WorkerLogs": {"Enabled": False, "LogLevel": "INFO"}}
    world.create(LoggingConfiguration=modules)
    groups = world.aws.client("logs", REGION).describe_log_groups()["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["airflow-prod-Task"]


def test_a_runtime_that_cannot_start_ends_as_create_failed(world: World) -> None:
    world.plan.fail["create"] = OSError("no space left")
    view = world.create()
    assert view["Status"] == "CREATE_FAILED"
    assert view["LastUpdate"]["Status"] == "FAILED"
    assert "no space left" in view["LastUpdate"]["Error"]["ErrorMessage"]
    assert "WebserverUrl" not in view
    world.client.delete_environment(Name="prod")


@pytest.mark.parametrize("group", ["airflow-prod-Task", "airflow-other-*"])
def test_a_key_has_to_be_open_to_cloudwatch_logs_for_the_environment_s_groups(world: World, group: str) -> None:
    kms = world.aws.client("kms", REGION)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    place = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}"
    policy["Statement"].append({
        "Effect": "Allow", "Principal": {"Service": f"logs.{REGION}.amazonaws.com"}, "Resource": "*",
        "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": place}},
    })  # fmt: skip
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))
    logging = {"TaskLogs": {"Enabled": True, "LogLevel": "INFO"}}
    view = world.create(KmsKey=key, LoggingConfiguration=logging)
    if group == "airflow-prod-Task":
        assert view["Status"] == "AVAILABLE"
        return
    assert view["LastUpdate"]["Error"]["ErrorCode"] == "INCORRECT_CONFIGURATION"
    assert "logs.us-east-1.amazonaws.com may not kms:DescribeKey" in view["LastUpdate"]["Error"]["ErrorMessage"]


def test_a_role_that_does_not_trust_mwaa_ends_as_create_failed(world: World) -> None:
    trust = provision.trust_policy(ACCOUNT)
    trust["Statement"][0]["Principal"] = {"Service": ["airflow.amazonaws.com"]}
    world.aws.client("iam", REGION).update_assume_role_policy(RoleName="mwaa-prod", PolicyDocument=json.dumps(trust))
    error = world.create()["LastUpdate"]["Error"]
    assert error["ErrorCode"] == "INCORRECT_CONFIGURATION"
    assert "airflow-env.amazonaws.com" in error["ErrorMessage"]


def test_a_trust_scoped_to_another_environment_creates_but_has_no_usable_keys(world: World) -> None:
    trust = provision.trust_policy(ACCOUNT)
    other = f"arn:aws:airflow:{REGION}:{ACCOUNT}:environment/other"
    trust["Statement"][0]["Condition"] = {"ArnLike": {"aws:SourceArn": other}}
    iam = world.aws.client("iam", REGION)
    iam.update_assume_role_policy(RoleName="mwaa-prod", PolicyDocument=json.dumps(trust))
    assert world.create()["Status"] == "AVAILABLE"
    powerless = world.plan.made[0].credentials()["AWS_ACCESS_KEY_ID"]
    trust["Statement"][0]["Condition"]["ArnLike"]["aws:SourceArn"] = other.replace("other", "prod")
    iam.update_assume_role_policy(RoleName="mwaa-prod", PolicyDocument=json.dumps(trust))
    good = world.plan.made[0].credentials()
    assert good["AWS_ACCESS_KEY_ID"] != powerless
    assert world.plan.made[0].credentials() == good


def test_public_subnets_end_as_create_failed(world: World) -> None:
    ec2 = world.aws.client("ec2", REGION)
    subnet = world.around.subnet_ids[0]
    vpc = ec2.describe_subnets(SubnetIds=[subnet])["Subnets"][0]["VpcId"]
    within = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    gateway = ec2.describe_internet_gateways(Filters=within)["InternetGateways"][0]["InternetGatewayId"]
    mine = [{"Name": "association.subnet-id", "Values": [subnet]}]
    table = ec2.describe_route_tables(Filters=mine)["RouteTables"][0]["RouteTableId"]
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    assert "internet gateway" in world.create()["LastUpdate"]["Error"]["ErrorMessage"]


def test_customer_endpoints_are_awaited(world: World) -> None:
    world.client.create_environment(**world.settings(EndpointManagement="CUSTOMER"))
    environment = world.service.environments()[0]
    ec2 = world.aws.client("ec2", REGION)
    vpc = ec2.describe_subnets(SubnetIds=[world.around.subnet_ids[0]])["Subnets"][0]["VpcId"]
    for service in environment.endpoint_services().values():
        assert not environment.done.wait(0.1)
        assert world.client.get_environment(Name="prod")["Environment"]["Status"] == "PENDING"
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, VpcEndpointType="Interface")
    assert world.settle()["Status"] == "AVAILABLE"
    assert world.history() == ["CREATING", "PENDING", "CREATING", "AVAILABLE"]


def test_a_pending_environment_can_be_deleted(world: World) -> None:
    # A name of its own: endpoint services follow from name and second, and the test before made those of "prod".
    world.client.create_environment(**world.settings("waiting", EndpointManagement="CUSTOMER"))
    environment = world.service.environments()[0]
    while environment.status != "PENDING":
        assert not environment.done.wait(0.01), environment.last_update
    world.client.delete_environment(Name="waiting")
    assert environment.done.wait(20)
    with pytest.raises(ClientError) as info:
        world.client.get_environment(Name="waiting")
    assert refusal(info)[0] == "ResourceNotFoundException"


def test_update_of_options(world: World) -> None:
    world.create()
    options = {"core.default_timezone": "Europe/Berlin"}
    world.client.update_environment(
        Name="prod", AirflowConfigurationOptions=options, WorkerReplacementStrategy="GRACEFUL"
    )
    view = world.settle()
    assert view["AirflowConfigurationOptions"] == options
    assert view["LastUpdate"]["WorkerReplacementStrategy"] == "GRACEFUL"
    assert world.history() == ["CREATING", "AVAILABLE", "UPDATING", "AVAILABLE"]
    assert world.plan.made[0].spec.config_options == options


def test_version_change_takes_a_snapshot(world: World) -> None:
    world.create()
    world.client.update_environment(Name="prod", AirflowVersion="2.11.2")
    assert world.settle()["AirflowVersion"] == "2.11.2"
    assert world.history()[2:] == ["UPDATING", "CREATING_SNAPSHOT", "UPDATING", "AVAILABLE"]
    assert world.plan.made[0].asked == ["create", "snapshot", "update 2.11.2"]


def test_a_failed_version_change_rolls_back(world: World) -> None:
    world.create()
    world.plan.fail["update 2.11.2"] = RuntimeError("migration failed")
    world.client.update_environment(Name="prod", AirflowVersion="2.11.2")
    view = world.settle()
    assert view["AirflowVersion"] == "2.8.1"
    assert view["Status"] == "UPDATE_FAILED"
    assert "migration failed" in view["LastUpdate"]["Error"]["ErrorMessage"]
    assert world.history()[-2:] == ["ROLLING_BACK", "UPDATE_FAILED"]
    assert world.plan.made[0].asked[-2:] == ["update 2.11.2", "restore"]
    world.client.update_environment(Name="prod", AirflowVersion="2.9.2")
    assert world.settle()["Status"] == "AVAILABLE"


def test_a_roll_back_that_fails_leaves_it_unavailable(world: World) -> None:
    world.create()
    world.plan.fail.update({"update 2.11.2": RuntimeError("no"), "restore": RuntimeError("also no")})
    world.client.update_environment(Name="prod", AirflowVersion="2.11.2")
    assert world.settle()["Status"] == "UNAVAILABLE"


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("2.7.2", "2.11.2", True), ("2.11.2", "2.7.2", True), ("2.11.2", "3.0.6", True), ("2.11.0", "3.0.6", False),
        ("2.10.3", "3.3.1", False), ("3.0.6", "2.11.2", True), ("3.0.6", "2.10.3", False), ("2.8.1", "2.6.3", False),
    ],
)  # fmt: skip
def test_in_place_routes(world: World, old: str, new: str, allowed: bool) -> None:
    world.create(version=old)
    if allowed:
        world.client.update_environment(Name="prod", AirflowVersion=new)
        assert world.settle()["AirflowVersion"] == new
        return
    with pytest.raises(ClientError) as info:
        world.client.update_environment(Name="prod", AirflowVersion=new)
    assert refusal(info)[0] == "ValidationException"


def test_no_update_or_delete_while_creating(world: World) -> None:
    go = world.plan.hold["create"] = threading.Event()
    world.client.create_environment(**world.settings())
    with pytest.raises(ClientError) as update:
        world.client.update_environment(Name="prod", MaxWorkers=5)
    with pytest.raises(ClientError) as delete:
        world.client.delete_environment(Name="prod")
    assert refusal(update)[0] == refusal(delete)[0] == "ValidationException"
    go.set()
    assert world.settle()["Status"] == "AVAILABLE"


def test_delete_goes_away_and_keeps_log_groups(world: World) -> None:
    world.create()
    environment = world.service.environments()[0]
    world.client.delete_environment(Name="prod")
    assert environment.done.wait(20)
    assert environment.history[-2:] == ["DELETING", "DELETED"]
    assert world.client.list_environments()["Environments"] == []
    assert world.plan.made[0].asked[-1] == "delete"
    assert world.aws.client("logs", REGION).describe_log_groups()["logGroups"]


def test_an_update_can_name_another_role(world: World) -> None:
    world.create()
    first = world.plan.made[0].credentials()
    other = provision.make_role(world.aws.client("iam", REGION), "second", ACCOUNT, REGION, world.around.bucket)
    world.client.update_environment(Name="prod", ExecutionRoleArn=other)
    assert world.settle()["ExecutionRoleArn"] == other
    assert world.plan.made[0].credentials() != first
    assert world.plan.made[0].credentials() == world.plan.made[0].credentials()
