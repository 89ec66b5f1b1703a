"""A runtime without Airflow, an in-process MWAA client, and callers with chosen permissions."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from mwaa_wizard.sandbox.aws.errors import AccessDenied
from mwaa_wizard.sandbox.mwaa.api import MwaaApp
from mwaa_wizard.sandbox.mwaa.calls import Caller
from mwaa_wizard.sandbox.mwaa.service import Service

ACCOUNT = "123456789012"
REGION = "us-east-1"


@dataclass
class Result:
    """Answers of both `cli` and `rest`."""

    status: int = 200
    body: Any = None
    returncode: int = 0
    stdout: str = ""
    stderr: str = ""


@dataclass
class FakeRuntime:
    """Notes what is asked of it; `gate` holds create and update, `fail` makes a method raise."""

    spec: RuntimeSpec
    home: Path
    credentials: Callable[[], dict[str, str]]
    asked: list[str] = field(default_factory=list)
    requests: list[tuple[str, str, Any, Any]] = field(default_factory=list)
    commands: list[list[str]] = field(default_factory=list)
    answer: Result = field(default_factory=Result)
    webserver_url: str = "http://127.0.0.1:9"
    plan: Plan | None = None

    def _do(self, what: str) -> None:
        self.asked.append(what)
        if self.plan is None:
            return
        if what in self.plan.hold:
            assert self.plan.hold[what].wait(20), f"nobody let {what} go on"
        if what in self.plan.fail:
            raise self.plan.fail[what]

    def create(self) -> None:
        self._do("create")

    def start(self) -> None:
        self._do("start")

    def stop(self) -> None:
        self._do("stop")

    def delete(self) -> None:
        self._do("delete")

    def snapshot(self) -> None:
        self._do("snapshot")

    def restore(self) -> None:
        self._do("restore")

    def update(self, spec: RuntimeSpec) -> None:
        self._do(f"update {spec.version}")
        self.spec = spec

    def cli(self, args: list[str]) -> Result:
        self.commands.append(args)
        return self.answer

    def rest(self, method: str, path: str, query: Any, body: Any) -> Result:
        self.requests.append((method, path, query, body))
        self._do("rest")
        return self.answer


@dataclass
class Plan:
    """What the next runtimes do."""

    hold: dict[str, threading.Event] = field(default_factory=dict)
    fail: dict[str, Exception] = field(default_factory=dict)
    made: list[FakeRuntime] = field(default_factory=list)

    def factory(self, spec: RuntimeSpec, home: Path, credentials: Any, progress: Any) -> FakeRuntime:
        runtime = FakeRuntime(spec, home, credentials, plan=self)
        self.made.append(runtime)
        return runtime


class Aws:
    """The service's own clients, on moto; made once each, for making one takes long."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def client(self, service: str, region: str, account: str = "") -> Any:
        with self._lock:
            if (service, region) not in self._made:
                self._made[service, region] = boto3.client(
                    service, region_name=region, aws_access_key_id="x", aws_secret_access_key="y"
                )
            return self._made[service, region]


@dataclass
class Permissions:
    """IAM's answer: everything, but what `denied` names as (action, part of the resource)."""

    denied: set[tuple[str, str]] = field(default_factory=set)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    def __call__(self, action: str, resource: str, context: dict[str, str] | None = None) -> None:
        self.asked.append((action, resource, context or {}))
        for refused, part in self.denied:
            if action == refused and part in resource:
                raise AccessDenied("arn:aws:iam::123456789012:user/someone", action, resource, "no policy allows it")


def mwaa_client(service: Service, permissions: Permissions, region: str = REGION, account: str = ACCOUNT) -> Any:
    """A boto3 client whose requests go straight into the API, without a socket."""
    app = MwaaApp(service)
    config = Config(inject_host_prefix=False, retries={"max_attempts": 0}, parameter_validation=False)
    client = boto3.client(
        "mwaa", region_name=region, endpoint_url="http://sandbox.test", config=config,
        aws_access_key_id="x", aws_secret_access_key="y",
    )  # fmt: skip

    def send(request: Any, **kwargs: Any) -> AWSResponse:
        place = urlsplit(request.url)
        from urllib.parse import unquote

        body = request.body or b""
        data = body.read() if hasattr(body, "read") else body
        data = data.encode() if isinstance(data, str) else data
        environ = {
            "REQUEST_METHOD": request.method, "PATH_INFO": unquote(place.path), "QUERY_STRING": place.query,
            "CONTENT_LENGTH": str(len(data)), "wsgi.input": io.BytesIO(data),
            "mwaa_wizard.principal": Caller(f"arn:aws:iam::{account}:user/someone", account),
            "mwaa_wizard.region": region, "mwaa_wizard.authorise": permissions,
        }  # fmt: skip
        said: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            said.update(status=int(status.split()[0]), headers=dict(headers))

        content = b"".join(app(environ, start_response))
        answer = AWSResponse(request.url, said["status"], said["headers"], None)
        answer._content = content
        return answer

    client.meta.events.register_first("before-send.mwaa", send)
    return client
