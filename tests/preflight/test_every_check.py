"""The whole table: each check of a new environment complains when exactly its own thing is wrong, and names it.

In detail each is tested beside its file; here none can be forgotten, and the account is one in which all else is well.
A check that only ever warns does so because what it finds stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mwaa_wizard.aws.factory import Place
from mwaa_wizard.execution import preflight
from mwaa_wizard.preflight.finding import Check
from mwaa_wizard.session.model import Session
from tests.execution.fakes import ACCOUNT, REGION, Rig, client_error
from tests.preflight import test_between as between
from tests.preflight import test_network as network
from tests.preflight import test_permissions as permissions
from tests.preflight import world

Break = Callable[[Rig], object]


def old(rig: Rig) -> dict[str, Any]:
    return rig.mwaa.environments["old"]


def ec2(rig: Rig) -> Any:
    """The target's; the source is of elsewhere, so that it proves nothing about the target's network."""
    old(rig)["Arn"] = f"arn:aws:airflow:{REGION}:999900001111:environment/old"
    return rig.clients.client("target", "ec2")


class _Expired:
    def get_caller_identity(self) -> dict[str, Any]:
        raise client_error("ExpiredToken", "The security token included in the request is expired")


def expired(rig: Rig) -> None:
    rig.clients._identities.clear()
    rig.clients.overrides["source", "sts"] = rig.clients.overrides["target", "sts"] = _Expired()


def silent(rig: Rig) -> None:
    """Neither the REST API nor the command line answers."""

    def refuse(Name: str) -> None:
        raise client_error("AccessDeniedException", f"not authorized to perform: airflow:CreateCliToken on {Name}")

    rig.mwaa.rest_refusal = client_error("AccessDeniedException", "not authorized to perform: airflow:InvokeRestApi")
    vars(rig.mwaa)["create_cli_token"] = refuse


def denied(*actions: str) -> Break:
    """The caller lacks these."""

    def deny(rig: Rig) -> None:
        rig.clients._identities.clear()
        user = permissions.User(rig, rig_endpoint[0])
        user.may(permissions.deny(*actions))

    return deny


rig_endpoint: list[Any] = []


@pytest.fixture(autouse=True)
def _endpoint(endpoint: Any) -> None:
    rig_endpoint[:] = [endpoint]


def unversioned(rig: Rig) -> None:
    rig.s3.put_bucket_versioning(Bucket=rig.source_bucket, VersioningConfiguration={"Status": "Suspended"})


def chosen_unversioned(rig: Rig) -> None:
    world.keep_role_and_bucket(rig)
    unversioned(rig)


def foreign_encryption(rig: Rig) -> None:
    world.keep_role_and_bucket(rig)
    rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/other"}
    rig.s3.put_bucket_encryption(
        Bucket=rig.source_bucket,
        ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": rule}]},
    )


def disabled_key(rig: Rig) -> None:
    kms = rig.clients.client("target", "kms")
    arn = str(kms.create_key()["KeyMetadata"]["Arn"])
    kms.disable_key(KeyId=arn.rsplit("/", 1)[1])
    old(rig)["KmsKey"] = rig.session.target.settings["KmsKey"] = arn


def closed_key(rig: Rig) -> None:
    """KMS' default policy names the account only, not CloudWatch Logs."""
    rig.session.target.settings["KmsKey"] = rig.clients.client("target", "kms").create_key()["KeyMetadata"]["Arn"]


def trusted_for_old(rig: Rig) -> None:
    world.keep_role_and_bucket(rig)
    world.set_trust(rig, world.trust(world.OLD))


def no_policy(rig: Rig) -> None:
    world.keep_role_and_bucket(rig)
    rig.iam.delete_role_policy(RoleName=world.role(rig), PolicyName="base")


def public_subnet(rig: Rig) -> None:
    client, (ids, _group, vpc) = ec2(rig), world.network_of(rig)
    found = client.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])
    gateway = found["InternetGateways"][0]["InternetGatewayId"]
    network.close(client, ids[1])
    table = network.table_of(client, ids[1])
    client.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)


def one_zone(rig: Rig) -> None:
    client, (ids, _group, vpc) = ec2(rig), world.network_of(rig)
    zone = client.describe_subnets(SubnetIds=[ids[0]])["Subnets"][0]["AvailabilityZone"]
    made = client.create_subnet(VpcId=vpc, CidrBlock="10.192.77.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
    network.settle(rig, [ids[0], made])


def no_names(rig: Rig) -> None:
    ec2(rig).modify_vpc_attribute(VpcId=world.network_of(rig)[2], EnableDnsSupport={"Value": False})


def closed_group(rig: Rig) -> None:
    client, (_ids, group, _vpc) = ec2(rig), world.network_of(rig)
    itself = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
    client.revoke_security_group_ingress(GroupId=group, IpPermissions=itself)


def closed_acl(rig: Rig) -> None:
    client, (ids, _group, vpc) = ec2(rig), world.network_of(rig)
    network.acl(client, vpc, ids[0], [*network.ALL, (90, False, "deny", "10.192.21.0/24", 5432, 5432)])


def no_way_out(rig: Rig) -> None:
    client = ec2(rig)
    for subnet in world.network_of(rig)[0]:
        network.close(client, subnet)


def private_airflow_3(rig: Rig) -> None:
    no_way_out(rig)
    rig.session.target.airflow_version = "3.0.6"


def quota(rig: Rig) -> None:
    for number in range(9):
        rig.mwaa.add(f"other-{number}", "b", "r")


def taken(rig: Rig) -> None:
    rig.mwaa.add("new", "b", "r")


def leftovers(rig: Rig) -> None:
    rig.session.target.environment = name = f"left-{rig.session.id}"
    world.make_group(rig, f"airflow-{name}-Task")


def setting(name: str, value: object) -> Break:
    return lambda rig: rig.session.target.settings.update({name: value})


def source_says(**members: Any) -> Break:
    return lambda rig: old(rig).update(members)


def logs_off(rig: Rig) -> None:
    old(rig)["LoggingConfiguration"]["TaskLogs"]["Enabled"] = False


def no_tables(rig: Rig) -> None:
    rig.session.tables.selected = []


def nowhere(rig: Rig) -> None:
    rig.clients._places["target"] = Place("p", "xx-nowhere-1")


def version(rig: Rig) -> None:
    rig.session.target.airflow_version = "2.6.3"


# check -> what is wrong, the verdict, a word of the evidence
BREAKS: dict[str, tuple[Break, str, str]] = {
    "credentials": (expired, "fail", "expired"),
    "source environment": (source_says(Status="UPDATING"), "fail", "UPDATING"),
    "source Airflow": (silent, "fail", "airflow:CreateCliToken"),
    "source permissions": (denied("s3:PutObject"), "fail", "s3:PutObject"),
    "source role": (source_says(ExecutionRoleArn=f"arn:aws:iam::{ACCOUNT}:role/nobody"), "fail", "role/nobody"),
    "source role trust": (
        lambda rig: world.set_trust(rig, world.trust(world.NEW)), "warn", "environment/new",
    ),
    "source role policy": (no_policy, "warn", "no policy at all"),
    "source bucket": (unversioned, "warn", "not versioned"),
    "source KMS key": (disabled_key, "warn", "Disabled"),
    "source web server": (source_says(WebserverAccessMode="PRIVATE_ONLY", WebserverUrl=""), "warn", "not reached"),
    "source task logs": (logs_off, "warn", "none to CloudWatch"),
    "target region": (nowhere, "fail", "xx-nowhere-1"),
    "target name": (taken, "fail", "new exists already"),
    "target version": (version, "fail", "2.6.3"),
    "target settings": (setting("MaxWorkers", 0), "fail", "Max workers"),
    "tables": (no_tables, "fail", "no table"),
    "target permissions": (denied("airflow:CreateEnvironment"), "fail", "airflow:CreateEnvironment"),
    "target role trust": (trusted_for_old, "fail", "environment/old"),
    "target role policy": (no_policy, "fail", "no policy at all"),
    "target bucket": (chosen_unversioned, "fail", "not versioned"),
    "target bucket encryption": (foreign_encryption, "warn", "key/other"),
    "target subnets": (one_zone, "fail", "zone"),
    "target routes": (public_subnet, "fail", "internet gateway"),
    "target VPC DNS": (no_names, "fail", "DnsSupport"),
    "target security groups": (closed_group, "fail", "its own members"),
    "target network ACLs": (closed_acl, "fail", "5432 in from"),
    "target VPC endpoints": (no_way_out, "fail", "logs"),
    "way of the bundle": (
        lambda rig: between.source_is(rig, region="cn-north-1", partition="aws-cn"), "fail", "aws-cn",
    ),
    "target KMS key": (disabled_key, "fail", "Disabled"),
    "target KMS key policy": (closed_key, "fail", "airflow-new-Task"),
    "target quota of environments": (quota, "fail", "10 of 10"),
    "target quota of workers": (setting("MaxWorkers", 26), "fail", "26 of 25"),
    "target web server": (private_airflow_3, "fail", "no way out"),
    "target task logs": (logs_off, "warn", "none to CloudWatch"),
    "target log groups": (leftovers, "warn", "left by a former environment"),
}  # fmt: skip
CHECKS = dict(preflight.checks(Session()))


def told(rig: Rig, name: str, check: Check, monkeypatch: pytest.MonkeyPatch) -> list[preflight.Finding]:
    """What preflight says of that check alone, with its own treatment of refusals and failures."""
    monkeypatch.setattr(preflight, "checks", lambda session: [(name, check)])
    return list(preflight.findings(rig.context("preflight")))


@pytest.mark.parametrize("name", CHECKS)
def test_each_complains_of_its_own_reason(name: str, furnished: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    before = told(furnished, name, CHECKS[name], monkeypatch)
    assert {finding.verdict for finding in before} <= {"pass"}, before
    wrong, verdict, word = BREAKS[name]
    wrong(furnished)
    after = [finding for finding in told(furnished, name, CHECKS[name], monkeypatch) if finding.verdict != "pass"]
    assert after, "nothing was said"
    assert after[0].verdict == verdict, after
    assert word in after[0].evidence, after
    assert after[0].remedy
    assert after[0].name == name


def test_none_is_forgotten() -> None:
    assert set(BREAKS) == set(CHECKS)
    only_warn = {name for name, (_break, verdict, _word) in BREAKS.items() if verdict == "warn"}
    # The source runs as it is, so what is odd about it blocks nothing; the other three are a matter of taste.
    assert {name for name in only_warn if not name.startswith("source ")} == {
        "target bucket encryption", "target task logs", "target log groups",
    }  # fmt: skip
