"""Settings-only on real Airflow, 3.0.6 to 3.3.1: what came along, what did not, and that no value was left anywhere."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.commands.reach import reach
from mwaa_wizard.entries import result
from mwaa_wizard.execution.events import Event
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.names import SESSION_TAG
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.front import engine
from mwaa_wizard.front.answers_file import load
from mwaa_wizard.front.runs import Listener
from mwaa_wizard.prompts.wizard import PlainRequest, run_plain
from mwaa_wizard.report.build import verified
from mwaa_wizard.sandbox.seed.catalogue import CATALOGUE
from mwaa_wizard.session.model import Session
from tests.airflows import near
from tests.e2e import played
from tests.e2e.canary import ProcessWatch, files_of, objects_of
from tests.e2e.world import PROFILE, REGION, World

pytestmark = pytest.mark.e2e

OLD, NEW, SCREEN = "events-prod", "events-v2", "events-screen"
UNPAUSED = ("adhoc_data_fix", "gdpr_erasure_request")  # neither has a schedule, so neither begins to run
# Values that are given by hand for connections, and one in a pool's neighbourhood: all must stay in memory.
PASSWORD = "canary-given-Xq7Lr2Wm9TzK4v"
PRIVATE_KEY = "canary-key-B8nYc3Hf6JdQ1s"
THERE_BEFORE = json.dumps({"conn_type": "email", "host": "mine.example"})
FOREIGN = f"mwaa/{NEW}/connections/smtp_reports"
# Beside the seeded ones: what Airflow 3's REST API would change or hide.
MORE = {
    "release": "1.10",
    "rates": '{"eur":  1.50, "名": "é"}',
    "service_password": '{"user": "svc", "password": "canary-nested-P5tGz8Kw"}',
    "wide": "x" * 300_000,
}

# Runs in the target's own Airflow with its settings and its role: what its tasks would get.
RESOLVE = """
import json
from airflow.models import Connection, Variable
from airflow.utils.session import create_session
found = {}
for conn_id in %r:
    try:
        one = Connection.get_connection_from_secrets(conn_id)
        found[conn_id] = [one.conn_type, one.host, one.login, one.password, one.port, one.schema, one.extra_dejson]
    except Exception as problem:
        found[conn_id] = type(problem).__name__
with create_session() as session:
    variables = {v.key: [v.get_val(), v.description] for v in session.query(Variable)}
print("JSON:" + json.dumps({"connections": found, "variables": variables}))
"""


@dataclass
class Moved:
    """A session that ran to its end, and what was seen meanwhile."""

    world: World
    session: Session
    events: list[Event]
    arguments: list[str]
    printed: str


def _rest(world: World, environment: str, method: str, path: str, **more: Any) -> Any:
    return world.client("mwaa").invoke_rest_api(Name=environment, Path=path, Method=method, **more)["RestApiResponse"]


def _until(holds: Callable[[], bool]) -> None:
    for _turn in range(240):
        if holds():
            return
        time.sleep(1)
    raise AssertionError("it never came true")


@pytest.fixture(scope="module")
def prepared(home: Path) -> Iterator[World]:
    """The source with settings of a year, two unpaused DAGs, and a secret that somebody else made."""
    from mwaa_wizard.sandbox import control

    world = World(home, near("3.0.6"), near("3.3.1"))
    status = control.up([(OLD, world.source_version)], "small", lambda line: print(line, flush=True))
    os.environ.update(status.environ())
    for key, value in MORE.items():
        _rest(world, OLD, "POST", "/variables", Body={"key": key, "value": value})
    changes: dict[str, Any] = {"slots": 64, "include_deferred": True}
    for member, changed in changes.items():
        query, body = {"update_mask": member}, {member: changed}
        _rest(world, OLD, "PATCH", "/pools/default_pool", QueryParameters=query, Body=body)
    _until(lambda: len(world.paused(OLD)) == len(CATALOGUE))
    for dag_id in UNPAUSED:
        _rest(world, OLD, "PATCH", f"/dags/{dag_id}", Body={"is_paused": False})
    world.client("secretsmanager").create_secret(Name=FOREIGN, SecretString=THERE_BEFORE)
    yield world
    world.drop(OLD)


@pytest.fixture(scope="module")
def moved(prepared: World, tmp_path_factory: pytest.TempPathFactory) -> Moved:
    """An answers file in plain lines, the values of two connections typed at their prompts."""
    typed = OnlySecrets()
    known, printed = played.known(), io.StringIO()
    events: list[Event] = []
    make = engine.make_runner

    def noted(session: Session, kind: str, listener: Listener) -> Any:
        def both(event: Event) -> None:
            events.append(event)
            listener(event)

        return make(session, kind, both)

    file = answers(prepared, NEW, tmp_path_factory, value="value", rest="later", left=["slack_alerts"])
    with pytest.MonkeyPatch.context() as patched, ProcessWatch() as watch, contextlib.redirect_stdout(printed):
        patched.setattr(engine, "make_runner", noted)
        code = run_plain(PlainRequest(reach=reach, answers=load(file)), typed)
    assert code == 0, printed.getvalue()
    assert sorted(typed.asked) == ["gcp_marketing", "warehouse_postgres"]
    return Moved(prepared, played.made_since(known), events, watch.seen(), printed.getvalue())


class OnlySecrets:
    """Somebody types the two values that no file has, and nothing else."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        whole = {"extra": {"project": "marketing", "keyfile_dict": {"private_key": PRIVATE_KEY}}}
        self._values = {"warehouse_postgres": PASSWORD, "gcp_marketing": json.dumps(whole)}

    def line(self, prompt: str) -> str:
        raise EOFError(prompt)

    def secret(self, prompt: str) -> str:
        (name,) = [one for one in self._values if one in prompt]
        self.asked.append(name)
        return self._values[name]


def answers(world: World, target: str, folder: pytest.TempPathFactory, **more: object) -> Path:
    """The answers file of this route."""
    return played.file_of("settings-only", folder.mktemp("answers"), profile=PROFILE, region=REGION, source=OLD,
                          version=world.target_version, target=target, **more)  # fmt: skip


def test_verification_finds_no_difference(moved: Moved) -> None:
    found = result.load(moved.session.id)
    assert found.same, found
    assert verified(moved.session)
    assert found.airflow_version == moved.world.target_version
    assert found.dags > 20
    assert found.of("variable").found == 19
    assert found.of("variable").not_moved == {}


def test_target_airflow_has_the_same_variables(moved: Moved) -> None:
    source = moved.world.inside(OLD, RESOLVE % ([],))["variables"]
    target = moved.world.inside(NEW, RESOLVE % ([],))["variables"]
    assert set(target) == set(source)
    told = result.load(moved.session.id).of("variable")
    written_anew = {"rates", "feature_flags", "partition_map"}  # JSON: Airflow 3 gives its meaning, not its characters
    for key, (value, description) in source.items():
        assert target[key][1] == description
        if key in written_anew:
            assert json.loads(target[key][0]) == json.loads(value)
        else:
            assert target[key][0] == value, key
    assert target["release"][0] == "1.10"
    assert told.doubtful == {}


def test_target_airflow_resolves_the_connections(moved: Moved) -> None:
    names = ["warehouse_postgres", "gcp_marketing", "legacy_hive", "smtp_reports", "payments_http", "slack_alerts"]
    found = moved.world.inside(NEW, RESOLVE % (names,))["connections"]
    assert found["warehouse_postgres"][:6] == [
        "postgres", "warehouse.internal.example", "airflow", PASSWORD, 5432, "analytics",
    ]  # fmt: skip
    assert found["warehouse_postgres"][6]["sslmode"] == "require"
    assert found["gcp_marketing"][6]["keyfile_dict"]["private_key"] == PRIVATE_KEY
    assert found["legacy_hive"][:4] == ["hiveserver2", "hive.internal.example", "hive", None]
    assert found["smtp_reports"][1] == "mine.example"
    assert found["payments_http"] == found["slack_alerts"] == "AirflowNotFoundException"
    told = result.load(moved.session.id).of("connection")
    assert set(told.written) == {"warehouse_postgres", "gcp_marketing", "legacy_hive"}
    assert told.kept == ["smtp_reports"]
    assert {"payments_http", "slack_alerts", "orders_mysql"} <= set(told.not_moved)


def test_pools_are_the_same(moved: Moved) -> None:
    def pools(environment: str) -> dict[str, tuple[Any, ...]]:
        rows = moved.world.rest(environment, "/pools", limit=100)["pools"]
        return {row["name"]: (row["slots"], row["description"], row["include_deferred"]) for row in rows}

    source, target = pools(OLD), pools(NEW)
    assert source == target
    assert target["default_pool"][::2] == (64, True)
    assert len(target) == 6


def test_only_what_ran_before_runs_now(moved: Moved) -> None:
    source, target = moved.world.paused(OLD), moved.world.paused(NEW)
    assert {dag_id for dag_id, paused in target.items() if not paused} == set(UNPAUSED)
    assert all(source.values())


def test_report_names_what_was_not_moved(moved: Moved) -> None:
    told = json.loads(moved.world.wizard("report", moved.session.id, "--format", "json").stdout)
    assert told["state"] == "verified"
    lines = {line["name"]: line for line in told["entries"]}
    assert lines["variable"]["written"] == 19
    assert "payments_http" in lines["connection"]["not_moved"]
    assert "slack_alerts" in moved.world.wizard("report", moved.session.id).stdout


def test_values_are_nowhere(moved: Moved) -> None:
    from mwaa_wizard.sandbox.seed import CANARIES

    assert len(moved.events) > 50
    assert moved.arguments, "no process argument was seen at all"
    for word in (*CANARIES, PASSWORD, PRIVATE_KEY, "canary-nested-P5tGz8Kw"):
        assert not [line for line in moved.arguments if word in line]
        assert not [event for event in moved.events if word in repr(event)]
        assert word not in moved.printed
        assert files_of(word) == []
        assert objects_of(word, moved.world) == []


def test_the_full_screen_wizard_plays_the_same_file(moved: Moved, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nobody is there to type values, so all connections that need one stay behind."""
    world = moved.world
    file = answers(world, SCREEN, tmp_path_factory, value="leave", rest="all", left=["slack_alerts"])
    code, captures, session = played.full_screen(file, tmp_path_factory.mktemp("screen"))
    assert code == 0, captures["end"]
    assert (session.route, session.last_result.state) == ("settings-only", "verified")
    assert {*played.PAGES["settings-only"], "run", "summary"} <= set(captures), sorted(captures)
    assert result.load(session.id).of("variable").found == 19
    assert {"warehouse_postgres", "gcp_marketing"} <= set(result.load(session.id).of("connection").not_moved)
    undone = world.wizard("undo", session.id, "--yes")
    assert undone.returncode == 0, undone.stdout + undone.stderr


def test_undo_leaves_no_secret_of_ours(moved: Moved) -> None:
    client = moved.world.client("secretsmanager")

    def secrets() -> dict[str, dict[str, str]]:
        rows = client.list_secrets()["SecretList"]
        return {row["Name"]: {tag["Key"]: tag["Value"] for tag in row.get("Tags", [])} for row in rows}

    before = secrets()
    assert len([tags for tags in before.values() if tags.get(SESSION_TAG) == moved.session.id]) == 3
    runner = Runner(moved.session, plan_for(moved.session), lambda event: None)
    outcome = runner.undo()
    assert outcome.finished, outcome.error.lines() if outcome.error else outcome
    assert set(secrets()) == {FOREIGN}
    assert client.get_secret_value(SecretId=FOREIGN)["SecretString"] == THERE_BEFORE
    journal = Journal.of(moved.session.id)
    assert [kind for kind in ("environment", "role", "secret", "secrets-policy", "bucket") if journal.live(kind)] == []
    assert NEW not in moved.world.client("mwaa").list_environments()["Environments"]
    source = moved.world.paused(OLD)
    assert {dag_id for dag_id, paused in source.items() if not paused} == set(UNPAUSED)
    assert not (paths.run_dir(moved.session.id) / result.FILE).exists()
