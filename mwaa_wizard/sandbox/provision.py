"""What an environment needs around it, made as a customer would: network, bucket, execution role, the environment.

Sources: MWAA user guide: vpc-create, vpc-security, mwaa-s3-bucket, mwaa-create-role.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from mwaa_wizard.sandbox.mwaa.artefacts import code_of
from mwaa_wizard.sandbox.mwaa.calls import AwsAccess
from mwaa_wizard.sandbox.mwaa.names import MODULES, environment_arn, partition_of
from mwaa_wizard.sandbox.mwaa.role import SERVICES

DAG_PATH = "dags"
_ROLE_NAME_MAX = 64
_BUCKET_NAME_MAX = 63


@dataclass(frozen=True)
class Surroundings:
    """Names and ids of what was made for one environment."""

    bucket: str
    role_arn: str
    subnet_ids: tuple[str, ...]
    security_group_id: str


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[: limit - 9].rstrip("-.") + "-" + hashlib.sha256(text.encode()).hexdigest()[:8]


def bucket_name(name: str, account: str, region: str) -> str:
    """`airflow-NAME-ACCOUNT-REGION` within S3's rules (3-63 of a-z, 0-9, `-`)."""
    plain = re.sub(r"[^a-z0-9-]", "-", name.lower())
    if plain != name:  # "A_b" and "a-b" are different environments
        plain += "-" + hashlib.sha256(name.encode()).hexdigest()[:6]
    return _shortened(f"airflow-{plain}-{account}-{region}", _BUCKET_NAME_MAX)


def role_name(name: str) -> str:
    return _shortened(f"mwaa-{name}", _ROLE_NAME_MAX)


def trust_policy(account: str) -> dict[str, Any]:
    """MWAA's trust policy with the confused-deputy condition on the account."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": list(SERVICES)},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:SourceAccount": account}},
            }
        ],
    }


def base_policy(name: str, account: str, region: str, bucket: str) -> dict[str, Any]:
    """The execution role's policy with an AWS-owned key, statement by statement as the user guide has it."""
    part = partition_of(region)
    here = f"arn:{part}:s3:::{bucket}"
    log_actions = (
        "CreateLogStream", "CreateLogGroup", "PutLogEvents", "GetLogEvents", "GetLogRecord", "GetLogGroupFields",
        "GetQueryResults", "DescribeLogStreams",
    )  # fmt: skip
    queue_actions = (
        "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage",
        "SendMessage",
    )  # fmt: skip
    suffix = "amazonaws.com.cn" if part == "aws-cn" else "amazonaws.com"

    def allow(actions: list[str], resource: Any) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": actions, "Resource": resource}

    return {
        "Version": "2012-10-17",
        "Statement": [
            allow(["airflow:PublishMetrics"], environment_arn(account, region, name)),
            {"Effect": "Deny", "Action": ["s3:ListAllMyBuckets"], "Resource": [here, f"{here}/*"]},
            allow(["s3:GetObject*", "s3:GetBucket*", "s3:List*"], [here, f"{here}/*"]),
            allow(
                [f"logs:{action}" for action in log_actions],
                [f"arn:{part}:logs:{region}:{account}:log-group:airflow-{name}-*"],
            ),
            allow(["logs:DescribeLogGroups"], ["*"]),
            allow(["s3:GetAccountPublicAccessBlock"], ["*"]),
            allow(["cloudwatch:PutMetricData"], "*"),
            allow([f"sqs:{action}" for action in queue_actions], f"arn:{part}:sqs:{region}:*:airflow-celery-*"),
            {
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*", "kms:Encrypt"],
                "NotResource": f"arn:{part}:kms:*:{account}:key/*",
                "Condition": {"StringLike": {"kms:ViaService": [f"sqs.{region}.{suffix}"]}},
            },
        ],
    }


def make_network(ec2: Any, name: str) -> tuple[tuple[str, ...], str]:
    """A VPC with public routing: two private subnets in two zones, each behind a NAT gateway in a public subnet of its
    zone, and a security group that admits itself (the template of vpc-create).
    """
    mark = [{"Key": "Name", "Value": f"mwaa-{name}"}]
    vpc = ec2.create_vpc(CidrBlock="10.192.0.0/16")["Vpc"]["VpcId"]
    for switch in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{switch: {"Value": True}})
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]][:2]
    internet = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=internet, VpcId=vpc)
    open_table = _table(ec2, vpc, GatewayId=internet)
    subnets, public = [], []
    for index, zone in enumerate(zones):
        outside = _subnet(ec2, vpc, f"10.192.{10 + index}.0/24", zone, open_table)
        ec2.modify_subnet_attribute(SubnetId=outside, MapPublicIpOnLaunch={"Value": True})
        public.append(outside)
        address = ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = ec2.create_nat_gateway(SubnetId=outside, AllocationId=address)["NatGateway"]["NatGatewayId"]
        subnets.append(_subnet(ec2, vpc, f"10.192.{20 + index}.0/24", zone, _table(ec2, vpc, NatGatewayId=nat)))
    group = ec2.create_security_group(
        GroupName=f"mwaa-{name}", Description=f"Amazon MWAA environment {name}", VpcId=vpc
    )["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
    )
    ec2.create_tags(Resources=[vpc, *subnets, group], Tags=mark)
    ec2.create_tags(Resources=public, Tags=[{"Key": "Name", "Value": f"mwaa-{name}-public"}])
    return tuple(subnets), group


def _table(ec2: Any, vpc: str, **way: str) -> str:
    """A route table whose default route goes that way."""
    table = str(ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"])
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **way)
    return table


def _subnet(ec2: Any, vpc: str, cidr: str, zone: str, table: str) -> str:
    subnet = str(ec2.create_subnet(VpcId=vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"])
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    return subnet


def make_bucket(s3: Any, bucket: str, region: str) -> None:
    """A private, versioned bucket; one that exists is kept."""
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        s3.create_bucket(Bucket=bucket, **place)
    except ClientError as error:
        if code_of(error) != "BucketAlreadyOwnedByYou":
            raise
    switches = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(switches, True))
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def make_role(iam: Any, name: str, account: str, region: str, bucket: str) -> str:
    """The execution role `mwaa-NAME` with the base policy inline; its ARN."""
    role = role_name(name)
    document = json.dumps(trust_policy(account))
    try:
        arn = iam.create_role(
            RoleName=role, AssumeRolePolicyDocument=document, MaxSessionDuration=43200,
            Description=f"Execution role of Amazon MWAA environment {name}",
        )["Role"]["Arn"]  # fmt: skip
    except ClientError as error:
        if code_of(error) != "EntityAlreadyExists":
            raise
        arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    policy = base_policy(name, account, region, bucket)
    iam.put_role_policy(RoleName=role, PolicyName="MWAA-Execution-Policy", PolicyDocument=json.dumps(policy))
    return str(arn)


def surround(aws: AwsAccess, name: str, account: str, region: str) -> Surroundings:
    """Everything `create_environment` needs to point at."""
    bucket = bucket_name(name, account, region)
    make_bucket(aws.client("s3", region, account), bucket, region)
    role = make_role(aws.client("iam", region, account), name, account, region, bucket)
    subnets, group = make_network(aws.client("ec2", region, account), name)
    return Surroundings(bucket, role, subnets, group)


def environment_settings(
    name: str, version: str, around: Surroundings, region: str, artefacts: dict[str, str] | None = None
) -> dict[str, Any]:
    """CreateEnvironment's parameters; `artefacts` adds paths of requirements, plugins, startup script and versions."""
    return {
        "Name": name,
        "AirflowVersion": version,
        "SourceBucketArn": f"arn:{partition_of(region)}:s3:::{around.bucket}",
        "DagS3Path": DAG_PATH,
        "ExecutionRoleArn": around.role_arn,
        "NetworkConfiguration": {
            "SubnetIds": list(around.subnet_ids),
            "SecurityGroupIds": [around.security_group_id],
        },
        "EnvironmentClass": "mw1.small",
        "WebserverAccessMode": "PUBLIC_ONLY",
        "LoggingConfiguration": {
            module: {"Enabled": True, "LogLevel": "INFO" if module in ("TaskLogs", "SchedulerLogs") else "WARNING"}
            for module in MODULES
        },
        "Tags": {"project": "analytics", "made-by": "sandbox"},
        **(artefacts or {}),
    }
