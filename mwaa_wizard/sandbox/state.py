"""What a running sandbox writes down: who the daemon is, where it listens, which processes belong to it.

The file is replaced atomically and readable by its owner only (it holds the key of the control port).
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _

MARK = "MWAA_WIZARD_SANDBOX"
CACHE_MARK = "MWAA_WIZARD_SANDBOX_CACHE"  # in the daemon's environment: whose installations it uses


@dataclass(frozen=True)
class EnvironmentStatus:
    """One environment, as `sandbox status` shows it. `database_uri` carries the loopback server's password."""

    name: str
    version: str
    status: str
    database_uri: str = ""
    webserver_url: str = ""
    bucket: str = ""
    home: str = ""
    log_folder: str = ""
    role_arn: str = ""
    error: str = ""
    account: str = ""
    region: str = ""


@dataclass(frozen=True)
class AccountStatus:
    """One account: its operator's profile, the profile's region, and (in added ones) a network for an environment."""

    profile: str
    account: str
    region: str
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Status:
    """The whole sandbox. `running` is False when no daemon lives; paths then name what was used last."""

    running: bool
    endpoint_url: str = ""
    profile: str = "sandbox"
    region: str = ""
    account: str = ""
    config_file: str = ""
    credentials_file: str = ""
    daemon_log: str = ""
    environments: list[EnvironmentStatus] = field(default_factory=list)
    accounts: list[AccountStatus] = field(default_factory=list)

    def named(self, name: str) -> EnvironmentStatus | None:
        return next((found for found in self.environments if found.name == name), None)

    def environ(self) -> dict[str, str]:
        """The variables that point boto3 (and the AWS CLI) at the sandbox."""
        return {
            "AWS_CONFIG_FILE": self.config_file,
            "AWS_SHARED_CREDENTIALS_FILE": self.credentials_file,
            "AWS_PROFILE": self.profile,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        }


def status_from(data: dict[str, Any]) -> Status:
    """The inverse of `asdict` for a Status."""
    if not isinstance(data, dict):
        raise TypeError("a status is an object")
    parts = {
        "environments": [EnvironmentStatus(**item) for item in data.get("environments", [])],
        "accounts": [account_from(item) for item in data.get("accounts", [])],
    }
    return Status(**{**data, **parts})


def account_from(data: dict[str, Any]) -> AccountStatus:
    """The inverse of `asdict` for an AccountStatus; JSON has lists for tuples."""
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return AccountStatus(**plain)


@dataclass(frozen=True)
class State:
    """The daemon's own record; `sessions` are (session id, start time of its leader) of the children."""

    pid: int
    started: float
    port: int
    key: str
    status: Status
    sessions: list[tuple[int, float]] = field(default_factory=list)


def state_file() -> Path:
    return paths.sandbox_dir() / "state.json"


def write(state: State) -> None:
    """Replace the state file."""
    target = state_file()
    fresh = target.with_name(f".state.{os.getpid()}.json")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(asdict(state), stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(target)


def read() -> State | None:
    """The last record, or None when there is none or it cannot be read (then only marks tell what runs)."""
    try:
        data = json.loads(state_file().read_text(encoding="utf-8"))
        data["status"] = status_from(data["status"])
        data["sessions"] = [(int(sid), float(began)) for sid, began in data["sessions"]]
        return State(**data)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def forget() -> None:
    state_file().unlink(missing_ok=True)


@contextlib.contextmanager
def lock(wait_seconds: float = 180.0) -> Iterator[None]:
    """One starter or stopper of this sandbox at a time. Raises WizardError when another keeps it too long."""
    path = paths.sandbox_dir() / "lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + wait_seconds
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    raise WizardError(
                        what=_("Another command is starting or stopping this sandbox."),
                        changed=_("Nothing was changed."),
                        remedy=_("Wait for it to end, then try again. The lock is {path}.").format(path=path),
                    ) from error
                time.sleep(0.1)
        yield
    finally:
        os.close(descriptor)
