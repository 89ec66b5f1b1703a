"""One HTTP request as AWS reads it: signature scope, operation, parameters."""

from __future__ import annotations

import functools
import io
import json
import re
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote

from mwaa_wizard.sandbox.aws.errors import Protocol

_CREDENTIAL = re.compile(r"Credential=([^,\s]+)")
_RPC_PATH = re.compile(r"^/service/[^/]+/operation/(\w+)$")

#: Services whose signing name is not their IAM prefix. Source: service authorization reference.
IAM_PREFIX = {"monitoring": "cloudwatch"}
#: botocore's model name where it differs from the signing name; only REST services need their model here.
REST_SERVICES = {
    "s3": "s3", "s3control": "s3control", "airflow": "mwaa", "lambda": "lambda", "access-analyzer": "accessanalyzer",
}  # fmt: skip


class AwsRequest:
    """A request read from a WSGI environ.

    The body of an S3 request is left in its stream (it may be a large object); every other body is small, is
    read once and put back for the next reader.
    """

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ.get("PATH_INFO", "/"))
        if "://" in raw.split("?", 1)[0]:
            raw = "/" + raw.split("://", 1)[1].partition("/")[2]
        self.raw_path, _, self.raw_query = raw.partition("?")
        self.query: dict[str, list[str]] = parse_qs(self.raw_query, keep_blank_values=True)
        self.authorization: str = environ.get("HTTP_AUTHORIZATION", "")
        self.presigned = "X-Amz-Credential" in self.query
        scope = self.query["X-Amz-Credential"][0] if self.presigned else self._scope_from_header()
        parts = scope.split("/")
        well_formed = len(parts) >= 5 and parts[-1] == "aws4_request"
        self.access_key: str = "/".join(parts[:-4]) if well_formed else ""
        self.date, self.region, self.service = (parts[-4], parts[-3], parts[-2]) if well_formed else ("", "", "s3")

    def _scope_from_header(self) -> str:
        match = _CREDENTIAL.search(self.authorization)
        return match.group(1) if match else ""

    def header(self, name: str) -> str:
        """A header's value, empty if absent."""
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        return str(self.environ.get(key, ""))

    @property
    def signed(self) -> bool:
        return bool(self.access_key)

    @property
    def iam_prefix(self) -> str:
        """The service's name in IAM actions."""
        return IAM_PREFIX.get(self.service, self.service)

    @property
    def session_token(self) -> str:
        return self.header("X-Amz-Security-Token") or (self.query.get("X-Amz-Security-Token") or [""])[0]

    @functools.cached_property
    def protocol(self) -> Protocol:
        """How errors must be worded for this caller."""
        if self.service == "s3":
            return "s3"
        if self.service == "ec2":
            return "ec2"
        if self.service in REST_SERVICES:
            return "rest-json"
        if self.header("Content-Type").startswith("application/x-www-form-urlencoded") or "Action" in self.query:
            return "query"
        return "json"

    @functools.cached_property
    def body(self) -> bytes:
        """The whole body, read once and put back into the environ."""
        stream = self.environ["wsgi.input"]
        data: bytes = stream.read()
        self.replace_body(data)
        return data

    def replace_body(self, data: bytes) -> None:
        """Give the next reader this body instead."""
        self.environ["wsgi.input"] = io.BytesIO(data)
        self.environ["CONTENT_LENGTH"] = str(len(data))
        self.environ.pop("HTTP_TRANSFER_ENCODING", None)
        self.environ.pop("wsgi.input_terminated", None)

    @functools.cached_property
    def operation(self) -> str:
        """The API operation's name as in the service's model; empty if it cannot be told."""
        if target := self.header("X-Amz-Target"):
            return target.rpartition(".")[2]
        if match := _RPC_PATH.match(self.raw_path):
            return match.group(1)
        if self.protocol in ("query", "ec2"):
            return str(self.params.get("Action", ""))
        return self._route()[0]

    @functools.cached_property
    def params(self) -> dict[str, Any]:
        """Parameters: a JSON body as sent, a query body as flat names (``SubnetId.1``), a REST path's labels."""
        if self.protocol in ("query", "ec2"):
            pairs = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True)
            return dict(pairs) or {name: values[0] for name, values in self.query.items()}
        if self.protocol == "json":
            try:
                loaded = json.loads(self.body or b"{}")
            except ValueError:
                return {}
            return loaded if isinstance(loaded, dict) else {}
        return self._route()[1]

    def listed(self, name: str) -> list[str]:
        """Values of a query-protocol list parameter (``ActionNames.member.1`` or ``SubnetId.1``), in order."""
        found = [
            (int(key.rpartition(".")[2]), str(value))
            for key, value in self.params.items()
            if re.fullmatch(rf"{re.escape(name)}(\.member)?\.\d+", key)
        ]
        return [value for _, value in sorted(found)]

    @functools.cached_property
    def _routed(self) -> tuple[str, dict[str, str]]:
        from moto.core.request import Request
        from moto.core.routing import NotFound, get_service_router

        # moto's router reads the method and path out of botocore's http traits; the body stays untouched.
        try:
            model = REST_SERVICES["s3control" if self.s3_control else self.service]
            operation, labels = get_service_router(model).match(Request(self.environ))
        except (NotFound, KeyError):
            return "", {}
        return str(operation.name), {str(name): str(value) for name, value in labels.items()}

    def _route(self) -> tuple[str, dict[str, str]]:
        return self._routed

    @property
    def s3_control(self) -> bool:
        """S3 Control (settings of the account) signs as ``s3`` and is told by its path."""
        return self.service == "s3" and self.raw_path.startswith("/v20180820/")

    @property
    def bucket(self) -> str:
        """S3: the bucket (path style; the sandbox's endpoint is an IP address)."""
        return unquote(self.raw_path.lstrip("/").partition("/")[0])

    @property
    def key(self) -> str:
        """S3: the object key, percent-decoded."""
        return unquote(self.raw_path.lstrip("/").partition("/")[2])
