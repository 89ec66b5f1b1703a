"""What must hold after Airflow's own upgrade from 2.11 to 3.x: every run, task instance and value is still there."""

from __future__ import annotations

import json
import pickle
from typing import TYPE_CHECKING, Any

from tests.matrix.facts import Facts, Row

if TYPE_CHECKING:
    from tests.matrix.cells import Outcome

# What Airflow 3 calls otherwise.
RENAMED = {"execution_date": "logical_date"}
RUN_TYPES = {"dataset_triggered": "asset_triggered"}
_RUN = ("dag_id", "run_id", "state", "execution_date", "start_date", "end_date", "queued_at", "data_interval_start",
        "data_interval_end", "clear_number", "run_type")  # fmt: skip
_TASK = ("dag_id", "run_id", "task_id", "map_index", "try_number", "state", "start_date", "end_date", "duration",
         "max_tries", "hostname", "operator", "pool", "queue")  # fmt: skip


def compare(before: Facts, after: Facts, out: Outcome) -> list[str]:
    """What is wrong. `before`: the database at 2.11; `after`: upgraded."""
    problems: list[str] = []
    old, new = before.tables, after.tables
    known = after.columns["dag_run"]
    renamed = [name if name in known else RENAMED.get(name, name) for name in _RUN]
    runs = [tuple(row.get(name) for name in renamed) for row in new["dag_run"]]
    _bag(problems, "dag_run", [_run(row, "logical_date" in known) for row in old["dag_run"]], runs)
    _bag(problems, "task_instance", *([tuple(row[name] for name in _TASK) for row in side["task_instance"]]
                                      for side in (old, new)))  # fmt: skip
    for table in ("task_instance_history", "task_reschedule", "rendered_task_instance_fields", "task_map",
                  "job", "slot_pool", "dag_run_note", "task_instance_note"):  # fmt: skip
        if len(old[table]) != len(new[table]):
            problems.append(f"{table}: {len(old[table])} rows before, {len(new[table])} after")
    # The command that migrates leaves an audit row of its own.
    logs = [[(row["dttm"], row["dag_id"], row["event"], row["owner"], row["extra"]) for row in side["log"]
             if row["event"] != "cli_migratedb"] for side in (old, new)]  # fmt: skip
    _bag(problems, "log", *logs)
    archived = len(new.get("_xcom_archive", []))
    if len(new["xcom"]) + archived != len(old["xcom"]) or (old["xcom"] and not new["xcom"]):
        problems.append(f"xcom: {len(old['xcom'])} rows before, {len(new['xcom'])} and {archived} archived after")
    if "logical_date" in known:  # else this machine has no Airflow 3, and the newest 2.x stood in for it
        problems += _confs(before, after)
    if archived:
        out.rejected["xcom: pickled, archived by Airflow 3"] = archived
    return problems


def _run(row: Row, three: bool) -> tuple[Any, ...]:
    return tuple(RUN_TYPES.get(str(row[name]), row[name]) if three else row[name] for name in _RUN)


def _confs(before: Facts, after: Facts) -> list[str]:
    """A conf of plain values is the same JSON afterwards; Airflow itself gives up the others."""
    there = {(row["dag_id"], row["run_id"]): row["conf"] for row in after.tables["dag_run"]}
    wrong = []
    for row in before.tables["dag_run"]:
        try:
            value = pickle.loads(bytes.fromhex(row["conf"][2:])) if row["conf"] is not None else None
            plain = json.loads(json.dumps(value, allow_nan=False))
        except (TypeError, ValueError, ImportError, AttributeError):
            continue
        if plain is not None and there.get((row["dag_id"], row["run_id"])) != plain:
            wrong.append((row["dag_id"], row["run_id"], plain, there.get((row["dag_id"], row["run_id"]))))
    return [f"dag_run: conf of {len(wrong)} runs changed, such as {str(wrong[0])[:400]}"] if wrong else []


def _bag(problems: list[str], table: str, old: list[tuple[Any, ...]], new: list[tuple[Any, ...]]) -> None:
    missing, extra = set(old) - set(new), set(new) - set(old)
    if missing or extra or len(old) != len(new):
        lost, made = (str(sorted(rows, key=str)[:2])[:500] for rows in (missing, extra))
        problems.append(f"{table}: {len(old)} rows before, {len(new)} after; missing {lost}; not there before {made}")
