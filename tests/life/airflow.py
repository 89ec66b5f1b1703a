"""One Airflow as it lives: a database, a DAG folder, and the real scheduler and web server on top of them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mwaa_wizard.sandbox.airflow import commands, process, settings, template
from mwaa_wizard.sandbox.airflow.home import Home
from mwaa_wizard.sandbox.airflow.postgres import Postgres
from mwaa_wizard.sandbox.airflow.process import ManagedProcess
from mwaa_wizard.sandbox.airflow.rest import RestClient
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from mwaa_wizard.sandbox.airflow.venv import ensure_venv

START_SECONDS = 240.0
PAGE = 100  # what Airflow 3 gives at most, whatever is asked for


def quiet(line: str) -> None:
    """Progress of installations is of no interest here."""


def wait(what: str, look: Callable[[], Any], seconds: float, every: float = 0.5) -> Any:
    """The first true answer of `look`. AssertionError naming `what` when none came in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(every)
    raise AssertionError(f"{what} did not come within {seconds:.0f} s")


class Airflow:
    """`start()` runs scheduler and web server (3.x: and DAG processor) until `stop()`."""

    def __init__(
        self, name: str, version: str, root: Path, postgres: Postgres, endpoint: str, options: dict[str, str]
    ) -> None:
        self.name, self.version, self.postgres, self.database = name, version, postgres, name
        self.spec = RuntimeSpec(
            name, version, "111122223333", "us-east-1", "aws", endpoint, "none", "dags",
            config_options=options, logging={"Task": (False, "INFO")},
        )  # fmt: skip
        self.venv = ensure_venv(version, quiet)
        self.home = root / name
        self.layout = Home(self.home)
        self.layout.make()
        (self.home / "aws" / "credentials").write_text(
            "[default]\naws_access_key_id = testing\naws_secret_access_key = testing\n"
        )
        self.ports = self.layout.ports()
        self.processes: list[ManagedProcess] = []

    @property
    def release(self) -> tuple[int, ...]:
        return self.spec.release

    @property
    def webserver_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.webserver}"

    def admin_login(self) -> tuple[str, str]:
        return "admin", self.layout.secrets().admin_password

    def make_database(self) -> None:
        """A fresh database as this version's own `airflow` makes it, with the user `admin`."""
        source = template.ensure_template(self.postgres, self.version, self.venv, quiet)
        self.postgres.create_database(self.database, source)
        template.set_admin_password(self.postgres, self.database, self.admin_login()[1])

    def take_over(self, other: Airflow) -> None:
        """A copy of another (stopped) Airflow's database, its keys and DAG files, brought up to this version."""
        self.postgres.create_database(self.database, other.database)
        for part in ("private/secrets.json", "dags"):
            source, here = other.home / part, self.home / part
            shutil.copytree(source, here, dirs_exist_ok=True) if source.is_dir() else shutil.copy(source, here)
        self.call("airflow", *commands.upgrade(self.release))

    def env(self) -> dict[str, str]:
        uri = self.postgres.uri(self.database)
        env = settings.compose(self.spec, self.home, uri, self.ports, self.layout.secrets(), {})
        return settings.on_path(env, self.venv)

    def call(self, *args: str, seconds: float = 300) -> str:
        """Run a program of the virtual environment to its end; its output."""
        done = subprocess.run(
            [str(self.venv / "bin" / args[0]), *args[1:]], env=self.env(), cwd=self.home, text=True, timeout=seconds,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-4000:]
        return done.stdout

    def start(self) -> None:
        """Start the processes and wait until Airflow calls itself healthy."""
        self.rest = RestClient(self.webserver_url, self.release, self.admin_login()[1])
        self.processes = [
            ManagedProcess(name, argv, self.layout.logs / f"{name}.log")
            for name, argv in commands.components(self.release, self.venv, self.ports.webserver)
        ]
        try:
            for managed in self.processes:
                managed.start(self.env(), self.home)
                if managed.name == "api-server":
                    # A task that begins before it listens fails, whatever database it is.
                    wait(f"the API server of {self.name}", self._answers, START_SECONDS)
            wait(f"health of {self.name}", self._healthy, START_SECONDS)
        except BaseException as error:
            tails = "\n".join(f"--- {managed.name}\n{managed.log_tail(40)}" for managed in self.processes)
            self.stop()
            if not isinstance(error, AssertionError):
                raise  # somebody ended the tests
            raise AssertionError(f"{self.name} ({self.version}) did not start\n{tails}") from None

    def stop(self) -> None:
        """End the processes with all they started."""
        process.end(self.processes, self.home)
        self.processes = []

    def _answers(self) -> bool:
        return self.rest.health() is not None

    def _healthy(self) -> bool:
        for managed in self.processes:
            assert managed.alive(), f"{managed.name} ended: {managed.log_tail(40)}"
        return self.unhealthy() == []

    def unhealthy(self) -> list[str]:
        """What Airflow's health report does not call healthy."""
        report = self.rest.health() or {}
        parts = ["metadatabase", "scheduler", *(["dag_processor"] if self.release >= (3, 0) else [])]
        return [part for part in parts if (report.get(part) or {}).get("status") != "healthy"]

    def tracebacks(self) -> list[str]:
        """The last line of every traceback in the logs of the long-running processes.

        A time-out of a task's process that found no processor is the machine's fault, not the database's.
        """
        found = []
        for log in sorted(self.layout.logs.glob("*.log")):
            text = log.read_text(errors="replace")
            for match in re.finditer(r"Traceback \(most recent call last\):\n(?:(?:[ |].*)?\n)*(.*)", text):
                found.append(f"{log.name}: {match[1]}")
        return [line for line in found if not re.search(r": (?:httpx|httpcore)\.\w*Timeout", line)]

    def sql(self, statement: str) -> str:
        """One statement on the metadata database, from outside."""
        return self.postgres.sql(statement, self.database).strip()

    def rows(self, query: str) -> list[dict[str, Any]]:
        """The rows of a query."""
        said = self.sql(f"SELECT coalesce(json_agg(q), '[]') FROM ({query}) AS q")
        return list(json.loads(said))

    def get(self, path: str, **query: Any) -> Any:
        """A GET of the stable REST API that must succeed."""
        return self.ask("GET", path, query=query)

    def ask(self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None) -> Any:
        """A call of the stable REST API that must succeed; its document."""
        answer = self.rest.call(method, path, query, body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body}"
        return answer.body

    def pages(self, path: str, member: str) -> Iterator[dict[str, Any]]:
        """Everything a collection of the REST API holds, page by page."""
        offset = 0
        while True:
            page = self.get(path, limit=PAGE, offset=offset)
            yield from page[member]
            offset += len(page[member])
            if offset >= page["total_entries"] or not page[member]:
                return

    def unpause(self, *dag_ids: str) -> None:
        """Unpause DAGs as an operator would."""
        for dag_id in dag_ids:
            if self.release < (2, 0):
                self.call("airflow", "unpause", dag_id)
            else:
                self.ask("PATCH", f"/dags/{dag_id}", {"is_paused": False})

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> None:
        """Start a run with a configuration."""
        if self.release < (2, 0):
            self.call("airflow", "trigger_dag", dag_id, "-r", run_id, "-c", json.dumps(conf))
            return
        later = {"logical_date": None} if self.release >= (3, 0) else {}
        self.ask("POST", f"/dags/{dag_id}/dagRuns", {"dag_run_id": run_id, "conf": conf, **later})

    def listed(self, *dag_ids: str) -> None:
        """Wait until the scheduler has taken the DAGs up."""
        names = ", ".join(f"'{dag_id}'" for dag_id in dag_ids)
        query = f"SELECT count(*) FROM dag WHERE dag_id IN ({names})"
        if self.release < (3, 0):
            query += " AND is_active"
        wait(f"DAGs {names}", lambda: self.sql(query) == str(len(dag_ids)), 60)
