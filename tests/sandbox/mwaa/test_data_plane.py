"""Tokens, the CLI endpoint, web login, and InvokeRestApi."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mwaa_wizard.sandbox.mwaa import rest, shapes
from mwaa_wizard.sandbox.mwaa.cli_rules import RefusedCommand, split_command
from mwaa_wizard.sandbox.mwaa.errors import InternalServerException, MwaaError
from mwaa_wizard.sandbox.mwaa.tokens import Grant, TokenBox
from tests.sandbox.mwaa.conftest import World
from tests.sandbox.mwaa.fakes import Result


def ask(host: str, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Any, Any]:
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.request(method, path, body, {key.replace("_", "-"): value for key, value in headers.items()})
        answer = connection.getresponse()
        raw = answer.read()
        return answer.status, answer.headers, raw
    finally:
        connection.close()


def cli(world: World, command: str, token: str | None = None) -> tuple[int, str, str]:
    made = world.client.create_cli_token(Name="prod")
    bearer = f"Bearer {token or made['CliToken']}"
    status, _headers, raw = ask(made["WebServerHostname"], "POST", "/aws_mwaa/cli", command, Authorization=bearer)
    answer = json.loads(raw)
    decoded = [base64.b64decode(answer.get(stream, "")).decode() for stream in ("stdout", "stderr")]
    return status, decoded[0], decoded[1]


def test_a_command_and_its_output(world: World) -> None:
    world.create()
    world.plan.made[0].answer = Result(stdout="[]\n", stderr="careful")
    assert cli(world, "dags list -o json") == (200, "[]\n", "careful")
    assert world.plan.made[0].commands == [["dags", "list", "-o", "json"]]


def test_a_failing_command_still_brings_its_output(world: World) -> None:
    world.create()
    world.plan.made[0].answer = Result(returncode=1, stdout="so far", stderr="no such dag")
    assert cli(world, "dags trigger x --conf '{\"a\": 1}'") == (400, "so far", "no such dag")
    assert world.plan.made[0].commands[0][-1] == '{"a": 1}'


@pytest.mark.parametrize("command", ["connections list", "connections export f", "users list", "db migrate", "", "'"])
def test_commands_mwaa_does_not_run(world: World, command: str) -> None:
    world.create()
    status, _out, stderr = cli(world, command)
    assert status == 400
    assert stderr
    assert world.plan.made[0].commands == []


@pytest.mark.parametrize("token", ["nonsense", "\x7f"])
def test_a_token_nobody_made(world: World, token: str) -> None:
    world.create()
    assert cli(world, "version", token)[0] == 403


def test_a_token_of_another_environment(world: World) -> None:
    world.create()
    world.create("other")
    foreign = world.client.create_cli_token(Name="other")["CliToken"]
    assert cli(world, "version", foreign)[0] == 403


def test_a_web_token_is_no_cli_token(world: World) -> None:
    world.create()
    assert cli(world, "version", world.client.create_web_login_token(Name="prod")["WebToken"])[0] == 403


def test_tokens_live_sixty_seconds() -> None:
    moment = [0.0]
    box = TokenBox(lambda: moment[0])
    token = box.mint(Grant("cli", "e", "Op", "me"))
    moment[0] = 59.9
    assert box.grant(token, "cli", "e")
    moment[0] = 60.0
    assert box.grant(token, "cli", "e") is None


@pytest.mark.parametrize(
    ("version", "command", "runs"),
    [
        ("1.10.12", "trigger_dag x", True), ("1.10.12", "dags trigger x", False), ("1.10.12", "connections -l", False),
        ("2.2.2", "db clean", False), ("2.4.3", "db clean --yes", True), ("2.5.1", "dags list-import-errors", False),
        ("2.6.3", "dags list-import-errors", True), ("2.8.1", "tasks run a b c", True),
        ("3.0.6", "tasks run a b", False), ("2.8.1", "pools list", False),
        ("3.0.6", "dags backfill x", False), ("3.0.6", "backfill create --dag-id x", True),
        ("2.8.1", "providers list", True), ("3.0.6", "assets list", True), ("2.8.1", "variables export f", False),
    ],
)  # fmt: skip
def test_commands_by_version(version: str, command: str, runs: bool) -> None:
    if runs:
        assert split_command(command, version) == command.split()
    else:
        with pytest.raises(RefusedCommand):
            split_command(command, version)


def test_rest_answer_and_request(world: World) -> None:
    world.create()
    world.plan.made[0].answer = Result(body={"dags": [], "total_entries": 0})
    answer = world.client.invoke_rest_api(Name="prod", Path="/dags", Method="GET", QueryParameters={"limit": 2})
    assert (answer["RestApiStatusCode"], answer["RestApiResponse"]["total_entries"]) == (200, 0)
    assert world.plan.made[0].requests == [("GET", "/dags", {"limit": 2}, None)]


@pytest.mark.parametrize(("status", "code"), [(404, "RestApiClientException"), (500, "RestApiServerException")])
def test_airflows_errors(world: World, status: int, code: str) -> None:
    world.create()
    world.plan.made[0].answer = Result(status=status, body={"title": "no"})
    with pytest.raises(ClientError) as info:
        world.client.invoke_rest_api(Name="prod", Path="/dags/x", Method="GET")
    assert info.value.response["Error"]["Code"] == code
    assert info.value.response["RestApiStatusCode"] == status
    assert info.value.response["RestApiResponse"] == {"title": "no"}


@pytest.mark.parametrize(("length", "fits"), [(64, True), (65, False)])
def test_path_limit(world: World, length: int, fits: bool) -> None:
    world.create()
    path = "/dags/" + "x" * (length - 6)
    if fits:
        world.client.invoke_rest_api(Name="prod", Path=path, Method="GET")
        return
    with pytest.raises(ClientError, match="less than or equal to 64"):
        world.client.invoke_rest_api(Name="prod", Path=path, Method="GET")


def test_an_airflow_that_hangs_is_cut_off(world: World) -> None:
    world.create()
    world.plan.hold["rest"] = threading.Event()
    environment = world.service.environments()[0]
    with pytest.raises(MwaaError) as info:
        rest.invoke(environment, "Admin", {"Method": "GET", "Path": "/dags"}, timeout=0.05)
    world.plan.hold["rest"].set()
    assert info.value.extra["RestApiStatusCode"] == 504


def test_an_airflow_that_is_away(world: World) -> None:
    world.create()
    world.plan.fail["rest"] = ConnectionRefusedError()
    with pytest.raises(ClientError) as info:
        world.client.invoke_rest_api(Name="prod", Path="/dags", Method="GET")
    assert info.value.response["Error"]["Code"] == "RestApiServerException"


def test_a_response_beyond_six_megabytes(world: World) -> None:
    world.create()
    world.plan.made[0].answer = Result(body={"x": "y" * (6 * 1024 * 1024)})
    with pytest.raises(ClientError, match="6 MB"):
        world.client.invoke_rest_api(Name="prod", Path="/dags", Method="GET")


def test_versions_before_invoke_rest_api(world: World) -> None:
    world.service.legacy_versions.add("2.2.2")
    world.create(version="2.2.2")
    with pytest.raises(ClientError, match=r"2\.4\.3"):
        world.client.invoke_rest_api(Name="prod", Path="/dags", Method="GET")


def test_no_tokens_before_there_is_a_host(world: World) -> None:
    world.plan.fail["create"] = OSError("no")
    world.create()
    for operation in ("create_cli_token", "create_web_login_token"):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            getattr(world.client, operation)(Name="prod")


def test_answers_are_checked_against_the_model() -> None:
    shape = shapes.service_model().shape_for("CreateCliTokenResponse")
    assert shapes.check_answer(shape, {"CliToken": "x", "WebServerHostname": "127.0.0.1:80"})
    for wrong in ({"Token": "x"}, {"CliToken": 1}, {"WebServerHostname": "a b"}):
        with pytest.raises(InternalServerException):
            shapes.check_answer(shape, wrong)


class Airflow(BaseHTTPRequestHandler):
    """A web server that says what it was asked."""

    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.connection.getsockname()[1]}/home")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        length = int(self.headers.get("Content-Length") or 0)
        seen = {"path": self.path, "cookie": self.headers.get("Cookie"), "body": self.rfile.read(length).decode()}
        body = json.dumps(seen).encode()
        self.send_response(200)
        self.send_header("Set-Cookie", "a=1")
        self.send_header("Set-Cookie", "b=2")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def airflow() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Airflow)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_everything_else_goes_to_airflow(world: World, airflow: str) -> None:
    host = world.create()["WebserverUrl"]
    world.plan.made[0].webserver_url = airflow
    status, headers, raw = ask(host, "POST", "/api/v1/dags/a%20b/x~y?limit=1&q=%25", "hello", Cookie="session=s")
    assert status == 200
    assert json.loads(raw) == {"path": "/api/v1/dags/a%20b/x~y?limit=1&q=%25", "cookie": "session=s", "body": "hello"}
    assert headers.get_all("Set-Cookie") == ["a=1", "b=2"]
    status, headers, _raw = ask(host, "GET", "/away")
    assert (status, headers["Location"]) == (302, f"http://{host}/home")


def test_an_airflow_that_does_not_answer_is_a_bad_gateway(world: World) -> None:
    host = world.create()["WebserverUrl"]
    assert ask(host, "GET", "/home")[0] == 502


def test_login_needs_a_live_token_and_its_own_path(world: World) -> None:
    host = world.create()["WebserverUrl"]
    assert ask(host, "POST", "/aws_mwaa/login", "token=none")[0] == 403
    assert ask(host, "GET", "/aws_mwaa/login")[0] == 405
    status, _headers, page = ask(host, "GET", "/aws_mwaa/aws-console-sso?login=true")
    assert status == 200
    assert b"/aws_mwaa/login" in page


def test_login_of_airflow_3_gives_its_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    host = world.create(version="3.0.6")["WebserverUrl"]
    runtime = world.plan.made[0]
    monkeypatch.setattr(runtime, "api_headers", lambda: {"Authorization": "Bearer jwt"}, raising=False)
    token = world.client.create_web_login_token(Name="prod")["WebToken"]
    status, headers, _raw = ask(host, "POST", "/pluginsv2/aws_mwaa/login", f"token={token}")
    assert status == 200
    assert headers["Set-Cookie"].startswith("_token=jwt;")
