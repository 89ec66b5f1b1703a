"""Checks that look at both sides: partitions, and the target's way to a bucket in another region."""

from __future__ import annotations

import dataclasses

import pytest

from mwaa_wizard.aws.factory import Identity, Place
from mwaa_wizard.execution import preflight
from mwaa_wizard.preflight import between
from tests.execution.fakes import ACCOUNT, REGION, Rig
from tests.preflight.world import one

OTHER = "999900001111"


def source_is(rig: Rig, account: str = ACCOUNT, region: str = REGION, partition: str = "aws") -> None:
    arn = f"arn:{partition}:iam::{account}:user/me"
    rig.clients._identities["source"] = Identity(account, arn, partition, region)


def close_subnets(rig: Rig) -> None:
    """Take the default routes away, as with private routing."""
    ec2 = rig.clients.client("target", "ec2")
    for subnet in rig.mwaa.environments["old"]["NetworkConfiguration"]["SubnetIds"]:
        mine = [{"Name": "association.subnet-id", "Values": [subnet]}]
        table = ec2.describe_route_tables(Filters=mine)["RouteTables"][0]["RouteTableId"]
        ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0")


def test_one_account_and_region(furnished: Rig) -> None:
    assert one(furnished, between.bundle, "pass").evidence == f"{REGION} → {REGION}"


def test_two_accounts(furnished: Rig) -> None:
    source_is(furnished, OTHER)
    assert OTHER in one(furnished, between.bundle, "pass").evidence


def test_history_does_not_leave_its_partition(furnished: Rig) -> None:
    source_is(furnished, region="cn-north-1", partition="aws-cn")
    found = one(furnished, between.bundle, "fail")
    assert "aws-cn" in found.evidence
    assert "settings-only" in found.remedy


def test_private_subnets_reach_no_bucket_of_another_region(furnished: Rig) -> None:
    close_subnets(furnished)
    one(furnished, between.bundle, "pass")
    source_is(furnished, region="eu-west-1")
    # Ids of the target's own: those of the source in the same network would prove that it works.
    old = furnished.mwaa.environments["old"]
    old["Arn"] = old["Arn"].replace(REGION, "eu-west-1")
    furnished.session.target.settings = {
        "NetworkConfiguration.SubnetIds": old["NetworkConfiguration"]["SubnetIds"],
        "NetworkConfiguration.SecurityGroupIds": old["NetworkConfiguration"]["SecurityGroupIds"],
    }
    furnished.clients._places["source"] = dataclasses.replace(Place("p", REGION), region="eu-west-1")
    found = one(furnished, between.bundle, "fail")
    assert "no way out" in found.evidence
    assert "NAT gateway" in found.remedy


@pytest.mark.parametrize("route", ["new-environment", "bridge"])
def test_it_is_asked_where_a_bundle_travels(furnished: Rig, route: str) -> None:
    furnished.session.route = route  # type: ignore[assignment]
    assert between.bundle in [check for _name, check in preflight.checks(furnished.session)]


@pytest.mark.parametrize("route", ["settings-only", "in-place"])
def test_it_is_not_asked_where_none_does(furnished: Rig, route: str) -> None:
    furnished.session.route = route  # type: ignore[assignment]
    assert between.bundle not in [check for _name, check in preflight.checks(furnished.session)]
