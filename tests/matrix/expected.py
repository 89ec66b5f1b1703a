"""The oracle: which rows must be in a target after a migration, said again without the engine's mapping or SQL.

Rules are Airflow's own: run types as its migration 3c20cacc0044 gives them, run ids through (dag_id, execution_date)
as its migration to 2.2 does, map_index -1 as its migration to 2.3 does.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from tests.matrix.facts import Facts, Row

RUN_DONE = ("success", "failed")
TASK_DONE = ("success", "failed", "skipped", "upstream_failed", "removed")
OWN = "mwz_"

# Children of a task instance; the first five tables lost their execution_date for run_id at some version.
CHILDREN = ("task_fail", "task_reschedule", "rendered_task_instance_fields", "xcom", "task_instance_history",
            "task_instance_note", "task_map")  # fmt: skip
TASK_TABLES = ("task_instance", *CHILDREN)

KEYS = {
    "dag_run": ("dag_id", "run_id"),
    "task_instance": ("dag_id", "task_id", "run_id", "map_index"),
    "task_instance_history": ("dag_id", "task_id", "run_id", "map_index", "try_number"),
    "rendered_task_instance_fields": ("dag_id", "task_id", "run_id", "map_index"),
    "task_instance_note": ("dag_id", "task_id", "run_id", "map_index"),
    "task_map": ("dag_id", "task_id", "run_id", "map_index"),
    "xcom": ("dag_id", "task_id", "run_id", "map_index", "key"),
    "dag_run_note": ("dag_id", "run_id"),
    "sla_miss": ("dag_id", "task_id", "execution_date"),
    "slot_pool": ("pool",),
}
MULTISETS = ("task_fail", "task_reschedule", "log", "job")
MOVED = (*KEYS, *MULTISETS)

EMPTY = {
    "dag_run": ("creating_job_id", "backfill_id"),
    "task_instance": ("job_id", "queued_by_job_id", "trigger_id", "trigger_timeout", "next_method", "next_kwargs",
                      "external_executor_id"),
    "dag_run_note": ("user_id",),
    "task_instance_note": ("user_id",),
}  # fmt: skip
EMPTY["task_instance_history"] = EMPTY["task_instance"]
FILLED: dict[str, Row] = {
    "dag_run": {"clear_number": 0},
    "task_instance": {"map_index": -1, "pool_slots": 1},
    "task_fail": {"map_index": -1},
    "task_reschedule": {"map_index": -1},
    "rendered_task_instance_fields": {"map_index": -1},
    "xcom": {"map_index": -1},
    "slot_pool": {"include_deferred": False},
}
# What Airflow's own upgrade to 3.2 makes of columns that may be empty before, and the API of 3.0 needs.
LEAP: dict[str, Row] = {
    "task_instance": {"try_number": 0, "max_tries": -1},
    "task_instance_history": {"max_tries": -1},
    "slot_pool": {"slots": 0},
    "log": {"event": ""},
    "variable": {"val": ""},
}
_SECRET_EVENT = re.compile("variable|varimport|connection|user|fernet")
REDACTED = "<redacted>"
HIDDEN = ("id", "log_template_id", "dag_run_id", "bytes")


def run_type(run_id: str) -> str:
    """What Airflow's own upgrade to 2.0 makes of a run id: LIKE 'scheduled__%', where `_` is any character."""
    for kind in ("backfill", "scheduled"):
        if re.match(f"(?s){kind}..", run_id):
            return kind
    return "manual"


def canonical(facts: Facts, table: str) -> Iterator[Row]:
    """The rows of a table told apart the same way in every version: by run id, without numbers of one database."""
    dates, runs, templates = facts.by_date(), facts.runs(), facts.templates()
    for found in facts.tables.get(table, []):
        row = {name: value for name, value in found.items() if name not in HIDDEN}
        if table in TASK_TABLES and "execution_date" in row:
            date = row.pop("execution_date")
            row.setdefault("run_id", dates.get((row["dag_id"], date)))
        if table == "dag_run_note":
            row["dag_id"], row["run_id"] = runs[found["dag_run_id"]]
        if table == "xcom" and "dag_run_id" in found:
            row["hangs on"] = runs.get(found["dag_run_id"]) == (row["dag_id"], row["run_id"])
        if table == "dag_run" and "log_template_id" in found:
            row["template"] = templates[found["log_template_id"]]
        if table == "log" and row["extra"] is not None and _SECRET_EVENT.search(row["event"] or ""):
            row["extra"] = REDACTED
        yield row


def ours(table: str, row: Row) -> bool:
    """Left behind by a migration: nobody's history."""
    if str(row.get("dag_id") or "").startswith(OWN):
        return True
    return table == "log" and row["dag_id"] is None and OWN in (row["extra"] or "")


# What Airflow's upgrade to 3.2 looks for.
_BARE = re.compile(r"([:,\[]\s*|^)(NaN|-?Infinity)(?=\s*[,}\]]|\Z)")


def _refuse(name: str) -> float:
    raise ValueError(name)


def _strict(text: str) -> bool:
    """Whether a text is JSON as its standard has it."""
    try:
        json.loads(text, parse_constant=_refuse)
    except ValueError:
        return False
    return True


def _survives(text: str | None) -> bool:
    """Does Airflow 3's upgrade get over an xcom value (PostgreSQL's hex; None: empty, or one of our large ones)?"""
    if text is None or text.startswith("\\x80"):
        return True
    try:
        found = bytes.fromhex(text[2:]).decode()
        json.dumps(json.loads(found), ensure_ascii=False).encode()  # half of a surrogate pair is no character
    except ValueError:
        return False
    return "\\u0000" not in found and (_strict(found) or _strict(_BARE.sub(r'\1"\2"', found)))


def _worded(row: Row, text: str | None) -> Row:
    """On the way to Airflow 3 the numbers JSON does not have are texts; within a text they hide from its upgrade."""
    if text is None or text.startswith("\\x80"):
        return row
    found = bytes.fromhex(text[2:]).decode()
    worded = _BARE.sub(r'\1"\2"', found)
    if worded != found and _strict(found):
        worded = found.replace("NaN", "\\u004eaN").replace("Infinity", "\\u0049nfinity")
    return row if worded == found else {**row, "value": hashlib.md5(worded.encode()).hexdigest()}


class Moving:
    """The rows of a source that go, per table, in canonical form."""

    def __init__(self, source: Facts, leap: bool = False) -> None:
        """`leap`: on to Airflow 3, whose own upgrade fails on an xcom that is neither JSON nor a pickle."""
        self.source, self.leap = source, leap
        self.broken = {
            (row["dag_id"], row["task_id"], row["key"], row["value"], row["timestamp"])
            for row in source.tables["xcom"]
            if leap and not _survives(row["bytes"])
        }
        self.runs = {
            (row["dag_id"], row["run_id"])
            for row in canonical(source, "dag_run")
            if row["state"] in RUN_DONE and row["run_id"] is not None and not ours("dag_run", row)
        }
        self.tasks = {
            self._task(row)
            for row in canonical(source, "task_instance")
            if row["state"] in TASK_DONE and (row["dag_id"], row["run_id"]) in self.runs
        }

    def _broken(self, row: Row) -> bool:
        return (row["dag_id"], row["task_id"], row["key"], row["value"], row["timestamp"]) in self.broken

    @staticmethod
    def _task(row: Row) -> tuple[str, str, str, int]:
        return row["dag_id"], row["task_id"], row["run_id"], row.get("map_index", -1)

    def rows(self, table: str) -> list[Row]:
        """The rows of one table that must arrive."""
        found = [row for row in canonical(self.source, table) if not ours(table, row)]
        if table == "xcom" and self.leap:
            texts = {row["value"]: row["bytes"] for row in self.source.tables["xcom"]}
            found = [row if self._broken(row) else _worded(row, texts[row["value"]]) for row in found]
        if table == "log" and self.leap:
            return [row for row in found if row["dttm"] is not None]
        if table in ("dag_run", "dag_run_note"):
            return [row for row in found if (row["dag_id"], row["run_id"]) in self.runs]
        if table == "task_instance":
            return [row for row in found if self._task(row) in self.tasks]
        if table in CHILDREN:
            found = [row for row in found if self._task(row) in self.tasks]
        if table == "task_instance_history":
            return [row for row in found if row["state"] in TASK_DONE]
        if table == "job":
            return [row for row in found if row["state"] in RUN_DONE]
        if table == "xcom":
            return self._newest(found)
        return found

    def _newest(self, rows: list[Row]) -> list[Row]:
        """1.10 keeps an xcom twice: the newest counts, of equally old ones the one written last (its order is id)."""
        best: dict[tuple[object, ...], Row] = {}
        for row in rows:
            if self._broken(row):
                continue
            key = (*self._task(row), row["key"])
            if row["key"] is not None and (key not in best or row["timestamp"] >= best[key]["timestamp"]):
                best[key] = row
        return list(best.values())
