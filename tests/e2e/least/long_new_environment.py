"""Within one account, with task logs: planned, run, killed and resumed, handed over in batches, cleaned up, undone.

Source and target are worked on by two roles with the generated policies of their side; the two execution roles have
the generated base policy and what the run itself gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mwaa_wizard.execution import names
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.front import engine_policies
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Conflict, Logs, Session, Tables
from tests.e2e.least.people import People, Person, allow, environment_of, roles_of, session_of
from tests.e2e.least.planning import labels, look_at_all
from tests.e2e.least.told import same, unhindered
from tests.e2e.routes.two_accounts import Side
from tests.e2e.world import SOURCE, step_has
from tests.policies.minimal.recorder import recording

pytestmark = pytest.mark.e2e

TARGET = "least-v2"


@dataclass
class Scene:
    """A session, who works on it, and what was there before."""

    here: Side
    people: People
    leaving: Person
    arriving: Person
    session: Session
    environment: dict[str, Any]
    paused: dict[str, bool]
    roles: dict[str, tuple[str, ...]]

    def buckets(self) -> set[str]:
        return {bucket["Name"] for bucket in self.here.client("s3").list_buckets()["Buckets"]}


@pytest.fixture(scope="module")
def scene(here: Side, people: People, leaving: Person, arriving: Person) -> Scene:
    session = session_of(
        leaving, arriving, versions=(here.source_version, here.target_version), names=(SOURCE, TARGET),
        target_more={}, logs=Logs(days=1), keep_bundle=True,
        tables=Tables(conflict=Conflict(variable="replace", slot_pool="replace", history="replace")),
    )  # fmt: skip
    return Scene(here, people, leaving, arriving, session, environment_of(here, SOURCE), here.paused(SOURCE),
                 roles_of(here))  # fmt: skip


def test_with_the_planning_documents_everything_is_looked_at_and_nothing_done(scene: Scene) -> None:
    here, session, buckets = scene.here, scene.session, scene.buckets()
    pair = scene.leaving, scene.arriving
    look_at_all("new-environment-plan", here, scene.people, session, scene.environment, pair)
    with scene.people.working():
        refused = here.wizard("run", session.id, "--yes")
    assert refused.returncode != 0
    assert "Nothing was changed" in refused.stdout + refused.stderr
    assert scene.buckets() == buckets
    assert roles_of(here) == scene.roles


def test_with_the_planning_documents_every_write_is_refused(scene: Scene) -> None:
    from botocore.exceptions import ClientError

    def client(person: Person, service: str) -> Any:
        return scene.people.client(person, service)

    source, target, session = scene.leaving, scene.arriving, scene.session
    role = scene.environment["ExecutionRoleArn"].rsplit("/", 1)[1]
    bucket = scene.environment["SourceBucketArn"].rsplit(":", 1)[1]
    tries: list[Callable[[], Any]] = [
        lambda: client(source, "s3").create_bucket(Bucket=session.migration_bucket),
        lambda: client(source, "s3").put_object(Bucket=bucket, Key="dags/mwz_inventory.py", Body=b""),
        lambda: client(source, "iam").put_role_policy(RoleName=role, PolicyName="x", PolicyDocument="{}"),
        lambda: client(source, "mwaa").invoke_rest_api(Name=SOURCE, Path="/dags/x", Method="PATCH", Body={}),
        lambda: client(source, "mwaa").create_cli_token(Name=SOURCE),
        lambda: client(source, "mwaa").delete_environment(Name=SOURCE),
        lambda: client(target, "iam").create_role(RoleName=names.target_role(session), AssumeRolePolicyDocument="{}"),
        lambda: client(target, "s3").create_bucket(Bucket=names.target_bucket(session)),
        lambda: client(target, "mwaa").delete_environment(Name=TARGET),
    ]
    for number, attempt in enumerate(tries):
        with pytest.raises(ClientError) as told:
            attempt()
        # As Viewer one gets as far as Airflow itself, which refuses then.
        refused = told.value.response["Error"]["Code"], told.value.response.get("RestApiStatusCode")
        assert refused[0].startswith("AccessDenied") or refused == ("RestApiClientException", 403), (number, refused)


@pytest.fixture(scope="module")
def granted(scene: Scene) -> Iterator[Scene]:
    """From here on both people have the documents for the run."""
    allow(scene.session, scene.environment, scene.leaving, scene.arriving)
    who = labels(scene.leaving, scene.arriving)
    with recording("new-environment", scene.session, scene.environment, who) as ledger:
        yield scene
    assert ledger.refused == []


def test_a_policy_attached_by_hand_counts(granted: Scene) -> None:
    """Attach, check and compare as pages and commands do; the run then finds it done."""
    session = granted.session
    with granted.people.working():
        pieces = engine_policies.asked(session).found.pieces()
        assert granted.here.wizard("policy", session.id, "--for", "source-role", "--check").returncode == 1
        assert engine_policies.applied(session, pieces["source-role"])
        told = [granted.here.wizard("policy", session.id, "--for", name, "--check")
                for name in ("source-role", "operator-source", "operator-target")]  # fmt: skip
        compared = engine_policies.compared(session, pieces["source-role"])
    assert [done.returncode for done in told] == [0, 0, 0], [done.stdout + done.stderr for done in told]
    assert {one.change for one in compared.differences} == {"same"}


def test_killed_in_export_and_logs_and_resumed_it_comes_to_its_end(granted: Scene) -> None:
    """What the target has already, put there after the first kill, is replaced, as the session says."""
    here, session = granted.here, granted.session
    with granted.people.working():
        here.run_and_kill("run", session.id, "--yes", when=step_has(session, "export", "made"), timeout=900)
    variable = here.rest(SOURCE, "/variables", limit=1)["variables"][0]["key"]
    here.client("mwaa").invoke_rest_api(
        Name=TARGET, Path="/variables", Method="POST", Body={"key": variable, "value": "another"}
    )
    with granted.people.working():
        here.run_and_kill("resume", session.id, "--headless", when=step_has(session, "logs", "made"), timeout=900)
        unhindered(here.wizard("resume", session.id, "--headless", timeout=1200))
        told = here.wizard("policy", session.id, "--for", "bucket", "--check")
    assert told.returncode == 0, told.stdout + told.stderr
    assert same(session).tables["task_instance"].target_rows > 10_000
    copied = Journal.of(session.id).last("logs", "copied")
    assert copied is not None
    assert copied["streams_copied"] > 0


def test_batches_go_over_and_come_back(granted: Scene) -> None:
    here, session = granted.here, granted.session
    first = ",".join(sorted(dag_id for dag_id, paused in granted.paused.items() if not paused)[:2])
    with granted.people.working():
        unhindered(here.wizard("cutover", session.id, "--batch", first, "--wait", "120", "--yes"))
        unhindered(here.wizard("cutover", session.id))
        unhindered(here.wizard("cutover", session.id, "--roll-back", "1", "--wait", "120", "--yes"))
    assert here.paused(SOURCE) == granted.paused


def test_clean_up_takes_the_bundle(granted: Scene) -> None:
    session = granted.session
    assert session.migration_bucket in granted.buckets()
    with granted.people.working():
        unhindered(granted.here.wizard("cleanup", session.id, "--bundle", "--yes"))
    assert session.migration_bucket not in granted.buckets()


def test_undo_leaves_everything_as_it_was(granted: Scene) -> None:
    here, session = granted.here, store.load(granted.session.id)
    with granted.people.working():
        unhindered(here.wizard("undo", session.id, "--yes", timeout=900))
    assert TARGET not in here.client("mwaa").list_environments()["Environments"]
    assert roles_of(here) == granted.roles
    assert here.paused(SOURCE) == granted.paused
