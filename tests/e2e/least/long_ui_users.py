"""People and programs that use Airflow: each has one document, and does with it what the document is for, no more."""

from __future__ import annotations

import base64
import http.client
import json
from typing import Any

import pytest

from mwaa_wizard.front import engine_policies
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.policies.ui_users import ROLES
from mwaa_wizard.session.model import Session
from tests.e2e.least.people import People, Person, environment_of, session_of
from tests.e2e.routes.two_accounts import Side
from tests.e2e.world import SOURCE
from tests.policies.minimal.recorder import recording

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def session(here: Side, leaving: Person, arriving: Person) -> Session:
    """One whose target is an environment that runs: the documents are made for its users."""
    more = {"create_role": False, "create_bucket": False}
    versions = (here.source_version, here.target_version)
    return session_of(leaving, arriving, versions=versions, names=(SOURCE, SOURCE), target_more=more, route="in-place")


@pytest.fixture(scope="module")
def pieces(here: Side, session: Session) -> dict[str, Piece]:
    found = engine_policies.draft(session, environment_of(here, SOURCE)).found.pieces()
    return {name: piece for name, piece in found.items() if name.startswith("ui-")}


def test_each_document_opens_its_own_door_and_no_other(
    here: Side, people: People, session: Session, pieces: dict[str, Piece]
) -> None:
    users = {name: people.person(here, f"least-{name}") for name in pieces}
    assert set(users) >= {*(f"ui-{role.lower()}" for role in ROLES), "ui-rest-api", "ui-cli"}
    for name, person in users.items():
        person.give([pieces[name]])
    who = {person.arn: name for name, person in users.items()}
    clients = {name: people.client(person, "mwaa") for name, person in users.items()}
    with recording("ui-users", session, environment_of(here, SOURCE), who) as ledger:
        seen = {role: _web(clients[f"ui-{role.lower()}"]) for role in ROLES}
        dags = clients["ui-rest-api"].invoke_rest_api(Name=SOURCE, Path="/dags", Method="GET")["RestApiResponse"]
        version = _command(clients["ui-cli"], "version")
    assert ledger.refused == []
    # Airflow's own answers to (what does the role see of DAGs, of variables): see the roles' descriptions.
    assert seen == {"Admin": (200, 200), "Op": (200, 200), "User": (200, 403), "Viewer": (200, 403),
                    "Public": (403, 403)}  # fmt: skip
    assert dags["total_entries"] > 20
    assert version == here.source_version


def test_what_a_document_is_not_for_is_refused(here: Side, people: People, pieces: dict[str, Piece]) -> None:
    from botocore.exceptions import ClientError

    person = people.person(here, "least-ui-other")
    client = people.client(person, "mwaa")
    calls: dict[str, Any] = {
        "web": lambda: client.create_web_login_token(Name=SOURCE),
        "rest": lambda: client.invoke_rest_api(Name=SOURCE, Path="/dags", Method="GET"),
        "cli": lambda: client.create_cli_token(Name=SOURCE),
        "delete": lambda: client.delete_environment(Name=SOURCE),
    }
    opens = {"ui-viewer": {"web"}, "ui-admin": {"web"}, "ui-rest-api": {"rest"}, "ui-cli": {"cli"}}
    for name, mine in opens.items():
        person.give([pieces[name]])
        for door in calls.keys() - mine:
            with pytest.raises(ClientError) as told:
                calls[door]()
            assert told.value.response["Error"]["Code"] == "AccessDeniedException", (name, door)
    # The REST API as User: Airflow itself refuses what the role is not good for.
    person.give([pieces["ui-rest-api"]])
    with pytest.raises(ClientError) as told:
        client.invoke_rest_api(Name=SOURCE, Path="/variables", Method="GET")
    assert told.value.response["RestApiStatusCode"] == 403


def _web(client: Any) -> tuple[int, int]:
    """Log in as a browser does, and look at DAGs and variables with the session: Airflow's two answers."""
    client.get_environment(Name=SOURCE)
    token = client.create_web_login_token(Name=SOURCE)
    connection = http.client.HTTPConnection(token["WebServerHostname"], timeout=120)
    try:
        connection.request("POST", "/aws_mwaa/login", f"token={token['WebToken']}")
        entered = connection.getresponse()
        said = entered.read().decode()
        assert entered.status == 200, said
        cookie = str(entered.headers["Set-Cookie"]).split(";")[0]
        found = []
        for path in ("/api/v1/dags", "/api/v1/variables"):
            connection.request("GET", path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            found.append(answer.status)
    finally:
        connection.close()
    return found[0], found[1]


def _command(client: Any, words: str) -> str:
    """What a command of Airflow's command line prints."""
    token = client.create_cli_token(Name=SOURCE)
    connection = http.client.HTTPConnection(token["WebServerHostname"], timeout=120)
    try:
        bearer = {"Authorization": f"Bearer {token['CliToken']}", "Content-Type": "text/plain"}
        connection.request("POST", "/aws_mwaa/cli", words, bearer)
        answer = json.loads(connection.getresponse().read())
        return base64.b64decode(answer["stdout"]).decode().strip()
    finally:
        connection.close()
