"""Accounts, regions, the MWAA API behind the same endpoint, and the operator's profile."""

from __future__ import annotations

import json
import stat
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from mwaa_wizard.sandbox.aws.bootstrap import ensure_operator, write_profiles
from mwaa_wizard.sandbox.aws.errors import AccessDenied
from mwaa_wizard.sandbox.aws.principal import Principal
from mwaa_wizard.sandbox.aws.server import SandboxAws

from .conftest import ACCOUNT, OTHER, World, allow, refusal


def mwaa(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers who called; GetEnvironment asks for a permission first."""
    principal: Principal = environ["mwaa_wizard.principal"]
    name = environ["PATH_INFO"].rpartition("/")[2]
    try:
        if environ["PATH_INFO"].startswith("/environments/"):
            arn = f"arn:aws:airflow:{environ['mwaa_wizard.region']}:{principal.account}:environment/{name}"
            environ["mwaa_wizard.authorise"]("airflow:GetEnvironment", arn, {"aws:ResourceTag/team": "data"})
    except AccessDenied as denied:
        error = denied.error_for("rest-json")
        body = json.dumps({"message": error.message}).encode()
        start_response(f"{error.status} Forbidden", [("x-amzn-ErrorType", error.code), ("Content-Type", "text/plain")])
        return [body]
    found = json.dumps({"Environments": [principal.arn, environ["mwaa_wizard.region"]], "Environment": {"Name": name}})
    start_response("200 OK", [("Content-Type", "application/json")])
    return [found.encode()]


@pytest.fixture(scope="module")
def mwaa_world() -> Iterator[World]:
    server = SandboxAws(mwaa_app=mwaa)
    server.start()
    yield World(server)
    server.stop()


def test_mwaa_requests_reach_the_app_authenticated(mwaa_world: World) -> None:
    keys = mwaa_world.user(allow("nothing:*"))
    arn = mwaa_world.client("sts", keys).get_caller_identity()["Arn"]
    client = mwaa_world.client("mwaa", keys, region="eu-west-1")
    assert client.list_environments()["Environments"] == [arn, "eu-west-1"]


def test_mwaa_app_asks_for_permissions(mwaa_world: World) -> None:
    arn = f"arn:aws:airflow:us-east-1:{ACCOUNT}:environment/prod"
    condition = {"StringEquals": {"aws:ResourceTag/team": "data"}}
    client = mwaa_world.client("mwaa", mwaa_world.user(allow("airflow:GetEnvironment", arn, Condition=condition)))
    assert client.get_environment(Name="prod")["Environment"]["Name"] == "prod"
    code, status, message = refusal(client.get_environment, Name="other")
    assert (code, status) == ("AccessDeniedException", 403)
    assert "airflow:GetEnvironment" in message


def test_mwaa_without_an_app(world: World) -> None:
    assert refusal(world.client("mwaa").list_environments)[1] == 503


def test_accounts_and_regions_are_separate(world: World) -> None:
    here = world.client("logs", world.root(ACCOUNT))
    there = world.client("logs", world.root(OTHER))
    abroad = world.client("logs", world.root(OTHER), region="eu-west-1")
    name = world.name("group")
    here.create_log_group(logGroupName=name)
    assert there.describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []
    abroad.create_log_group(logGroupName=name)
    assert f":eu-west-1:{OTHER}:" in abroad.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]["arn"]
    assert there.describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []
    keys = world.user(allow("ec2:DescribeVpcs"), account=OTHER)
    vpcs = world.client("ec2", keys, region="eu-west-1").describe_vpcs()["Vpcs"]
    assert {vpc["OwnerId"] for vpc in vpcs} == {OTHER}


def test_china_partition(world: World) -> None:
    key, secret = world.aws.root_credentials_for("777788889999", "aws-cn")
    client = world.client("sts", (key, secret, None), region="cn-north-1")
    assert client.get_caller_identity()["Arn"] == "arn:aws-cn:iam::777788889999:root"


def test_root_keys_are_new_at_each_start_and_unknown_elsewhere(world: World, mwaa_world: World) -> None:
    assert world.root() == world.root()
    assert world.root() != mwaa_world.root()
    assert refusal(mwaa_world.client("sts", world.root()).get_caller_identity)[0] == "InvalidClientTokenId"


def test_stop_closes_the_port() -> None:
    server = SandboxAws()
    url = server.start()
    client = World(server).client("sts")
    client.get_caller_identity()
    server.stop()
    # The connection the client kept open has ended as well.
    with pytest.raises(EndpointConnectionError):
        client.get_caller_identity()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=2)
    with pytest.raises(RuntimeError):
        _ = server.endpoint_url
    server.stop()


def test_operator_and_profile(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    operator = ensure_operator(world.url, ACCOUNT, "us-east-1")
    assert operator.secret not in repr(operator)
    again = ensure_operator(world.url, ACCOUNT, "us-east-1", root=world.aws.root_credentials)
    assert again.access_key != operator.access_key
    config, credentials = write_profiles(
        tmp_path / "aws", endpoint=world.url, region="us-east-1", operators={"sandbox": again}
    )
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    session = boto3.Session(profile_name="sandbox")
    identity = session.client("sts").get_caller_identity()
    assert identity["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/wizard"
    bucket = world.name("operator")
    session.client("s3").create_bucket(Bucket=bucket)
    assert refusal(session.client("iam").create_user, UserName="x")[0] == "AccessDenied"
    assert refusal(session.client("mwaa").list_environments)[1] == 503


def test_operator_needs_a_root_it_can_use() -> None:
    with pytest.raises(ValueError, match="root credentials"):
        ensure_operator("http://127.0.0.1:1", ACCOUNT, "us-east-1")


def test_every_answer_has_a_request_id(world: World) -> None:
    calls = [("s3", "list_buckets"), ("iam", "list_roles"), ("sts", "get_caller_identity"), ("ec2", "describe_vpcs")]
    calls += [("logs", "describe_log_groups"), ("kms", "list_keys"), ("sqs", "list_queues")]
    for service, call in calls:
        assert getattr(world.client(service), call)()["ResponseMetadata"]["RequestId"], service


def test_many_callers_at_once(world: World) -> None:
    bucket = world.bucket()
    s3 = world.client("s3", max_pool_connections=8)

    def work(number: int) -> int:
        for turn in range(5):
            s3.put_object(Bucket=bucket, Key=f"{number}/{turn}", Body=b"x" * 1000)
            s3.list_objects_v2(Bucket=bucket)
        return int(s3.list_objects_v2(Bucket=bucket, Prefix=f"{number}/")["KeyCount"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [5] * 8
