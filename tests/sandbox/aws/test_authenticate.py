"""Who calls: keys, signatures, sessions and their end, in each protocol's words."""

from __future__ import annotations

import datetime
import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from moto.sts.models import sts_backends

from .conftest import ACCOUNT, World, allow, refusal

#: (service, operation, arguments, unknown key, wrong secret, expired session)
SERVICES: list[tuple[str, str, dict[str, Any], tuple[str, int], tuple[str, int], tuple[str, int]]] = [
    ("s3", "list_buckets", {}, ("InvalidAccessKeyId", 403), ("SignatureDoesNotMatch", 403), ("ExpiredToken", 400)),
    ("iam", "list_roles", {}, ("InvalidClientTokenId", 403), ("SignatureDoesNotMatch", 403), ("ExpiredToken", 403)),
    (
        "sts",
        "get_caller_identity",
        {},
        ("InvalidClientTokenId", 403),
        ("SignatureDoesNotMatch", 403),
        ("ExpiredToken", 403),
    ),
    (
        "logs",
        "describe_log_groups",
        {},
        ("UnrecognizedClientException", 400),
        ("InvalidSignatureException", 400),
        ("ExpiredTokenException", 400),
    ),
    (
        "mwaa",
        "list_environments",
        {},
        ("UnrecognizedClientException", 403),
        ("InvalidSignatureException", 403),
        ("ExpiredTokenException", 403),
    ),
    ("ec2", "describe_vpcs", {}, ("AuthFailure", 401), ("AuthFailure", 401), ("RequestExpired", 400)),
]
IDS = [case[0] for case in SERVICES]


@pytest.mark.parametrize(("service", "call", "arguments", "unknown", "wrong", "expired"), SERVICES, ids=IDS)
def test_refusals_in_the_services_words(
    world: World, service: str, call: str, arguments: dict[str, Any], unknown: Any, wrong: Any, expired: Any
) -> None:
    user = world.user(allow("*"))
    stranger = world.client(service, ("AKIAABCDEFGHIJKLMNOP", "x" * 40, None))
    assert refusal(getattr(stranger, call), **arguments)[:2] == unknown
    liar = world.client(service, (user[0], "x" * 40, None))
    assert refusal(getattr(liar, call), **arguments)[:2] == wrong
    session = world.assume(world.role(allow("*")))
    backend = sts_backends[ACCOUNT]["aws"]
    backend.get_assumed_role_from_access_key(session[0]).expiration = datetime.datetime.now(
        datetime.UTC
    ) - datetime.timedelta(seconds=1)
    assert refusal(getattr(world.client(service, session), call), **arguments)[:2] == expired


def test_session_expires_when_it_was_told_to(world: World) -> None:
    role = world.role(MaxSessionDuration=7200)
    answer = world.client("sts").assume_role(RoleArn=role, RoleSessionName="long", DurationSeconds=7200)
    left = answer["Credentials"]["Expiration"] - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(seconds=7100) < left <= datetime.timedelta(seconds=7200)


def test_session_needs_its_own_token(world: World) -> None:
    key, secret, token = world.assume(world.role())
    assert token is not None
    assert refusal(world.client("sts", (key, secret, None)).get_caller_identity)[0] == "InvalidClientTokenId"
    other = world.client("s3", (key, secret, token[:-4] + "0000"))
    assert refusal(other.list_buckets)[0] == "InvalidToken"


def test_deleted_and_inactive_keys_are_unknown(world: World) -> None:
    keys = world.user()
    iam = world.client("iam")
    name = world.client("sts", keys).get_caller_identity()["Arn"].rpartition("/")[2]
    iam.update_access_key(UserName=name, AccessKeyId=keys[0], Status="Inactive")
    assert refusal(world.client("sts", keys).get_caller_identity)[0] == "InvalidClientTokenId"
    iam.update_access_key(UserName=name, AccessKeyId=keys[0], Status="Active")
    assert world.client("sts", keys).get_caller_identity()["Account"] == ACCOUNT
    iam.delete_access_key(UserName=name, AccessKeyId=keys[0])
    assert refusal(world.client("sts", keys).get_caller_identity)[0] == "InvalidClientTokenId"


def test_sessions_end_with_their_role(world: World) -> None:
    role = world.role(account=ACCOUNT)
    keys = world.assume(role)
    assert world.client("sts", keys).get_caller_identity()["Arn"].endswith("/session")
    iam = world.client("iam")
    name = role.rpartition("/")[2]
    iam.delete_role(RoleName=name)
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    assert refusal(world.client("sts", keys).get_caller_identity)[0] == "InvalidClientTokenId"


def test_caller_identity(world: World) -> None:
    keys = world.assume(world.role(Path="/service-role/"))
    identity = world.client("sts", keys).get_caller_identity()
    assert identity["Account"] == ACCOUNT
    assert ":assumed-role/role-" in identity["Arn"]
    assert identity["Arn"].endswith("/session")
    assert identity["UserId"].endswith(":session")
    root = world.client("sts").get_caller_identity()
    assert root["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"


@pytest.mark.parametrize(
    ("path", "status"), [("/moto-api/data.json", 403), ("/moto-api/reset", 403), ("/latest/meta-data/", 403)]
)
def test_motos_own_pages_are_closed(world: World, path: str, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(world.url + path, timeout=5)
    assert caught.value.code == status
    caught.value.close()


def test_unsigned_requests(world: World) -> None:
    bucket = world.bucket()
    for url in (f"{world.url}/", f"{world.url}/{bucket}/key"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(url, timeout=5)
        assert caught.value.code == 403
        assert b"<Code>AccessDenied</Code>" in caught.value.read()
        caught.value.close()


def test_account_header_of_the_client_is_ignored(world: World) -> None:
    client = world.client("iam", world.user(allow("iam:CreateUser"), allow("iam:GetUser")))

    def pretend(request: Any, **_: Any) -> None:
        request.headers["x-moto-account-id"] = "999999999999"

    client.meta.events.register("before-send.*", pretend)
    made = client.create_user(UserName=world.name("made"))["User"]["Arn"]
    assert f"::{ACCOUNT}:" in made


def test_presigned_url(world: World) -> None:
    bucket = world.bucket()
    s3 = world.client("s3")
    s3.put_object(Bucket=bucket, Key="a b", Body=b"content")
    keys = world.user(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))
    url = world.client("s3", keys, signature_version="s3v4").generate_presigned_url(
        "get_object", Params={"Bucket": bucket, "Key": "a b"}
    )
    with urllib.request.urlopen(url, timeout=5) as answer:
        assert answer.read() == b"content"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url.replace("a%20b", "other"), timeout=5)
    assert caught.value.code == 403
    caught.value.close()
