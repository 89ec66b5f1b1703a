"""One endpoint for the whole folder, and quick ways to make principals on it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from mwaa_wizard.sandbox.aws.server import SandboxAws

ACCOUNT = "111122223333"
OTHER = "444455556666"
Keys = tuple[str, str, str | None]
#: moto's memory belongs to the process, so names are unique over all endpoints.
_NUMBERS = itertools.count(1)


class World:
    """Clients and principals on one endpoint."""

    def __init__(self, aws: SandboxAws) -> None:
        self.aws = aws
        self.url = aws.endpoint_url
        self._session = boto3.Session()

    def name(self, prefix: str) -> str:
        return f"{prefix}-{next(_NUMBERS)}"

    def root(self, account: str = ACCOUNT) -> Keys:
        return (*self.aws.root_credentials_for(account), None)

    def client(self, service: str, keys: Keys | None = None, region: str = "us-east-1", **config: Any) -> Any:
        key, secret, token = keys or self.root()
        return self._session.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=Config(retries={"max_attempts": 0}, inject_host_prefix=False, **config),
        )

    def user(self, *statements: dict[str, Any], account: str = ACCOUNT) -> Keys:
        iam = self.client("iam", self.root(account))
        name = self.name("user")
        iam.create_user(UserName=name)
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"], None

    def role(self, *statements: dict[str, Any], trust: Any = "*", account: str = ACCOUNT, **more: Any) -> str:
        iam = self.client("iam", self.root(account))
        name = self.name("role")
        believed = {"Effect": "Allow", "Principal": {"AWS": trust}, "Action": "sts:AssumeRole"}
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(believed), **more)
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        return str(made["Role"]["Arn"])

    def assume(self, role_arn: str, keys: Keys | None = None, **more: Any) -> Keys:
        answer = self.client("sts", keys).assume_role(RoleArn=role_arn, RoleSessionName="session", **more)
        found = answer["Credentials"]
        return found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"]

    def bucket(self, account: str = ACCOUNT) -> str:
        name = self.name("bucket")
        self.client("s3", self.root(account)).create_bucket(Bucket=name)
        return name


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, int, str]:
    """Code, HTTP status and message of the error a call ends in."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"].get("Message", "")


@pytest.fixture(scope="session")
def aws() -> Iterator[SandboxAws]:
    server = SandboxAws()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def world(aws: SandboxAws) -> World:
    return World(aws)
