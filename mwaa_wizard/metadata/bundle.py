"""Layout of the migration bucket and the JSON documents in it, as the DAGs write and the wizard reads them.

The DAG files cannot import this module (they run alone inside an Airflow), so the names here are a contract: every
key and member is also written out in `metadata/dags/`, and a test compares the two.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1

# Keys inside the migration bucket.
INVENTORY = "inventory.json"
PUBLIC_KEY = "key/public.pem"
MANIFEST = "manifest.json"
IMPORT_RESULT = "import/result.json"
VERIFY_RESULT = "verify/result.json"
PAUSED = "paused.json"


def request_key(dag_id: str) -> str:
    """Where the wizard leaves what one DAG run shall do (JSON, no secrets)."""
    return f"requests/{dag_id}.json"


def progress_key(dag_id: str) -> str:
    """Where a DAG run writes how far it is."""
    return f"progress/{dag_id}.json"


def part_key(table: str, number: int) -> str:
    """One gzip CSV part of a table."""
    return f"tables/{table}/{number:04d}.csv.gz"


def sealed_key(table: str) -> str:
    """Variables and connections, encrypted to the target's key."""
    return f"sealed/{table}.json.sealed"


def rejected_key(table: str) -> str:
    """Rows the target could not take, kept with their reasons (gzip CSV; the reason is the first column)."""
    return f"rejected/{table}.csv.gz"


def source_rejected_key(table: str) -> str:
    """Rows of the source that no other version can key (gzip CSV, reason first; of secrets the names only)."""
    return f"rejected/source/{table}.csv.gz"


def replaced_key(table: str) -> str:
    """Rows of the target as they were before the import replaced them (gzip CSV)."""
    return f"replaced/{table}.csv.gz"


def sealed_replaced_key(table: str) -> str:
    """Variables and connections of the target before they were replaced, encrypted to its own key."""
    return f"sealed/replaced-{table}.json.sealed"


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class TableCount(_Document):
    """What a table of the source holds: rows, bytes on disk and, where it has a date, its range (ISO, UTC)."""

    rows: int
    size_bytes: int = 0
    first: str | None = None
    last: str | None = None
    not_terminal: int = 0  # dag runs or task instances in a state that is not moved


class DagState(_Document):
    """One DAG of an environment."""

    dag_id: str
    is_paused: bool
    is_active: bool = True
    runs: int = 0
    last_run: str | None = None


class Inventory(_Document):
    """What the inventory DAG found; written to `inventory.json`."""

    format: int = FORMAT
    run_id: str
    environment: str
    airflow_version: str
    alembic_head: str
    python_version: str
    database: str  # "postgresql 15.4"
    created_at: str
    tables: dict[str, TableCount]
    columns: dict[str, dict[str, str]] = Field(default_factory=dict)  # table -> column -> type
    dags: list[DagState]
    providers: dict[str, str] = Field(default_factory=dict)


class PartInfo(_Document):
    """One object of the bundle."""

    key: str
    rows: int
    bytes: int
    sha256: str


class TableExport(_Document):
    """One table in the manifest: rows counted by COPY under one snapshot, parts with their sha256."""

    columns: list[str] = Field(default_factory=list)
    types: dict[str, str] = Field(default_factory=dict)
    keys: list[str] = Field(default_factory=list)
    rows: int
    parts: list[PartInfo] = Field(default_factory=list)
    sealed: bool = False
    left_out: dict[str, int] = Field(default_factory=dict)  # reason -> rows not exported, by choice or state
    rejected: dict[str, int] = Field(default_factory=dict)  # reason -> rows kept in source_rejected_key()
    examples: dict[str, list[str]] = Field(default_factory=dict)  # reason -> names of up to five such rows
    plain: list[str] = Field(default_factory=list)  # columns with nothing to look at: Selection.census()
    redacted: int = 0  # audit rows whose text could hold a secret and was left out


class Manifest(_Document):
    """The bundle's table of contents, written last: a bundle without it is not complete."""

    format: int = FORMAT
    run_id: str
    environment: str
    airflow_version: str
    alembic_head: str
    snapshot: str
    created_at: str
    since: str | None = None
    until: str | None = None
    tables: dict[str, TableExport]
    dag_counts: dict[str, dict[str, int]] = Field(default_factory=dict)  # dag_id -> {"runs": n, "task_instances": n}
    paused_before: list[str] = Field(default_factory=list)
    unpaused_before: list[str] = Field(default_factory=list)  # the DAGs the export paused


class TableImport(_Document):
    """What happened to one table in the target."""

    read: int = 0
    inserted: int = 0
    present: int = 0
    rejected: int = 0
    updated: int = 0  # of those present: replaced by order, and default_pool, which takes the source's size
    kept: list[str] = Field(default_factory=list)  # variables, connections, pools that keep other values, by order
    emptied: dict[str, int] = Field(default_factory=dict)  # words -> values the target's Airflow cannot read
    reasons: dict[str, int] = Field(default_factory=dict)
    columns: dict[str, str] = Field(default_factory=dict)  # column -> "copied" | "renamed" | "computed" | ...
    seconds: float = 0.0


class ImportResult(_Document):
    """Written to `import/result.json` by the import DAG."""

    format: int = FORMAT
    run_id: str
    environment: str
    airflow_version: str
    alembic_head: str
    manifest_run_id: str
    tables: dict[str, TableImport]
    finished_at: str


class TableVerify(_Document):
    """Source and target side by side, over the rows that were chosen."""

    source_rows: int
    target_rows: int
    rejected: int = 0
    source_checksum: str = ""
    target_checksum: str = ""
    same: bool
    notes: list[str] = Field(default_factory=list)


class VerifyResult(_Document):
    """Written to `verify/result.json` by the verify DAG on the target."""

    format: int = FORMAT
    run_id: str
    environment: str
    airflow_version: str
    tables: dict[str, TableVerify]
    dags_differ: dict[str, str] = Field(default_factory=dict)
    finished_at: str

    @property
    def same(self) -> bool:
        """True when no table and no DAG differs."""
        return not self.dags_differ and all(table.same for table in self.tables.values())


class Progress(_Document):
    """A small object a running DAG overwrites every second or two."""

    dag_id: str
    run_id: str
    state: Literal["running", "success", "failed"] = "running"
    phase: str = ""  # "drain", "snapshot", "export", ...
    table: str = ""
    done: int = 0
    total: int | None = None
    unit: str = "rows"
    message: str = ""
    log: list[str] = Field(default_factory=list)  # the newest lines, oldest first
    error: str = ""
    at: str = ""


class Paused(_Document):
    """How every DAG of the source was before we paused any; `paused.json` is written once a session."""

    format: int = FORMAT
    session: str
    run_id: str
    environment: str
    at: str
    paused: list[str] = Field(default_factory=list)
    unpaused: list[str] = Field(default_factory=list)


def requests_for(document: dict[str, Any]) -> dict[str, Any]:
    """Guard: what goes to the bucket as a request may hold plain values only (no bytes, no objects)."""
    import json

    return dict(json.loads(json.dumps(document)))
