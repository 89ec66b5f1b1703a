"""Settings-only between two Airflow 2: the first REST API, and a connection that the headless command gives."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mwaa_wizard.entries import result
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Connection, Entries, Session, Source, Target
from tests.e2e.canary import files_of, objects_of
from tests.e2e.world import PROFILE, READ_SECRETS, REGION, SOURCE, World

pytestmark = pytest.mark.e2e

TARGET = "analytics-plain"
PASSWORD = "canary-command-" + "T6vKp3Zs9QwE"

# What the target's own Airflow makes of the secret.
RESOLVE = """
import json
from airflow.models import Connection
one = Connection.get_connection_from_secrets("orders_mysql")
print("JSON:" + json.dumps([one.conn_type, one.host, one.login, one.password, one.port, one.extra_dejson]))
"""


@pytest.fixture(scope="module")
def session(world: World) -> Session:
    """A session that ran as a script would run it, with one value given by the command."""
    place = Connection(profile=PROFILE, region=REGION)
    made = Session(
        route="settings-only",
        source=Source(connection=place, environment=SOURCE, airflow_version=world.source_version),
        target=Target(connection=place, environment=TARGET, airflow_version=world.target_version),
        entries=Entries(prefix="plain"),
    )
    store.save(made)
    given = subprocess.run(
        [sys.executable, "-m", "mwaa_wizard", "secret", made.id, "connection:orders_mysql", "--now"],
        input=PASSWORD + "\n", capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert given.returncode == 0, given.stdout + given.stderr
    assert "plain/connections/orders_mysql" in given.stdout
    assert PASSWORD not in given.stdout + given.stderr
    done = world.wizard("run", made.id, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    return made


def test_variables_and_pools_are_the_source_s(world: World, session: Session) -> None:
    source, target = world.inside(SOURCE, READ_SECRETS), world.inside(TARGET, READ_SECRETS)
    assert target["variables"] == source["variables"]
    assert len(target["variables"]) > 10
    assert target["connections"] == {}
    assert {p["name"]: p["slots"] for p in world.rest(TARGET, "/pools")["pools"]} == {
        p["name"]: p["slots"] for p in world.rest(SOURCE, "/pools")["pools"]
    }


def test_the_connection_given_is_resolved_and_the_others_are_named(world: World, session: Session) -> None:
    found = world.inside(TARGET, RESOLVE)
    assert found == ["mysql", "orders.internal.example", "reader", PASSWORD, 3306, {"charset": "utf8mb4"}]
    told = result.load(session.id).of("connection")
    assert told.written == ["orders_mysql"]
    assert "warehouse_postgres" in told.not_moved
    report = json.loads(world.wizard("report", session.id, "--format", "json").stdout)
    assert report["state"] == "verified"
    assert all(world.paused(TARGET).values())


def test_the_value_is_nowhere_and_undo_takes_it_back(world: World, session: Session) -> None:
    assert files_of(PASSWORD) == []
    assert objects_of(PASSWORD, world) == []
    done = world.wizard("undo", session.id, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    secrets = world.client("secretsmanager").list_secrets()["SecretList"]
    assert [row["Name"] for row in secrets if row["Name"].startswith("plain/")] == []
    assert TARGET not in world.client("mwaa").list_environments()["Environments"]
