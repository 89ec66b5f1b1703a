"""The line between the commands and the daemon: JSON messages over an authenticated loopback connection."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

Message = dict[str, Any]
Say = Callable[[Message], None]


class Closed(Exception):
    """The other end is gone."""


class ChannelServer:
    """Accepts requests in threads. `handle(request, say)` may say progress; its return value is the last message."""

    def __init__(self, key: str, handle: Callable[[Message, Say], Message]) -> None:
        self._listener = Listener(("127.0.0.1", 0), backlog=16, authkey=key.encode())
        self._handle = handle
        self.port = int(self._listener.address[1])

    def start(self) -> None:
        threading.Thread(target=self._accept, name="sandbox-control", daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except AuthenticationError:
                continue  # someone without our key
            except (EOFError, ConnectionError):
                continue  # a caller that went away during the greeting
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(connection,), name="sandbox-request", daemon=True).start()

    def _serve(self, connection: Any) -> None:
        def say(message: Message) -> None:
            try:
                connection.send_bytes(json.dumps(message).encode())
            except OSError:
                pass  # the caller has left (Ctrl-C); the work goes on

        try:
            request = json.loads(connection.recv_bytes(1 << 20))
            say({"done": self._handle(request, say)})
        except (EOFError, OSError, ValueError):
            return
        finally:
            connection.close()

    def close(self) -> None:
        self._listener.close()


def ask(port: int, key: str, request: Message, timeout: float | None = None) -> Iterator[Message]:
    """Messages of one request: any number of progress messages, then {"done": answer}.

    Raises Closed when the daemon does not answer, goes away, or is silent for `timeout` seconds.
    """
    try:
        connection: Connection[Any, Any] = Client(("127.0.0.1", port), authkey=key.encode())
    except (OSError, EOFError, AuthenticationError) as error:
        raise Closed(f"{type(error).__name__}: {error}") from error
    with connection:
        try:
            connection.send_bytes(json.dumps(request).encode())
            while True:
                if timeout is not None and not connection.poll(timeout):
                    raise Closed(f"no answer within {timeout:g} s")
                message: Message = json.loads(connection.recv_bytes())
                yield message
                if "done" in message:
                    return
        except (OSError, EOFError) as error:
            raise Closed(f"{type(error).__name__}: {error}") from error
