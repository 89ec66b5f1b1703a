"""PostgreSQL and S3 for the pairs that every test run goes through."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaa_wizard.sandbox.airflow.postgres import Postgres
from tests.conftest import SHARED_CACHE
from tests.matrix.world import World


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    from moto.server import ThreadedMotoServer

    root: Path = tmp_path_factory.mktemp("matrix")
    patch = pytest.MonkeyPatch()
    patch.setenv("MWAA_WIZARD_CACHE", SHARED_CACHE)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server.start()
    postgres = Postgres(root / "postgres")
    try:
        postgres.start()
        host, port = server.get_host_and_port()
        yield World(postgres, f"http://{host}:{port}", root)
    finally:
        postgres.wipe()
        server.stop()
        patch.undo()
