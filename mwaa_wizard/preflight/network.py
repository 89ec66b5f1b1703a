"""The target's network as EC2 has it: what the checks of subnets, routes, groups and endpoints look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mwaa_wizard.aws.errors import code_of
from mwaa_wizard.environments import shapes
from mwaa_wizard.environments.fields import SECURITY_GROUPS, SUBNETS
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.preflight.finding import Verdict, environment_arn, look, look_all, target_values

ANYWHERE = ("0.0.0.0/0", "::/0")
_TARGETS = ("NatGatewayId", "TransitGatewayId", "NetworkInterfaceId", "InstanceId", "VpcPeeringConnectionId",
            "CoreNetworkArn", "GatewayId", "EgressOnlyInternetGatewayId")  # fmt: skip
# What leads to other networks, where endpoints may be shared (MWAA user guide: networking-about).
_BEYOND = ("TransitGatewayId", "VpcPeeringConnectionId", "CoreNetworkArn")
NO_SUBNET = ("InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed", "InvalidSubnetId.Malformed")
NO_GROUP = ("InvalidGroup.NotFound", "InvalidGroupId.Malformed")


@dataclass(frozen=True)
class Ids:
    """The ids that the target's settings name."""

    subnets: list[str]
    groups: list[str]


def ids(ctx: Context) -> Ids | None:
    """Ids of subnets and groups; None where the settings hold none that could be looked up (told by their check)."""
    values = target_values(ctx)
    subnets, groups = values.get(SUBNETS), values.get(SECURITY_GROUPS)
    if not isinstance(subnets, list) or not isinstance(groups, list):
        return None
    if shapes.problems(SUBNETS, subnets) or shapes.problems(SECURITY_GROUPS, groups) or len(set(subnets)) != 2:
        return None
    return Ids([str(item) for item in subnets], [str(item) for item in groups])


def subnets(ctx: Context) -> list[dict[str, Any]] | None:
    """DescribeSubnets' rows of the two subnets, in the settings' order; None without ids. Raises as `look` does."""
    if (wanted := ids(ctx)) is None:
        return None
    rows = look(ctx, "target", "ec2", "describe_subnets", SubnetIds=wanted.subnets)["Subnets"]
    by_id = {row["SubnetId"]: row for row in rows}
    return [by_id[name] for name in wanted.subnets if name in by_id]


def known(ctx: Context) -> list[dict[str, Any]]:
    """Both subnets of one VPC; empty where the check of the subnets already tells what is wrong with them."""
    try:
        rows = subnets(ctx)
    except Exception as problem:
        if code_of(problem) in NO_SUBNET:
            return []
        raise
    return rows if rows and len(rows) == 2 and len({row["VpcId"] for row in rows}) == 1 else []


def doubt(ctx: Context) -> Verdict:
    """The verdict on a network that looks wrong: "warn" where the source runs in this very one, which proves that
    traffic passes whatever the rules seem to say; else "fail".
    """
    found, wanted = sides.environment(ctx, "source"), ids(ctx)
    network = found.get("NetworkConfiguration") or {}
    # Partition, region and account are told by the ARNs; an environment in other states proves nothing.
    here = environment_arn(ctx, "target").split(":")[:5] == str(found.get("Arn", "")).split(":")[:5]
    same = (
        wanted is not None
        and set(wanted.subnets) == set(network.get("SubnetIds", []))
        and set(wanted.groups) == set(network.get("SecurityGroupIds", []))
    )
    return "warn" if here and same and found.get("Status") in ("AVAILABLE", "UPDATE_FAILED") else "fail"


def in_vpc(ctx: Context, method: str, member: str, vpc: str) -> list[dict[str, Any]]:
    """All rows of an EC2 Describe call within a VPC."""
    filters = [{"Name": "vpc-id", "Values": [vpc]}]
    return look_all(ctx, "target", "ec2", method, member, Filters=filters)


def routes_of(tables: list[dict[str, Any]], subnet: str) -> list[dict[str, Any]]:
    """Routes of a subnet: its own table's, else the VPC's main table's (VPC user guide: VPC_Route_Tables)."""
    main: list[dict[str, Any]] = []
    for table in tables:
        for association in table.get("Associations", []):
            if association.get("SubnetId") == subnet:
                return list(table.get("Routes", []))
            if association.get("Main"):
                main = list(table.get("Routes", []))
    return main


def table_of(tables: list[dict[str, Any]], subnet: str) -> str:
    """The id of the route table that a subnet uses."""
    main = ""
    for table in tables:
        for association in table.get("Associations", []):
            if association.get("SubnetId") == subnet:
                return str(table["RouteTableId"])
            if association.get("Main"):
                main = str(table["RouteTableId"])
    return main


def is_default(route: dict[str, Any]) -> bool:
    """Whether the route is for all addresses."""
    return any(route.get(key) in ANYWHERE for key in ("DestinationCidrBlock", "DestinationIpv6CidrBlock"))


def to_internet_gateway(route: dict[str, Any]) -> bool:
    """Whether the route makes its subnet a public one."""
    return str(route.get("GatewayId", "")).startswith("igw-")


def way_out(routes: list[dict[str, Any]]) -> str:
    """What the working default route points at (a NAT gateway, a transit gateway, ...); empty without one."""
    for route in routes:
        if is_default(route) and route.get("State", "active") == "active" and not to_internet_gateway(route):
            return next((str(route[key]) for key in _TARGETS if route.get(key)), "")
    return ""


def beyond(routes: list[dict[str, Any]]) -> str:
    """What an active route to other networks points at (a transit gateway, a peering, a core network, a virtual
    private gateway); empty without one. VPC user guide: route-table-options.
    """
    for route in routes:
        if route.get("State", "active") != "active":
            continue
        target = next((str(route[key]) for key in _BEYOND if route.get(key)), "")
        if not target and str(route.get("GatewayId", "")).startswith("vgw-"):
            target = str(route["GatewayId"])
        if target:
            return target
    return ""


def tables(ctx: Context, vpc: str) -> list[dict[str, Any]]:
    """The VPC's route tables."""
    return in_vpc(ctx, "describe_route_tables", "RouteTables", vpc)


def closed_subnets(ctx: Context) -> list[str]:
    """The subnets without a way out of the VPC, which need VPC endpoints."""
    rows = known(ctx)
    found = tables(ctx, rows[0]["VpcId"]) if rows else []
    return [row["SubnetId"] for row in rows if not way_out(routes_of(found, row["SubnetId"]))]
