"""VPC endpoints, without which subnets that have no way out reach nothing.

Source: MWAA user guide vpc-vpe-create-access (private routing), networking-about.
"""

from __future__ import annotations

from typing import Any

from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight import network
from mwaa_wizard.preflight.finding import Finding, Findings, label

# Without these the environment does not come up; the others carry MWAA's own API to callers within the VPC.
NEEDED = ("s3", "logs", "monitoring", "sqs", "kms")
OWN_API = ("airflow.api", "airflow.env", "airflow.ops")
_GONE = ("deleting", "deleted", "rejected", "failed", "expired")


def target(ctx: Context) -> Findings:
    """Every service has an endpoint that both subnets reach by its private name."""
    name, closed = label("target", _("VPC endpoints")), network.closed_subnets(ctx)
    rows = network.known(ctx)
    if not rows:
        return
    if not closed:
        yield Finding(name, "pass", _("not needed: both subnets have a way out"))
        return
    region, vpc = ctx.clients.place("target").region, rows[0]["VpcId"]
    endpoints = [
        endpoint
        for endpoint in network.in_vpc(ctx, "describe_vpc_endpoints", "VpcEndpoints", vpc)
        if str(endpoint.get("State", "available")).lower() not in _GONE
    ]
    # By their ends: China's regions begin most of these names with `cn.com.amazonaws.` instead of `com.amazonaws.`.
    by_service = {
        service: [e for e in endpoints if str(e["ServiceName"]).endswith(f".{region}.{service}")]
        for service in (*NEEDED, *OWN_API)
    }
    missing = [service for service in NEEDED if not by_service[service]]
    if missing:
        evidence = _("{vpc} has none for {services}, and {subnets} have no way out").format(
            vpc=vpc, services=listed(missing), subnets=listed(closed)
        )
        yield _lacking(ctx, name, vpc, closed, evidence,
                       _("Make them (S3 as gateway, the others as interface endpoints with private DNS), or route to "
                         "a NAT gateway (vpc-vpe-create-access)."))  # fmt: skip
    unreached = _unreached(ctx, by_service["s3"], vpc, closed)
    if unreached:
        evidence = _("the S3 gateway endpoint is not in the route tables of {ids}").format(ids=listed(unreached))
        yield _lacking(ctx, name, vpc, unreached, evidence, _("Add those route tables to the S3 endpoint."))
    yield from _soft(ctx, name, by_service, closed, told=bool(missing or unreached))


def _lacking(ctx: Context, name: str, vpc: str, subnets: list[str], evidence: str, remedy: str) -> Finding:
    """A warning where every one of `subnets` has a route to other networks: endpoints may be kept centrally there."""
    tables = network.tables(ctx, vpc)
    ways = {subnet: network.beyond(network.routes_of(tables, subnet)) for subnet in subnets}
    if not all(ways.values()):
        return Finding(name, network.doubt(ctx), evidence, remedy)
    routes = listed(f"{subnet} → {way}" for subnet, way in ways.items())
    return Finding(name, "warn", _("{evidence}, but there is {routes}").format(evidence=evidence, routes=routes),
                   _("Make sure that central endpoints are reached there by their private names; otherwise: "
                     "{remedy}").format(remedy=remedy))  # fmt: skip


def _unreached(ctx: Context, s3: list[dict[str, Any]], vpc: str, closed: list[str]) -> list[str]:
    """Subnets whose route table no S3 gateway endpoint is in (an interface endpoint serves the whole VPC)."""
    if not s3 or any(endpoint.get("VpcEndpointType") == "Interface" for endpoint in s3):
        return []
    served = {table for endpoint in s3 for table in endpoint.get("RouteTableIds", [])}
    tables = network.tables(ctx, vpc)
    return [subnet for subnet in closed if network.table_of(tables, subnet) not in served]


def _soft(
    ctx: Context, name: str, by_service: dict[str, list[dict[str, Any]]], closed: list[str], *, told: bool
) -> Findings:
    """What may be meant so: no endpoint for MWAA's own API, names not private, not in both subnets, another group."""
    wanted = network.ids(ctx)
    groups = set(wanted.groups if wanted else [])
    absent = [service for service in OWN_API if not by_service[service]]
    if absent:
        yield Finding(name, "warn", _("none for {services}").format(services=listed(absent)),
                      _("Make them if tasks call MWAA's API, and for the environment's health metrics."))  # fmt: skip
    loose = []
    for service, endpoints in by_service.items():
        for endpoint in endpoints:
            if endpoint.get("VpcEndpointType", "Interface") != "Interface":
                continue
            if not endpoint.get("PrivateDnsEnabled") and service != "s3":
                loose.append(_("{service} without private DNS").format(service=service))
            if not set(closed) <= set(endpoint.get("SubnetIds", [])):
                loose.append(_("{service} not in both subnets").format(service=service))
            if not groups & {group.get("GroupId") for group in endpoint.get("Groups", [])}:
                loose.append(_("{service} without the environment's security group").format(service=service))
    if loose:
        yield Finding(name, "warn", " · ".join(loose),
                      _("Put each endpoint in both subnets, with private DNS and a security group that lets the "
                        "environment's in on 443."))  # fmt: skip
    if not told and not absent and not loose:
        yield Finding(name, "pass", _("S3, logs, monitoring, SQS, KMS and MWAA's own, in both subnets"))
