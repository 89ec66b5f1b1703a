"""A small HTTP server that answers as AWS would, and a profile that points at it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.aws.factory import Clients, Place

#: status, body, more headers; None: the connection is closed without an answer.
Answer = tuple[int, str, dict[str, str]] | None


@dataclass
class Server:
    """Gives its answers one after another, the last one for ever; notes the access key of each request."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    slow: float = 0.0  # seconds before each answer

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def refusal(code: str, status: int = 400, message: str = "", headers: dict[str, str] | None = None) -> Answer:
    """A refusal in MWAA's protocol."""
    return status, json.dumps({"message": message}), {"x-amzn-ErrorType": code, **(headers or {})}


def good(body: str = '{"Environments": ["prod"]}') -> Answer:
    return 200, body, {}


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server("")

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.keys.append(self.headers.get("Authorization", "").partition("Credential=")[2].partition("/")[0])
            answer = made.next()
            threading.Event().wait(made.slow)
            if answer is None:
                self.close_connection = True
                return
            status, body, headers = answer
            self.send_response_only(status)
            for name, value in {"Date": formatdate(usegmt=True), "Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = do_PUT = _answer

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    http.shutdown()
    thread.join(timeout=10)
    http.server_close()


@pytest.fixture
def profiles(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes the AWS config and credentials files: `profiles(config, credentials)`; {url} is the server's address."""

    def write(config: str, credentials: str = "") -> None:
        (tmp_path / "aws-config").write_text(config.replace("{url}", server.url))
        (tmp_path / "aws-credentials").write_text(credentials)

    monkeypatch.setenv("AWS_DISABLE_HOST_PREFIX_INJECTION", "true")
    write(
        "[profile from]\nregion = us-east-1\nendpoint_url = {url}\n"
        "[profile to]\nregion = eu-west-1\nendpoint_url = {url}\n",
        "[from]\naws_access_key_id = AKIAFROM\naws_secret_access_key = s\n"
        "[to]\naws_access_key_id = AKIATO\naws_secret_access_key = s\n",
    )
    return write


@dataclass
class Told:
    """Clients of two sides and what they told of their retries."""

    clients: Clients
    lines: list[str]
    waits: list[float]


@pytest.fixture
def told(profiles: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> Told:
    clients = Clients({"source": Place("from", "us-east-1"), "target": Place("to", "eu-west-1")})
    found = Told(clients, [], [])
    clients.on_retry = lambda retry: found.lines.append(retry.text())
    # The waits are noted, not waited for.
    monkeypatch.setattr("botocore.endpoint.time.sleep", found.waits.append)
    monkeypatch.setattr("random.uniform", lambda low, high: high)
    return found
