"""Subnets, routes, DNS, security groups, network ACLs and VPC endpoints, each wrong for its own reason."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.preflight import endpoints, firewall, network, subnets, webserver
from tests.execution.fakes import REGION, Rig
from tests.preflight.world import OLD, network_of, one, tell

SERVICES = ("logs", "monitoring", "sqs", "kms", "airflow.api", "airflow.env", "airflow.ops")
CHECKS = (
    subnets.target,
    subnets.target_routes,
    subnets.target_dns,
    firewall.target_groups,
    firewall.target_acls,
    endpoints.target,
)


@pytest.fixture
def ec2(furnished: Rig) -> Any:
    """The target's EC2. The source is of elsewhere, so that it proves nothing about the target's network."""
    furnished.mwaa.environments["old"]["Arn"] = f"arn:aws:airflow:{REGION}:999900001111:environment/old"
    return furnished.clients.client("target", "ec2")


def run_here(rig: Rig) -> None:
    """The source runs in the target's account and region."""
    rig.mwaa.environments["old"]["Arn"] = OLD


def settle(rig: Rig, subnet_ids: list[str], groups: list[str] | None = None) -> None:
    net = rig.mwaa.environments["old"]["NetworkConfiguration"]
    net["SubnetIds"] = subnet_ids
    net["SecurityGroupIds"] = groups or net["SecurityGroupIds"]


def table_of(ec2: Any, subnet: str) -> str:
    filters = [{"Name": "association.subnet-id", "Values": [subnet]}]
    return str(ec2.describe_route_tables(Filters=filters)["RouteTables"][0]["RouteTableId"])


def close(ec2: Any, subnet: str) -> None:
    """Take the way out away."""
    ec2.delete_route(RouteTableId=table_of(ec2, subnet), DestinationCidrBlock="0.0.0.0/0")


def test_a_proper_network_passes_every_check(furnished: Rig) -> None:
    for check in CHECKS:
        one(furnished, check, "pass")


@pytest.mark.parametrize(
    "wrong", [["subnet-0a1", "subnet-0b2"], ["subnet-0a1", "subnet-0a1"], ["subnet-0a1"], "x", None]
)
def test_subnets_that_are_not_there_are_told_once_and_crash_no_check(furnished: Rig, wrong: Any) -> None:
    settle(furnished, wrong)
    told = [finding for check in CHECKS for finding in tell(furnished, check)]
    said_here = wrong == ["subnet-0a1", "subnet-0b2"]  # a wrong form is told with the settings
    assert len([finding for finding in told if finding.verdict == "fail"]) == int(said_here), told


def test_both_subnets_in_one_zone_fail(furnished: Rig, ec2: Any) -> None:
    ids, _group, vpc = network_of(furnished)
    zone = ec2.describe_subnets(SubnetIds=ids[:1])["Subnets"][0]["AvailabilityZone"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.192.30.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
    settle(furnished, [ids[0], made])
    assert zone in one(furnished, subnets.target, "fail").evidence


def test_subnets_of_two_vpcs_fail(furnished: Rig, ec2: Any) -> None:
    ids, _group, _vpc = network_of(furnished)
    other = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=other, CidrBlock="10.9.1.0/24", AvailabilityZone="us-east-1b")["Subnet"]["SubnetId"]
    settle(furnished, [ids[0], made])
    assert other in one(furnished, subnets.target, "fail").evidence


def test_a_public_subnet_fails(furnished: Rig, ec2: Any) -> None:
    ids, _group, vpc = network_of(furnished)
    internet = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])
    gateway = internet["InternetGateways"][0]["InternetGatewayId"]
    close(ec2, ids[1])
    ec2.create_route(RouteTableId=table_of(ec2, ids[1]), DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    told = one(furnished, subnets.target_routes, "fail")
    assert ids[1] in told.evidence
    assert ids[0] not in told.evidence
    assert "internet gateway" in told.evidence


def test_one_subnet_without_a_way_out_is_a_warning(furnished: Rig, ec2: Any) -> None:
    ids, _group, _vpc = network_of(furnished)
    close(ec2, ids[0])
    assert ids[0] in one(furnished, subnets.target_routes, "warn").evidence


def test_a_subnet_uses_the_main_table_where_it_has_none_of_its_own(furnished: Rig, ec2: Any) -> None:
    ids, _group, vpc = network_of(furnished)
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.192.31.0/24", AvailabilityZone="us-east-1b")["Subnet"]["SubnetId"]
    settle(furnished, [ids[0], made])
    assert made in one(furnished, subnets.target_routes, "warn").evidence  # the main table has no way out


@pytest.mark.parametrize("attribute", ["EnableDnsSupport", "EnableDnsHostnames"])
def test_a_vpc_that_resolves_no_names_fails(furnished: Rig, ec2: Any, attribute: str) -> None:
    ec2.modify_vpc_attribute(VpcId=network_of(furnished)[2], **{attribute: {"Value": False}})
    assert attribute[1:] in one(furnished, subnets.target_dns, "fail").evidence


def test_private_routing_without_endpoints_fails_and_with_them_passes(furnished: Rig, ec2: Any) -> None:
    ids, group, vpc = network_of(furnished)
    for subnet in ids:
        close(ec2, subnet)
    assert "private routing" in one(furnished, subnets.target_routes, "pass").evidence
    told = tell(furnished, endpoints.target)
    assert [finding.verdict for finding in told] == ["fail", "warn"]
    for service in ("s3", "logs", "monitoring", "sqs", "kms"):
        assert service in told[0].evidence
    assert "airflow.ops" in told[1].evidence
    s3 = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway",
                                 RouteTableIds=[table_of(ec2, ids[0])])["VpcEndpoint"]["VpcEndpointId"]  # fmt: skip
    for service in SERVICES:
        start = "cn.com" if service in ("kms", "monitoring", "sqs") else "com"  # as they are called in China's regions
        ec2.create_vpc_endpoint(
            VpcId=vpc, ServiceName=f"{start}.amazonaws.{REGION}.{service}", VpcEndpointType="Interface",
            SubnetIds=ids, SecurityGroupIds=[group], PrivateDnsEnabled=True,
        )  # fmt: skip
    told = [finding for finding in tell(furnished, endpoints.target) if finding.verdict == "fail"]
    assert [ids[1] in finding.evidence for finding in told] == [True]  # S3 is not in that one's table
    ec2.modify_vpc_endpoint(VpcEndpointId=s3, AddRouteTableIds=[table_of(ec2, ids[1])])
    one(furnished, endpoints.target, "pass")


def test_endpoints_that_are_not_quite_right_are_a_warning(furnished: Rig, ec2: Any) -> None:
    ids, group, vpc = network_of(furnished)
    for subnet in ids:
        close(ec2, subnet)
    tables = [table_of(ec2, subnet) for subnet in ids]
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway",
                            RouteTableIds=tables)  # fmt: skip
    for service in SERVICES:
        ec2.create_vpc_endpoint(
            VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.{service}", VpcEndpointType="Interface",
            SubnetIds=ids[:1] if service == "sqs" else ids,
            SecurityGroupIds=[] if service == "kms" else [group],
            PrivateDnsEnabled=service != "logs",
        )  # fmt: skip
    evidence = one(furnished, endpoints.target, "warn").evidence
    assert evidence == (
        "logs without private DNS · sqs not in both subnets · kms without the environment's security group"
    )


def test_a_public_web_server_of_airflow_3_needs_a_way_out(furnished: Rig, ec2: Any) -> None:
    furnished.session.target.airflow_version = "3.0.6"
    one(furnished, webserver.target, "pass")
    for subnet in network_of(furnished)[0]:
        close(ec2, subnet)
    assert "no way out" in one(furnished, webserver.target, "fail").evidence
    furnished.session.target.airflow_version = "2.11.2"
    one(furnished, webserver.target, "pass")


def test_a_security_group_that_does_not_admit_itself_fails(furnished: Rig, ec2: Any) -> None:
    _ids, group, _vpc = network_of(furnished)
    everything = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=everything)
    assert "its own members" in one(furnished, firewall.target_groups, "fail").evidence

    def let_in(port: int) -> None:
        ec2.authorize_security_group_ingress(
            GroupId=group,
            IpPermissions=[
                {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [{"GroupId": group}]}
            ],
        )

    let_in(443)
    one(furnished, firewall.target_groups, "fail")  # the database is still out of reach
    let_in(5432)
    one(furnished, firewall.target_groups, "pass")


def test_a_security_group_that_lets_nothing_out_fails_and_a_narrow_one_warns(furnished: Rig, ec2: Any) -> None:
    _ids, group, _vpc = network_of(furnished)
    ec2.revoke_security_group_egress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    )
    assert "nothing may go out" in one(furnished, firewall.target_groups, "fail").evidence
    ec2.authorize_security_group_egress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )
    one(furnished, firewall.target_groups, "warn")


def test_security_groups_of_elsewhere_fail(furnished: Rig, ec2: Any) -> None:
    ids, group, _vpc = network_of(furnished)
    settle(furnished, ids, ["sg-0c3"])
    assert "sg-0c3" in one(furnished, firewall.target_groups, "fail").evidence
    other = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
    foreign = ec2.create_security_group(GroupName="x", Description="x", VpcId=other)["GroupId"]
    settle(furnished, ids, [group, foreign])
    assert foreign in one(furnished, firewall.target_groups, "fail").evidence


def acl(ec2: Any, vpc: str, subnet: str, rules: list[tuple[int, bool, str, str, int, int]]) -> None:
    """A network ACL of the subnet's own: (number, egress, action, cidr, from, to)."""
    made = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    for number, egress, action, cidr, low, high in rules:
        ec2.create_network_acl_entry(
            NetworkAclId=made, RuleNumber=number, Protocol="6", RuleAction=action, Egress=egress, CidrBlock=cidr,
            PortRange={"From": low, "To": high},
        )  # fmt: skip
    acls = ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet]}])["NetworkAcls"]
    for association in acls[0]["Associations"]:
        if association["SubnetId"] == subnet:
            ec2.replace_network_acl_association(AssociationId=association["NetworkAclAssociationId"], NetworkAclId=made)


ALL = [(100, False, "allow", "10.192.0.0/16", 0, 65535), (100, True, "allow", "10.192.0.0/16", 0, 65535)]


@pytest.mark.parametrize(
    ("rules", "verdict", "word"),
    [
        (ALL, "pass", "443 and 5432"),
        ([*ALL, (90, False, "deny", "10.192.21.0/24", 5432, 5432)], "fail", "5432 in from 10.192.21.0/24"),
        ([*ALL, (110, False, "deny", "10.192.21.0/24", 5432, 5432)], "pass", "443"),  # too late to count
        ([*ALL, (90, True, "deny", "10.192.20.0/23", 443, 443)], "fail", "443 out to 10.192.21.0/24"),
        ([(100, e, "allow", "10.192.20.0/24", 0, 65535) for e in (False, True)], "fail", "10.192.21.0/24"),
        ([(100, e, "allow", "10.192.21.0/24", 0, 65535) for e in (False, True)], "pass", "443"),  # not within a subnet
        ([*ALL, (90, False, "deny", "10.192.20.0/24", 0, 65535)], "pass", "443"),
        (
            [
                (n, e, "allow", f"10.192.21.{half}/25", 0, 65535)
                for n, half in ((100, 0), (110, 128))
                for e in (False, True)
            ],
            "pass",
            "443",
        ),
        ([(100, e, "allow", "10.192.21.0/25", 0, 65535) for e in (False, True)], "warn", "closed for some addresses"),
        ([*ALL, (90, False, "deny", "10.192.21.9/32", 5432, 5432)], "warn", "some addresses: {0}: 5432 in from"),
        (
            [
                (number, e, "allow", "10.192.21.0/24", low, high)
                for number, low, high in ((100, 0, 5431), (110, 5432, 65535))
                for e in (False, True)
            ],
            "pass",
            "443",
        ),
        (
            [(n, e, "allow", "10.192.0.0/16", n, n) for n in (443, 5432) for e in (False, True)],
            "warn",
            "answers may not come back",
        ),
    ],
)
def test_network_acls(
    furnished: Rig, ec2: Any, rules: list[tuple[int, bool, str, str, int, int]], verdict: str, word: str
) -> None:
    ids, _group, vpc = network_of(furnished)
    acl(ec2, vpc, ids[0], rules)
    assert word.format(*ids) in one(furnished, firewall.target_acls, verdict).evidence


@pytest.mark.parametrize(
    "target",
    [
        {"TransitGatewayId": "tgw-1"},
        {"VpcPeeringConnectionId": "pcx-1"},
        {"CoreNetworkArn": "arn:aws:networkmanager::111122223333:core-network/core-network-1"},
        {"GatewayId": "vgw-1"},
    ],
)
def test_what_leads_to_other_networks(target: dict[str, str]) -> None:
    route = {"DestinationCidrBlock": "10.0.0.0/8", "State": "active", **target}
    assert network.beyond([route]) == next(iter(target.values()))
    assert network.way_out([route]) == ""
    assert network.way_out([{**route, "DestinationCidrBlock": "0.0.0.0/0"}]) == next(iter(target.values()))
    assert network.beyond([{**route, "State": "blackhole"}]) == ""


@pytest.mark.parametrize("target", [{"GatewayId": "local"}, {"GatewayId": "vpce-1"}, {"NetworkInterfaceId": "eni-1"}])
def test_what_stays_within_the_vpc(target: dict[str, str]) -> None:
    assert network.beyond([{"DestinationCidrBlock": "10.0.0.0/8", **target}]) == ""


def test_endpoints_may_be_central_where_both_subnets_lead_to_a_transit_gateway(furnished: Rig, ec2: Any) -> None:
    ids, _group, vpc = network_of(furnished)
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    for subnet in ids:
        close(ec2, subnet)
    for subnet in ids:
        assert tell(furnished, endpoints.target)[0].verdict == "fail"  # one of them leads nowhere yet
        ec2.create_route(
            RouteTableId=table_of(ec2, subnet), DestinationCidrBlock="10.0.0.0/8", TransitGatewayId=gateway
        )
    told = tell(furnished, endpoints.target)
    assert {finding.verdict for finding in told} == {"warn"}, told
    assert f"{ids[0]} → {gateway}" in told[0].evidence
    assert "central" in told[0].remedy
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway",
                            RouteTableIds=[table_of(ec2, ids[0])])  # fmt: skip
    assert {finding.verdict for finding in tell(furnished, endpoints.target)} == {"warn"}


def test_what_looks_wrong_about_the_network_the_source_runs_in_is_a_warning(furnished: Rig, ec2: Any) -> None:
    ids, group, vpc = network_of(furnished)
    acl(ec2, vpc, ids[0], [(100, e, "allow", "10.192.99.0/24", 0, 65535) for e in (False, True)])
    ec2.revoke_security_group_ingress(
        GroupId=group, IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
    )
    for subnet in ids:
        close(ec2, subnet)
    checks = (firewall.target_acls, firewall.target_groups, endpoints.target)

    def verdicts() -> list[str]:
        return [tell(furnished, check)[0].verdict for check in checks]

    assert verdicts() == ["fail"] * 3
    run_here(furnished)
    assert verdicts() == ["warn"] * 3
    furnished.session.target.settings["NetworkConfiguration.SubnetIds"] = ids[::-1]
    assert verdicts() == ["warn"] * 3
    furnished.mwaa.environments["old"]["NetworkConfiguration"]["SecurityGroupIds"] = [group, "sg-0c3"]
    furnished.session.target.settings["NetworkConfiguration.SecurityGroupIds"] = [group]
    assert verdicts() == ["fail"] * 3  # not the source's groups
    furnished.mwaa.environments["old"]["NetworkConfiguration"]["SecurityGroupIds"] = [group]
    assert verdicts() == ["warn"] * 3
    furnished.mwaa.environments["old"]["Status"] = "CREATE_FAILED"
    assert verdicts() == ["fail"] * 3  # the source does not run
