"""In partition aws-cn: settings-only from cn-north-1 into the same region, then a whole history into cn-northwest-1.

Settings-only makes role and bucket by itself and writes the connections to Secrets Manager. The history, with its task
logs, goes into an environment whose role and bucket were made by hand and whose key is of another account, all with the
generated documents; before that account has opened it, the check before the run says so. Everything that anybody asks
for is of this partition, in its two regions, and keys are used through services by their names there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mwaa_wizard import paths
from mwaa_wizard.entries import result
from mwaa_wizard.entries.backend import SECRETS_MANAGER
from mwaa_wizard.sandbox import control, provision
from mwaa_wizard.sandbox.demo import TARGET_VERSION, source_version
from mwaa_wizard.session.model import Entries, Logs, Session
from tests.e2e.least.people import (
    People,
    Person,
    allow,
    environment_of,
    execution_role,
    its_own,
    let_key,
    narrow,
    roles_of,
    session_of,
)
from tests.e2e.least.planning import labels, look_at_all
from tests.e2e.least.told import unhindered, until_available
from tests.e2e.routes.two_accounts import Side
from tests.policies.minimal.record import Row
from tests.policies.minimal.recorder import recording

pytestmark = pytest.mark.e2e

ACCOUNT, KEEPERS, BEIJING, NINGXIA = "666677778888", "777766665555", "cn-north-1", "cn-northwest-1"
OLD, SET, MOVED, ROLE, BUCKET = "least-cn", "least-cn-set", "least-cn-far", "least-execution-cn", "least-cn-far-dags"
VALUE = "least-" + "Wd9pK3"
SECRETS = {
    "prod/connections/dwh": f"postgresql://etl:{VALUE}@dwh.example:5432/marts",
    "prod/variables/api_key": VALUE,
}
RESOLVE = """
import json
from airflow.models import Connection, Variable
one = Connection.get_connection_from_secrets("dwh")
print("JSON:" + json.dumps([one.password, one.host, Variable.get("api_key")]))
"""


@dataclass
class China:
    """One account in two regions, another one that keeps the keys, and who works in each region."""

    here: Side
    there: Side
    keeper: Side
    people: People
    leaving: Person
    arriving: Person


@pytest.fixture(scope="module")
def china(home: Path, people: People) -> Iterator[China]:
    """A source of its own, whose role has the generated base policy, and which reads Secrets Manager."""
    accounts = ((ACCOUNT, BEIJING, "cn"), (ACCOUNT, NINGXIA, "cn-far"), (KEEPERS, NINGXIA, "cn-keys"))
    places = [control.add_account(account, region, f"sandbox-{end}", print) for account, region, end in accounts]
    status = control.up([(OLD, source_version())], "small", lambda line: print(line, flush=True),
                        profile=places[0].profile)  # fmt: skip
    os.environ.update(status.environ())
    here, there, keeper = (Side(home, source_version(), TARGET_VERSION, place) for place in places)
    source = environment_of(here, OLD)
    narrow(here, source)
    below = f"arn:aws-cn:secretsmanager:{BEIJING}:{ACCOUNT}:secret:prod/*"
    its_own(here, source, "secretsmanager:GetSecretValue", below)
    for name, value in SECRETS.items():
        here.client("secretsmanager").create_secret(Name=name, SecretString=value)
    kwargs = json.dumps({"connections_prefix": "prod/connections", "variables_prefix": "prod/variables"})
    options = {**(source.get("AirflowConfigurationOptions") or {}), "secrets.backend": SECRETS_MANAGER,
               "secrets.backend_kwargs": kwargs}  # fmt: skip
    here.client("mwaa").update_environment(Name=OLD, AirflowConfigurationOptions=options)
    until_available(here, OLD)
    leaving, arriving = (people.person(here, f"least-cn-{side}") for side in ("source", "target"))
    yield China(here, there, keeper, people, leaving, arriving)
    here.drop(OLD)


def _only_in_china(session: Session, rows: list[Row]) -> None:
    """Every ARN is of this partition, and nobody of this account was asked for outside of its regions."""
    assert {row["resource"].split(":")[1] for row in rows if row["resource"].startswith("arn:")} == {"aws-cn"}
    through = {str(row["context"].get("kms:ViaService", ".amazonaws.com.cn")) for row in rows}
    assert [name for name in through if not name.endswith(".amazonaws.com.cn")] == []
    asked = {row["region"] for row in control.calls() if row["account"] == ACCOUNT}
    assert asked == {BEIJING, NINGXIA}
    files = [file for file in Path(paths.run_dir(session.id)).rglob("*") if file.is_file()]
    assert [file.name for file in files if b"arn:aws:" in file.read_bytes()] == []
    assert any(b"arn:aws-cn:" in file.read_bytes() for file in files)


def test_settings_only(china: China) -> None:
    here, pair = china.here, (china.leaving, china.arriving)
    session = session_of(
        *pair, versions=(here.source_version, TARGET_VERSION), names=(OLD, SET), target_more={},
        route="settings-only", entries=Entries(prefix="set"),
    )  # fmt: skip
    environment, roles = environment_of(here, OLD), roles_of(here)
    beyond = "variables and pools", "connections"  # only Airflow's role Op sees these, and that may write, too
    look_at_all("settings-only-china-plan", here, china.people, session, environment, pair, beyond)
    allow(session, environment, *pair)
    with recording("settings-only-china", session, environment, labels(*pair)) as ledger:
        with china.people.working():
            done = here.wizard("run", session.id, "--yes", timeout=1200)
        unhindered(done)
        found = result.load(session.id)
        assert found.same, found
        assert here.inside(SET, RESOLVE) == [VALUE, "dwh.example", VALUE]
        with china.people.working():
            undone = here.wizard("undo", session.id, "--yes", timeout=900)
    unhindered(undone)
    assert ledger.refused == []
    _only_in_china(session, ledger.rows)
    assert roles_of(here) == roles
    assert {row["Name"] for row in here.client("secretsmanager").list_secrets()["SecretList"]} == set(SECRETS)


def test_a_history_into_the_other_region_with_a_key_of_another_account(china: China) -> None:
    here, there = china.here, china.there
    arriving = replace(china.arriving, side=there)
    role, key = f"arn:aws-cn:iam::{ACCOUNT}:role/{ROLE}", _key_and_bucket(china)
    session = session_of(
        china.leaving, arriving, versions=(here.source_version, TARGET_VERSION), names=(OLD, MOVED),
        target_more={"create_role": False, "create_bucket": False, "settings": {
            "ExecutionRoleArn": role, "SourceBucketArn": f"arn:aws-cn:s3:::{BUCKET}", "KmsKey": key,
            "NetworkConfiguration.SubnetIds": list(there.place.subnet_ids),
            "NetworkConfiguration.SecurityGroupIds": list(there.place.security_group_ids)}},
        logs=Logs(days=1),
    )  # fmt: skip
    environment = environment_of(here, OLD)
    pieces = allow(session, environment, china.leaving, arriving)
    execution_role(there, ROLE, pieces, "secrets")
    with china.people.working():
        closed = here.wizard("preflight", session.id, "--json")
    said = [row for row in map(json.loads, closed.stdout.splitlines()) if row.get("verdict") == "fail"]
    assert [row["evidence"] for row in said] == [f"{key} is of account {KEEPERS}, and kms:DescribeKey is refused"]
    let_key(china.keeper, key, pieces["kms-key"].policy.document["Statement"])
    who: dict[str, str | tuple[str, ...]] = {**labels(china.leaving, arriving), role: ("execution-role", "secrets")}
    with recording("new-environment-china", session, environment, who) as ledger, china.people.working():
        done = here.wizard("run", session.id, "--yes", timeout=1400)
        undone = here.wizard("undo", session.id, "--yes", timeout=900) if not done.returncode else done
    for one in (done, undone):
        unhindered(one)
    assert ledger.refused == []
    assert "VERIFIED" in done.stdout
    _only_in_china(session, ledger.rows)
    assert any(row["context"].get("kms:ViaService") == f"s3.{NINGXIA}.amazonaws.com.cn" for row in ledger.rows)
    assert any(row["principal"] == f"logs.{NINGXIA}.amazonaws.com.cn" for row in ledger.rows)
    assert MOVED not in there.client("mwaa").list_environments()["Environments"]


def _key_and_bucket(china: China) -> str:
    """Another account's key, and a bucket that is encrypted with it, as administrators make them; the key's ARN."""
    key = str(china.keeper.client("kms").create_key(Description="least")["KeyMetadata"]["Arn"])
    s3 = china.there.client("s3")
    provision.make_bucket(s3, BUCKET, NINGXIA)
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}]})  # fmt: skip
    return key
