"""`mwaa-wizard serve`: loopback only, one-time token, and nothing it started outlives it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import psutil
import pytest
from aiohttp import web

from mwaa_wizard.errors import WizardError
from screens.web import server as serving
from screens.web.gate import Gate


class Served:
    """A page behind the gate, on loopback, in this process."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.base = f"http://{gate.place}"


@asynccontextmanager
async def serving_one() -> AsyncIterator[Served]:
    listening = serving.listen(0)
    gate = Gate(serving.HOST, listening.getsockname()[1])
    app = web.Application(middlewares=[gate.middleware()])

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="the wizard")

    app.add_routes([web.get("/", page), web.get("/ws", page), web.get("/static/x.js", page)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    yield Served(gate)
    await runner.cleanup()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving_one() as one:
        yield one


def browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def test_without_the_token_nothing_is_served(served: Served) -> None:
    async with browser() as client:
        for path in ("/", "/ws", "/static/x.js", "/none", "/?token=", "/?token=wrong", "/ws?token=wrong"):
            async with client.get(served.base + path) as answer:
                assert answer.status == 403, path
                assert "the wizard" not in await answer.text()


async def test_the_token_works_once_and_leaves_the_address(served: Served) -> None:
    async with browser() as first, browser() as second:
        async with first.get(served.gate.url, allow_redirects=False) as answer:
            assert answer.status == 303
            assert answer.headers["Location"] == "/"
            cookie = answer.headers["Set-Cookie"]
            assert "HttpOnly" in cookie
            assert "SameSite=Strict" in cookie
            assert served.gate.token not in cookie
        async with first.get(served.base + "/") as answer:
            assert await answer.text() == "the wizard"
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Referrer-Policy"] == "no-referrer"
        for client in (first, second):
            async with client.get(served.gate.url) as answer:
                assert answer.status == 403
        async with second.get(served.base + "/") as answer:
            assert answer.status == 403


async def test_a_wrong_token_does_not_use_up_the_right_one(served: Served) -> None:
    async with browser() as client:
        async with client.get(f"{served.base}/?token={served.gate.token[:-1]}") as answer:
            assert answer.status == 403
        async with client.get(served.gate.url) as answer:
            assert await answer.text() == "the wizard"


async def test_two_servers_in_one_browser_do_not_take_each_others_place(served: Served) -> None:
    """Cookies know no ports: both are sent to both, and each server knows its own."""
    async with serving_one() as other, browser() as client:
        assert served.gate.cookie_name != other.gate.cookie_name
        for one in (served, other):
            async with client.get(one.gate.url) as answer:
                assert await answer.text() == "the wizard"
        for one in (served, other):
            async with client.get(one.base + "/") as answer:
                assert answer.status == 200, one.base
        client.cookie_jar.clear(lambda cookie: cookie.key == served.gate.cookie_name)
        async with client.get(served.base + "/") as answer:
            assert answer.status == 403, "the other one's cookie opens nothing here"
        async with client.get(other.base + "/") as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://127.0.0.1"},
    ],
)
async def test_another_host_or_origin_is_refused_even_with_the_cookie(
    served: Served, headers: dict[str, str]
) -> None:
    async with browser() as client:
        await client.get(served.gate.url)
        async with client.get(served.base + "/") as answer:
            assert answer.status == 200
        async with client.get(served.base + "/", headers=headers) as answer:
            assert answer.status == 403


async def test_the_websocket_must_say_where_it_comes_from(served: Served) -> None:
    async with browser() as client:
        await client.get(served.gate.url)
        async with client.get(served.base + "/ws") as answer:
            assert answer.status == 403
        async with client.get(served.base + "/ws", headers={"Origin": served.base}) as answer:
            assert answer.status == 200
        async with client.post(served.base + "/", headers={"Origin": served.base}) as answer:
            assert answer.status == 403


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind((serving.HOST, 0))
        taken.listen()
        with pytest.raises(WizardError, match="cannot be used"):
            serving.listen(taken.getsockname()[1])


class Program:
    """`mwaa-wizard serve` as it is started by a person."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mwaa_wizard", "--read-only", "serve"], stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True,
            env={**os.environ, "MWAA_WIZARD_HOME": str(folder), "TERM": "dumb"},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.process.stdout.readline()
        self.url = self.process.stdout.readline().strip()

    def children(self) -> list[psutil.Process]:
        return list(psutil.Process(self.process.pid).children(recursive=True))


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    one = Program(tmp_path)
    yield one
    if one.process.poll() is None:
        one.process.kill()
    one.process.wait(10)


async def _drawn(socket_: aiohttp.ClientWebSocketResponse, text: bytes) -> bytes:
    seen, end = b"", time.monotonic() + 30
    while text not in seen:
        assert time.monotonic() < end, seen[-1000:]
        message = await asyncio.wait_for(socket_.receive(), 30)
        assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
        seen += message.data if message.type == aiohttp.WSMsgType.BINARY else b""
    return seen


async def test_a_browser_draws_the_wizard_and_nothing_is_left_behind(program: Program) -> None:
    place = urlsplit(program.url)
    assert place.hostname == "127.0.0.1"
    addresses = {connection.laddr.ip for connection in psutil.Process(program.process.pid).net_connections("inet")}
    assert addresses == {"127.0.0.1"}
    base = f"http://{place.netloc}"
    async with browser() as client:
        async with client.get(program.url) as answer:
            assert "textual-terminal" in await answer.text()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.ws_connect(f"{base}/ws")
        assert program.children() == []
        async with client.ws_connect(f"{base}/ws?width=80&height=24", headers={"Origin": base}) as page:
            seen = await _drawn(page, b"Move an Apache Airflow")
            assert b"READ ONLY" in seen
            assert b"sandbox" not in seen  # a demo prints to a terminal, and there is none
            (wizard,) = program.children()
        # The tab is closed: its wizard goes.
        await asyncio.to_thread(wizard.wait, 20)
        second = await client.ws_connect(f"{base}/ws", headers={"Origin": base})
        await _drawn(second, b"Move an Apache Airflow")
        left = program.children()
        assert len(left) == 1
        program.process.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(program.process.wait, 30) == 143
        await asyncio.to_thread(psutil.wait_procs, left, 10)
        assert not any(one.is_running() for one in left)
        await second.close()
