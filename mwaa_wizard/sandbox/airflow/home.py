"""The folder of one environment: what lies where, and the secrets and ports that belong to it."""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mwaa_wizard.sandbox.airflow.process import free_ports
from mwaa_wizard.sandbox.airflow.settings import Ports, Secrets
from mwaa_wizard.sandbox.airflow.template import new_fernet_key

INSIDE = Path(__file__).parent / "inside"


class Home:
    """Layout of an environment's home (0700): dags, plugins, overlay, config, logs, aws, private."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dags = path / "dags"
        self.logs = path / "logs"
        self._private = path / "private"

    def make(self) -> None:
        """Create the folders; nothing of the environment's own is touched."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in ("dags", "plugins", "overlay", "config", "logs", "aws", "private"):
            (self.path / name).mkdir(exist_ok=True, mode=0o700)
        for module in sorted((INSIDE / "config").glob("*.py")):
            shutil.copy(module, self.path / "config" / module.name)

    def secrets(self) -> Secrets:
        """The environment's Fernet key, session key and admin password, made at the first call."""
        file = self._private / "secrets.json"
        if not file.exists():
            made = Secrets(new_fernet_key(), secrets.token_hex(32), secrets.token_urlsafe(24))
            _write_private(file, asdict(made))
        return Secrets(**json.loads(file.read_text()))

    def ports(self) -> Ports:
        """The environment's ports: the same as last time when they are still free, so that URLs stay valid."""
        file = self._private / "ports.json"
        if file.exists():
            kept = Ports(**json.loads(file.read_text()))
            if all(_is_free(port) for port in asdict(kept).values()):
                return kept
        made = Ports(*free_ports(3))
        _write_private(file, asdict(made))
        return made

    def logger(self) -> logging.Logger:
        """The sandbox's own log of this environment, `logs/sandbox.log`."""
        logger = logging.getLogger(f"mwaa_wizard.sandbox.{self.path.name}.{abs(hash(str(self.path)))}")
        if not logger.handlers:
            handler = logging.FileHandler(self.logs / "sandbox.log", delay=True)
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
            logger.propagate = False
        return logger

    def remove(self) -> None:
        """Delete the folder with all it holds."""
        for handler in list(self.logger().handlers):
            handler.close()
            self.logger().removeHandler(handler)
        shutil.rmtree(self.path, ignore_errors=True)


def _write_private(file: Path, content: dict[str, Any]) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as opened:
        json.dump(content, opened)


def _is_free(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
