"""A local AWS and a PostgreSQL of a test folder's own, on loopback, ended with the block that began them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mwaa_wizard.sandbox.airflow.postgres import Postgres


@contextmanager
def plain_aws() -> Iterator[str]:
    """URL of a moto server in this process; it asks for no permissions."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # a line per request would bury a failing test's words
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@contextmanager
def aws_and_postgres(root: Path) -> Iterator[tuple[Postgres, str]]:
    """A running PostgreSQL with its data below `root`, and the URL of a local AWS."""
    with plain_aws() as endpoint:
        postgres = Postgres(root / "postgres")
        try:
            postgres.start()
            yield postgres, endpoint
        finally:
            postgres.wipe()
