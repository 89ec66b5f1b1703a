"""From a web-login token to a session of Airflow itself: the `session` cookie of 2.x, the `_token` of 3.x.

Source: MWAA user guide, access-mwaa-apache-airflow-rest-api (cookies by major version, 12 hours).
"""

from __future__ import annotations

import http.client
import re
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from mwaa_wizard.sandbox.mwaa import login_3
from mwaa_wizard.sandbox.mwaa.login_3 import LoginFailed
from mwaa_wizard.sandbox.mwaa.tokens import SESSION_SECONDS

_CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf_token"')


_USERS_BY_REST = (2, 2)  # Airflow's REST API makes users from here on


def knows(role: str, release: tuple[int, ...]) -> bool:
    """Whether a session in this Airflow role can be opened; where not, Op gets the administrator's."""
    return role in ("Admin", "Op") or (3,) > release >= _USERS_BY_REST or release >= login_3.USERS_FROM


def open_session(runtime: Any, release: tuple[int, ...], role: str = "Admin") -> str:
    """A Set-Cookie value that opens Airflow in a role that it `knows`. Raises LoginFailed."""
    if release >= (3,):
        if role == "Admin" or release < login_3.USERS_FROM:
            token = runtime.api_headers()["Authorization"].removeprefix("Bearer ")
        else:
            token = login_3.token(runtime, role)
        return f"_token={token}; Path=/; Max-Age={SESSION_SECONDS:.0f}; SameSite=Lax"
    user, password = runtime.admin_login() if role == "Admin" or release < _USERS_BY_REST else _user(runtime, role)
    session = _sign_in(runtime.webserver_url, user, password)
    return f"session={session}; HttpOnly; Path=/; Max-Age={SESSION_SECONDS:.0f}; SameSite=Lax"


def _user(runtime: Any, role: str) -> tuple[str, str]:
    """A user who has this role and no other, with a password of this very log-in."""
    name, password = f"mwaa-{role.lower()}", secrets.token_urlsafe(24)
    body = {"username": name, "email": f"{name}@sandbox.invalid", "first_name": "MWAA", "last_name": role,
            "roles": [{"name": role}], "password": password}  # fmt: skip
    there = runtime.rest("GET", f"/users/{name}").status == 200
    done = runtime.rest(*(("PATCH", f"/users/{name}") if there else ("POST", "/users")), None, body)
    if done.status != 200:
        raise LoginFailed(f"Airflow answered {done.status} to a user with role {role}")
    return name, password


def _sign_in(url: str, user: str, password: str) -> str:
    """Airflow's own login form, as a browser fills it in."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname or "127.0.0.1", place.port, timeout=30)
    try:
        connection.request("GET", "/login/")
        shown = connection.getresponse()
        found = _CSRF.search(shown.read().decode("utf-8", "replace"))
        cookie = _session_cookie(shown)
        if not found or not cookie:
            raise LoginFailed(f"the login page answered {shown.status} without a form")
        form = {"username": user, "password": password, "csrf_token": found[1] or found[2]}
        headers = {"Cookie": f"session={cookie}", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/login/", urlencode(form), headers)
        entered = connection.getresponse()
        entered.read()
        opened = _session_cookie(entered)
        if entered.status not in (302, 303) or not opened:
            raise LoginFailed(f"Airflow answered the login with {entered.status}")
        return opened
    finally:
        connection.close()


def _session_cookie(response: http.client.HTTPResponse) -> str:
    for header in response.headers.get_all("Set-Cookie") or []:
        name, _, rest = header.partition("=")
        if name.strip() == "session":
            return rest.split(";", 1)[0]
    return ""


def page(login_path: str) -> bytes:
    """The console's SSO page: the token travels behind `#`, so the browser must post it."""
    return (
        "<!doctype html><title>Airflow</title><p>Signing in ...</p><script>"
        "fetch('" + login_path + "', {method: 'POST', body: new URLSearchParams({token: location.hash.slice(1)})})"
        ".then(r => { if (r.ok) location.replace('/'); else document.body.textContent = 'The token has expired.'; });"
        "</script>"
    ).encode()
