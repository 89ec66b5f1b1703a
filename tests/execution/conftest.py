"""One loopback AWS for the folder; a fresh source environment and session for every test."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mwaa_wizard.sandbox.aws.server import SandboxAws
from tests.execution.fakes import REGION, FakeClients, Rig, new_session

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[SandboxAws]:
    server = SandboxAws()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def make_client(endpoint: SandboxAws) -> Callable[[str], Any]:
    """Clients are kept for the whole session: making one takes longer than most tests."""
    return client_maker(endpoint, *endpoint.root_credentials, REGION)


def client_maker(endpoint: SandboxAws, key: str, secret: str, region: str) -> Callable[[str], Any]:
    """Makes clients of the loopback AWS, one a service; `key` and `secret` say whose."""

    @functools.cache
    def make(service: str) -> Any:
        return boto3.Session().client(
            service,
            endpoint_url=endpoint.endpoint_url,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            config=Config(retries={"max_attempts": 0}, inject_host_prefix=False),
        )

    return make


@pytest.fixture
def rig(make_client: Callable[[str], Any]) -> Rig:
    """A source environment `old` with a versioned private bucket, three files in it, and a role."""
    number = next(_NUMBERS)
    clients = FakeClients(make_client)
    s3, bucket, role = clients.client("source", "s3"), f"old-dags-{number}", f"old-role-{number}"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(blocks, True))
    for name in ("dags/a.py", "dags/lib/b.py", "requirements.txt"):
        s3.put_object(Bucket=bucket, Key=name, Body=name.encode())
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "airflow.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    made = clients.client("source", "iam").create_role(
        RoleName=role, Path="/service-role/", AssumeRolePolicyDocument=json.dumps(trust)
    )
    pinned = s3.head_object(Bucket=bucket, Key="requirements.txt")["VersionId"]
    # A newer requirements.txt that the environment does not use yet: the pinned one must travel.
    s3.put_object(Bucket=bucket, Key="requirements.txt", Body=b"newer")
    airflow = clients.mwaa.add(
        "old", bucket, made["Role"]["Arn"], RequirementsS3Path="requirements.txt", RequirementsS3ObjectVersion=pinned
    )
    airflow.dags.update({"daily": False, "hourly": False, "resting": True})
    return Rig(new_session(), clients, [])
