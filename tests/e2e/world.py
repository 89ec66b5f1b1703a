"""What the end-to-end tests ask of the sandbox and of the wizard's command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from mwaa_wizard import paths
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Connection, Session, Source, Target

SOURCE = "analytics-prod"
PROFILE = "sandbox"
REGION = "us-east-1"

# Runs inside an environment's own virtual environment with its own settings: what that Airflow itself reads.
READ_SECRETS = """
import json
from airflow.models import Connection, Variable
from airflow.utils.session import create_session
with create_session() as session:
    out = {
        "variables": {v.key: v.get_val() for v in session.query(Variable)},
        "connections": {
            c.conn_id: [c.conn_type, c.host, c.login, c.get_password(), c.port, c.schema, c.get_extra()]
            for c in session.query(Connection)
        },
    }
print("JSON:" + json.dumps(out))
"""


@dataclass
class World:
    """The shared sandbox."""

    home: Path
    source_version: str
    target_version: str

    def client(self, service: str) -> Any:
        """A boto3 client as the wizard's operator."""
        import boto3

        return boto3.Session(profile_name=os.environ.get("AWS_PROFILE", PROFILE), region_name=REGION).client(service)

    def new_session(self, target: str, **changes: Any) -> Session:
        """A saved session on the common path, source to `target`."""
        connection = Connection(profile=PROFILE, region=REGION)
        session = Session(
            source=Source(connection=connection, environment=SOURCE, airflow_version=self.source_version),
            target=Target(connection=connection, environment=target, airflow_version=self.target_version),
            **changes,
        )
        store.save(session)
        return session

    def drop(self, environment: str) -> None:
        """Begin to delete an environment that no later test looks at: an idle Airflow takes a tenth of a core."""
        self.client("mwaa").delete_environment(Name=environment)

    def wizard(self, *words: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
        """Run `mwaa-wizard WORDS` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "mwaa_wizard", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def run_and_kill(self, *words: str, when: Callable[[], bool], timeout: float = 300) -> None:
        """Start `mwaa-wizard WORDS` and kill -9 it as soon as `when()` is true."""
        with subprocess.Popen(
            [sys.executable, "-m", "mwaa_wizard", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            end = time.monotonic() + timeout
            while not when():
                if process.poll() is not None or time.monotonic() > end:
                    process.kill()
                    output = process.communicate(timeout=10)[0]
                    raise AssertionError(f"the moment to kill never came:\n{output}")
                time.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=10)

    def process_of(self, environment: str) -> psutil.Process:
        """A running Airflow process of one of this sandbox's environments (for its settings)."""
        mark = str(paths.sandbox_dir())
        for process in psutil.process_iter():
            try:
                environ, words = process.environ(), " ".join(process.cmdline())
            except (psutil.Error, OSError):
                continue
            ours = environ.get("MWAA_WIZARD_SANDBOX") == mark and environ.get("AIRFLOW_ENV_NAME") == environment
            if ours and "scheduler" in words:
                return process
        raise AssertionError(f"no scheduler of {environment} is running")

    def inside(self, environment: str, code: str) -> Any:
        """Run Python inside an environment's Airflow and return the JSON it prints."""
        from mwaa_wizard.sandbox.airflow.venv import ensure_venv

        environ = {**self.process_of(environment).environ(), "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR"}
        version = self.client("mwaa").get_environment(Name=environment)["Environment"]["AirflowVersion"]
        python = ensure_venv(version, print) / "bin" / "python"
        done = subprocess.run(
            [str(python), "-"], input=code, env=environ, capture_output=True, text=True, timeout=120, check=False
        )
        lines = [line for line in done.stdout.splitlines() if line.startswith("JSON:")]
        assert lines, done.stdout + done.stderr
        return json.loads(lines[-1][5:])

    def rest(self, environment: str, path: str, **query: Any) -> Any:
        """A GET through MWAA's InvokeRestApi."""
        answer = self.client("mwaa").invoke_rest_api(Name=environment, Path=path, Method="GET", QueryParameters=query)
        return answer["RestApiResponse"]

    def paused(self, environment: str) -> dict[str, bool]:
        """Paused state of every DAG."""
        found: dict[str, bool] = {}
        while True:
            page = self.rest(environment, "/dags", limit=100, offset=len(found), only_active=False)
            found.update({dag["dag_id"]: dag["is_paused"] for dag in page["dags"]})
            if len(found) >= page["total_entries"] or not page["dags"]:
                return found


def step_has(session: Session, step: str, event: str) -> Callable[[], bool]:
    """Whether the journal has such a record of a step."""
    return lambda: Journal.of(session.id).last(step, event) is not None
