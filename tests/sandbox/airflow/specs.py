"""Specs the tests of this room start from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mwaa_wizard.sandbox.airflow.settings import Ports, Secrets
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec

PORTS = Ports(18080, 18081, 18082)
SECRETS = Secrets("k" * 43 + "=", "w" * 32, "p" * 32)
URI = "postgresql+psycopg2://airflow:hidden@127.0.0.1:5432/env_x"


def spec(version: str = "2.10.3", **changes: Any) -> RuntimeSpec:
    """A plain environment `prod` of one Airflow version."""
    plain = RuntimeSpec(
        name="prod", version=version, account="111122223333", region="eu-west-1", partition="aws",
        endpoint_url="http://127.0.0.1:4566", bucket="prod-bucket", dag_s3_path="dags",
    )  # fmt: skip
    return replace(plain, **changes)
