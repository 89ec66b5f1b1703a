"""rest-json for the MWAA model: which operation a request names, its parameters, and the answer's JSON.

Source: botocore mwaa 2020-07-01 (`requestUri`, locations), Smithy's AWS restJson1 protocol.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from typing import Any
from urllib.parse import parse_qs

from mwaa_wizard.sandbox.mwaa.errors import SerializationException, UnknownOperationException
from mwaa_wizard.sandbox.mwaa.shapes import service_model

MAX_BODY = 8 * 1024 * 1024


@functools.cache
def _routes() -> list[tuple[str, re.Pattern[str], str]]:
    routes = []
    model = service_model()
    for name in model.operation_names:
        http = model.operation_model(name).http
        path = re.sub(r"\{(\w+)\}", r"(?P<\1>.+)", http["requestUri"])
        routes.append((http["method"], re.compile(path), name))
    return routes


def route(method: str, path: str) -> tuple[str, dict[str, str]]:
    """(operation, URI labels); raises UnknownOperationException."""
    for verb, expression, name in _routes():
        found = expression.fullmatch(path)
        if verb == method and found:
            return name, found.groupdict()
    raise UnknownOperationException(f"Unable to determine service/operation name to be authorized: {method} {path}")


def _query_value(shape: Any, values: list[str]) -> Any:
    if shape.type_name == "list":
        return values
    if shape.type_name in ("integer", "long"):
        try:
            return int(values[0])
        except ValueError as error:
            raise SerializationException(f"'{values[0]}' is not a number") from error
    return values[0]


def parse(operation: str, labels: dict[str, str], query: str, body: bytes) -> dict[str, Any]:
    """The operation's parameters by member name, from path, query string and JSON body."""
    shape = service_model().operation_model(operation).input_shape
    params: dict[str, Any] = {}
    if body.strip():
        try:
            loaded = json.loads(body)
        except ValueError as error:
            raise SerializationException("The request body is not valid JSON") from error
        if not isinstance(loaded, dict):
            raise SerializationException("The request body is not a JSON object")
        params.update(loaded)
    queried = parse_qs(query, keep_blank_values=True)
    for name, member in shape.members.items():
        location = member.serialization.get("location")
        wire = member.serialization.get("name", name)
        if location == "uri":
            params[name] = labels[wire]
        elif location == "querystring":
            params.pop(name, None)
            if wire in queried:
                params[name] = _query_value(member, queried[wire])
    return params


def _default(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.timestamp()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def dump(answer: dict[str, Any]) -> bytes:
    """JSON with timestamps as epoch seconds (restJson1 bodies)."""
    return json.dumps(answer, default=_default).encode()
