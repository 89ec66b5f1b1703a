"""One environment's Airflow: created, started, updated, snapshotted and deleted on this machine."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.sandbox.airflow import artefacts, cloudwatch, commands, process, requirements, settings, template
from mwaa_wizard.sandbox.airflow.dag_sync import DagSync
from mwaa_wizard.sandbox.airflow.home import Home
from mwaa_wizard.sandbox.airflow.keeper import Keeper
from mwaa_wizard.sandbox.airflow.postgres import Postgres, database_name
from mwaa_wizard.sandbox.airflow.process import ManagedProcess
from mwaa_wizard.sandbox.airflow.rest import RestClient, RestResult
from mwaa_wizard.sandbox.airflow.role import RoleCredentials
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec
from mwaa_wizard.sandbox.airflow.venv import ensure_venv

HEALTHY_SECONDS = 240.0
CLI_SECONDS = 300.0  # longer commands time out on MWAA, too (MWAA user guide: airflow-cli-command-reference)

__all__ = ["AirflowRuntime", "CliResult", "RestResult", "RuntimeSpec"]


@dataclass(frozen=True)
class CliResult:
    """How an `airflow` command ended and what it printed."""

    returncode: int
    stdout: str
    stderr: str


class AirflowRuntime:
    """Airflow processes, database and folder of one environment; `credentials` assumes its execution role.

    Methods block until their work is done and raise WizardError; run them in a thread of the caller's.
    """

    def __init__(
        self, spec: RuntimeSpec, home: Path, postgres: Postgres, credentials: Callable[[], dict[str, str]],
        progress: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.spec = spec
        self.home = home
        self._layout = Home(home)
        self._postgres = postgres
        self._progress = progress
        self._database = database_name(spec.name, home)
        self._role = RoleCredentials(credentials, home)
        self._layout.make()
        self._log = self._layout.logger()
        self._sync = DagSync(self._role, self._layout.dags, self._log)
        self._keeper = Keeper(lambda: self.spec, self._role, self._sync, self._log)
        self._processes: list[ManagedProcess] = []
        self._startup: dict[str, str] = {}
        self._ports = settings.Ports(0, 0, 0)
        self._rest: RestClient | None = None
        self._venv: Path | None = None
        self._ending = threading.Event()

    def create(self, from_template: str | None = None) -> None:
        """Make the environment and wait until it is healthy.

        The database is a clone of `from_template`, or of the version's template. With venv and template cached this
        takes some seconds. `stop()` and `delete()` from another thread end it with a WizardError.
        """
        self._ending.clear()
        venv = self.venv
        source = from_template or template.ensure_template(self._postgres, self.spec.version, venv, self._progress)
        self._postgres.drop_database(self._database)
        self._clone(source)
        self._apply(self.spec)
        self._launch()

    def start(self) -> None:
        """Start all processes and wait until web server and scheduler report healthy."""
        self._ending.clear()
        self._launch()

    def stop(self) -> None:
        """End every process of the environment; the database and the folder stay."""
        self._ending.set()
        self._halt()

    def _launch(self) -> None:
        self._go_on()
        self._role.refresh(force=True)
        self._sync.sync(self.spec)
        self._ports = self._layout.ports()
        self._rest = RestClient(self.webserver_url, self.spec.release, self._layout.secrets().admin_password)
        env = self.environment()
        self._processes = [
            ManagedProcess(name, argv, self.log_folder / f"{name}.log")
            for name, argv in commands.components(self.spec.release, self.venv, self._ports.webserver)
        ]
        began = datetime.now(UTC)
        for managed in self._processes:
            managed.start(env, self.home)
        self._keeper.start(self._processes, env, self.home)
        self._progress(_("Starting Airflow {version} ...").format(version=self.spec.version))
        try:
            self._wait_until_healthy(began)
        except WizardError:
            self._halt()
            raise

    def _halt(self) -> None:
        self._keeper.stop()
        process.end(self._processes, self.home)
        self._processes = []

    def delete(self) -> None:
        """End the processes and remove database, snapshot and folder."""
        self.stop()
        self._postgres.drop_database(self._database)
        self._postgres.drop_database(self._snapshot_name)
        self._layout.remove()

    def update(self, spec: RuntimeSpec) -> None:
        """Restart with new settings; a new version's venv migrates the database (`airflow db migrate`).

        On failure the processes are stopped and the old spec is kept: call `restore()` to go back to the snapshot.
        """
        self._ending.clear()
        old, old_venv = self.spec, self.venv
        new_venv = ensure_venv(spec.version, self._progress)
        self._halt()
        if spec.version != old.version:
            self._change_version(old, spec, old_venv, new_venv)
        try:
            self.spec, self._venv = spec, new_venv
            self._apply(spec)
            self._launch()
        except BaseException:
            self._halt()
            self.spec, self._venv = old, old_venv
            raise

    def snapshot(self) -> str:
        """Copy the database beside itself and return the copy's name.

        The environment is stopped for it, as an MWAA environment is away while CREATING_SNAPSHOT; `update()`,
        `restore()` or `start()` start it again.
        """
        self._halt()
        self._postgres.drop_database(self._snapshot_name)
        self._postgres.create_database(self._snapshot_name, self._database)
        return self._snapshot_name

    def restore(self, source: str | None = None) -> None:
        """Replace the database by the snapshot, or by a copy of the database `source`, and start again."""
        self._ending.clear()
        self._halt()
        (self.home / "airflow.cfg").unlink(missing_ok=True)  # a failed upgrade may have written its own
        self._postgres.drop_database(self._database)
        self._clone(source or self._snapshot_name)
        self._apply(self.spec)
        self._launch()

    def cli(self, args: list[str], timeout: float = CLI_SECONDS) -> CliResult:
        """Run `airflow <args>` in the environment; 124 is returned when it did not end in time."""
        try:
            done = subprocess.run(
                [self.venv / "bin" / "airflow", *args], env=self.environment(), cwd=self.home, capture_output=True,
                text=True, errors="replace", timeout=timeout, stdin=subprocess.DEVNULL,
                start_new_session=True, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return CliResult(124, "", _("The command did not end within {n:.0f} s.").format(n=timeout))
        return CliResult(done.returncode, done.stdout, done.stderr)

    def rest(self, method: str, path: str, query: dict[str, Any] | None = None, body: Any = None) -> RestResult:
        """Call the stable REST API as admin; `path` without `/api/vN`. OSError while the web server is away."""
        if self._rest is None:
            raise ConnectionError("the environment has not been started")
        return self._rest.call(method, path, query, body)

    def api_headers(self) -> dict[str, str]:
        """The Authorization header of the admin, for a proxy in front of the web server."""
        if self._rest is None:
            raise ConnectionError("the environment has not been started")
        return self._rest.authorization()

    def admin_login(self) -> tuple[str, str]:
        """User name and password of the environment's admin (FAB's log-in form takes them)."""
        return "admin", self._layout.secrets().admin_password

    def environment(self) -> dict[str, str]:
        """The variables of this environment's processes, for scripts that must run as one (fernet key inside)."""
        env = settings.compose(
            self.spec, self.home, self.database_uri, self._ports, self._layout.secrets(), self._startup
        )
        return settings.on_path(env, self.venv)

    def healthy(self) -> bool:
        """Are all processes running and web server, database and scheduler healthy by Airflow's own report?"""
        return bool(self._processes) and all(p.alive() for p in self._processes) and self._report_is_healthy(None)

    def processes(self) -> list[tuple[str, int]]:
        """(name, pid) of the long-running processes."""
        return [(managed.name, managed.pid) for managed in self._processes if managed.pid and managed.alive()]

    @property
    def venv(self) -> Path:
        """The virtual environment of the spec's version; installed at the first use."""
        if self._venv is None:
            self._venv = ensure_venv(self.spec.version, self._progress)
        return self._venv

    @property
    def webserver_url(self) -> str:
        """URL of Airflow's own web server on loopback."""
        return f"http://127.0.0.1:{self._ports.webserver}"

    @property
    def database_uri(self) -> str:
        """SQLAlchemy URL of the metadata database, password included."""
        return self._postgres.uri(self._database)

    @property
    def log_folder(self) -> Path:
        """Folder of the component logs and the sandbox's own log."""
        return self._layout.logs

    @property
    def _snapshot_name(self) -> str:
        return f"{self._database}_snap"

    def _clone(self, source: str) -> None:
        self._postgres.create_database(self._database, source)
        template.set_admin_password(self._postgres, self._database, self._layout.secrets().admin_password)

    def _apply(self, spec: RuntimeSpec) -> None:
        """Plugins, startup script, requirements: in MWAA's order (the script runs before the requirements)."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._role.refresh(force=True)
            artefacts.apply_plugins(self._role, spec, self.home)
            self._startup = {}
            said: list[str] = []
            self._startup = artefacts.run_startup_script(self._role, spec, self.home, self.environment(), said.append)
            self._publish("startup_script_execution", said)
            if spec.requirements_s3_path:
                text = artefacts.fetch(self._role, spec, spec.requirements_s3_path, spec.requirements_version)
                said = []
                requirements.install(text.decode("utf-8", "replace"), spec, self.home, self.venv, said.append)
                self._publish("requirements_install", said)
        except (ClientError, BotoCoreError, OSError) as error:
            raise WizardError(
                what=_("The environment's files could not be applied: {error}").format(error=error),
                where="S3 " + spec.bucket,
            ) from error

    def _publish(self, kind: str, said: list[str]) -> None:
        text = "\n".join(said)
        if text:
            (self.log_folder / f"{kind}.log").write_text(text)
            cloudwatch.write_stream(self._role, self.spec, kind, text, self._log)

    def _change_version(self, old: RuntimeSpec, new: RuntimeSpec, old_venv: Path, new_venv: Path) -> None:
        self._progress(_("Migrating the database from {old} to {new} ...").format(old=old.version, new=new.version))
        secrets = self._layout.secrets()
        up = new.release >= old.release
        spec, venv = (new, new_venv) if up else (old, old_venv)
        args = commands.upgrade(new.release) if up else commands.downgrade(old.release, new.version)
        (self.home / "airflow.cfg").unlink(missing_ok=True)
        env = settings.compose(spec, self.home, self.database_uri, self._ports, secrets, {})
        template.run_airflow(venv, args, env, self.home)
        # Written by the other version, with options this one may not know (the auth manager's class has moved).
        (self.home / "airflow.cfg").unlink(missing_ok=True)

    def _go_on(self) -> None:
        if self._ending.is_set():
            raise WizardError(what=_("Environment {name} was stopped.").format(name=self.spec.name))

    def _wait_until_healthy(self, began: datetime) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        while time.monotonic() < deadline:
            self._go_on()
            for managed in self._processes:
                if not managed.alive() and managed.restarts >= 2:
                    raise WizardError(
                        what=_("Airflow's {name} ended with {code}: {tail}").format(
                            name=managed.name, code=managed.exit_code(), tail=managed.log_tail()
                        ),
                        remedy=_("Its log is {path}.").format(path=managed.log),
                    )
            if self._report_is_healthy(began):
                return
            time.sleep(0.25)
        raise WizardError(
            what=_("Airflow {version} was not healthy after {n:.0f} s.").format(
                version=self.spec.version, n=HEALTHY_SECONDS
            ),
            remedy=_("The logs are in {path}.").format(path=self.log_folder),
        )

    def _report_is_healthy(self, since: datetime | None) -> bool:
        report = self._rest.health() if self._rest else None
        if not report:
            return False
        parts = [report.get("metadatabase") or {}, scheduler := report.get("scheduler") or {}]
        if self.spec.release >= (3, 0):
            parts.append(report.get("dag_processor") or {})
        if any(part.get("status") != "healthy" for part in parts):
            return False
        if since is None:
            return True
        # The heartbeat of a scheduler before a restart counts as healthy for a minute.
        beat = scheduler.get("latest_scheduler_heartbeat")
        return bool(beat) and datetime.fromisoformat(str(beat)) >= since
