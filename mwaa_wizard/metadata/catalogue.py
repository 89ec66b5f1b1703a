"""The tables the wizard moves, in load order, and those it does not, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from mwaa_wizard.errors import WizardError
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata.rules import GENERATED as GENERATED  # columns that never leave the source


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

# A parent stands before its children: the order satisfies every foreign key. Keys are those of Airflow 2.3 and later;
# an older table is keyed by execution_date, from which the export looks the run id up.
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
        "dag_run_note", "Notes on runs", ("dag_id", "run_id"), None, True, False, "dag_run",
        "What people wrote on a run; the author's account stays behind. They follow their run.",
    ),
    TableInfo(
        "task_instance", "Task instances", _TASK, "start_date", True, False, "dag_run",
        "The grid and the task pages. Finished ones only; they follow their run.",
    ),
    TableInfo(
        "task_instance_note", "Notes on tasks", _TASK, None, True, False, "task_instance",
        "What people wrote on a task; the author's account stays behind. They follow their task instance.",
    ),
    TableInfo(
        "task_instance_history", "Earlier tries", (*_TASK, "try_number"), "start_date", True, False, "task_instance",
        "The tries before the last one, with their logs. They follow their task instance.",
    ),
    TableInfo(
        "task_fail", "Task failures", (*_TASK, "start_date"), "start_date", True, False, "task_instance",
        "Gantt and duration charts. They follow their task instance.",
    ),
    TableInfo(
        "task_reschedule", "Sensor reschedules", (*_TASK, "start_date"), "start_date", True, False, "task_instance",
        "When sensors looked and went to sleep again. They follow their task instance.",
    ),
    TableInfo(
        "rendered_task_instance_fields", "Rendered fields", _TASK, None, True, False, "task_instance",
        "The templates as they were filled in; the newest 30 runs of a task. They follow their task instance.",
    ),
    TableInfo(
        "task_map", "Lengths of mapped tasks", _TASK, None, True, False, "task_instance",
        "Without them a mapped task that is cleared cannot be expanded again. They follow their task instance.",
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
_ACCOUNTS = "Accounts and roles of the source's web server; MWAA makes its own from IAM."
_DATASETS = "Made from the DAG files; which event started a run is not part of its history here."
_OLD = "Left over from an Airflow before 2.0; nothing reads it any more."
_SCHEMA = "Belongs to the schema, not to the history."
REFUSED: dict[str, str] = {
    "alembic_version": _SCHEMA,
    "alembic_version_fab": _SCHEMA,
    "dag": _MADE_ANEW,
    "dag_code": _MADE_ANEW,
    "dag_owner_attributes": _MADE_ANEW,
    "dag_pickle": _MADE_ANEW,
    "dag_priority_parsing_request": _ALIVE,
    "dag_tag": _MADE_ANEW,
    "dag_warning": _MADE_ANEW,
    "serialized_dag": _MADE_ANEW,
    "import_error": _MADE_ANEW,
    "log_template": "Every Airflow has its own; runs find theirs by file name.",
    "trigger": "Encrypted with the source's key since Airflow 2.9, and only deferred tasks need it.",
    "callback_request": _ALIVE,
    "sensor_instance": _ALIVE,
    "session": "Log-ins of the source's web server.",
    **dict.fromkeys(
        ("ab_permission", "ab_permission_view", "ab_permission_view_role", "ab_register_user", "ab_role", "ab_user",
         "ab_user_role", "ab_view_menu", "users"),
        _ACCOUNTS,
    ),
    **dict.fromkeys(
        ("dataset", "dataset_alias", "dataset_alias_dataset", "dataset_alias_dataset_event", "dataset_dag_run_queue",
         "dataset_event", "dagrun_dataset_event", "dag_schedule_dataset_alias_reference",
         "dag_schedule_dataset_reference", "task_outlet_dataset_reference"),
        _DATASETS,
    ),
    **dict.fromkeys(
        ("chart", "known_event", "known_event_type", "kube_resource_version", "kube_worker_uuid"), _OLD),
    "celery_taskmeta": "The executor's own results; nothing in the target refers to them.",
    "celery_tasksetmeta": "The executor's own results; nothing in the target refers to them.",
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
        remedy=_("Choose among: {names}.").format(names=listed(names())),
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
