"""An environment's public host: CLI and login endpoints with MWAA's tokens, everything else proxied to Airflow.

Source: MWAA user guide, call-mwaa-apis-cli, call-mwaa-apis-web, access-mwaa-apache-airflow-rest-api.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from werkzeug.serving import WSGIRequestHandler, make_server

from mwaa_wizard.sandbox.mwaa import login, proxy
from mwaa_wizard.sandbox.mwaa.cli_rules import RefusedCommand, split_command
from mwaa_wizard.sandbox.mwaa.environment import Environment
from mwaa_wizard.sandbox.mwaa.names import version_tuple
from mwaa_wizard.sandbox.mwaa.tokens import TokenBox

MAX_COMMAND = 64 * 1024
POLL_SECONDS = 0.05
StartResponse = Callable[..., Any]
Answer = tuple[str, list[tuple[str, str]], bytes]


class _Quiet(WSGIRequestHandler):  # type: ignore[misc]  # werkzeug is followed as Any
    """Request lines carry nothing worth keeping; the sandbox's log holds errors only."""

    def log(self, type: str, message: str, *args: Any) -> None:
        return


class WebFront:
    """Serves one environment on a loopback port of its own. `address` is HOST:PORT once started."""

    def __init__(self, environment: Environment, tokens: TokenBox, host: str = "127.0.0.1") -> None:
        self._environment = environment
        self._tokens = tokens
        self._server = make_server(host, 0, self, threaded=True, request_handler=_Quiet)
        self._server.daemon_threads = True
        self.address = f"{host}:{self._server.server_port}"

    def start(self) -> WebFront:
        serve = threading.Thread(
            target=self._server.serve_forever, args=(POLL_SECONDS,), name=f"web-{self.address}", daemon=True
        )
        serve.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO", "/"), environ["REQUEST_METHOD"]
        if path == "/aws_mwaa/cli":
            answer = self._cli(environ) if method == "POST" else _plain(405, "Method Not Allowed")
        elif path == self._login_path():
            answer = self._login(environ) if method == "POST" else _plain(405, "Method Not Allowed")
        elif path == "/aws_mwaa/aws-console-sso":
            answer = ("200 OK", [("Content-Type", "text/html; charset=utf-8")], login.page(self._login_path()))
        else:
            return proxy.forward(environ, start_response, self._environment.runtime.webserver_url, self.address)
        status, headers, body = answer
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _login_path(self) -> str:
        newer = version_tuple(self._environment.version) >= (3,)
        return "/pluginsv2/aws_mwaa/login" if newer else "/aws_mwaa/login"

    def _cli(self, environ: dict[str, Any]) -> Answer:
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if scheme != "Bearer" or not self._tokens.grant(token.strip(), "cli", self._environment.arn):
            return _plain(403, "Forbidden")
        text = _body(environ, MAX_COMMAND).decode("utf-8", "replace")
        try:
            words = split_command(text, self._environment.version)
        except RefusedCommand as error:
            return _output(400, "", str(error))
        result = self._environment.runtime.cli(words)
        return _output(200 if result.returncode == 0 else 400, result.stdout, result.stderr)

    def _login(self, environ: dict[str, Any]) -> Answer:
        form = parse_qs(_body(environ, MAX_COMMAND).decode("utf-8", "replace"))
        token = form.get("token", [""])[0]
        grant = self._tokens.grant(token, "web", self._environment.arn)
        if grant is None:
            return _plain(403, "Forbidden")
        release = version_tuple(self._environment.version)
        if not login.knows(grant.role, release):
            return _plain(403, f"Web login as {grant.role} is not supported here")
        cookie = login.open_session(self._environment.runtime, release, grant.role)
        return "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Set-Cookie", cookie)], b"<p>Logged in.</p>"


def _body(environ: dict[str, Any], limit: int) -> bytes:
    length = min(int(environ.get("CONTENT_LENGTH") or 0), limit)
    return bytes(environ["wsgi.input"].read(length)) if length else b""


def _plain(status: int, text: str) -> Answer:
    body = json.dumps({"message": text}).encode()
    return (
        f"{status} {text if status in (403, 405) and len(text) < 30 else 'Error'}",
        [("Content-Type", "application/json")],
        body,
    )


def _output(status: int, stdout: str, stderr: str) -> Answer:
    body = {"stdout": base64.b64encode(stdout.encode()).decode(), "stderr": base64.b64encode(stderr.encode()).decode()}
    words = "OK" if status == 200 else "Bad Request"
    return f"{status} {words}", [("Content-Type", "application/json")], json.dumps(body).encode()
