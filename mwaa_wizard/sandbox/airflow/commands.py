"""Airflow's own command lines, which changed between 1.10, 2.x and 3.x."""

from __future__ import annotations

from pathlib import Path

Release = tuple[int, ...]


def initialise(release: Release) -> list[str]:
    """Arguments of `airflow` that fill an empty database."""
    if release < (2, 0):
        return ["initdb"]
    return ["db", "migrate"] if release >= (2, 7) else ["db", "init"]


def upgrade(release: Release) -> list[str]:
    """Arguments of the new version's `airflow` that bring an older database up to it."""
    if release < (2, 0):
        return ["upgradedb"]
    if release >= (2, 7):
        return ["db", "migrate"]
    return ["db", "upgrade"]


def downgrade(release: Release, to_version: str) -> list[str]:
    """Arguments of the newer version's `airflow` (2.3 and later) that take its database back to `to_version`."""
    return ["db", "downgrade", "--to-version", to_version, "--yes"]


def create_admin(release: Release) -> list[str]:
    """Arguments that create the user `admin`; the random password is replaced in the database afterwards."""
    who = ["-u", "admin", "-r", "Admin", "-e", "admin@localhost"]
    if release < (2, 0):
        return ["create_user", *who, "-f", "Sandbox", "-l", "Admin", "--use_random_password"]
    return ["users", "create", *who, "-f", "Sandbox", "-l", "Admin", "--use-random-password"]


def components(release: Release, venv: Path, port: int) -> list[tuple[str, list[str]]]:
    """(name, argv) of the long-running processes of an environment.

    Up to 2.x the web application is served by gunicorn directly: `airflow webserver` would be one more process that
    imports everything to watch the workers. One worker with threads keeps an idle environment small. There is no
    triggerer: deferrable operators wait until one is added here.
    """
    airflow = str(venv / "bin" / "airflow")
    if release >= (3, 0):
        return [
            ("api-server", [airflow, "api-server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]),
            ("scheduler", [airflow, "scheduler"]),
            ("dag-processor", [airflow, "dag-processor"]),
        ]
    application = "airflow.www.app:cached_app()" if release >= (2, 0) else "airflow.www_rbac.app:cached_app()"
    gunicorn = [
        str(venv / "bin" / "gunicorn"), "--workers", "1", "--worker-class", "gthread", "--threads", "6",
        "--timeout", "120", "--bind", f"127.0.0.1:{port}", "--name", "airflow-webserver", "--access-logfile", "-",
        application,
    ]  # fmt: skip
    return [("scheduler", [airflow, "scheduler"]), ("webserver", gunicorn)]


def health_path(release: Release) -> str:
    """Path of the health report of the web server (JSON since 1.10)."""
    return "/api/v2/monitor/health" if release >= (3, 0) else "/health"


def api_prefix(release: Release) -> str:
    """Prefix of the stable REST API; MWAA's InvokeRestApi takes paths without it."""
    return "/api/v2" if release >= (3, 0) else "/api/v1"
