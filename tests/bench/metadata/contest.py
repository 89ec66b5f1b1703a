"""The databases, the bucket and the programs of one bench run, and how each of them is timed."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psutil

from mwaa_wizard.metadata import dagfile
from mwaa_wizard.sandbox.airflow import postgres_binaries
from mwaa_wizard.sandbox.airflow.commands import initialise
from mwaa_wizard.sandbox.airflow.postgres import Postgres
from mwaa_wizard.sandbox.airflow.uv_tool import run_uv
from mwaa_wizard.sandbox.airflow.venv import ensure_venv
from mwaa_wizard.sandbox.airflow.versions import parse
from tests.bench.metadata import fill
from tests.bench.metadata.memory import Peak
from tests.bench.metadata.storage import Storage

VERSION = "2.10.3"
PEER = "mwaa-dr==2.2.0"
INSIDE = Path(__file__).parent / "inside"
FERNET = "cFV3S3hxd0RrU2hLc3lQb2hLc3lQb2hLc3lQb2hLczE="


def say(text: str) -> None:
    """One line of progress."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


@dataclass
class Timed:
    """What one program took: seconds by its own clock where it has one, bytes it left, peak memory in bytes, and
    seconds of processor time, its own and PostgreSQL's for it."""

    seconds: float
    size: int = 0
    rss: int = 0
    pss: int = 0
    own: float = 0.0
    server: float = 0.0


class Ring:
    """One PostgreSQL, one bucket store, one Airflow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = Postgres(folder / "postgres")
        self.storage = Storage()
        self.buckets = 0

    def open(self) -> None:
        """Start everything; make the empty database of the Airflow."""
        say(f"Airflow {VERSION}, PostgreSQL and {PEER} are made ready ...")
        self.venv = ensure_venv(VERSION, say)
        self.postgres.start()
        # It would clean up after one contestant while the next one runs.
        self.postgres.sql("ALTER SYSTEM SET autovacuum TO off")
        self.postgres.sql("SELECT pg_reload_conf()")
        self.peer = self.folder / "peer"
        python = str(self.venv / "bin" / "python")
        # Beside the same Airflow, not into it: its own Airflow requirement is met already.
        for words in (["--no-deps", PEER], ["smart-open>=7.0.4"]):
            done = run_uv(["pip", "install", "--quiet", "--python", python, "--target", str(self.peer), *words])
            if done.returncode:
                raise SystemExit(f"{PEER} could not be installed: {done.stderr}")
        self.postgres.create_database("empty")
        self.run([str(self.venv / "bin" / "airflow"), *initialise(parse(VERSION))], "empty")

    def close(self) -> None:
        """End and delete everything."""
        self.storage.stop()
        self.postgres.wipe()

    def fill(self, size: fill.Size) -> str:
        """A database of that size; its name."""
        name = f"source_{size.tasks}"
        self.postgres.create_database(name, "empty")
        for what, statement in fill.statements(size):
            begun = time.perf_counter()
            self.postgres.sql(statement + ";", name)
            if time.perf_counter() - begun > 2:
                say(f"{name}: {what} in {time.perf_counter() - begun:.0f} s")
        return name

    def bucket(self) -> str:
        """The name of a new bucket."""
        self.buckets += 1
        return f"bench-{self.buckets}"

    def env(self, database: str, **more: str) -> dict[str, str]:
        """Environment variables of a program on one of the databases."""
        uri = self.postgres.uri(database)
        parts = urlsplit(uri)
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "AIRFLOW_HOME": str(self.folder / "home"),
            "AIRFLOW_ENV_NAME": "bench",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": uri,
            "AIRFLOW__CORE__FERNET_KEY": FERNET,
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "AWS_ENDPOINT_URL": self.storage.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "PYTHONWARNINGS": "ignore",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(parts.port),
            "PGUSER": parts.username or "",
            "PGPASSWORD": unquote(parts.password or ""),
            "PGDATABASE": database,
            **more,
        }

    def run(self, command: list[str], database: str, **more: str) -> tuple[str, Timed]:
        """Run a program to its end: (its last line, what it took from start to end)."""
        self.postgres.sql("CHECKPOINT")
        own, server = self.processor()
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, env=self.env(database, **more), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        peak = Peak(process.pid)
        try:
            out, err = process.communicate(timeout=600)
        finally:
            process.kill()
            peak.stop()
        seconds = time.perf_counter() - begun
        if process.returncode:
            raise SystemExit(f"{command[0]} failed: {err[-3000:]}")
        lines = out.strip().splitlines()
        time.sleep(0.2)  # until PostgreSQL has taken leave of the connections
        own_after, server_after = self.processor()
        return lines[-1] if lines else "", Timed(
            seconds, 0, peak.rss, peak.pss, own_after - own, server_after - server
        )

    def processor(self) -> tuple[float, float]:
        """Seconds of processor time so far: of programs that ended, and of PostgreSQL's connections that did."""
        mine = resource.getrusage(resource.RUSAGE_CHILDREN)
        server = psutil.Process(self.postgres.processes()[0][1]).cpu_times()
        return mine.ru_utime + mine.ru_stime, server.children_user + server.children_system

    def ours(self, database: str, dag_id: str, bucket: str, tables: list[str]) -> tuple[Timed, dict[str, Any]]:
        """One of our DAG files, its function called as its task does; the document it leaves."""
        folder = self.folder / "dags"
        folder.mkdir(exist_ok=True)
        path = folder / dagfile.file_name(dag_id)
        path.write_bytes(dagfile.render(dag_id))
        conf = {"bucket": bucket, "region": "us-east-1", "session": "s-bench"}
        request = {"format": 1, "run_id": "bench", "environment": "bench", "tables": tables, "parallel": 2}
        command = [str(self.venv / "bin" / "python"), str(INSIDE / "timed.py"), str(path), json.dumps(conf)]
        line, timed = self.run([*command, json.dumps(request)], database)
        answer = json.loads(line)
        if answer["error"]:
            raise SystemExit(f"{dag_id}: {answer['error']}")
        timed.seconds, timed.own = answer["seconds"], answer["cpu"]
        return timed, answer["document"]

    def theirs(self, database: str, what: str, table: str, bucket: str) -> Timed:
        """mwaa-dr's backup or restore of one table."""
        command = [str(self.venv / "bin" / "python"), str(INSIDE / "peer.py"), what, table, bucket]
        line, timed = self.run(command, database, PYTHONPATH=str(self.peer))
        answer = json.loads(line)
        timed.seconds, timed.own = answer["seconds"], answer["cpu"]
        return timed

    def program(self, name: str) -> str:
        """One of PostgreSQL's programs: beside the sandbox's, else on PATH."""
        beside = Path(postgres_binaries.find().program(name))
        found = str(beside) if beside.exists() else shutil.which(name)
        if found is None:
            raise SystemExit(f"PostgreSQL's {name} is not on this machine")
        return found

    def psql(self, database: str, *commands: str) -> Timed:
        """One psql per command, all at the same time."""
        if len(commands) == 1:
            return self.run([self.program("psql"), "-X", "-q", "-c", commands[0]], database)[1]
        script = " & ".join(f'"$PSQL" -X -q -c "${{C{n}}}"' for n in range(len(commands))) + " & wait"
        names = {f"C{n}": command for n, command in enumerate(commands)}
        return self.run(["sh", "-c", script], database, PSQL=self.program("psql"), **names)[1]
