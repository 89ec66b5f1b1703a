"""A web log-in opens Airflow in the role that IAM granted: as a user of Airflow's own who has that role alone."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.sandbox.mwaa import login
from mwaa_wizard.sandbox.mwaa.login_3 import LoginFailed
from tests.sandbox.mwaa.fakes import Result

_RELEASES = (1, 10, 12), (2, 0, 2), (2, 8, 1), (3, 0, 6), (3, 2, 1)


class Airflow:
    """Users made through the REST API."""

    webserver_url = "http://127.0.0.1:9"

    def __init__(self, *there: str, status: int = 200) -> None:
        self.there, self.status = there, status
        self.asked: list[tuple[str, str, Any]] = []

    def admin_login(self) -> tuple[str, str]:
        return "admin", "secret"

    def rest(self, method: str, path: str, query: Any = None, body: Any = None) -> Result:
        self.asked.append((method, path, body))
        if method == "GET":
            return Result(200 if path.rsplit("/", 1)[1] in self.there else 404)
        return Result(self.status)


@pytest.fixture
def entered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Who signed in with which password."""
    found: list[tuple[str, str]] = []

    def sign_in(url: str, user: str, password: str) -> str:
        found.append((user, password))
        return "cookie"

    monkeypatch.setattr(login, "_sign_in", sign_in)
    return found


@pytest.mark.parametrize(("there", "method", "path"), [
    ((), "POST", "/users"), (("mwaa-viewer",), "PATCH", "/users/mwaa-viewer"),
])  # fmt: skip
def test_a_role_has_a_user_with_a_password_of_this_log_in(
    entered: list[tuple[str, str]], there: tuple[str, ...], method: str, path: str
) -> None:
    airflow = Airflow(*there)
    assert login.open_session(airflow, (2, 8, 1), "Viewer").startswith("session=cookie;")
    verb, asked, body = airflow.asked[-1]
    assert (verb, asked, body["roles"]) == (method, path, [{"name": "Viewer"}])
    assert entered == [("mwaa-viewer", body["password"])]


def test_the_administrator_and_old_airflows_need_no_other_user(entered: list[tuple[str, str]]) -> None:
    airflow = Airflow()
    login.open_session(airflow, (2, 8, 1))
    login.open_session(airflow, (2, 0, 2), "Op")
    assert airflow.asked == []
    assert entered == [("admin", "secret"), ("admin", "secret")]
    assert [login.knows("Viewer", release) for release in _RELEASES] == [
        False, False, True, False, True,
    ]  # fmt: skip


def test_a_user_that_airflow_does_not_take_is_told(entered: list[tuple[str, str]]) -> None:
    with pytest.raises(LoginFailed, match="role Viewer"):
        login.open_session(Airflow(status=400), (2, 8, 1), "Viewer")
    assert entered == []
