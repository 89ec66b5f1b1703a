"""Airflow's REST through MWAA, and the CLI endpoint where REST cannot be used."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from mwaa_wizard.airflow.api import AirflowApi
from mwaa_wizard.airflow.cli_endpoint import CliAnswer
from mwaa_wizard.airflow.rest import RestUnavailable, invoke
from mwaa_wizard.errors import WizardError
from tests.execution.fakes import Rig, client_error


class Recorder:
    """Keeps the last request and answers as told."""

    def __init__(self, status: int = 200, body: Any = None, problem: Exception | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self.status, self.body, self.problem = status, body, problem
        self.meta = SimpleNamespace(endpoint_url="http://127.0.0.1:1")

    def invoke_rest_api(self, **request: Any) -> dict[str, Any]:
        self.requests.append(request)
        if self.problem is not None:
            raise self.problem
        return {"RestApiStatusCode": self.status, "RestApiResponse": self.body}


def api(client: Any, version: str = "2.8.1") -> AirflowApi:
    return AirflowApi(SimpleNamespace(client=lambda side, service: client), "source", "old", version)  # type: ignore[arg-type]


def test_dags_come_in_pages_of_a_hundred(rig: Rig) -> None:
    airflow = rig.mwaa.airflows["old"]
    airflow.dags = {f"d{number:03d}": number % 2 == 0 for number in range(250)}
    found = list(AirflowApi(rig.clients, "source", "old", "2.8.1").dags())
    assert [dag.dag_id for dag in found] == sorted(airflow.dags)
    assert {dag.dag_id: dag.is_paused for dag in found} == airflow.dags
    assert len([call for call in airflow.calls if call == "GET /dags"]) == 3


def test_a_path_over_64_characters_is_not_sent() -> None:
    client = Recorder()
    with pytest.raises(RestUnavailable):
        invoke(client, "old", "GET", "/dags/" + "x" * 59)
    assert client.requests == []
    invoke(client, "old", "GET", "/dags/" + "x" * 58)
    assert len(client.requests[0]["Path"]) == 64


@pytest.mark.parametrize(("version", "has_date"), [("2.8.1", False), ("3.0.6", True)])
def test_trigger_bodies_by_version(version: str, has_date: bool) -> None:
    client = Recorder(body={})
    api(client, version).trigger("mwz_key", "mw-1", {"a": 1})
    body = client.requests[0]["Body"]
    assert body["dag_run_id"] == "mw-1"
    assert ("logical_date" in body) is has_date


def test_missing_things_are_none_not_errors(rig: Rig) -> None:
    there = AirflowApi(rig.clients, "source", "old", "2.8.1")
    assert there.dag("nope") is None
    assert there.set_paused("nope", True) is False
    assert there.run_state("daily", "nope") is None
    assert there.delete_dag("nope") is False
    assert there.delete_variable("nope") is False
    assert there.has_variable("nope") is False


def test_a_refusal_carries_airflows_words() -> None:
    refusal = client_error(
        "RestApiClientException", RestApiStatusCode=400, RestApiResponse={"title": "Bad Request", "detail": "conf"}
    )
    with pytest.raises(WizardError, match="refused") as caught:
        api(Recorder(problem=refusal)).trigger("a", "b", {})
    assert "400 Bad Request: conf" in caught.value.where


class _Cli(BaseHTTPRequestHandler):
    said: list[tuple[str, str]] = []
    stdout = ""
    status = 200

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        _Cli.said.append((self.headers["Authorization"], self.rfile.read(length).decode()))
        encoded = base64.b64encode(_Cli.stdout.encode()).decode()
        body = json.dumps({"stdout": encoded, "stderr": ""}).encode()
        self.send_response(_Cli.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        return


@pytest.fixture
def cli() -> Iterator[Recorder]:
    """A client whose REST is denied, beside a CLI endpoint that works."""
    server = HTTPServer(("127.0.0.1", 0), _Cli)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    client = Recorder(problem=client_error("AccessDeniedException"))
    host = f"127.0.0.1:{server.server_port}"
    client.create_cli_token = lambda Name: {"CliToken": "tok", "WebServerHostname": host}  # type: ignore[attr-defined]
    _Cli.said, _Cli.stdout, _Cli.status = [], "", 200
    yield client
    server.shutdown()
    server.server_close()


def test_denied_rest_falls_back_to_the_cli(cli: Recorder) -> None:
    _Cli.stdout = '[2026-11-22] {x.py} INFO - loading\n[{"dag_id": "daily", "paused": "False"}]\n'
    assert [(dag.dag_id, dag.is_paused) for dag in api(cli).dags()] == [("daily", False)]
    assert api(cli).set_paused("daily", True)
    assert _Cli.said == [("Bearer tok", "dags list -o json"), ("Bearer tok", "dags pause daily")]


def test_a_long_dag_id_is_paused_over_the_cli(cli: Recorder) -> None:
    cli.problem = None
    name = "x" * 80
    api(cli).set_paused(name, False)
    assert cli.requests == []
    assert _Cli.said[-1][1] == f"dags unpause {name}"


def test_words_are_quoted_for_the_cli(cli: Recorder) -> None:
    api(cli).trigger("mwz_key", "mw-1", {"bucket": "b"})
    assert _Cli.said[-1][1] == """dags trigger mwz_key --run-id mw-1 --conf '{"bucket": "b"}'"""


def test_a_failed_command_is_told(cli: Recorder) -> None:
    _Cli.status = 400
    with pytest.raises(WizardError, match="refused"):
        api(cli).trigger("mwz_key", "mw-1", {})


def test_an_unreachable_web_server_is_told() -> None:
    client = Recorder(problem=client_error("AccessDeniedException"))
    client.create_cli_token = lambda Name: {"CliToken": "t", "WebServerHostname": "127.0.0.1:9"}  # type: ignore[attr-defined]
    with pytest.raises(WizardError, match="cannot be reached"):
        list(api(client).dags())


def test_rows_are_found_behind_log_lines() -> None:
    assert CliAnswer(True, "[info] x\n[1, 2]\n", "").rows() == []
    assert CliAnswer(True, "no json", "").rows() == []
    assert CliAnswer(True, '[warn] {a}\n[{"a": 1}]', "").rows() == [{"a": 1}]
