"""What a metadata database holds, read from outside with SQL; nothing of the engine is used."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard.sandbox.airflow.postgres import Postgres

Row = dict[str, Any]

TABLES = (
    "dag_run", "task_instance", "task_instance_history", "task_fail", "task_reschedule",
    "rendered_task_instance_fields", "xcom", "log", "job", "sla_miss", "slot_pool", "dag_run_note",
    "task_instance_note", "task_map", "log_template", "_xcom_archive",
)  # fmt: skip
# Tables an import must leave as they are.
UNTOUCHED = ("dag", "dag_tag", "dag_code", "serialized_dag", "import_error", "trigger", "ab_user",
             "callback_request")  # fmt: skip
# Bytes that are compared as they are; of others a digest is enough.
_WHOLE = (("dag_run", "conf"), ("task_instance", "executor_config"), ("task_instance_history", "executor_config"))


@dataclass
class Facts:
    """Rows by table (times in UTC, ISO), column names by table, secrets as each Airflow's own models read them."""

    tables: dict[str, list[Row]]
    columns: dict[str, list[str]]
    secrets: dict[str, dict[str, Any]] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    def runs(self) -> dict[int, tuple[str, str]]:
        """dag_run.id -> (dag_id, run_id)."""
        return {row["id"]: (row["dag_id"], row["run_id"]) for row in self.tables["dag_run"]}

    def by_date(self) -> dict[tuple[str, str], str]:
        """(dag_id, execution_date) -> run_id."""
        return {(row["dag_id"], row["execution_date"]): row["run_id"] for row in self.tables["dag_run"]}

    def templates(self) -> dict[int | None, str | None]:
        """log_template.id -> file name."""
        return {None: None} | {row["id"]: row["filename"] for row in self.tables.get("log_template", [])}


def read(postgres: Postgres, database: str) -> Facts:
    """All rows of the tables that history is kept in, and the columns of all tables."""
    described = postgres.sql(
        "SELECT c.relname || E'\\t' || a.attname || E'\\t' || format_type(a.atttypid, NULL) FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        " AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum",
        database,
    )
    columns: dict[str, dict[str, str]] = {}
    for line in described.splitlines():
        table, column, kind = line.split("\t")
        columns.setdefault(table, {})[column] = kind
    script = ["SET TIME ZONE 'UTC';"]
    for table in (*TABLES, *UNTOUCHED):
        if table in columns:
            fields = ", ".join(_field(table, name, kind) for name, kind in columns[table].items())
            script.append(f"SELECT '{table}' || E'\\t' || row_to_json(q) FROM (SELECT {fields} FROM \"{table}\") q;")
    tables: dict[str, list[Row]] = {table: [] for table in (*TABLES, *UNTOUCHED) if table in columns}
    for line in postgres.sql("\n".join(script), database).split("\n"):
        if line:
            table, _, document = line.partition("\t")
            tables[table].append(json.loads(document))
    return Facts(tables, {table: list(found) for table, found in columns.items()})


def _field(table: str, name: str, kind: str) -> str:
    quoted = f'"{name}"'
    if (table, name, kind) == ("xcom", "value", "bytea"):
        return f"md5({quoted}) AS {quoted}, CASE WHEN length({quoted}) < 10000 THEN {quoted} END AS \"bytes\""
    if kind == "bytea" and (table, name) not in _WHOLE:
        return f"md5({quoted}) AS {quoted}"
    if kind == "timestamp without time zone":
        return f"{quoted} AT TIME ZONE 'UTC' AS {quoted}"
    return quoted
