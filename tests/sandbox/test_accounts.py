"""Accounts of one sandbox: operators with keys of their own, profiles, regions, networks; MWAA acts in each."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.sandbox import provision
from mwaa_wizard.sandbox.access import RootAccess
from mwaa_wizard.sandbox.accounts import Accounts
from mwaa_wizard.sandbox.aws.server import SandboxAws
from mwaa_wizard.sandbox.mwaa.api import MwaaApp
from mwaa_wizard.sandbox.mwaa.service import Service
from tests.sandbox.mwaa.fakes import Plan

HOME, AWAY = "555566667777", "888899990000"


@dataclass
class World:
    """An endpoint with an MWAA API over runtimes that are none, and its accounts."""

    aws: SandboxAws
    access: RootAccess
    service: Service
    accounts: Accounts
    folder: Path

    def client(self, profile: str, service: str, region: str | None = None) -> Any:
        """As the operator of a profile, by the files that were written."""
        return boto3.Session(profile_name=profile).client(service, region_name=region)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    folder = tmp_path / "aws"

    def keys(account: str) -> tuple[str, str]:
        return aws.root_credentials_for(account)

    access = RootAccess(lambda: aws.endpoint_url, keys)
    service = Service(aws=access, runtime_factory=Plan().factory, homes=tmp_path / "homes", poll_seconds=0.01)
    aws = SandboxAws(mwaa_app=MwaaApp(service))
    aws.start()
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
    yield World(aws, access, service, Accounts(folder, aws, access), folder)
    service.stop_all()
    aws.stop()


def test_every_account_has_its_own_operator_region_and_network(world: World) -> None:
    first = world.accounts.add("home", HOME, "us-east-1")
    other = world.accounts.add("away", AWAY, "eu-west-1", network=True)
    for profile, account, region in (("home", HOME, "us-east-1"), ("away", AWAY, "eu-west-1")):
        sts = world.client(profile, "sts")
        assert sts.get_caller_identity()["Account"] == account
        assert sts.meta.region_name == region
    keys = configparser.ConfigParser()
    keys.read(world.folder / "credentials")
    assert keys["home"]["aws_access_key_id"] != keys["away"]["aws_access_key_id"]
    assert first.subnet_ids == ()
    subnets = world.client("away", "ec2").describe_subnets(SubnetIds=list(other.subnet_ids))["Subnets"]
    assert {subnet["OwnerId"] for subnet in subnets} == {AWAY}
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) == 2
    with pytest.raises(ClientError, match="InvalidSubnetID"):
        world.client("home", "ec2", "eu-west-1").describe_subnets(SubnetIds=list(other.subnet_ids))


def test_a_second_profile_of_an_account_is_another_region(world: World) -> None:
    world.accounts.add("home", HOME, "us-east-1")
    world.accounts.add("home-west", HOME, "us-west-2")
    keys = configparser.ConfigParser()
    keys.read(world.folder / "credentials")
    assert keys["home"]["aws_access_key_id"] == keys["home-west"]["aws_access_key_id"]
    assert world.client("home-west", "s3").meta.region_name == "us-west-2"


def test_to_add_again_changes_nothing_and_otherwise_is_refused(world: World) -> None:
    added = world.accounts.add("away", AWAY, "eu-west-1", network=True)
    assert world.accounts.add("away", AWAY, "eu-west-1", network=True) == added
    with pytest.raises(WizardError) as caught:
        world.accounts.add("away", HOME, "eu-west-1")
    assert caught.value.exit_code == EXIT_USAGE
    with pytest.raises(WizardError, match="no account with profile nowhere"):
        world.accounts.of("nowhere")
    assert world.accounts.listed() == [added]


def test_mwaa_works_in_the_callers_account_and_region(world: World) -> None:
    """The same name in both accounts: buckets, roles, networks and environments are each account's own."""
    for profile, account, region in (("home", HOME, "us-east-1"), ("away", AWAY, "eu-west-1")):
        world.accounts.add(profile, account, region)
        around = provision.surround(world.access, "same-name", account, region)
        settings = provision.environment_settings("same-name", "2.10.3", around, region)
        mwaa = world.client(profile, "mwaa")
        mwaa.create_environment(**settings)
        made = next(e for e in world.service.environments() if (e.account, e.region) == (account, region))
        assert made.done.wait(20)
        found = mwaa.get_environment(Name="same-name")["Environment"]
        assert found["Status"] == "AVAILABLE", found
        assert found["Arn"] == f"arn:aws:airflow:{region}:{account}:environment/same-name"
        keys = made.role.credentials()
        who = boto3.client(
            "sts", endpoint_url=world.aws.endpoint_url, region_name=region,
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"], aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=keys["AWS_SESSION_TOKEN"],
        ).get_caller_identity()  # fmt: skip
        assert who["Arn"].startswith(f"arn:aws:sts::{account}:assumed-role/")
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            world.client(profile, "mwaa", "ap-south-1").get_environment(Name="same-name")
    stranger = provision.environment_settings("other", "2.10.3", around, "eu-west-1")
    with pytest.raises(ClientError) as refused:
        world.client("home", "mwaa", "eu-west-1").create_environment(**stranger)
    assert refused.value.response["Error"]["Code"] in ("ValidationException", "AccessDeniedException")


def test_an_account_lies_in_one_partition(world: World) -> None:
    world.accounts.add("home", HOME, "us-east-1")
    with pytest.raises(WizardError, match="no account is both there and in cn-north-1") as caught:
        world.accounts.add("home-china", HOME, "cn-north-1")
    assert caught.value.exit_code == EXIT_USAGE
    assert [place.profile for place in world.accounts.listed()] == ["home"]
    world.accounts.add("beijing", AWAY, "cn-north-1")
    world.accounts.add("ningxia", AWAY, "cn-northwest-1")
    for profile in ("beijing", "ningxia"):
        assert world.client(profile, "sts").get_caller_identity()["Arn"] == f"arn:aws-cn:iam::{AWAY}:user/wizard"
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        world.client("beijing", "sts", "us-east-1").get_caller_identity()
