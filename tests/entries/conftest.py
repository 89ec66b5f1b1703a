"""Two Airflows that keep variables, pools and connections, on the loopback AWS of the steps' tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mwaa_wizard.entries import survey
from mwaa_wizard.execution.context import Context
from mwaa_wizard.session.model import Entries
from tests.entries.fakes import FakeRest
from tests.execution.conftest import endpoint, make_client, rig
from tests.execution.fakes import Rig

__all__ = ["endpoint", "make_client", "rig"]


@dataclass
class Move:
    """The rig on route settings-only, with an Airflow for each side."""

    rig: Rig
    source: FakeRest
    target: FakeRest

    def context(self, step: str) -> Context:
        """As a new process would have it, but that nobody waits."""
        return self.rig.context(step)

    @property
    def secrets(self) -> Any:
        return self.rig.clients.client("target", "secretsmanager")

    def secret_names(self) -> set[str]:
        return {row["Name"] for row in self.secrets.list_secrets()["SecretList"]}


@pytest.fixture
def move(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Iterator[Move]:
    session, mwaa = rig.session, rig.mwaa
    session.route = "settings-only"
    session.source.airflow_version, session.target.airflow_version = "3.0.6", "3.3.1"
    session.entries = Entries()
    mwaa.environments["old"]["AirflowVersion"] = "3.0.6"
    made = mwaa.add("new", rig.source_bucket, mwaa.environments["old"]["ExecutionRoleArn"], AirflowVersion="3.0.6")
    made.dags.update(dict.fromkeys(mwaa.airflows["old"].dags, True))
    mwaa.environments["new"]["Tags"] = {"mwaa-wizard:session": session.id}
    airflows = {"old": FakeRest(), "new": FakeRest()}
    others = mwaa.invoke_rest_api

    def invoke(Name: str, Path: str, Method: str, **more: Any) -> dict[str, Any]:
        if Path.strip("/").split("/")[0] in ("variables", "pools", "connections"):
            return airflows[Name].invoke_rest_api(Name, Path, Method, **more)
        return others(Name, Path, Method, **more)

    monkeypatch.setattr(mwaa, "invoke_rest_api", invoke)
    monkeypatch.setattr("mwaa_wizard.entries.work.Turns", lambda sleep: _Turns())
    yield Move(rig, airflows["old"], airflows["new"])
    secrets = rig.clients.client("target", "secretsmanager")
    for row in secrets.list_secrets()["SecretList"]:
        secrets.delete_secret(SecretId=row["Name"], ForceDeleteWithoutRecovery=True)
    for connection in airflows["old"].rows["connections"]:
        survey.take_back(session, connection["connection_id"])


class _Turns:
    """No waiting."""

    def wait(self) -> None:
        """It is always one's turn."""
