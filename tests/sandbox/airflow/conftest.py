"""A plain moto server and the PostgreSQL of the shared cache, for the tests that run real Airflow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.sandbox.airflow.postgres import Postgres
from tests.conftest import SHARED_CACHE
from tests.services import plain_aws


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own state folder and the shared cache (the general fixture leaves e2e tests alone)."""
    monkeypatch.setenv("MWAA_WIZARD_HOME", str(tmp_path / "wizard"))
    monkeypatch.setenv("MWAA_WIZARD_CACHE", SHARED_CACHE)
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture(scope="module")
def moto_url() -> Iterator[str]:
    """URL of one moto server for a module's tests."""
    with plain_aws() as url:
        yield url


@pytest.fixture
def endpoint(world: Path, moto_url: str) -> str:
    """URL of a moto server with an empty account."""
    from moto.moto_api._internal.models import moto_api_backend

    moto_api_backend.reset()
    return moto_url


@pytest.fixture
def aws(endpoint: str) -> Callable[[str], Any]:
    """boto3 clients of that server."""
    import boto3

    def client(service: str) -> Any:
        return boto3.session.Session().client(
            service, endpoint_url=endpoint, region_name="eu-west-1", aws_access_key_id="AKIATEST",
            aws_secret_access_key="secret",
        )  # fmt: skip

    return client


@pytest.fixture
def postgres(world: Path) -> Iterator[Postgres]:
    """The shared server, joined for the test's time."""
    server = Postgres()
    server.start()
    yield server
    server.stop()
