"""Sufficient: an operator with the generated policies, and nothing else, runs a migration to its end and undoes it.

The two execution roles have only what the run itself gives them: the base policy and the wizard's own inline policies.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.front import engine_policies
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Connection, Logs, Route, Session, Source, Target
from tests.e2e.world import REGION, SOURCE, World

pytestmark = pytest.mark.e2e

ROLE = "least-operator"
# A look that is refused is told by the preflight as a warning, and a copy that falls back by the step.
REFUSED = re.compile(r"is refused|permission is missing|may not|AccessDenied")


class Operator:
    """An assumed role in a profile of its own."""

    def __init__(self, world: World, folder: Path) -> None:
        self._iam, sts = world.client("iam"), world.client("sts")
        self.account = sts.get_caller_identity()["Account"]
        believed = {"AWS": f"arn:aws:iam::{self.account}:root"}
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": believed, "Action": "sts:AssumeRole"}]}  # fmt: skip
        arn = self._iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
        keys = sts.assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
        self.credentials, self.config = folder / "credentials", folder / "config"
        self.credentials.write_text(
            f"[least]\naws_access_key_id = {keys['AccessKeyId']}\n"
            f"aws_secret_access_key = {keys['SecretAccessKey']}\naws_session_token = {keys['SessionToken']}\n"
        )
        self.config.write_text(f"[profile least]\nregion = {REGION}\n")

    def may(self, session: Session, environment: dict[str, Any]) -> None:
        """Give the role the session's documents, and take off what it had."""
        for name in self._iam.list_role_policies(RoleName=ROLE)["PolicyNames"]:
            self._iam.delete_role_policy(RoleName=ROLE, PolicyName=name)
        pieces = engine_policies.draft(session, environment).found.pieces()
        for name, piece in pieces.items():
            if name.startswith("operator-") and "planning" not in name:
                text = engine_policies.text(piece, "json")
                self._iam.put_role_policy(RoleName=ROLE, PolicyName=piece.policy.name, PolicyDocument=text)


@pytest.fixture(scope="module")
def operator(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    made = Operator(world, tmp_path_factory.mktemp("aws"))
    patch = pytest.MonkeyPatch()
    patch.setenv("AWS_CONFIG_FILE", str(made.config))
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(made.credentials))
    patch.setenv("AWS_PROFILE", "least")
    yield made
    patch.undo()


@pytest.mark.parametrize("route", ["new-environment", "settings-only"])
def test_the_generated_policies_are_enough(world: World, operator: Operator, route: Route) -> None:
    arn = f"arn:aws:sts::{operator.account}:assumed-role/{ROLE}/me"
    place = Connection(profile="least", region=REGION, account=operator.account, arn=arn, partition="aws")
    target = Target(connection=place, environment=f"least-{route[:3]}", airflow_version=world.target_version)
    session = Session(
        route=route, logs=Logs(days=1), target=target,
        source=Source(connection=place, environment=SOURCE, airflow_version=world.source_version),
    )  # fmt: skip
    store.save(session)
    # Read with the sandbox's own credentials: what the operator may is only made from it.
    environment = dict(_own(world).get_environment(Name=SOURCE)["Environment"])
    operator.may(session, environment)
    done = world.wizard("run", session.id, "--yes", timeout=1200)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert [line for line in done.stdout.splitlines() if REFUSED.search(line) and "password" not in line] == []
    gone = world.wizard("undo", session.id, "--yes", timeout=900)
    assert gone.returncode == 0, gone.stdout[-3000:] + gone.stderr[-1000:]
    assert [line for line in gone.stdout.splitlines() if REFUSED.search(line)] == []


def _own(world: World) -> Any:
    """The sandbox's own MWAA client, whatever profile the environment names."""
    import boto3

    from mwaa_wizard.sandbox import control

    status = control.status().environ()
    patch = pytest.MonkeyPatch()
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        patch.setenv(name, status[name])
    try:
        return boto3.Session(profile_name="sandbox", region_name=REGION).client("mwaa")
    finally:
        patch.undo()
