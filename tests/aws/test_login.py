"""Credentials that have expired: the exact command, and how the work goes on after it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

from mwaa_wizard.aws import login
from mwaa_wizard.aws.errors import translate
from mwaa_wizard.aws.factory import Clients, Place
from tests.aws.conftest import Server, Told, good, refusal

SSO = """
[profile 'prod team']
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
region = us-east-1
endpoint_url = {url}
[profile deploy]
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = prod team
[profile old]
sso_start_url = https://corp.awsapps.com/start
sso_region = us-east-1
sso_account_id = 111122223333
sso_role_name = Admin
[profile signed]
login_session = arn:aws:iam::111122223333:user/me
[profile tool]
credential_process = fetch-keys
[profile loop]
role_arn = arn:aws:iam::111122223333:role/deploy
source_profile = loop
[sso-session corp]
sso_region = us-east-1
sso_start_url = https://corp.awsapps.com/start
"""


@pytest.mark.parametrize(
    ("profile", "command", "session"),
    [
        ("prod team", "aws sso login --profile 'prod team'", "corp"),
        ("deploy", "aws sso login --profile 'prod team'", "corp"),  # the role's own profile cannot log in
        ("old", "aws sso login --profile old", ""),
        ("signed", "aws login --profile signed", ""),
        ("default", "aws sso login", ""),
        ("", "aws sso login", ""),
        ("loop", "aws sso login --profile loop", ""),
    ],
)
def test_the_command_names_the_profile_that_can_log_in(
    profiles: Callable[..., None], profile: str, command: str, session: str
) -> None:
    profiles(SSO)
    assert login.login_command(profile) == command
    assert login.sso_session(profile) == session


def test_how_to_renew_follows_where_the_keys_come_from(
    profiles: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles(SSO, "[pasted]\naws_access_key_id = A\naws_secret_access_key = s\naws_session_token = t\n")
    assert login.how_to_renew("deploy") == "Run: aws sso login --profile 'prod team' (SSO session corp)"
    assert "credential_process" in login.how_to_renew("tool")
    assert "tool they came from" in login.how_to_renew("pasted")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "t")
    assert "terminal's AWS_*" in login.how_to_renew("")


def test_a_config_that_cannot_be_read_still_gives_a_command(profiles: Callable[..., None]) -> None:
    profiles("this is no config file")
    assert login.login_command("prod") == "aws sso login --profile prod"


def _token(home: Path, valid: bool) -> None:
    """The file `aws sso login` writes. Source: AWS CLI user guide, sso-configure-profile-token."""
    folder = home / ".aws" / "sso" / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    until = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1 if valid else -1)
    token = {
        "startUrl": "https://corp.awsapps.com/start",
        "region": "us-east-1",
        "accessToken": "token",
        "expiresAt": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    (folder / f"{hashlib.sha1(b'corp').hexdigest()}.json").write_text(json.dumps(token))


@pytest.fixture
def sso(profiles: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Writes the token of the SSO session; `True`: as after a login."""
    from botocore import credentials, tokens

    profiles(SSO)
    cache = str(tmp_path / ".aws" / "sso" / "cache")
    # botocore reads the home folder when it is imported.
    monkeypatch.setattr(credentials.SSOProvider, "_SSO_TOKEN_CACHE_DIR", cache)
    monkeypatch.setattr(tokens.SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", cache)
    return lambda valid: _token(tmp_path, valid)


@pytest.mark.parametrize("before", ["none", "expired"])
def test_a_login_lets_the_next_call_pass(
    server: Server, sso: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """The same clients: the call that failed for want of a login passes after it, with the new role's keys."""
    if before == "expired":
        sso(False)
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", server.url)
    clients = Clients({"source": Place("prod team", "us-east-1"), "target": Place("prod team", "us-east-1")})
    with pytest.raises(BotoCoreError) as caught:
        clients.client("source", "mwaa").list_environments()
    error = translate(caught.value)
    assert "prod team" in error.what
    assert "Run: aws sso login --profile 'prod team' · then resume." in error.remedy
    assert "SSO session corp" in error.remedy
    sso(True)
    keys = {"accessKeyId": "ASIANEW", "secretAccessKey": "s", "sessionToken": "t", "expiration": 4102444800000}
    server.answers = [(200, json.dumps({"roleCredentials": keys}), {}), good()]
    assert clients.client("source", "mwaa").list_environments()["Environments"] == ["prod"]
    assert server.keys[-1] == "ASIANEW"


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("LoginRefreshRequired", {}),
        ("LoginTokenLoadError", {"error_msg": "no file"}),
        ("LoginAuthorizationCodeError", {"error_msg": "too late"}),
    ],
)
def test_a_sign_in_that_is_over_names_its_own_command(
    profiles: Callable[..., None], kind: str, arguments: dict[str, str]
) -> None:
    """`aws login` is no SSO: its sessions are renewed by a command of their own."""
    profiles(SSO)
    problem = getattr(exceptions, kind)(**arguments)
    problem.aws_profile = "signed"
    error = translate(problem)
    assert error.what == "The sign-in of profile signed has expired."
    assert error.remedy == "Run: aws login --profile signed · then resume."


def test_keys_that_were_put_anew_are_read_anew(
    server: Server, told: Told, profiles: Callable[..., None], tmp_path: Path
) -> None:
    clients = told.clients
    server.answers = [refusal("ExpiredTokenException", 403), good()]
    with pytest.raises(ClientError) as caught:
        clients.client("source", "mwaa").list_environments()
    assert "profile from have expired" in translate(caught.value).what
    (tmp_path / "aws-credentials").write_text("[from]\naws_access_key_id = AKIANEW\naws_secret_access_key = s\n")
    clients.client("source", "mwaa").list_environments()
    assert server.keys == ["AKIAFROM", "AKIANEW"]


def test_renew_drops_what_is_kept_of_that_side_only(server: Server, told: Told) -> None:
    source, target = told.clients.client("source", "mwaa"), told.clients.client("target", "mwaa")
    told.clients.renew("source")
    assert told.clients.client("source", "mwaa") is not source
    assert told.clients.client("target", "mwaa") is target


def test_two_sides_with_one_profile_are_renewed_together(profiles: Callable[..., None]) -> None:
    clients = Clients({"source": Place("from", "us-east-1"), "target": Place("from", "us-east-1")})
    target = clients.client("target", "mwaa")
    clients.renew("source")
    assert clients.client("target", "mwaa") is not target


def test_a_refusal_does_not_make_new_clients(server: Server, told: Told) -> None:
    server.answers = [refusal("AccessDeniedException", 403)]
    client = told.clients.client("source", "mwaa")
    with pytest.raises(ClientError):
        client.list_environments()
    assert told.clients.client("source", "mwaa") is client


@pytest.mark.parametrize(("region", "more"), [("cn-north-1", " cn-north-1 knows accounts of AWS China only."),
                                              ("us-east-1", "")])  # fmt: skip
def test_unknown_keys_in_a_region_of_china(server: Server, told: Told, region: str, more: str) -> None:
    clients = Clients({"source": Place("from", region)})
    server.answers = [refusal("UnrecognizedClientException", 403)]
    with pytest.raises(ClientError) as caught:
        clients.client("source", "mwaa").list_environments()
    error = translate(caught.value)
    assert error.what == "AWS does not know the credentials of profile from."
    assert error.remedy == f"Choose another profile or region, or renew its keys, then resume.{more}"
