"""How each column of a target table is filled from a source table: pure, the same in the wizard and in the DAGs.

This file is also put into the import and verify DAGs, so it runs on Python 3.7 and imports the standard library only.
In the SQL, `s` is the staged row of the bundle and `r` the target's own row of `dag_run` it belongs to.
"""

from __future__ import annotations

from collections import namedtuple

# action: copied, renamed, computed, defaulted, nulled, generated, dropped, impossible.
# expression: SQL for the value, or "" where the column is not named in the INSERT. source: the source's column.
ColumnPlan = namedtuple("ColumnPlan", ["column", "action", "reason", "expression", "source"])

# Columns that were renamed between versions; read in both directions.
SYNONYMS = {"dag_run": (("execution_date", "logical_date"),), "log": (("execution_date", "logical_date"),)}

# Numbers the target's own sequences give out.
GENERATED = {
    "dag_run": ("id",),
    "task_fail": ("id",),
    "log": ("id",),
    "job": ("id",),
    "slot_pool": ("id",),
    "variable": ("id",),
    "connection": ("id",),
}

_OTHER_DATABASE = "refers to a row of the source that has another number in the target"
_AT_REST = "only means something while the task runs"
NULLED = {
    ("dag_run", "creating_job_id"): _OTHER_DATABASE,
    ("dag_run", "backfill_id"): _OTHER_DATABASE,
    ("task_instance", "job_id"): _OTHER_DATABASE,
    ("task_instance", "queued_by_job_id"): _OTHER_DATABASE,
    ("task_instance", "trigger_id"): _OTHER_DATABASE,
    ("task_instance", "external_executor_id"): "names a message of the source's executor",
    ("task_instance", "trigger_timeout"): _AT_REST,
    ("task_instance", "next_method"): _AT_REST,
    ("task_instance", "next_kwargs"): _AT_REST,
}

# Values for columns that must not be empty, have no default in the database, and that the source does not know.
FIXED = {
    ("dag_run", "clear_number"): ("0", "no run of an older Airflow counts how often it was cleared"),
    ("slot_pool", "include_deferred"): ("false", "deferred tasks did not use slots before Airflow 2.7"),
    ("task_instance", "pool_slots"): ("1", "every task used one slot before Airflow 2.0"),
    ("dag_run", "run_type"): (
        "CASE WHEN s.run_id LIKE 'scheduled\\_\\_%' THEN 'scheduled'"
        " WHEN s.run_id LIKE 'backfill\\_%' THEN 'backfill' ELSE 'manual' END",
        "derived from the run id, as Airflow's own migration to 2.0 does",
    ),
}

_TEMPLATE = (
    "CASE WHEN s.log_template_filename IS NULL THEN NULL ELSE coalesce("
    "(SELECT max(lt.id) FROM log_template lt WHERE lt.filename = s.log_template_filename),"
    " (SELECT max(lt.id) FROM log_template lt)) END"
)
COMPUTED = {
    ("dag_run", "log_template_id"): (
        _TEMPLATE,
        "log_template_filename",
        "looked up by file name among the target's own log templates; the newest where the name is unknown",
    ),
    ("xcom", "dag_run_id"): ("r.id", "run_id", "the number the same run has in the target"),
}


def _source_name(table: str, column: str, source: dict[str, str]) -> str:
    """The source's column for a target column, or ""."""
    if column in source:
        return column
    for pair in SYNONYMS.get(table, ()):
        if column in pair:
            other = pair[1 - pair.index(column)]
            if other in source:
                return other
    return ""


def _value(column: str, kind: str, wanted: str) -> str:
    """SQL that brings a staged value to the target's type; "" where there is no way without loss."""
    name = 's."' + column + '"'
    short, target = kind.split("(")[0], wanted.split("(")[0]
    if short == target or {short, target} <= {"character varying", "text"}:
        return name  # too long a text is an error of the INSERT, never cut
    if "timestamp without time zone" in (kind, wanted):
        return name + " AT TIME ZONE 'UTC'" if "timestamp with time zone" in (kind, wanted) else ""
    numbers = ("smallint", "integer", "bigint", "double precision", "numeric")
    if short in numbers and target in numbers and numbers.index(short) <= numbers.index(target):
        return name
    if {short, target} == {"json", "jsonb"}:
        return name + "::" + target
    return ""


def plan(
    source: dict[str, str], target: dict[str, dict[str, object]], table: str, versions: tuple[str, str]
) -> list[ColumnPlan]:
    """One ColumnPlan per column of the target, then one per column of the source that has no place there.

    Args:
        source: column -> type in the bundle (`log_template_filename` stands for the template's number).
        target: column -> {"type", "nullable", "default"} as reflected in the target.
        versions: Airflow versions of source and target, for the words only.
    A column that cannot be filled has the action "impossible": the table must then not be loaded.
    """
    rows: list[ColumnPlan] = []
    used = set()
    for column, facts in target.items():
        row = _target_column(source, facts, table, column, versions)
        used.add(row.source)
        rows.append(row)
    for column in source:
        if column not in used:
            reason = f"the target ({versions[1]}) has no such column"
            rows.append(ColumnPlan("", "dropped", reason, "", column))
    return rows


def _target_column(
    source: dict[str, str], facts: dict[str, object], table: str, column: str, versions: tuple[str, str]
) -> ColumnPlan:
    key = (table, column)
    if column in GENERATED.get(table, ()):
        return ColumnPlan(column, "generated", "the target's own sequence gives the number", "", column)
    if key in COMPUTED and COMPUTED[key][1] in source:
        expression, name, reason = COMPUTED[key]
        # A column that is also copied under its own name (run_id) is not used up by the look-up.
        return ColumnPlan(column, "computed", reason, expression, "" if name == "run_id" else name)
    if key in NULLED:
        return ColumnPlan(column, "nulled", NULLED[key], "", column)
    name = _source_name(table, column, source)
    if name:
        value = _value(name, source[name], str(facts["type"]))
        if not value:
            reason = f"{source[name]} cannot become {facts['type']}"
            return ColumnPlan(column, "impossible", reason, "", name)
        if name != column:
            return ColumnPlan(column, "renamed", f"{name} is called {column} in {versions[1]}", value, name)
        return ColumnPlan(column, "copied", "", value, name)
    if facts["default"] is not None:
        return ColumnPlan(column, "defaulted", f"new in the target: {facts['default']}", "", "")
    if key in FIXED:
        expression, reason = FIXED[key]
        return ColumnPlan(column, "computed", reason, expression, "")
    if facts["nullable"]:
        return ColumnPlan(column, "nulled", f"the source ({versions[0]}) does not know it", "", "")
    reason = f"must not be empty, and the source ({versions[0]}) does not know it"
    return ColumnPlan(column, "impossible", reason, "", "")
