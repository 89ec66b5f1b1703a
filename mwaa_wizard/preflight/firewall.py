"""Security groups and network ACLs: the environment's parts reach each other (5432, 443) and the rest of AWS.

Sources: MWAA user guide vpc-security; VPC user guide vpc-network-acls (rules in order, stateless).
"""

from __future__ import annotations

import ipaddress
from typing import Any, Literal

from mwaa_wizard.aws.errors import code_of
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight import network
from mwaa_wizard.preflight.finding import Finding, Findings, label, look

PORTS = (443, 5432)
RETURN_PORTS = (1024, 65535)  # answers come back to these; ACLs keep no state
Passing = Literal["all", "some", "none"]
_Traffic = tuple[ipaddress.IPv4Network, int, int]  # addresses of the peer, first and last port


def target_groups(ctx: Context) -> Findings:
    """The groups are in the subnets' VPC, one lets its own members in, and they may speak to the outside."""
    name, wanted, rows = label("target", _("security groups")), network.ids(ctx), network.known(ctx)
    if wanted is None:
        return
    try:
        groups = look(ctx, "target", "ec2", "describe_security_groups", GroupIds=wanted.groups)["SecurityGroups"]
    except Exception as problem:
        if code_of(problem) not in network.NO_GROUP:
            raise
        yield Finding(name, network.doubt(ctx), _("not all are in {region}: {ids}").format(
            region=ctx.clients.place("target").region, ids=listed(wanted.groups)),
            _("Choose security groups of the target's account and region on page Settings."))  # fmt: skip
        return
    found = []
    foreign = [group["GroupId"] for group in groups if rows and group.get("VpcId") != rows[0]["VpcId"]]
    if foreign:
        found.append((_("not in the subnets' VPC: {ids}").format(ids=listed(foreign)),
                      _("Choose security groups of that VPC on page Settings.")))  # fmt: skip
    if not _self_referencing(groups, wanted.groups):
        found.append((_("none lets its own members in on 443 and 5432: {ids}").format(ids=listed(wanted.groups)),
                      _("Add an inbound rule to one: all traffic (or TCP 443 and 5432) from the group itself "
                        "(vpc-security).")))  # fmt: skip
    if not any(group.get("IpPermissionsEgress") for group in groups):
        found.append((_("nothing may go out"), _("Add an outbound rule: all traffic to 0.0.0.0/0 (vpc-security).")))
    for evidence, remedy in found:
        yield Finding(name, network.doubt(ctx), evidence, remedy)
    if found:
        return
    if not any(_open(rule) for group in groups for rule in group["IpPermissionsEgress"]):
        yield Finding(name, "warn", _("outbound traffic is limited"),
                      _("Make sure that S3, CloudWatch, SQS, KMS and the group itself may be reached."))  # fmt: skip
    else:
        yield Finding(name, "pass", _("{ids}: its own members in, everything out").format(ids=listed(wanted.groups)))


def _self_referencing(groups: list[dict[str, Any]], chosen: list[str]) -> bool:
    """Whether rules among the chosen groups let the database's and the web server's port in."""
    rules = [
        rule
        for group in groups
        for rule in group.get("IpPermissions", [])
        if any(pair.get("GroupId") in chosen for pair in rule.get("UserIdGroupPairs", []))
    ]
    return all(any(_covers(rule, port) for rule in rules) for port in PORTS)


def _covers(rule: dict[str, Any], port: int) -> bool:
    if rule.get("IpProtocol") == "-1":
        return True
    if rule.get("IpProtocol") not in ("tcp", "6"):
        return False
    return int(rule.get("FromPort", 0)) <= port <= int(rule.get("ToPort", 65535))


def _open(rule: dict[str, Any]) -> bool:
    places = [item.get("CidrIp") for item in rule.get("IpRanges", [])]
    places += [item.get("CidrIpv6") for item in rule.get("Ipv6Ranges", [])]
    return rule.get("IpProtocol") == "-1" and any(place in network.ANYWHERE for place in places)


def target_acls(ctx: Context) -> Findings:
    """Network ACLs of both subnets let 443 and 5432 pass between them, and answers come back.

    Within a subnet no ACL applies. What is closed for some of the peer's addresses only is a warning: which ones the
    environment gets is not known beforehand.
    """
    name, rows = label("target", _("network ACLs")), network.known(ctx)
    if not rows:
        return
    acls = network.in_vpc(ctx, "describe_network_acls", "NetworkAcls", rows[0]["VpcId"])
    if not acls:
        yield Finding(name, "warn", _("none of this VPC can be seen"),
                      _("Ask the VPC's owner whether 443 and 5432 pass between the subnets."))  # fmt: skip
        return
    closed: list[str] = []
    partly: list[str] = []
    narrow: list[str] = []
    for row in rows:
        entries = _entries(acls, row["SubnetId"])
        for peer in rows:
            if peer is row:
                continue
            for egress in (False, True):
                way = _("out to") if egress else _("in from")
                for port in PORTS:
                    passing = _passing(entries, egress, (port, port), peer["CidrBlock"])
                    if passing != "all":
                        told = closed if passing == "none" else partly
                        told.append(f"{row['SubnetId']}: {port} {way} {peer['CidrBlock']}")
                if _passing(entries, egress, RETURN_PORTS, peer["CidrBlock"]) != "all":
                    narrow.append(f"{row['SubnetId']}: 1024-65535 {way} {peer['CidrBlock']}")
    if closed:
        yield Finding(name, network.doubt(ctx), _("closed: {ways}").format(ways=listed(closed)),
                      _("Allow these in the subnets' network ACLs (vpc-security)."))  # fmt: skip
    elif partly or narrow:
        evidence = [_("closed for some addresses: {ways}").format(ways=listed(partly))] if partly else []
        if narrow:
            evidence.append(_("answers may not come back: {ways}").format(ways=listed(narrow)))
        yield Finding(name, "warn", " · ".join(evidence),
                      _("Allow these ports in the subnets' network ACLs: ACLs keep no state."))  # fmt: skip
    else:
        yield Finding(name, "pass", _("443 and 5432 pass between the subnets"))


def _entries(acls: list[dict[str, Any]], subnet: str) -> list[dict[str, Any]]:
    """The rules of a subnet's ACL; the VPC's default ACL where none is associated."""
    chosen = next((acl for acl in acls if any(a.get("SubnetId") == subnet for a in acl.get("Associations", []))), None)
    chosen = chosen or next((acl for acl in acls if acl.get("IsDefault")), None)
    return sorted(chosen["Entries"], key=lambda entry: int(entry["RuleNumber"])) if chosen else []


def _passing(entries: list[dict[str, Any]], egress: bool, ports: tuple[int, int], cidr: str) -> Passing:
    """How much of TCP on `ports` to or from `cidr` the rules let pass: for each address and port the first rule that
    holds it decides, and what none holds is denied (VPC user guide: nacl-rules).
    """
    undecided: list[_Traffic] = [(ipaddress.IPv4Network(cidr), *ports)]
    allowed = denied = False
    for entry in entries:
        if (
            bool(entry.get("Egress")) != egress
            or str(entry.get("Protocol")) not in ("-1", "6")
            or "CidrBlock" not in entry
        ):
            continue
        rule = (ipaddress.IPv4Network(entry["CidrBlock"], strict=False), *_port_range(entry))
        rest: list[_Traffic] = []
        for traffic in undecided:
            left = _beside(traffic, rule)
            rest += left
            if left != [traffic]:
                allowed, denied = allowed or entry["RuleAction"] == "allow", denied or entry["RuleAction"] == "deny"
        undecided = rest
    if not allowed:
        return "none"
    return "some" if denied or undecided else "all"


def _beside(traffic: _Traffic, rule: _Traffic) -> list[_Traffic]:
    """What of `traffic` a rule does not hold; exactly [traffic] where it holds nothing of it."""
    (peer, first, last), (place, low, high) = traffic, rule
    if not place.overlaps(peer) or high < first or low > last:
        return [traffic]
    left: list[_Traffic] = []
    if first < low:
        left.append((peer, first, low - 1))
    if high < last:
        left.append((peer, high + 1, last))
    if not peer.subnet_of(place):
        left += [(part, max(first, low), min(last, high)) for part in peer.address_exclude(place)]
    return left


def _port_range(entry: dict[str, Any]) -> tuple[int, int]:
    ports = entry.get("PortRange")
    if str(entry.get("Protocol")) == "-1" or not ports:
        return 0, 65535
    return int(ports.get("From", 0)), int(ports.get("To", 65535))
