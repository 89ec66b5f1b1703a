"""A source before 2.4.3, which has no REST API through MWAA: whoever runs the wizard uses Airflow's command line there.

An in-place upgrade of it is planned with another requirements file. Its settings alone go into an environment of the
same account, with requirements that need no other line. Its history goes into another account, where the DAG bucket is
there already and the environment has entries of its own by then: rows that fit nowhere are kept on both sides, and so
are those that are replaced; somebody opens a task's log in the new environment.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest

from mwaa_wizard.entries import result
from mwaa_wizard.execution import documents
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.metadata import bundle
from mwaa_wizard.sandbox import control, provision
from mwaa_wizard.session.model import Conflict, Entries, Logs, Session, Tables
from tests.e2e.least.people import People, Person, allow, environment_of, narrow, roles_of, session_of
from tests.e2e.least.planning import labels, look_at_all
from tests.e2e.least.told import same, unhindered, until_available
from tests.e2e.routes.two_accounts import Side
from tests.e2e.world import step_has
from tests.life.choice import exactly
from tests.policies.minimal.recorder import recording

pytestmark = pytest.mark.e2e

OLD, EU, SET, BUCKET = "least-old", "least-old-eu", "least-old-set", "least-old-eu-dags"
VERSION = "2.2.2"
# Looking at an Airflow before 2.4.3 takes its command line, which may do anything: not for who only plans.
BEYOND = ("source Airflow", "import errors")
PLAIN = b"parse==1.20.2\n"
FOUND = """
import json
from airflow.models import DagModel, DagRun, Pool, Variable, XCom
from airflow.utils.session import create_session
with create_session() as session:
"""
# As somebody left it who deleted a run in the web interface: before Airflow 2.3 its XComs stay. Few DAGs are unpaused:
# each costs a command at the end, and each command starts a Python. And what there is.
ARRANGE = FOUND + """
    dag_id, date = session.query(XCom.dag_id, XCom.execution_date).order_by(XCom.execution_date).first()
    deleted = session.query(DagRun).filter(DagRun.dag_id == dag_id, DagRun.execution_date == date)
    assert deleted.delete(synchronize_session=False) == 1
    awake = session.query(DagModel).filter(DagModel.is_paused.is_(False)).order_by(DagModel.dag_id)
    for dag in awake.all()[3:]:
        dag.is_paused = True
    done = session.query(DagRun).filter(DagRun.state == "success", DagRun.run_type == "scheduled")
    run = done.order_by(DagRun.execution_date.desc()).first()
    print("JSON:" + json.dumps({
        "dag": run.dag_id, "date": run.execution_date.isoformat(), "variable": session.query(Variable.key).first()[0],
        "pool": session.query(Pool.pool).filter(Pool.pool != "default_pool").first()[0]}))
"""
RECENT = """
import json
from datetime import datetime, timedelta, timezone
from airflow.models import TaskInstance
from airflow.utils.session import create_session
with create_session() as session:
    recent = datetime.now(timezone.utc) - timedelta(hours=20)
    rows = session.query(TaskInstance).filter(
        TaskInstance.state == "success", TaskInstance.end_date > recent, TaskInstance.map_index == -1,
        TaskInstance.dag_id.notlike("mwz%")).order_by(TaskInstance.end_date.desc())
    print("JSON:" + json.dumps([[row.dag_id, row.run_id, row.task_id] for row in rows]))
"""


@dataclass
class Scene:
    """The old source's account, the other one, and who works in each."""

    here: Side
    there: Side
    people: People
    leaving: Person
    arriving: Person
    there_arriving: Person
    known: dict[str, str]  # a DAG, a date of it, a variable and a pool of the source


@pytest.fixture(scope="module")
def scene(here: Side, people: People, leaving: Person, arriving: Person) -> Iterator[Scene]:
    control.up([(OLD, exactly(VERSION))], "small", lambda line: print(line, flush=True))
    place = control.add_account("222233334444", "eu-west-1", "sandbox-eu", print)
    there = Side(here.home, VERSION, here.target_version, place)
    _arranged(here)
    narrow(here, environment_of(here, OLD))
    person = people.person(there, "least-old-eu")
    yield Scene(here, there, people, leaving, arriving, person, here.inside(OLD, ARRANGE))
    here.drop(OLD)


def _arranged(here: Side) -> None:
    """Requirements without a line that the new version changes. And tasks in processes of their own: one that is forked
    while CloudWatch's thread has lines to send waits for that thread at its end, for ever (watchtower 1.0.6).
    """
    bucket = str(environment_of(here, OLD)["SourceBucketArn"]).rsplit(":", 1)[1]
    put = here.client("s3").put_object(Bucket=bucket, Key="requirements.txt", Body=PLAIN)
    here.client("mwaa").update_environment(
        Name=OLD, RequirementsS3Path="requirements.txt", RequirementsS3ObjectVersion=put["VersionId"],
        AirflowConfigurationOptions={"core.execute_tasks_new_python_interpreter": "True"},
    )  # fmt: skip
    until_available(here, OLD)


@pytest.fixture(scope="module")
def session(scene: Scene) -> Session:
    """New environment, another account, the bucket made by somebody before; what differs there is replaced."""
    place = scene.there.place
    provision.make_bucket(scene.there.client("s3"), BUCKET, place.region)
    settings = {
        "SourceBucketArn": f"arn:aws:s3:::{BUCKET}", "NetworkConfiguration.SubnetIds": list(place.subnet_ids),
        "NetworkConfiguration.SecurityGroupIds": list(place.security_group_ids),
    }  # fmt: skip
    return session_of(
        scene.leaving, scene.there_arriving, versions=(VERSION, scene.there.target_version), names=(OLD, EU),
        target_more={"create_bucket": False, "settings": settings}, logs=Logs(days=1), keep_bundle=True,
        tables=Tables(conflict=Conflict(variable="replace", slot_pool="replace", history="replace")),
    )  # fmt: skip


def test_with_the_planning_documents_all_but_its_airflow_is_looked_at(scene: Scene, session: Session) -> None:
    pair = scene.leaving, scene.there_arriving
    look_at_all("old-source-plan", scene.here, scene.people, session, environment_of(scene.here, OLD), pair, BEYOND)


def test_an_upgrade_in_place_with_another_requirements_file_is_planned(scene: Scene) -> None:
    """Of a file that somebody put there for it no version is named, so the newest is looked at."""
    here, leaving, more = scene.here, scene.leaving, {"RequirementsS3Path": "requirements-next.txt"}
    environment = environment_of(here, OLD)
    bucket = str(environment["SourceBucketArn"]).rsplit(":", 1)[1]
    here.client("s3").put_object(Bucket=bucket, Key="requirements-next.txt", Body=PLAIN)
    upgrade = session_of(
        leaving, leaving, versions=(VERSION, here.target_version), names=(OLD, OLD),
        target_more={"create_role": False, "create_bucket": False, "settings": more}, route="in-place",
    )  # fmt: skip
    look_at_all("old-in-place-plan", here, scene.people, upgrade, environment, (leaving, leaving), BEYOND)


def test_its_settings_alone_and_requirements_as_they_are(scene: Scene) -> None:
    here, leaving, arriving = scene.here, scene.leaving, scene.arriving
    session = session_of(leaving, arriving, versions=(VERSION, here.target_version), names=(OLD, SET), target_more={},
                         route="settings-only", entries=Entries(prefix="old"))  # fmt: skip
    environment, roles = environment_of(here, OLD), roles_of(here)
    allow(session, environment, leaving, arriving)
    with recording("old-settings-only", session, environment, labels(leaving, arriving)) as ledger:
        with scene.people.working():
            done = here.wizard("run", session.id, "--yes", timeout=1200)
        unhindered(done)
        found, made = result.load(session.id), environment_of(here, SET)
        target_bucket = str(made["SourceBucketArn"]).rsplit(":", 1)[1]
        copied = here.client("s3").get_object(Bucket=target_bucket, Key="requirements.txt")["Body"].read()
        with scene.people.working():
            undone = here.wizard("undo", session.id, "--yes", timeout=900)
    unhindered(undone)
    assert ledger.refused == []
    assert found.same, found
    assert len(found.of("variable").written) > 1
    assert copied == PLAIN
    assert roles_of(here) == roles


@pytest.fixture(scope="module")
def granted(scene: Scene, session: Session) -> Iterator[Scene]:
    """From here on both people have the documents for the run; to the end, as one thing is recorded at a time."""
    environment = environment_of(scene.here, OLD)
    allow(session, environment, scene.leaving, scene.there_arriving)
    who = labels(scene.leaving, scene.there_arriving)
    with recording("old-source", session, environment, who) as ledger:
        yield scene
    assert ledger.refused == []


def _differ(scene: Scene) -> None:
    """Somebody was in the new environment before the import: a variable, a pool and a run of their own."""
    mwaa, known = scene.there.client("mwaa"), scene.known

    def ask(method: str, path: str, body: dict[str, Any]) -> None:
        mwaa.invoke_rest_api(Name=EU, Method=method, Path=path, Body=body)

    ask("POST", "/variables", {"key": known["variable"], "value": "another"})
    ask("POST", "/pools", {"name": known["pool"], "slots": 77, "description": "another"})
    for _turn in range(120):
        if known["dag"] in scene.there.paused(EU):
            break
        time.sleep(1)
    runs = f"/dags/{known['dag']}/dagRuns"
    ask("POST", runs, {"dag_run_id": "by-hand", "logical_date": known["date"]})
    ask("PATCH", f"{runs}/by-hand", {"state": "success"})


def test_its_history_is_verified_in_the_other_account(granted: Scene, session: Session) -> None:
    here = granted.here
    with granted.people.working():
        here.run_and_kill("run", session.id, "--yes", when=step_has(session, "export", "made"), timeout=900)
    _differ(granted)
    with granted.people.working():
        unhindered(here.wizard("resume", session.id, "--headless", timeout=1400))
    assert same(session).tables["task_instance"].target_rows > 10_000
    manifest = documents.load(session.id, bundle.MANIFEST, bundle.Manifest)
    assert manifest is not None
    assert manifest.tables["xcom"].rejected == {"it has no run": 1}


def test_rows_that_fit_nowhere_or_were_replaced_are_kept(granted: Scene, session: Session) -> None:
    bucket = granted.here.client("s3").list_objects_v2(Bucket=session.migration_bucket)
    keys = {entry["Key"] for entry in bucket["Contents"]}
    assert keys >= {
        "rejected/source/xcom.csv.gz", "rejected/dag_run.csv.gz", "replaced/slot_pool.csv.gz",
        "sealed/replaced-variable.json.sealed",
    }  # fmt: skip


def test_a_task_s_log_is_shown_in_the_new_environment(granted: Scene, session: Session) -> None:
    copied = Journal.of(session.id).last("logs", "copied")
    assert copied is not None
    assert copied["streams_copied"] > 0
    logs = granted.there.client("logs")
    for dag_id, run_id, task_id in granted.there.inside(EU, RECENT):
        stream = f"dag_id={dag_id}/run_id={run_id}/task_id={task_id}/attempt=1.log".replace(":", "_")
        group = f"airflow-{EU}-Task"
        if logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=stream)["logStreams"]:
            break
    else:
        raise AssertionError("no log of a recent task was copied")
    event = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)["events"][0]
    path = f"/api/v1/dags/{dag_id}/dagRuns/{quote(run_id)}/taskInstances/{task_id}/logs/1"
    assert event["message"].splitlines()[0] in _web(granted.there, path)


def _web(side: Side, path: str) -> str:
    """What the web server answers to somebody who has logged in there."""
    token = side.client("mwaa").create_web_login_token(Name=EU)
    connection = http.client.HTTPConnection(token["WebServerHostname"], timeout=120)
    try:
        connection.request("POST", "/aws_mwaa/login", f"token={token['WebToken']}")
        entered = connection.getresponse()
        entered.read()
        cookie = str(entered.headers["Set-Cookie"]).split(";")[0]
        connection.request("GET", path, headers={"Cookie": cookie, "Accept": "application/json"})
        answer = connection.getresponse()
        said = answer.read().decode()
        assert answer.status == 200, said
    finally:
        connection.close()
    return str(json.loads(said)["content"])


def test_clean_up_and_undo_leave_everything_as_it_was(granted: Scene, session: Session) -> None:
    here, there = granted.here, granted.there
    with granted.people.working():
        unhindered(here.wizard("cleanup", session.id, "--bundle", "--yes"))
        unhindered(here.wizard("undo", session.id, "--yes", timeout=900))
    assert EU not in there.client("mwaa").list_environments()["Environments"]
    assert "Contents" not in there.client("s3").list_objects_v2(Bucket=BUCKET)
