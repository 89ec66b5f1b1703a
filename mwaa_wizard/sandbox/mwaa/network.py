"""Subnets, security groups and VPC endpoints of an environment.

Source: MWAA user guide: networking-about, vpc-create, vpc-security, vpc-endpoint-management.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from mwaa_wizard.sandbox.mwaa.artefacts import code_of
from mwaa_wizard.sandbox.mwaa.errors import ValidationException


def check_network(ec2: Any, subnet_ids: list[str], group_ids: list[str]) -> None:
    """Two subnets of one VPC in different zones; security groups of the same VPC. Raises ValidationException."""
    try:
        subnets = ec2.describe_subnets(SubnetIds=subnet_ids)["Subnets"]
        groups = ec2.describe_security_groups(GroupIds=group_ids)["SecurityGroups"]
    except ClientError as error:
        message = error.response.get("Error", {}).get("Message", "")
        raise ValidationException(f"{code_of(error)}: {message}") from error
    if len({subnet["VpcId"] for subnet in subnets}) != 1:
        raise ValidationException("The subnets must be in the same VPC")
    if len({subnet["AvailabilityZone"] for subnet in subnets}) != 2:
        raise ValidationException("The subnets must be in two different Availability Zones")
    if {group["VpcId"] for group in groups} != {subnets[0]["VpcId"]}:
        raise ValidationException("The security groups must be in the VPC of the subnets")


def unreachable(ec2: Any, subnet_ids: list[str], group_ids: list[str]) -> str:
    """Why the environment's parts could not reach each other or AWS; empty when they can.

    MWAA finds this only while it creates: the environment ends as CREATE_FAILED.
    """
    subnets = ec2.describe_subnets(SubnetIds=subnet_ids)["Subnets"]
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [subnets[0]["VpcId"]]}])["RouteTables"]
    for subnet in subnet_ids:
        if any(str(route.get("GatewayId", "")).startswith("igw-") for route in _routes(tables, subnet)):
            return f"subnet {subnet} routes to an internet gateway; private subnets are required"
    for group in ec2.describe_security_groups(GroupIds=group_ids)["SecurityGroups"]:
        for rule in group.get("IpPermissions", []):
            if any(pair.get("GroupId") in group_ids for pair in rule.get("UserIdGroupPairs", [])):
                return ""
    return "no security group has a self-referencing inbound rule"


def _routes(tables: list[dict[str, Any]], subnet: str) -> list[dict[str, Any]]:
    main: list[dict[str, Any]] = []
    for table in tables:
        for association in table.get("Associations", []):
            if association.get("SubnetId") == subnet:
                return list(table.get("Routes", []))
            if association.get("Main"):
                main = list(table.get("Routes", []))
    return main


def missing_endpoints(ec2: Any, services: list[str]) -> list[str]:
    """The endpoint services that no interface endpoint points at yet (EndpointManagement=CUSTOMER)."""
    seen = {
        found["ServiceName"]
        for page in ec2.get_paginator("describe_vpc_endpoints").paginate()
        for found in page["VpcEndpoints"]
        if str(found.get("State", "available")).lower() not in ("deleting", "deleted", "rejected", "failed")
    }
    return [service for service in services if service not in seen]
