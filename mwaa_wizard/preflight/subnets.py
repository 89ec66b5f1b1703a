"""Exactly two private subnets in different zones of one VPC, with a way out or none at all.

Sources: MWAA user guide networking-about, vpc-create, vpc-endpoint-management (shared VPCs).
"""

from __future__ import annotations

from mwaa_wizard.aws.errors import code_of
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight import network
from mwaa_wizard.preflight.finding import Finding, Findings, label, look, target_values


def target(ctx: Context) -> Findings:
    """The two subnets themselves."""
    name = label("target", _("subnets"))
    try:
        rows = network.subnets(ctx)
    except Exception as problem:
        if code_of(problem) not in network.NO_SUBNET:
            raise
        wanted = network.ids(ctx)
        yield Finding(name, "fail", _("not both are in {region}: {ids}").format(
            region=ctx.clients.place("target").region, ids=listed(wanted.subnets if wanted else [])),
            _("Choose two subnets of the target's account and region on page Settings."))  # fmt: skip
        return
    if rows is None:
        return  # told with the settings
    problems = 0
    if len({row["VpcId"] for row in rows}) != 1:
        problems += 1
        vpcs = listed(row["VpcId"] for row in rows)
        yield Finding(name, "fail", _("they are in different VPCs: {vpcs}").format(vpcs=vpcs),
                      _("Choose two subnets of one VPC on page Settings."))  # fmt: skip
    if len({row.get("AvailabilityZone") for row in rows}) != 2:
        problems += 1
        yield Finding(name, "fail", _("both are in zone {zone}").format(zone=rows[0].get("AvailabilityZone")),
                      _("Choose two subnets in different zones on page Settings."))  # fmt: skip
    owner, account = rows[0].get("OwnerId"), ctx.clients.identity("target").account
    if owner and owner != account and target_values(ctx).get("EndpointManagement") != "CUSTOMER":
        problems += 1
        yield Finding(name, "fail", _("they are shared by account {owner}").format(owner=owner),
                      _("In a shared VPC set Endpoint management to CUSTOMER, and have its owner make the "
                        "endpoints within 72 hours (vpc-endpoint-management)."))  # fmt: skip
    if not problems:
        places = listed(f"{row['SubnetId']} ({row.get('AvailabilityZone')})" for row in rows)
        yield Finding(name, "pass", f"{places} · {rows[0]['VpcId']}")


def target_routes(ctx: Context) -> Findings:
    """A route to an internet gateway makes a subnet public; both subnets want the same kind of way out."""
    name = label("target", _("routes"))
    rows = network.known(ctx)
    if not rows:
        return
    found = network.tables(ctx, rows[0]["VpcId"])
    public: list[str] = []
    dead: list[str] = []
    ways: dict[str, str] = {}
    for row in rows:
        subnet = row["SubnetId"]
        routes = network.routes_of(found, subnet)
        ways[subnet] = network.way_out(routes)
        if any(network.to_internet_gateway(route) for route in routes):
            public.append(subnet)
        elif any(network.is_default(route) and route.get("State") == "blackhole" for route in routes):
            dead.append(subnet)
    if public:
        yield Finding(name, "fail", _("public, they route to an internet gateway: {ids}").format(ids=listed(public)),
                      _("Choose private subnets: MWAA takes no public ones (networking-about)."))  # fmt: skip
    if dead:
        yield Finding(name, "fail", _("the default route leads nowhere (blackhole): {ids}").format(ids=listed(dead)),
                      _("Point it at a NAT gateway that exists, or remove it and use VPC endpoints."))  # fmt: skip
    if public or dead:
        return
    closed = [subnet for subnet, way in ways.items() if not way]
    if len(closed) == 1:
        yield Finding(name, "warn", _("{id} has no way out of the VPC, the other one has").format(id=closed[0]),
                      _("Give both a route to a NAT gateway, or both none and VPC endpoints."))  # fmt: skip
    elif closed:
        yield Finding(name, "pass", _("private routing: no way out of the VPC, endpoints are needed"))
    else:
        yield Finding(name, "pass", listed(f"{subnet} → {way}" for subnet, way in ways.items()))


def target_dns(ctx: Context) -> Findings:
    """The VPC resolves names; endpoints' private names need host names as well."""
    name, rows = label("target", _("VPC DNS")), network.known(ctx)
    if not rows:
        return
    vpc = rows[0]["VpcId"]
    off = [
        attribute
        for attribute, member in (
            ("enableDnsSupport", "EnableDnsSupport"),
            ("enableDnsHostnames", "EnableDnsHostnames"),
        )
        if not look(ctx, "target", "ec2", "describe_vpc_attribute", VpcId=vpc, Attribute=attribute)[member]["Value"]
    ]
    if off:
        yield Finding(name, "fail", _("{vpc} has these off: {names}").format(vpc=vpc, names=listed(off)),
                      _("Turn them on: MWAA's own endpoints are found by private names (vpc-create)."))  # fmt: skip
    else:
        yield Finding(name, "pass", _("{vpc} resolves names").format(vpc=vpc))
