"""The execution role's credentials: as boto3 clients for our threads, as a file for Airflow's processes.

Airflow's processes get them through boto3's `credential_process`, not through variables: a role session ends after
hours, and a process that read variables at its start could never get new ones. (MWAA itself hands them out through the
container credentials endpoint, which refreshes as well.)
"""

from __future__ import annotations

import json
import os
import shlex
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec

REFRESH_SECONDS = 240.0
_NAMES = {
    "AccessKeyId": ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
    "SecretAccessKey": ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
    "SessionToken": ("AWS_SESSION_TOKEN", "SessionToken"),
}


class RoleCredentials:
    """Wraps the callable that assumes the execution role; its answer has AWS_ACCESS_KEY_ID, ... or STS's names."""

    def __init__(self, source: Callable[[], dict[str, str]], home: Path) -> None:
        self._source = source
        self._folder = home / "aws"
        self._clients: dict[tuple[str, str], Any] = {}
        self._written = 0.0
        self._lock = threading.Lock()

    def refresh(self, *, force: bool = False) -> None:
        """Write fresh credentials for Airflow's processes when the last ones are four minutes old."""
        with self._lock:
            if not force and time.monotonic() - self._written < REFRESH_SECONDS:
                return
            answer = self._fetch()
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            expires = datetime.now(UTC) + timedelta(hours=1)
            document = {"Version": 1, **answer, "Expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ")}
            _replace(self._folder / "role.json", json.dumps(document))
            command = shlex.join(["cat", str(self._folder / "role.json")])
            _replace(self._folder / "config", f"[default]\ncredential_process = {command}\n")
            self._clients.clear()
            self._written = time.monotonic()

    def client(self, service: str, spec: RuntimeSpec) -> Any:
        """A boto3 client that acts as the execution role."""
        key = (service, spec.region)
        with self._lock:
            if key not in self._clients:
                import boto3
                from botocore.config import Config

                answer = self._fetch()
                self._clients[key] = boto3.session.Session().client(
                    service, region_name=spec.region, endpoint_url=spec.endpoint_url,
                    aws_access_key_id=answer["AccessKeyId"], aws_secret_access_key=answer["SecretAccessKey"],
                    aws_session_token=answer.get("SessionToken"),
                    config=Config(retries={"max_attempts": 2}, connect_timeout=5, read_timeout=30),
                )  # fmt: skip
            return self._clients[key]

    def forget(self) -> None:
        """Drop the clients, for credentials that AWS no longer accepts."""
        with self._lock:
            self._clients.clear()
            self._written = 0.0

    def _fetch(self) -> dict[str, str]:
        given = self._source()
        return {name: given[key] for name, keys in _NAMES.items() for key in keys if given.get(key)}


def _replace(path: Path, text: str) -> None:
    new = path.with_suffix(path.suffix + ".new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    new.replace(path)
