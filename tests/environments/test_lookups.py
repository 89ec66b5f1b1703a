"""Look-ups against a local AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mwaa_wizard.aws.factory import Clients, Place
from mwaa_wizard.environments import lookups
from mwaa_wizard.errors import WizardError
from tests.logs.cloud import SOURCE, TARGET, Cloud


@pytest.fixture
def clients(cloud: Cloud) -> Clients:
    return cloud.session("a", "b").clients()


def test_identity_of_both_sides(clients: Clients) -> None:
    assert lookups.identity(clients, "source").account == SOURCE
    assert lookups.identity(clients, "target").account == TARGET
    assert lookups.identity(clients, "target").region == "eu-west-1"


def test_environments_are_listed_with_version_and_class(cloud: Cloud, clients: Clients) -> None:
    cloud.mwaa.environments.clear()
    for name in ("zeta", "alpha"):
        cloud.environment(name, SOURCE, "us-east-1", CreatedAt=1_700_000_000)
    found = lookups.environments(clients, "source")
    assert [(one.name, one.version, one.environment_class, one.status) for one in found] == [
        ("alpha", "2.8.1", "mw1.small", "AVAILABLE"),
        ("zeta", "2.8.1", "mw1.small", "AVAILABLE"),
    ]
    assert found[0].created is not None
    assert found[0].created.year == 2023


def test_an_environment_and_one_that_is_not_there(cloud: Cloud, clients: Clients) -> None:
    cloud.environment("one", SOURCE, "us-east-1")
    assert lookups.environment(clients, "source", "one")["AirflowVersion"] == "2.8.1"
    with pytest.raises(WizardError) as caught:
        lookups.environment(clients, "source", "two")
    assert "two" in caught.value.what
    assert caught.value.code == "ResourceNotFoundException"
    assert lookups.name_is_free(clients, "two")
    assert not lookups.name_is_free(clients, "one")


@pytest.mark.parametrize(
    ("region", "word"), [("us-gov-west-1", "no MWAA"), ("nowhere-9", "no MWAA"), ("", "No region")]
)
def test_a_region_without_mwaa_is_said_before_anything_is_asked(cloud: Cloud, region: str, word: str) -> None:
    made = Clients({"source": Place("here", region), "target": Place("there", region)})
    for call in (lookups.environments, lambda c, s: lookups.environment(c, s, "x")):
        with pytest.raises(WizardError) as caught:
            call(made, "source")
        assert word in caught.value.what


def test_an_unknown_profile_is_one_message(cloud: Cloud) -> None:
    made = Clients({"source": Place("nobody", "us-east-1")})
    with pytest.raises(WizardError) as caught:
        lookups.identity(made, "source")
    assert caught.value.code == "ProfileNotFound"


def test_wrong_keys_are_one_message(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAWRONGWRONGWRONG1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    made = Clients({"source": Place(None, "us-east-1")})
    with pytest.raises(WizardError) as caught:
        lookups.identity(made, "source")
    assert caught.value.remedy
    assert caught.value.code


def _trust(*services: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_roles_that_mwaa_may_assume(clients: Clients) -> None:
    iam: Any = clients.client("target", "iam")
    both = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")
    for name, services in (("b-half", both[1:]), ("a-whole", both), ("c-lambda", ("lambda.amazonaws.com",))):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=_trust(*services))
    path = "/aws-service-role/airflow.amazonaws.com/"
    iam.create_role(RoleName="AWSServiceRoleForAmazonMWAA", Path=path, AssumeRolePolicyDocument=_trust(*both))
    found = {role.name: role for role in lookups.execution_roles(clients)}
    assert "AWSServiceRoleForAmazonMWAA" not in found, "AWS's own role is for no environment to have"
    assert found["a-whole"].complete
    assert not found["b-half"].complete
    assert "c-lambda" not in found
    assert found["a-whole"].arn == f"arn:aws:iam::{TARGET}:role/a-whole"


def test_networks(clients: Clients) -> None:
    ec2: Any = clients.client("target", "ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]["SubnetId"]
    ec2.create_tags(Resources=[made], Tags=[{"Key": "Name", "Value": "private\u202e-a"}])
    group = ec2.create_security_group(GroupName="mwaa", Description="x", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    subnet = next(one for one in lookups.subnets(clients) if one.id == made)
    assert (subnet.vpc, subnet.cidr, subnet.name, subnet.public) == (vpc, "10.9.1.0/24", "private-a", False)
    groups = {one.id: one for one in lookups.security_groups(clients)}
    assert groups[group].self_referencing
    assert any(one.vpc == vpc and one.name == "default" for one in groups.values())


def test_buckets_and_keys(clients: Clients) -> None:
    s3, kms = clients.client("target", "s3"), clients.client("target", "kms")
    where = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="look-up-bucket", CreateBucketConfiguration=where)
    assert "look-up-bucket" in [bucket.name for bucket in lookups.buckets(clients)]
    good = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/mwaa-look-up", TargetKeyId=good["KeyId"])
    disabled = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.disable_key(KeyId=disabled)
    many = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    signing = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]["KeyId"]
    found = {key.id: key for key in lookups.kms_keys(clients)}
    assert found[good["KeyId"]].alias == "alias/mwaa-look-up"
    assert found[good["KeyId"]].arn == good["Arn"]
    assert not {disabled, many, signing} & set(found)


def test_keys_that_one_may_not_look_at_are_named_at_the_end(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generated documents let people look at the chosen key alone, and an account has others."""
    from botocore.exceptions import ClientError

    kms = clients.client("target", "kms")
    mine, other, many = (kms.create_key(MultiRegion=multi)["KeyMetadata"] for multi in (False, False, True))
    kms.create_alias(AliasName="alias/aa-other", TargetKeyId=other["KeyId"])
    answer = kms.describe_key

    def refused(KeyId: str) -> Any:
        if KeyId != mine["KeyId"]:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "DescribeKey")
        return answer(KeyId=KeyId)

    monkeypatch.setattr(kms, "describe_key", refused)
    monkeypatch.setattr(Clients, "client", lambda self, side, service: kms)
    found = lookups.kms_keys(clients)
    assert (found[0].id, found[0].looked_at) == (mine["KeyId"], True)
    assert [key.arn for key in found if key.alias == "alias/aa-other" and not key.looked_at] == [other["Arn"]]
    assert many["KeyId"] not in {key.id for key in found}


def test_an_endpoint_that_does_not_answer_is_one_message(monkeypatch: pytest.MonkeyPatch, cloud: Cloud) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    made = Clients({"target": Place("there", "eu-west-1")})
    with pytest.raises(WizardError) as caught:
        lookups.buckets(made)
    assert caught.value.code == "EndpointConnectionError"
