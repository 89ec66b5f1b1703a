"""Names of task log streams.

Sources: apache-airflow-providers-amazon, CloudwatchTaskHandler (the rendered log template, every ":" as "_");
Airflow 2.3 release notes (new log template); CloudWatch Logs API reference, CreateLogStream (1-512 characters, no ":"
and no "*"). The replacement cannot be turned back, so names are always computed from the row, never parsed.
"""

from __future__ import annotations

import datetime as dt
import re

MAX_NAME = 512
_FORBIDDEN = re.compile(r"[:*]")
# attempt=3.log, and what a deferred task's trigger writes beside it: attempt=3.log.trigger.17.log
_TRY = re.compile(r"(?:attempt=)?(\d+)\.log(?:\.trigger\.\d+\.log)?")


def run_prefix(dag_id: str, run_id: str) -> str:
    """What all streams of a DAG run begin with (Airflow 2.3 and later)."""
    return f"dag_id={dag_id}/run_id={run_id}/".replace(":", "_")


def task_folder(dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> str:
    """What all tries of one task instance begin with, up to and with the last slash (Airflow 2.3 and later)."""
    mapped = f"map_index={map_index}/" if map_index >= 0 else ""
    return f"{run_prefix(dag_id, run_id)}task_id={task_id}/{mapped}".replace(":", "_")


def stream_name(dag_id: str, run_id: str, task_id: str, map_index: int, try_number: int) -> str:
    """The stream of one try, as Airflow 2.3 and later name it."""
    return f"{task_folder(dag_id, run_id, task_id, map_index)}attempt={try_number}.log"


def legacy_folder(dag_id: str, task_id: str, logical_date: dt.datetime) -> str:
    """As `task_folder`, by the template before Airflow 2.3; runs of an upgraded environment keep it."""
    return f"{dag_id}/{task_id}/{logical_date.isoformat()}/".replace(":", "_")


def legacy_stream_name(dag_id: str, task_id: str, logical_date: dt.datetime, try_number: int) -> str:
    """The stream of one try, by the template before Airflow 2.3."""
    return f"{legacy_folder(dag_id, task_id, logical_date)}{try_number}.log"


def try_of(stream: str, folder: str) -> int | None:
    """The try a stream belongs to, if it is one of the folder's."""
    if not stream.startswith(folder):
        return None
    match = _TRY.fullmatch(stream[len(folder) :])
    return int(match[1]) if match else None


def modern(stream: str, legacy: str, folder: str) -> str:
    """The name a legacy stream gets on the target, whose Airflow knows the newer template."""
    rest = stream[len(legacy) :]
    return f"{folder}attempt={rest}"


def fits(name: str) -> bool:
    """Whether CloudWatch Logs takes the name."""
    return 0 < len(name) <= MAX_NAME and not _FORBIDDEN.search(name)
