"""Serves the wizard on loopback: one process of it for each browser tab, all of them ended with the server."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import socket
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _

from .gate import Gate

HOST = "127.0.0.1"
# Seconds a wizard has to leave by itself (everything is saved after each change) before it is made to.
_PATIENCE = 5.0


class WizardServer(Server):  # type: ignore[misc]
    """textual-serve's server behind the gate, with a list of the processes it started."""

    def __init__(self, command: Sequence[str], port: int) -> None:
        # `exec`: the shell that textual-serve starts becomes the wizard, so that ending it ends the wizard.
        super().__init__("exec " + shlex.join(command), host=HOST, port=port, title="mwaa-wizard")
        self.gate = Gate(HOST, port)
        self.started: set[AppService] = set()

    async def _make_app(self) -> web.Application:
        app: web.Application = await super()._make_app()
        app.on_startup.clear()  # its greeting prints the address without the token
        app.middlewares.insert(0, self.gate.middleware())
        return app

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One wizard for one tab; it ends when the tab is closed."""
        websocket = web.WebSocketResponse(heartbeat=15)
        await websocket.prepare(request)
        service = AppService(
            self.command,
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=websocket.close,
            download_manager=self.download_manager,
        )
        self.started.add(service)
        try:
            await service.start(_cells(request, "width", 80), _cells(request, "height", 24))
            # A tab that went away in the middle of a message is no failure.
            with contextlib.suppress(ConnectionError, RuntimeError, ValueError, KeyError, AssertionError):
                await self._process_messages(websocket, service)
        finally:
            await self.end(service)
        return websocket

    async def end(self, service: Any) -> None:
        """End one wizard: ask it, then its process."""
        self.started.discard(service)
        process = service._process
        with contextlib.suppress(Exception):
            await asyncio.wait_for(service.stop(), _PATIENCE)
        if process is None:
            return
        # It is on its way out by now, most of the time.
        for number in (None, signal.SIGTERM, signal.SIGKILL):
            if number is not None:
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(number)
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.wait(), _PATIENCE)
                return

    async def end_all(self) -> None:
        """End every wizard that was started here."""
        await asyncio.gather(*(self.end(service) for service in list(self.started)))


def _cells(request: web.Request, name: str, default: int) -> int:
    value = request.query.get(name, "")
    return min(int(value), 1000) if value.isdecimal() else default


def listen(port: int) -> socket.socket:
    """A socket on loopback; port 0 takes a free one. Raises WizardError where it is taken."""
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((HOST, port))
    except OSError as problem:
        found.close()
        raise WizardError(
            what=_("Port {port} of this machine cannot be used ({why}).").format(port=port, why=problem.strerror),
            changed=_("Nothing was changed."),
            remedy=_("Choose another one, or none for a free one: mwaa-wizard serve --port N"),
        ) from None
    return found


async def serve(command: Sequence[str], port: int, ready: Callable[[str], None]) -> int:
    """Serve until a signal ends it; `ready` gets the address with its token. Returns 128 + the signal's number."""
    listening = listen(port)
    server = WizardServer(command, listening.getsockname()[1])
    runner = web.AppRunner(await server._make_app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(number: int) -> None:
        if not ended.done():
            ended.set_result(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, end, number)
    ready(server.gate.url)
    try:
        return 128 + await ended
    finally:
        await server.end_all()
        await runner.cleanup()
