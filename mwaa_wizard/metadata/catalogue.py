"""The tables the wizard moves, in load order, and those it does not, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _


@dataclass(frozen=True)
class TableInfo:
    """One table of the metadata database.

    `keys` is what tells its rows apart in source and target alike. `date_column` is what the date range looks at;
    rows that belong to a run follow that run instead. `default`: chosen unless the user says otherwise. `sealed`:
    leaves the source only encrypted to the target's key. `parent`: the table its rows hang on.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    date_column: str | None
    default: bool
    sealed: bool
    parent: str | None
    why: str


_TASK = ("dag_id", "task_id", "run_id", "map_index")

# A parent stands before its children: the order satisfies every foreign key.
TABLES: tuple[TableInfo, ...] = (
    TableInfo(
        "slot_pool", "Pools", ("pool",), None, True, False, None,
        "Limits tasks rely on; default_pool takes the source's size.",
    ),
    TableInfo(
        "variable", "Variables", ("key",), None, True, True, None,
        "DAGs read them; encrypted anew by the target.",
    ),
    TableInfo(
        "connection", "Connections", ("conn_id",), None, True, True, None,
        "Passwords and extras; encrypted anew by the target.",
    ),
    TableInfo(
        "dag_run", "DAG runs", ("dag_id", "run_id"), "execution_date", True, False, None,
        "Without them an unpaused DAG catches up from its start date. Finished runs only, by logical date.",
    ),
    TableInfo(
        "task_instance", "Task instances", _TASK, "start_date", True, False, "dag_run",
        "The grid and the task pages. Finished ones only; they follow their run.",
    ),
    TableInfo(
        "task_fail", "Task failures", (*_TASK, "start_date"), "start_date", True, False, "task_instance",
        "Gantt and duration charts. They follow their task instance.",
    ),
    TableInfo(
        "xcom", "XComs", (*_TASK, "key"), "timestamp", True, False, "task_instance",
        "Values tasks left for later runs. They follow their task instance.",
    ),
    TableInfo(
        "sla_miss", "SLA misses", ("dag_id", "task_id", "execution_date"), "execution_date", True, False, None,
        "Missed deadlines, so that they are not mailed again. By logical date.",
    ),
    TableInfo(
        "log", "Audit log", ("dttm", "dag_id", "task_id", "event", "owner"), "dttm", True, False, None,
        "Who did what and when. By event time; commands that set secrets lose their text.",
    ),
    TableInfo(
        "job", "Jobs", ("job_type", "start_date", "hostname"), "start_date", False, False, None,
        "Records of the source's own processes; nothing in the target refers to them. Finished ones, by start.",
    ),
)

_MADE_ANEW = "The target's scheduler makes it from the DAG files."
_ALIVE = "Describes what runs at this moment; after the drain nothing does."
REFUSED: dict[str, str] = {
    "alembic_version": "Belongs to the schema, not to the history.",
    "dag": _MADE_ANEW,
    "dag_code": _MADE_ANEW,
    "dag_owner_attributes": _MADE_ANEW,
    "dag_pickle": _MADE_ANEW,
    "dag_tag": _MADE_ANEW,
    "dag_warning": _MADE_ANEW,
    "serialized_dag": _MADE_ANEW,
    "import_error": _MADE_ANEW,
    "log_template": "Every Airflow has its own; runs find theirs by file name.",
    "trigger": "Encrypted with the source's key since Airflow 2.9, and only deferred tasks need it.",
    "callback_request": _ALIVE,
    "session": "Log-ins of the source's web server.",
}


# Columns of the source that never leave it: numbers that mean something in one database only.
GENERATED: dict[str, tuple[str, ...]] = {
    "slot_pool": ("id",),
    "variable": ("id",),
    "connection": ("id",),
    "dag_run": ("id", "log_template_id"),
    "task_fail": ("id",),
    "log": ("id",),
    "job": ("id",),
    "xcom": ("id", "dag_run_id"),
}


def names() -> list[str]:
    """Every movable table in load order."""
    return [table.name for table in TABLES]


def info(name: str) -> TableInfo:
    """One table. Raises WizardError, with the reason where the table is one we leave alone on purpose."""
    for table in TABLES:
        if table.name == name:
            return table
    raise WizardError(
        what=_("The table {name} is not moved. {why}").format(name=name, why=_(REFUSED.get(name, ""))).strip(),
        changed=_("Nothing was changed."),
        remedy=_("Choose among: {names}.").format(names=", ".join(names())),
    )


def selected_default() -> list[str]:
    """What is moved unless the user says otherwise, in load order."""
    return [table.name for table in TABLES if table.default]


def closure(selected: list[str]) -> list[str]:
    """The tables with every parent they hang on, in load order. Raises WizardError for a table that is not moved."""
    wanted: set[str] = set()
    for name in selected:
        current: str | None = name
        while current is not None and current not in wanted:
            wanted.add(current)
            current = info(current).parent
    return [name for name in names() if name in wanted]
