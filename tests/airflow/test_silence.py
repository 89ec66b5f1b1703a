"""A run that says nothing: how long is waited, for what, and what is said in the end."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.airflow import follow, health, rest
from mwaa_wizard.airflow.follow import Follower
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution.steps.migration_bucket import MigrationBucket
from tests.execution.fakes import FakeAirflow, Rig, client_error

DAG, RUN = "mwz_import", "mw-00000001"


class Unwell(FakeAirflow):
    """Airflow whose scheduler or web server is not well."""

    scheduler = "healthy"

    def answer(self, method: str, path: str, query: dict[str, Any], body: Any) -> tuple[int, dict[str, Any]]:
        if path == "/health":
            beat = "2026-01-01T00:00:00+00:00"
            return 200, {"scheduler": {"status": self.scheduler, "latest_scheduler_heartbeat": beat}}
        return super().answer(method, path, query, body)


@pytest.fixture
def airflow(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Unwell:
    for name, seconds in (("STATE_EVERY", 0.05), ("GONE_AFTER", 0.5), ("QUIET_AFTER", 0.2), ("LOST_AFTER", 3.0)):
        monkeypatch.setattr(follow, name, seconds)
    monkeypatch.setattr(follow, "SILENT_AFTER", 6.0)
    monkeypatch.setattr(health, "ASK_EVERY", 0.05)
    monkeypatch.setattr(health, "UNHEALTHY_AFTER", 0.5)
    monkeypatch.setattr(rest, "_TRIES", 1)
    MigrationBucket().run(rig.context("migration-bucket"))
    unwell = Unwell(dags={DAG: False}, runs={(DAG, RUN): "running"})
    rig.mwaa.airflows["old"] = unwell
    return unwell


def fails(rig: Rig) -> WizardError:
    with pytest.raises(WizardError) as caught:
        Follower(rig.context("import"), "source", DAG, RUN).follow()
    assert caught.value.exit_code == EXIT_RESUMABLE
    assert "resume" in caught.value.remedy
    return caught.value


def test_a_dead_scheduler_is_named_with_its_last_heartbeat(rig: Rig, airflow: Unwell) -> None:
    airflow.scheduler = "unhealthy"
    error = fails(rig)
    assert "The scheduler of old has not been alive" in error.what
    assert "2026-01-01" in error.where
    assert "is not healthy" in rig.lines()


def test_a_web_server_that_is_gone_ends_the_following_although_the_bucket_answers(rig: Rig, airflow: Unwell) -> None:
    """The bucket's good answers in between must not start the clock anew."""
    rig.put(f"progress/{DAG}.json", {"dag_id": DAG, "run_id": RUN, "state": "running"})
    rig.mwaa.rest_refusal = client_error(
        "RestApiServerException", RestApiStatusCode=503, RestApiResponse={"detail": "cannot be reached"}
    )
    error = fails(rig)
    assert "Airflow of old could not be reached" in error.what
    assert "cannot be reached" in error.where
    assert RUN in error.remedy


def test_a_worker_that_died_is_silence_although_the_scheduler_lives(rig: Rig, airflow: Unwell) -> None:
    rig.put(f"progress/{DAG}.json", {"dag_id": DAG, "run_id": RUN, "state": "running", "phase": "import"})
    error = fails(rig)
    assert "no sign of life" in error.what
    assert f"run {RUN}, state running" in error.where


def test_credentials_that_expire_while_following_end_it_at_once(rig: Rig, airflow: Unwell) -> None:
    rig.mwaa.rest_refusal = client_error("ExpiredTokenException", "The security token has expired")
    error = follow_raises(rig)
    assert "ExpiredToken" in error


def follow_raises(rig: Rig) -> str:
    with pytest.raises(Exception) as caught:
        Follower(rig.context("import"), "source", DAG, RUN).follow()
    assert "Cannot look right now" not in rig.lines()
    return str(caught.value)
