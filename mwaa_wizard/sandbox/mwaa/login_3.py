"""A session of Airflow 3 in one of its roles: FAB's own API makes the user, its token end point the session's JWT.

Source: apache-airflow-providers-fab, auth_manager/api_fastapi/routes/users.py and login.py.
"""

from __future__ import annotations

import http.client
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

USERS_FROM = (3, 2)  # the provider that comes with this Airflow has users in its API
_USERS = "/auth/fab/v1/users"


class LoginFailed(Exception):
    """Airflow did not accept the user."""


def token(runtime: Any, role: str) -> str:
    """A JWT of a user who has this role and no other, with a password of this very log-in."""
    name, password = f"mwaa-{role.lower()}", secrets.token_urlsafe(24)
    body = {"username": name, "email": f"{name}@sandbox.invalid", "first_name": "MWAA", "last_name": role,
            "roles": [{"name": role}], "password": password}  # fmt: skip
    there = _call(runtime, "GET", f"{_USERS}/{name}", runtime.api_headers())[0] == 200
    method, path = ("PATCH", f"{_USERS}/{name}") if there else ("POST", _USERS)
    status, _said = _call(runtime, method, path, runtime.api_headers(), body)
    if status not in (200, 201):
        raise LoginFailed(f"Airflow answered {status} to a user with role {role}")
    status, said = _call(runtime, "POST", "/auth/token", {}, {"username": name, "password": password})
    if status != 201:
        raise LoginFailed(f"Airflow answered the login with {status}")
    return str(said["access_token"])


def _call(runtime: Any, method: str, path: str, headers: dict[str, str], body: Any = None) -> tuple[int, Any]:
    place = urlsplit(runtime.webserver_url)
    connection = http.client.HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=30)
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        raw = answer.read()
        return answer.status, json.loads(raw) if raw.startswith(b"{") else None
    finally:
        connection.close()
