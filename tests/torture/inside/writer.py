"""Rows into the source's own tables, with the column types of that Airflow's own models where it has a model."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import importlib

from airflow import settings
from airflow.version import version

RELEASE = tuple(int("".join(c for c in part if c.isdigit()) or 0) for part in version.split(".")[:3])

# Where each model lives; the first module that has it counts.
MODELS = {
    "dag": (("airflow.models", "DagModel"), ("airflow.models.dag", "DagModel")),
    "dag_run": (("airflow.models", "DagRun"), ("airflow.models.dagrun", "DagRun")),
    "task_instance": (("airflow.models", "TaskInstance"),),
    "task_instance_history": (("airflow.models.taskinstancehistory", "TaskInstanceHistory"),),
    "task_fail": (("airflow.models", "TaskFail"), ("airflow.models.taskfail", "TaskFail")),
    "task_reschedule": (("airflow.models", "TaskReschedule"), ("airflow.models.taskreschedule", "TaskReschedule")),
    "rendered_task_instance_fields": (("airflow.models.renderedtifields", "RenderedTaskInstanceFields"),),
    "xcom": (("airflow.models.xcom", "BaseXCom"), ("airflow.models", "XCom")),
    "log": (("airflow.models", "Log"), ("airflow.models.log", "Log")),
    "job": (("airflow.jobs.job", "Job"), ("airflow.jobs.base_job", "BaseJob")),
    "sla_miss": (("airflow.models", "SlaMiss"), ("airflow.models.slamiss", "SlaMiss")),
    "trigger": (("airflow.models", "Trigger"), ("airflow.models.trigger", "Trigger")),
    "dag_run_note": (("airflow.models.dagrun", "DagRunNote"),),
    "task_instance_note": (("airflow.models.taskinstance", "TaskInstanceNote"),),
    "task_map": (("airflow.models.taskmap", "TaskMap"),),
    "log_template": (("airflow.models.tasklog", "LogTemplate"),),
    "import_error": (("airflow.models.errors", "ImportError"), ("airflow.models", "ImportError")),
}


def model_table(name):
    """The SQLAlchemy table of this Airflow's model, or None where it has no such model."""
    for module, attribute in MODELS.get(name, ()):
        try:
            found = getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError):
            continue
        return found.__table__
    return None


# What others refer to comes first.
FIRST = ("dag", "dag_run", "task_instance")


class Writer(object):
    """Collects rows by table and writes them, parents before children."""

    def __init__(self):
        self.session = settings.Session()
        self.rows, self.written, self.known = {}, {}, {}

    def columns(self, table):
        """{column: nullable} of the real table; empty where this Airflow has none."""
        if table not in self.known:
            found = self.sql(
                "SELECT attname, NOT attnotnull FROM pg_attribute WHERE attrelid = to_regclass('%s')"
                " AND attnum > 0 AND NOT attisdropped" % table)
            self.known[table] = dict((row[0], row[1]) for row in found)
        return self.known[table]

    def _text(self, statement):
        from sqlalchemy import text

        return text(statement)

    def sql(self, statement):
        """One statement; its rows where it has some."""
        done = self.session.execute(self._text(statement))
        return done.fetchall() if done.returns_rows else []

    def add(self, table, **values):
        """One more row; what this Airflow's table does not have is left out."""
        there = self.columns(table)
        if there:
            self.rows.setdefault(table, []).append({k: v for k, v in values.items() if k in there})

    def flush(self):
        """Write everything collected."""
        for table in sorted(self.rows, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST)):
            rows = self.rows[table]
            target, groups = model_table(table), {}
            for row in rows:
                groups.setdefault(tuple(sorted(row)), []).append(row)
            for names, group in groups.items():
                if target is not None and all(name in target.c for name in names):
                    self.session.execute(target.insert(), group)
                else:
                    statement = "INSERT INTO %s (%s) VALUES (%s)" % (
                        table, ", ".join('"%s"' % name for name in names), ", ".join(":" + name for name in names))
                    self.session.execute(self._text(statement), group)
            self.written[table] = self.written.get(table, 0) + len(rows)
        self.rows = {}
        self.session.flush()
