"""A threaded HTTP/1.1 server that keeps connections open.

Werkzeug's own handler closes after every answer because it does not drain what an application left unread; here
the body's end is known (Content-Length or chunks), so it is drained and the connection stays.
"""

from __future__ import annotations

import contextlib
import io
import logging
import socket
from collections.abc import Iterable
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from mwaa_wizard.sandbox.aws.strict.answer import WsgiApp

log = logging.getLogger(__name__)

_CHUNK = 1 << 16


class BodyReader(io.RawIOBase):
    """Reads exactly one request's body from the connection."""

    def __init__(self, stream: Any, length: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._left)
        if wanted == 0:
            return 0
        data = self._stream.read1(wanted) if hasattr(self._stream, "read1") else self._stream.read(wanted)
        if not data:
            raise ConnectionResetError("the client went away inside a body")
        buffer[: len(data)] = data
        self._left -= len(data)
        return len(data)


class KeepAliveHandler(MotoRequestHandler):  # type: ignore[misc]
    """moto's request handler (it keeps S3 metadata names) with a connection that stays open."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120

    def setup(self) -> None:
        super().setup()
        self.server.open_connections.add(self.connection)

    def finish(self) -> None:
        self.server.open_connections.discard(self.connection)
        super().finish()

    def log_request(self, *args: Any) -> None:
        """Say nothing per request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        log.debug(message, *args)

    def run_wsgi(self) -> None:
        if self.headers.get("Expect", "").strip().lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        environ: dict[str, Any] = self.make_environ()
        if not environ.get("wsgi.input_terminated"):
            length = int(environ.get("CONTENT_LENGTH") or 0)
            # Terminated: a reader that asks for everything gets the body and no more.
            environ["wsgi.input"] = io.BufferedReader(BodyReader(self.rfile, length), _CHUNK)
            environ["CONTENT_LENGTH"] = str(length)
        body = environ["wsgi.input"]
        try:
            self._answer(environ)
            while body.read(_CHUNK):
                pass
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def _answer(self, environ: dict[str, Any]) -> None:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            started[:] = [status, headers]

        chunks: Iterable[bytes] = self.server.app(environ, start_response)
        try:
            parts = iter(chunks)
            first = next(parts, b"")
            status, headers = started
            self._send(status, headers, first, parts, head=environ["REQUEST_METHOD"] == "HEAD")
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()

    def _send(
        self, status: str, headers: list[tuple[str, str]], first: bytes, rest: Iterable[bytes], *, head: bool
    ) -> None:
        code, _, phrase = status.partition(" ")
        names = {name.lower() for name, _ in headers}
        bodiless = head or code in ("204", "304")
        chunked = "content-length" not in names and not bodiless
        self.send_response(int(code), phrase)
        for name, value in headers:
            if name.lower() != "connection":
                self.send_header(name, str(value).replace("\r", " ").replace("\n", " "))
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if not bodiless:
            for data in _joined(first, rest):
                if data:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data) if chunked else data)
            if chunked:
                self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()


def _joined(first: bytes, rest: Iterable[bytes]) -> Iterable[bytes]:
    yield first
    yield from rest


class HttpServer:
    """A werkzeug threaded server with the handler above."""

    def __init__(self, host: str, port: int, app: WsgiApp) -> None:
        self._server: BaseWSGIServer = make_server(host, port, app, threaded=True, request_handler=KeepAliveHandler)
        # Threads waiting on idle connections must not hold up the end of the process.
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._server.open_connections = set()

    @property
    def address(self) -> tuple[str, int]:
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    def serve(self) -> None:
        """Serve until `close`."""
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        """Stop taking connections, end those that are open, release the port."""
        self._server.shutdown()
        for connection in list(self._server.open_connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._server.server_close()
