"""A streaming reverse proxy on loopback, from an environment's public host to its Airflow web server."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit

CHUNK = 64 * 1024
_HOP_BY_HOP = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailers", "transfer-encoding",
    "upgrade", "date", "server",
}  # fmt: skip


def forward(environ: dict[str, Any], start_response: Callable[..., Any], upstream: str, public: str) -> Iterable[bytes]:
    """Send the request on to `upstream` (URL) and stream the answer back; redirects are led to `public`."""
    place = urlsplit(upstream)
    connection = http.client.HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=60)
    target = quote(environ.get("PATH_INFO", "/").encode("latin-1"), safe="/%:@!$&'()*+,;=~-._")
    if environ.get("QUERY_STRING"):
        target += "?" + environ["QUERY_STRING"]
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if length else None
    try:
        connection.request(environ["REQUEST_METHOD"], target, body, _headers(environ, public))
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        text = json.dumps({"message": f"Apache Airflow does not answer: {type(error).__name__}"}).encode()
        start_response("502 Bad Gateway", [("Content-Type", "application/json"), ("Content-Length", str(len(text)))])
        return [text]
    headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP]
    headers = [
        (name, value.replace(upstream.rstrip("/"), f"http://{public}") if name.lower() == "location" else value)
        for name, value in headers
    ]
    start_response(f"{answer.status} {answer.reason or 'Answer'}", headers)
    return _stream(connection, answer)


def _stream(connection: http.client.HTTPConnection, answer: http.client.HTTPResponse) -> Iterator[bytes]:
    try:
        while chunk := answer.read(CHUNK):
            yield chunk
    finally:
        connection.close()


def _headers(environ: dict[str, Any], public: str) -> dict[str, str]:
    headers = {
        key[5:].replace("_", "-").title(): value
        for key, value in environ.items()
        if key.startswith("HTTP_") and key[5:].replace("_", "-").lower() not in _HOP_BY_HOP
    }
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    return headers | {"Host": public, "X-Forwarded-Proto": "http", "X-Forwarded-Host": public}
