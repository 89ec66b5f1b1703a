"""What the seed needs to know about an environment, and what it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Size = Literal["small", "large", "none"]

#: How far each size stretches the history: large is twenty times small.
FACTORS: dict[str, int] = {"small": 1, "large": 20}


@dataclass(frozen=True)
class SeedTarget:
    """One environment of the sandbox.

    ``process_env`` is the whole environment of a process that runs Airflow code there (AIRFLOW_HOME, database
    URL, Fernet key, PYTHONPATH ...); ``s3`` and ``logs`` are boto3 clients that may write; ``rest`` calls the running
    Airflow's REST API (method, path, query, body), which is how an Airflow 3 is filled.
    """

    name: str
    version: str
    venv_python: Path
    process_env: dict[str, str] = field(repr=False)
    bucket: str
    dag_s3_path: str
    s3: Any
    logs: Any
    task_log_group: str
    rest: Callable[[str, str, Any, Any], Any] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SeedFiles:
    """S3 keys and object versions of what `put_files` wrote, for CreateEnvironment.

    All fields are None, and ``dag_keys`` is empty, for size ``none``.
    """

    dag_keys: tuple[str, ...] = ()
    requirements_s3_path: str | None = None
    requirements_version: str | None = None
    plugins_s3_path: str | None = None
    plugins_version: str | None = None


@dataclass(frozen=True)
class SeedSummary:
    """Rows per table, log streams and log events written; ``already_filled`` when the history was there."""

    rows: dict[str, int] = field(default_factory=dict)
    streams: int = 0
    events: int = 0
    already_filled: bool = False
