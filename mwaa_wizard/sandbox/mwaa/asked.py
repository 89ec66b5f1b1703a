"""What MWAA asks of other services in its caller's name before it makes an environment.

Sources: service authorization reference, "Amazon MWAA" (API operations: CreateEnvironment needs TagResource for its
tags); MWAA user guide, access-policies and mwaa-slr (VPC endpoints, service-linked role), custom-keys-certs (grants).
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.sandbox.mwaa import names
from mwaa_wizard.sandbox.mwaa.calls import Call

SERVICE = "airflow.amazonaws.com"
_LINKED_ROLE = f"aws-service-role/{SERVICE}/AWSServiceRoleForAmazonMWAA"


def for_endpoints(call: Call, ec2: Any, subnet_ids: list[str], group_ids: list[str]) -> None:
    """The dry run of ec2:CreateVpcEndpoint, which is granted on all that it touches."""
    place = f"arn:{names.partition_of(call.region)}:ec2:{call.region}:{call.account}"
    vpc = ec2.describe_subnets(SubnetIds=subnet_ids)["Subnets"][0]["VpcId"]
    touched = ["vpc-endpoint/*", f"vpc/{vpc}", *(f"subnet/{name}" for name in subnet_ids)]
    for name in (*touched, *(f"security-group/{group}" for group in group_ids)):
        call.require("ec2:CreateVpcEndpoint", f"{place}:{name}", {"aws:CalledVia": SERVICE})


def for_key(call: Call, key: str) -> None:
    """MWAA looks at the key and grants itself its use."""
    place = f"arn:{names.partition_of(call.region)}:kms:{call.region}:{call.account}"
    arn = key if key.startswith("arn:") else f"{place}:key/{key.removeprefix('key/')}"
    for action in ("kms:DescribeKey", "kms:CreateGrant"):
        call.require(action, arn)


def for_linked_role(call: Call) -> None:
    """An account's first environment comes with MWAA's service-linked role."""
    arn = f"arn:{names.partition_of(call.region)}:iam::{call.account}:role/{_LINKED_ROLE}"
    call.require("iam:CreateServiceLinkedRole", arn, {"iam:AWSServiceName": SERVICE})
