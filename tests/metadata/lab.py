"""Real Airflow databases for the metadata tests: PostgreSQL, moto's S3, and DAG runs through `airflow dags test`."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaa_wizard.metadata import bundle, dagfile
from mwaa_wizard.sandbox.airflow.commands import initialise
from mwaa_wizard.sandbox.airflow.postgres import Postgres
from mwaa_wizard.sandbox.airflow.settings import database_section
from mwaa_wizard.sandbox.airflow.venv import ensure_venv
from mwaa_wizard.sandbox.airflow.versions import parse
from tests.airflows import near

SESSION = "s-0123abcd"
INSIDE = Path(__file__).parent / "inside"
FERNET = {
    "source": "cFV3S3hxd0RrU2hLc3lQb2hLc3lQb2hLc3lQb2hLczE=",
    "target": "dGFyZ2V0LWtleS10YXJnZXQta2V5LXRhcmdldC1rZXk=",
    "neither": "",  # what `db init` stores must be readable for both sides
}

_FAB = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"


def quiet(line: str) -> None:
    """Progress of installations is of no interest here."""


def client(endpoint: str) -> Any:
    """A client of the S3 the tests run."""
    import boto3

    return boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="testing",
        aws_secret_access_key="testing",
    )  # fmt: skip


@dataclass
class Bucket:
    """The migration bucket, seen from the wizard."""

    client: Any
    name: str

    def keys(self) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def read(self, key: str) -> bytes:
        return bytes(self.client.get_object(Bucket=self.name, Key=key)["Body"].read())

    def json(self, key: str) -> Any:
        return json.loads(self.read(key))

    def csv(self, key: str) -> str:
        return gzip.decompress(self.read(key)).decode()

    def put(self, key: str, document: Any) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=json.dumps(document).encode())


@dataclass
class Environment:
    """One Airflow: a virtual environment, a database, a home with our DAG files in it."""

    name: str
    version: str
    side: str
    home: Path
    uri: str
    endpoint: str
    postgres: Postgres
    runs: int = field(default=0)
    output: str = ""

    def __post_init__(self) -> None:
        self.venv = ensure_venv(self.version, quiet)
        folder = self.home / "dags"
        folder.mkdir(parents=True, exist_ok=True)
        for dag_id in dagfile.DAG_IDS_SOURCE + dagfile.DAG_IDS_TARGET:
            (folder / dagfile.file_name(dag_id)).write_bytes(dagfile.render(dag_id))

    def env(self) -> dict[str, str]:
        """The environment variables of this Airflow's processes."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ") if name in os.environ}
        release = parse(self.version)
        if release < (2, 0):
            kept["AIRFLOW__WEBSERVER__RBAC"] = "True"  # users and roles have tables of their own, as on MWAA
        if release >= (3, 0):
            kept["AIRFLOW__CORE__AUTH_MANAGER"] = _FAB  # what MWAA's image sets
        return {
            **kept,
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW_ENV_NAME": self.name,
            f"AIRFLOW__{database_section(release).upper()}__SQL_ALCHEMY_CONN": self.uri,
            "AIRFLOW__CORE__FERNET_KEY": FERNET[self.side],
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONWARNINGS": "ignore",
        }

    def start(self, *args: str) -> subprocess.Popen[str]:
        """Start a program of the virtual environment."""
        program = [str(self.venv / "bin" / args[0]), *args[1:]]
        return subprocess.Popen(
            program, env=self.env(), cwd=self.home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def call(self, *args: str, timeout: float = 300) -> str:
        """Run a program of the virtual environment to its end; its output."""
        process = self.start(*args)
        try:
            out, _ = process.communicate(timeout=timeout)
        finally:
            process.kill()
        assert process.returncode == 0, out[-4000:]
        return out

    def python(self, script: str, *args: str) -> Any:
        """Run one of the scripts in `inside/`; the JSON on its last line."""
        return json.loads(self.call("python", str(INSIDE / script), *args).strip().splitlines()[-1])

    def make_database(self) -> None:
        self.call("airflow", *initialise(parse(self.version)))

    def order(self, bucket: Bucket, dag_id: str, **orders: Any) -> list[Any]:
        """[dag id, conf, request] of a new run."""
        self.runs += 1
        request = {
            "format": 1, "run_id": f"mw-{self.runs:08x}", "environment": self.name, "alembic_head": None, **orders,
        }  # fmt: skip
        return [dag_id, {"bucket": bucket.name, "region": "us-east-1", "session": SESSION}, request]

    def run(self, bucket: Bucket, dag_id: str, **orders: Any) -> bundle.Progress:
        """One run by `airflow dags test`; how it ended. The output is kept in `output`."""
        _, conf, request = self.order(bucket, dag_id, **orders)
        bucket.put(bundle.request_key(dag_id), request)
        process = self.start("airflow", "dags", "test", dag_id, self._date(), "-c", json.dumps(conf))
        try:
            self.output, _ = process.communicate(timeout=300)
        finally:
            process.kill()
        return bundle.Progress.model_validate(bucket.json(bundle.progress_key(dag_id)))

    def quick(self, bucket: Bucket, dag_id: str, **orders: Any) -> bundle.Progress:
        """One run of the DAG's function without a DAG run (some seconds less)."""
        return self.several(self.order(bucket, dag_id, **orders))[0]

    def several(self, *steps: list[Any]) -> list[bundle.Progress]:
        """Several runs after one another in one process; how each ended."""
        return [bundle.Progress.model_validate(found) for found in self.python("call.py", json.dumps(steps))]

    def sql(self, statement: str) -> str:
        """One statement on this Airflow's database, from outside."""
        return self.postgres.sql(statement, self.home.name).strip()

    def _date(self) -> str:
        return f"2026-01-{1 + self.runs % 28:02d}T00:{self.runs // 28 % 60:02d}:00+00:00"


@dataclass
class Lab:
    """PostgreSQL and S3 for as many environments as a test wants."""

    postgres: Postgres
    endpoint: str
    root: Path
    made: int = 0

    def environment(self, side: str, version: str, like: Environment | None = None) -> Environment:
        """A new Airflow with a fresh database (cloned from a template made once per version), or one like another."""
        self.made += 1
        version = near(version)
        template = like.home.name if like else "template_" + version.replace(".", "_")
        if not self.postgres.has_database(template):
            self.postgres.create_database(template)
            self._at("template", version, "neither", template).make_database()
        database = f"{side}_{self.made}"
        self.postgres.create_database(database, template)
        return self._at(f"{side}-{version}", version, side, database)

    def _at(self, name: str, version: str, side: str, database: str) -> Environment:
        uri = self.postgres.uri(database)
        return Environment(name, version, side, self.root / database, uri, self.endpoint, self.postgres)

    def bucket(self, like: Bucket | None = None) -> Bucket:
        """A new bucket, empty or with what another one holds."""
        self.made += 1
        s3 = client(self.endpoint)
        name = f"mwaa-migration-{self.made}"
        s3.create_bucket(Bucket=name)
        for key in like.keys() if like else []:
            s3.put_object(Bucket=name, Key=key, Body=like.read(key) if like else b"")
        return Bucket(s3, name)
