"""Airflow's stable REST API, called as the environment's admin."""

from __future__ import annotations

import base64
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.sandbox.airflow import commands

SECONDS = 30.0
# Never through a proxy: the web server is on loopback.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class RestResult:
    """HTTP status and the decoded JSON body (text when it is not JSON, None when empty)."""

    status: int
    body: Any


class RestClient:
    """Speaks /api/v1 with basic authentication (2.x) or /api/v2 with a token of FAB's auth manager (3.x)."""

    def __init__(self, base_url: str, release: tuple[int, ...], password: str) -> None:
        self._base_url = base_url
        self._release = release
        self._password = password
        self._token: str | None = None
        self._lock = threading.Lock()

    def call(
        self, method: str, path: str, query: dict[str, Any] | None = None, body: Any = None, timeout: float = SECONDS
    ) -> RestResult:
        """One call; `path` has no `/api/vN`. OSError when the web server cannot be reached."""
        url = self._base_url + commands.api_prefix(self._release) + "/" + path.lstrip("/")
        if query:
            url += "?" + urllib.parse.urlencode(query, doseq=True)
        result = self._send(method, url, body, self._authorization(), timeout)
        if result.status == 401 and self._release >= (3, 0):
            self._token = None  # the token has run out
            result = self._send(method, url, body, self._authorization(), timeout)
        return result

    def health(self) -> dict[str, Any] | None:
        """The web server's health report, or None while it does not answer."""
        url = self._base_url + commands.health_path(self._release)
        try:
            result = self._send("GET", url, None, {}, 10.0)
        except OSError:
            return None
        return result.body if result.status == 200 and isinstance(result.body, dict) else None

    def authorization(self) -> dict[str, str]:
        """The header that lets a proxy speak to the API as the admin."""
        return self._authorization()

    def _authorization(self) -> dict[str, str]:
        if self._release < (3, 0):
            pair = base64.b64encode(f"admin:{self._password}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        with self._lock:
            if self._token is None:
                login = {"username": "admin", "password": self._password}
                answer = self._send("POST", self._base_url + "/auth/token", login, {}, SECONDS)
                if answer.status not in (200, 201):
                    raise OSError(f"Airflow refused the login with HTTP {answer.status}")
                self._token = str(answer.body["access_token"])
            return {"Authorization": f"Bearer {self._token}"}

    def _send(self, method: str, url: str, body: Any, headers: dict[str, str], timeout: float) -> RestResult:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            url, data=data, method=method, headers={"Accept": "application/json", **headers}
        )
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with _OPENER.open(request, timeout=timeout) as response:
                return RestResult(response.status, _decoded(response.read()))
        except urllib.error.HTTPError as error:
            with error:
                return RestResult(error.code, _decoded(error.read()))


def _decoded(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")
