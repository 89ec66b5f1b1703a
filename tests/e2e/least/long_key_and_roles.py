"""With a key of one's own, a role and a bucket made by hand, and Secrets Manager: settings-only, then in-place.

Settings-only makes an environment whose role has the generated base policy and whose key's policy has the generated
statements; that environment then changes its version where it is, is killed meanwhile, goes on, and goes back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mwaa_wizard.entries import result
from mwaa_wizard.entries.backend import SECRETS_MANAGER
from mwaa_wizard.sandbox import provision
from mwaa_wizard.session.model import Entries, Logs, Session
from tests.airflows import near
from tests.e2e.least.people import People, Person, allow, environment_of, execution_role, its_own, let_key, session_of
from tests.e2e.least.planning import labels, look_at_all
from tests.e2e.least.told import unhindered, until_available
from tests.e2e.routes.two_accounts import Side
from tests.e2e.world import SOURCE, step_has
from tests.policies.minimal.recorder import recording

pytestmark = pytest.mark.e2e

NAME, PLAIN, ROLE, BUCKET = "least-vault", "least-plain", "least-execution", "least-vault-dags"
MADE, LATER = near("2.10.3"), "2.11.2"
VALUE = "least-" + "Vq7mB2"
SECRETS = {
    "prod/connections/dwh": f"postgresql://etl:{VALUE}@dwh.example:5432/marts",
    "prod/variables/api_key": VALUE,
    "production/connections/other": "below another prefix",
}
# Runs in the target's own Airflow with its settings and its role: what its tasks would get.
RESOLVE = """
import json
from airflow.models import Connection, Variable
one = Connection.get_connection_from_secrets("dwh")
print("JSON:" + json.dumps([one.password, one.host, Variable.get("api_key")]))
"""


@pytest.fixture(scope="module")
def vaulted(here: Side) -> Iterator[None]:
    """The source reads its connections from Secrets Manager, below a prefix that another begins alike."""
    mwaa, vault = here.client("mwaa"), here.client("secretsmanager")
    source, place = environment_of(here, SOURCE), here.place
    before = source.get("AirflowConfigurationOptions") or {}
    its_own(here, source, "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:{place.region}:{place.account}:secret:prod/*")  # fmt: skip
    kwargs = json.dumps({"connections_prefix": "prod/connections", "variables_prefix": "prod/variables"})
    options = {**before, "secrets.backend": SECRETS_MANAGER, "secrets.backend_kwargs": kwargs}
    mwaa.update_environment(Name=SOURCE, AirflowConfigurationOptions=options)
    until_available(here, SOURCE)
    for name, value in SECRETS.items():
        vault.create_secret(Name=name, SecretString=value)
    yield
    mwaa.update_environment(Name=SOURCE, AirflowConfigurationOptions=before)
    until_available(here, SOURCE)


@dataclass
class Moved:
    """The session, the key, and who the documents belong to."""

    session: Session
    environment: dict[str, Any]
    who: dict[str, str | tuple[str, ...]]
    key: str


@pytest.fixture(scope="module")
def moved(here: Side, people: People, leaving: Person, arriving: Person, vaulted: None) -> Moved:
    """Key, bucket and role as an administrator makes them, with the generated documents; then the run."""
    kms, place = here.client("kms"), here.place
    key = kms.create_key(Description="least")["KeyMetadata"]["Arn"]
    provision.make_bucket(here.client("s3"), BUCKET, place.region)
    here.client("s3").put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}]})  # fmt: skip
    role = f"arn:aws:iam::{place.account}:role/{ROLE}"
    session = session_of(
        leaving, arriving, versions=(here.source_version, MADE), names=(SOURCE, NAME),
        target_more={"create_role": False, "create_bucket": False, "settings": {
            "ExecutionRoleArn": role, "SourceBucketArn": f"arn:aws:s3:::{BUCKET}", "KmsKey": key}},
        route="settings-only", entries=Entries(prefix="vault"),
    )  # fmt: skip
    environment = environment_of(here, SOURCE)
    pieces = allow(session, environment, leaving, arriving)
    execution_role(here, ROLE, pieces)
    let_key(here, key, pieces["kms-key"].policy.document["Statement"])
    pair = leaving, arriving
    beyond = "variables and pools", "connections"  # only Airflow's role Op sees these, and that may write, too
    counts = look_at_all("settings-only-key-plan", here, people, session, environment, pair, beyond)
    # Role, trust and key are as they were made above; the run has not attached the secrets' document yet.
    assert [counts[name] for name in ("execution-role-trust", "kms-key", "secrets")] == [True, True, False]
    allow(session, environment, leaving, arriving)
    who = {**labels(leaving, arriving), role: "execution-role"}
    with recording("settings-only-key", session, environment, who) as ledger:
        with people.working():
            done = here.wizard("run", session.id, "--yes", timeout=1200)
        unhindered(done)
        assert here.inside(NAME, RESOLVE) == [VALUE, "dwh.example", VALUE]
    assert ledger.refused == []
    return Moved(session, environment, who, key)


def test_secrets_are_read_and_copied(here: Side, moved: Moved) -> None:
    found = result.load(moved.session.id)
    assert found.same, found
    assert "dwh" in found.of("connection").written
    assert found.of("secret-variable").written == ["api_key"]
    made = environment_of(here, NAME)
    assert (made["KmsKey"], made["ExecutionRoleArn"].rsplit("/", 1)[1]) == (moved.key, ROLE)


@pytest.fixture(scope="module")
def upgrade(leaving: Person, moved: Moved) -> Session:
    """In place there is one environment, and one person with the documents of both sides."""
    return session_of(
        leaving, leaving, versions=(MADE, LATER), names=(NAME, NAME),
        target_more={"create_role": False, "create_bucket": False}, route="in-place",
    )  # fmt: skip


def test_in_place_is_planned(here: Side, people: People, leaving: Person, upgrade: Session) -> None:
    look_at_all("in-place-key-plan", here, people, upgrade, environment_of(here, NAME), (leaving, leaving))


def test_it_changes_its_version_is_killed_goes_on_and_goes_back(
    here: Side, people: People, leaving: Person, upgrade: Session
) -> None:
    session = upgrade
    environment, paused = environment_of(here, NAME), here.paused(NAME)
    allow(session, environment, leaving, leaving)
    with recording("in-place-key", session, environment, labels(leaving, leaving)) as ledger, people.working():
        here.run_and_kill("run", session.id, "--yes", when=step_has(session, "upgrade", "answered"), timeout=600)
        resumed = here.wizard("resume", session.id, "--headless", timeout=1200)
        undone = here.wizard("undo", session.id, "--yes", timeout=1200)
    for done in (resumed, undone):
        unhindered(done)
    assert ledger.refused == []
    assert "VERIFIED" in resumed.stdout
    assert environment_of(here, NAME)["AirflowVersion"] == MADE
    assert here.paused(NAME) == paused


def test_its_history_goes_into_an_environment_without_that_key(
    here: Side, people: People, leaving: Person, arriving: Person, moved: Moved
) -> None:
    """What has a key is the source now: its encrypted files are copied by S3, and the wizard's DAG files lie there."""
    session = session_of(
        leaving, arriving, versions=(MADE, LATER), names=(NAME, PLAIN), target_more={"settings": {"KmsKey": ""}},
        logs=Logs(copy_logs=False),
    )  # fmt: skip
    environment = environment_of(here, NAME)
    allow(session, environment, leaving, arriving)
    with recording("new-environment-key", session, environment, labels(leaving, arriving)) as ledger, people.working():
        done = here.wizard("run", session.id, "--yes", timeout=1200)
        undone = here.wizard("undo", session.id, "--yes", timeout=900) if not done.returncode else done
    for one in (done, undone):
        unhindered(one)
    assert ledger.refused == []


def test_undo_takes_environment_secrets_and_the_role_s_policy(
    here: Side, people: People, leaving: Person, arriving: Person, moved: Moved
) -> None:
    allow(moved.session, moved.environment, leaving, arriving)
    with recording("settings-only-key-undo", moved.session, moved.environment, moved.who) as ledger, people.working():
        undone = here.wizard("undo", moved.session.id, "--yes", timeout=900)
    unhindered(undone)
    assert ledger.refused == []
    assert NAME not in here.client("mwaa").list_environments()["Environments"]
    assert here.client("iam").list_role_policies(RoleName=ROLE)["PolicyNames"] == ["base"]
    found = {row["Name"] for row in here.client("secretsmanager").list_secrets()["SecretList"]}
    assert found == set(SECRETS)
