"""One account on moto with what an environment needs, and the API over fake runtimes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from mwaa_wizard.sandbox import provision
from mwaa_wizard.sandbox.mwaa.service import Service
from tests.sandbox.mwaa.fakes import ACCOUNT, REGION, Aws, Permissions, Plan, mwaa_client


@dataclass
class World:
    """Everything a test of the API touches."""

    service: Service
    client: Any
    permissions: Permissions
    plan: Plan
    aws: Aws
    around: provision.Surroundings

    def settings(self, name: str = "prod", version: str = "2.8.1", **changes: Any) -> dict[str, Any]:
        given = provision.environment_settings(name, version, self.around, REGION)
        return {key: value for key, value in {**given, **changes}.items() if value is not None}

    def settle(self, name: str = "prod") -> dict[str, Any]:
        """Wait until the environment's own thread has ended; its GetEnvironment view."""
        environment = next(found for found in self.service.environments() if found.name == name)
        assert environment.done.wait(20)
        view: dict[str, Any] = self.client.get_environment(Name=name)["Environment"]
        return view

    def create(self, name: str = "prod", version: str = "2.8.1", **changes: Any) -> dict[str, Any]:
        self.client.create_environment(**self.settings(name, version, **changes))
        return self.settle(name)

    def history(self, name: str = "prod") -> list[str]:
        return next(found.history for found in self.service.environments() if found.name == name)


@pytest.fixture(scope="module")
def moto() -> Iterator[Aws]:
    """One moto for a file: a fresh one reads all of AWS's managed policies again (1.3 s)."""
    with mock_aws():
        yield Aws()


def forget(aws: Aws) -> None:
    """Take away what the test before made in the parts of moto that tests look at."""
    iam, logs = aws.client("iam", REGION), aws.client("logs", REGION)
    for role in iam.list_roles(PathPrefix="/")["Roles"]:
        for policy in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            iam.delete_role_policy(RoleName=role["RoleName"], PolicyName=policy)
        iam.delete_role(RoleName=role["RoleName"])
    for group in logs.describe_log_groups()["logGroups"]:
        logs.delete_log_group(logGroupName=group["logGroupName"])


@pytest.fixture
def world(tmp_path: Path, moto: Aws) -> Iterator[World]:
    forget(moto)
    plan, permissions = Plan(), Permissions()
    around = provision.surround(moto, "prod", ACCOUNT, REGION)
    service = Service(aws=moto, runtime_factory=plan.factory, homes=tmp_path, poll_seconds=0.01)
    yield World(service, mwaa_client(service, permissions), permissions, plan, moto, around)
    service.stop_all()
