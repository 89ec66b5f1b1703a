"""One PostgreSQL server for all sandbox environments; template databases make the second environment cheap.

The cluster lives in the cache. Several sandboxes (a demo and a test run) may share it: each holds a lease file, and
`stop()` ends the server only when no other living process holds one. The server is found through PostgreSQL's own
`postmaster.pid`, so a later process can stop what a killed one left.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

import psutil

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.sandbox.airflow import postgres_binaries
from mwaa_wizard.sandbox.airflow import postgres_strays as strays
from mwaa_wizard.sandbox.airflow.venv import locked

USER = "airflow"
# Speed over durability: the sandbox's data is thrown away with it.
_SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_connections": "300",
    "max_wal_size": "2GB",
    "autovacuum_naptime": "'30s'",
    "password_encryption": "'scram-sha-256'",
}


class Postgres:
    """The shared server: `start()` before anything else, `stop()` once per `start()`.

    `folder` defaults to the sandbox's cache. Only loopback connections with the random password are accepted.
    """

    def __init__(self, folder: Path | None = None) -> None:
        wanted = folder or paths.sandbox_cache() / "postgres"
        found = postgres_binaries.find()
        self._base = postgres_binaries.base_folder(wanted, found)
        self._found = found
        self._binaries = found
        self._data = self._base / f"data-{found.major}"
        self._private = wanted  # the password stays where only we can read it
        self._lease = wanted / "leases" / str(os.getpid())

    def start(self) -> None:
        """Start the server, or join the one that runs. Raises WizardError with PostgreSQL's own words."""
        self._private.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._base.mkdir(parents=True, exist_ok=True, mode=0o711)
        if self._binaries.run_as is not None:
            self._base.chmod(0o711)
        if self._base != self._private:
            strays.sign(self._base, self._private)
            strays.sweep(self._base)
        with locked(self._private / "lock"):
            if not (self._private / "password").exists():
                self._end_stranded()
            self._binaries = postgres_binaries.usable(self._found, self._base)
            if not (self._data / "PG_VERSION").exists():
                self._initdb()
            if self._postmaster() is None:
                self._launch()
            self._lease.parent.mkdir(exist_ok=True)
            self._lease.touch()

    def stop(self, *, force: bool = False) -> None:
        """Give up our lease; end the server when nobody else holds one, or in any case with `force`."""
        if not self._private.exists():
            return
        with locked(self._private / "lock"):
            self._lease.unlink(missing_ok=True)
            server = self._postmaster()
            if server is None or (self._others() and not force):
                return
            if not self._fast_stop(server):
                server.kill()

    def wipe(self) -> None:
        """End the server and delete every database and the cluster itself."""
        self.stop(force=True)
        shutil.rmtree(self._base, ignore_errors=True)
        shutil.rmtree(self._private, ignore_errors=True)

    def uri(self, database: str) -> str:
        """SQLAlchemy URL of one database, password included."""
        password = quote(self._password(), safe="")
        return f"postgresql+psycopg2://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1 that the running server listens on."""
        return int((self._data / "postmaster.pid").read_text().splitlines()[3])

    def has_database(self, name: str) -> bool:
        """Does the database exist?"""
        return self.sql(f"SELECT 1 FROM pg_database WHERE datname = {_literal(name)}").strip() == "1"

    def databases(self) -> list[str]:
        """Names of all databases but PostgreSQL's own."""
        listed = self.sql("SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'")
        return sorted(listed.split())

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database, as a copy of `template` when given (0.2 s; nobody may be connected to the template)."""
        source = f" TEMPLATE {_name(template)}" if template else ""
        self.sql(f"CREATE DATABASE {_name(name)} OWNER {USER}{source}")

    def drop_database(self, name: str) -> None:
        """Drop a database and end whoever is connected; nothing happens when it does not exist."""
        self.sql(f"DROP DATABASE IF EXISTS {_name(name)} WITH (FORCE)")

    def rename_database(self, old: str, new: str) -> None:
        """Rename a database nobody is connected to."""
        self.sql(f"ALTER DATABASE {_name(old)} RENAME TO {_name(new)}")

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run statements (given on standard input, never in argv) and return psql's bare output.

        Raises WizardError with PostgreSQL's message.
        """
        env = {**_clean_environment(), "PGPASSWORD": self._password(), "PGOPTIONS": "-c client_min_messages=warning"}
        command = [
            self._found.program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
            "-p", str(self.port), "-U", USER, "-d", database,
        ]  # fmt: skip
        done = subprocess.run(
            command, input=statement, env=env, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode != 0:
            raise WizardError(
                what=_("PostgreSQL refused: {message}").format(message=done.stderr.strip()[-600:]),
                where="psql",
            )
        return done.stdout

    def processes(self) -> list[tuple[str, int]]:
        """("postgres", pid) of the running server, or nothing."""
        server = self._postmaster()
        return [("postgres", server.pid)] if server else []

    def _end_stranded(self) -> None:
        """A server whose password is lost (the cache was deleted, its data lie elsewhere) can serve nobody."""
        if (server := self._postmaster()) is not None and not self._fast_stop(server):
            server.kill()
        shutil.rmtree(self._data, ignore_errors=True)

    def _password(self) -> str:
        return (self._private / "password").read_text().strip()

    def _initdb(self) -> None:
        password = self._private / "password"
        if not password.exists():
            handle = os.open(password, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(24))
        shutil.rmtree(self._data, ignore_errors=True)
        self._data.mkdir(mode=0o700)
        handed = self._base / "initdb-password"  # initdb runs as another user when we are root
        handle = os.open(handed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(self._password())
        if owner := self._binaries.run_as:
            os.chown(self._data, *owner)
            os.chown(handed, *owner)
        try:
            self._run(
                "initdb", "-D", str(self._data), "-U", USER, "-E", "UTF8", "--no-locale", "--no-sync",
                "--auth=scram-sha-256", f"--pwfile={handed}",
            )  # fmt: skip
        finally:
            handed.unlink(missing_ok=True)
        with (self._data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = {value}\n" for name, value in _SETTINGS.items())

    def _launch(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        log = self._data / "server.log"
        self._run("pg_ctl", "-D", str(self._data), "-l", str(log), "-w", "-t", "60", "-o", f"-p {port}", "start")

    def _fast_stop(self, server: psutil.Process) -> bool:
        """SIGINT to the postmaster is PostgreSQL's fast shutdown; unlike pg_ctl it needs no program within reach."""
        try:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=20)
        except psutil.NoSuchProcess:
            return True
        except psutil.TimeoutExpired:
            return False
        return True

    def _run(self, program: str, *args: str) -> None:
        run_as = self._binaries.run_as
        identity: dict[str, object] = (
            {"user": run_as[0], "group": run_as[1], "extra_groups": []} if run_as is not None else {}
        )
        # Output to a file: the server inherits it, and a pipe would keep us waiting for the server's end.
        said = self._private / f"{program}.log"
        with said.open("w") as output:
            done = subprocess.run(
                [self._binaries.program(program), *args], stdout=output, stderr=subprocess.STDOUT, timeout=120,
                stdin=subprocess.DEVNULL, start_new_session=True, cwd=self._base, env=_clean_environment(),
                check=False, **identity,  # type: ignore[call-overload]
            )  # fmt: skip
        if done.returncode != 0:
            tail = "\n".join(said.read_text(errors="replace").strip().splitlines()[-8:])
            raise WizardError(
                what=_("PostgreSQL's {program} failed: {tail}").format(program=program, tail=tail),
                remedy=_("Its log is {path}.").format(path=self._data / "server.log"),
                where=program,
            )

    def _postmaster(self) -> psutil.Process | None:
        return strays.postmaster(self._data)

    def _others(self) -> list[int]:
        living = []
        for lease in self._lease.parent.glob("*"):
            pid = int(lease.name) if lease.name.isdigit() else 0
            if pid and strays.lives(pid):
                living.append(pid)
            else:
                lease.unlink(missing_ok=True)
        return living


def database_name(environment: str, home: Path) -> str:
    """A PostgreSQL name (63 bytes at most) for an environment, distinct between sandboxes with another home."""
    import hashlib

    readable = re.sub(r"[^a-z0-9]+", "_", environment.lower())[:40]
    return f"env_{readable}_{hashlib.sha256(str(home).encode()).hexdigest()[:10]}"


def _clean_environment() -> dict[str, str]:
    # A user's PGHOST, PGDATA or PGSERVICE would point our psql at another server.
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
