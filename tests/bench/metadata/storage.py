"""An S3 on loopback that only keeps bytes, in a process of its own: S3's own work is not what is measured here.

It knows what an export, an import and smart_open ask for: buckets, objects, ranges, multipart uploads. Objects are held
in memory until the process ends.
"""

from __future__ import annotations

import multiprocessing
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class Handler(BaseHTTPRequestHandler):
    """One connection; keys are "/bucket/key"."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, bytes] = {}
    uploads: dict[str, dict[int, bytes]] = {}

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _xml(self, name: str, **facts: str) -> None:
        inner = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in facts.items())
        text = f'<?xml version="1.0"?><{name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{inner}</{name}>'
        self._answer(200, text.encode(), Content_Type="application/xml")

    def _asked(self) -> tuple[str, dict[str, list[str]]]:
        parts = urlsplit(self.path)
        return unquote(parts.path), parse_qs(parts.query, keep_blank_values=True)

    def _body(self) -> bytes:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not (self.headers.get("x-amz-content-sha256") or "").startswith("STREAMING"):
            return data
        out: list[bytes] = []
        at = 0  # aws-chunked: "hexadecimal size[;signature]\r\n", bytes, "\r\n"
        while True:
            end = data.index(b"\r\n", at)
            size = int(data[at:end].split(b";")[0], 16)
            if not size:
                return b"".join(out)
            out.append(data[end + 2 : end + 2 + size])
            at = end + 4 + size

    def do_PUT(self) -> None:
        key, query = self._asked()
        data = self._body()
        if "uploadId" in query:
            self.uploads[query["uploadId"][0]][int(query["partNumber"][0])] = data
        elif key.count("/") > 1 and key.split("/", 2)[2]:
            self.objects[key] = data
        self._answer(200, ETag='"0"')

    def do_POST(self) -> None:
        key, query = self._asked()
        self._body()
        if "uploads" in query:
            number = f"u{len(self.uploads)}"
            self.uploads[number] = {}
            bucket, _, name = key.strip("/").partition("/")
            self._xml("InitiateMultipartUploadResult", Bucket=bucket, Key=name, UploadId=number)
            return
        pieces = self.uploads.pop(query["uploadId"][0])
        self.objects[key] = b"".join(pieces[number] for number in sorted(pieces))
        self._xml("CompleteMultipartUploadResult", Key=key, ETag='"0"')

    def do_DELETE(self) -> None:
        _, query = self._asked()
        self.uploads.pop(query.get("uploadId", [""])[0], None)
        self._answer(204)

    def do_GET(self) -> None:
        key, _ = self._asked()
        data = self.objects.get(key)
        if data is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>", Content_Type="application/xml")
            return
        found = _RANGE.match(self.headers.get("Range") or "")
        if found is None:
            self._answer(200, data, ETag='"0"', Accept_Ranges="bytes")
            return
        first = int(found[1])
        last = min(int(found[2]) if found[2] else len(data) - 1, len(data) - 1)
        self._answer(206, data[first : last + 1], ETag='"0"', Content_Range=f"bytes {first}-{last}/{len(data)}")

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """No log."""


def _serve(ready: Connection) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    ready.send(server.server_address[1])
    sys.stderr = open("/dev/null", "w")  # noqa: SIM115  clients that go away are of no interest
    server.serve_forever()


class Storage:
    """The process; `endpoint` is its URL."""

    def __init__(self) -> None:
        ready, inside = multiprocessing.get_context("spawn").Pipe()
        self.process = multiprocessing.get_context("spawn").Process(target=_serve, args=(inside,), daemon=True)
        self.process.start()
        self.endpoint = f"http://127.0.0.1:{ready.recv()}"

    def stop(self) -> None:
        """End it and forget all objects."""
        self.process.terminate()
        self.process.join(10)
