"""Write seeded rows through Airflow's own models; runs with an environment's own interpreter and settings.

Reads JSON lines from standard input, one message each, and prints one JSON line with what it wrote:
  {"reserve": {"dag_run": N, "job": M}, "dag_ids": [...]}   make room in the sequences; ids in later rows count from 1
  {"table": T, "rows": [...]}             rows of one table
  {"settings": {"variables", "connections", "pools"}}
  {"commit": true}
  {"dags": [...]}                         DagModel rows: paused state and the next run
Kept to what Python 3.7 knows, because old Airflow versions run on it.
"""

import json
import sys
import time
from datetime import datetime

from airflow import models, settings
from airflow.utils import timezone
from sqlalchemy import Column, Integer, Table, func, text
from sqlalchemy import inspect as inspect_model
from sqlalchemy.exc import IntegrityError

BATCH = 2000

NEXT_RUN = (
    "next_dagrun",
    "next_dagrun_data_interval_start",
    "next_dagrun_data_interval_end",
    "next_dagrun_create_after",
)

#: Tables with a row per mapped task instance, where the version maps tasks.
MAPPED = ("task_instance", "task_fail", "task_instance_history", "xcom")

#: (table, column) -> whose reserved range the number counts in.
NUMBERED = {
    ("dag_run", "id"): "dag_run",
    ("dag_run", "creating_job_id"): "job",
    ("dag_run_note", "dag_run_id"): "dag_run",
    ("xcom", "dag_run_id"): "dag_run",
    ("job", "id"): "job",
    ("task_instance", "job_id"): "job",
    ("task_instance", "queued_by_job_id"): "job",
    ("task_instance_history", "queued_by_job_id"): "job",
}


def find_models():
    """Table name -> model, for the tables that this version has."""
    found = {}
    for mapper in find_mappers():
        if mapper.inherits is None:
            found[mapper.local_table.name] = mapper.class_
    return found


def find_mappers():
    """Every mapper; SQLAlchemy 1.3 keeps the classes, later ones a registry."""
    base = models.base.Base
    if hasattr(base, "registry"):
        return list(base.registry.mappers)
    return [inspect_model(found) for found in base._decl_class_registry.values() if hasattr(found, "__mapper__")]


def import_models():
    """Modules whose models Airflow does not import by itself."""
    import importlib

    for name in (
        "airflow.models.dagrun", "airflow.models.taskinstance", "airflow.models.xcom", "airflow.models.taskfail",
        "airflow.models.slamiss", "airflow.models.log", "airflow.models.taskinstancehistory", "airflow.jobs.job",
        "airflow.jobs.base_job", "airflow.models.dag", "airflow.models.tasklog",
    ):  # fmt: skip
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # the module belongs to another version
    # dag_run_note refers to the users' table; its real model drags in the whole web framework
    metadata = models.base.Base.metadata
    if "ab_user" not in metadata.tables:
        Table("ab_user", metadata, Column("id", Integer, primary_key=True))


class Writer:
    """Turns messages into rows of this version's models."""

    def __init__(self, session):
        self.session = session
        self.models = find_models()
        self.offsets = {}
        self.counts = {}
        self.log_template = self._newest_log_template()
        self.plans = {}
        self.filled = False

    def _newest_log_template(self):
        """What DagRun.log_template_id defaults to since Airflow 2.3: the newest template."""
        template = self.models.get("log_template")
        if template is None:
            return None
        return self.session.query(func.max(template.id)).scalar()

    def reserve(self, wanted):
        """Take ranges of ids out of the sequences, so that a running scheduler never gets one of them."""
        for table, number in wanted.items():
            if self.session.get_bind().dialect.name == "postgresql":
                first = self.session.execute(
                    text("select nextval(pg_get_serial_sequence(:t, 'id'))"), {"t": table}
                ).scalar()
                self.session.execute(
                    text("select setval(pg_get_serial_sequence(:t, 'id'), :v)"), {"t": table, "v": first + number}
                )
            else:
                model = self.models[table]
                first = (self.session.query(func.max(model.id)).scalar() or 0) + 1
            self.offsets[table] = first - 1

    def _plan(self, table):
        """(column name, mapped attribute, kind) for the columns of this version's model."""
        if table not in self.plans:
            model = self.models[table]
            mapper = inspect_model(model)
            plan = {}
            for column in mapper.local_table.columns:
                kind = None
                if "DateTime" in type(column.type).__name__ or "TIMESTAMP" in type(column.type).__name__:
                    kind = "time"
                plan[column.name] = (mapper.get_property_by_column(column).key, kind)
            self.plans[table] = (mapper, plan)
        return self.plans[table]

    def insert(self, table, rows):
        """Insert what this version's table can hold; tables it does not have are counted as left out."""
        if table not in self.models:
            self.counts[table] = 0
            return
        mapper, plan = self._plan(table)
        if table in MAPPED and "map_index" not in plan:
            rows = [row for row in rows if row["map_index"] <= 0]  # one task did what many do later
        mapped = [self._mapping(table, plan, row) for row in rows]
        # render_nulls keeps rows with and without a value in one batch
        self.session.bulk_insert_mappings(mapper, mapped, render_nulls=True)
        self.counts[table] = self.counts.get(table, 0) + len(mapped)

    def _mapping(self, table, plan, row):
        result = {}
        for name, value in row.items():
            if name not in plan:
                continue
            attribute, kind = plan[name]
            if value is not None:
                if kind == "time":
                    value = datetime.fromtimestamp(value, timezone.utc)
                elif (table, name) in NUMBERED:
                    value = value + self.offsets.get(NUMBERED[(table, name)], 0)
            result[attribute] = value
        if table == "dag_run" and self.log_template is not None and "log_template_id" in plan:
            result[plan["log_template_id"][0]] = self.log_template
        if table == "xcom":
            result["value"] = models.XCom.serialize_value(row["value"])
        if table == "task_instance" and not row["hostname"] and row["state"] == "success" and "executor" in plan:
            result[plan["try_number"][0]] = 1  # empty tasks: the scheduler counts them as a try since 2.10
        return result

    def write_settings(self, settings_rows):
        """Variables, connections and pools through their models, which encrypt with the environment's key."""
        for key, value, description in settings_rows["variables"]:
            more = {"description": description} if hasattr(models.Variable, "description") else {}
            models.Variable.set(key, value, session=self.session, **more)
        for fields in settings_rows["connections"]:
            extra = fields.get("extra")
            fields = dict(fields, extra=None if extra is None else json.dumps(extra, ensure_ascii=False))
            self.session.query(models.Connection).filter_by(conn_id=fields["conn_id"]).delete()
            known = {name: value for name, value in fields.items() if hasattr(models.Connection, name)}
            self.session.add(models.Connection(**known))
        for name, slots, description in settings_rows["pools"]:
            pool = self.session.query(models.Pool).filter_by(pool=name).one_or_none()
            if pool is None:
                pool = models.Pool(pool=name)
                self.session.add(pool)
            pool.slots, pool.description = slots, description
            if hasattr(pool, "include_deferred"):
                pool.include_deferred = False
        self.session.flush()
        for name, kind in (("variables", "variable"), ("connections", "connection"), ("pools", "slot_pool")):
            self.counts[kind] = len(settings_rows[name])

    def write_dags(self, rows):
        """Pause states last: until now every DAG was paused, so a running scheduler could not run ahead of us."""
        if self.session.query(self.models["dag"]).first() is not None:
            # A parse that began before the history was committed may still write next runs worked out without it.
            time.sleep(1)
        for row in rows:
            try:
                self._write_dag(row)
            except IntegrityError:  # the scheduler has made the row in the meantime
                self.session.rollback()
                self._write_dag(row)
        self.counts["dag"] = len(rows)

    def _write_dag(self, row):
        """One row per transaction: several locked rows could deadlock with the DAG processor."""
        model = self.models["dag"]
        _mapper, plan = self._plan("dag")
        dag = self.session.query(model).get(row["dag_id"])
        if dag is None:
            dag = model(dag_id=row["dag_id"])
            dag.is_active = False  # becomes active when the scheduler has parsed its file
            dag.fileloc = settings.DAGS_FOLDER + "/" + row["file"]
            dag.owners = row["owners"]
            self.session.add(dag)
        dag.is_paused = row["is_paused"]
        for name in NEXT_RUN:
            if name in plan and row.get(name) is not None:
                setattr(dag, plan[name][0], datetime.fromtimestamp(row[name], timezone.utc))
        self.session.commit()

    def already_filled(self, dag_ids):
        run = self.models["dag_run"]
        query = self.session.query(run.dag_id).filter(run.dag_id.in_(dag_ids), run.run_id.like("scheduled\\_\\_%"))
        return query.first() is not None


def handle(writer, message):
    """Apply one message; the history is left alone when there is one already."""
    if "reserve" in message:
        writer.filled = writer.already_filled(message["dag_ids"])
        if not writer.filled:
            writer.reserve(message["reserve"])
    elif writer.filled and "settings" not in message:
        return
    elif "table" in message:
        for first in range(0, len(message["rows"]), BATCH):
            writer.insert(message["table"], message["rows"][first : first + BATCH])
    elif "settings" in message:
        try:
            writer.write_settings(message["settings"])
        except Exception as error:
            # The original text would repeat the values; only the kind of error may leave this process.
            raise SystemExit("settings were refused: " + type(error).__name__) from None
    elif "dags" in message:
        writer.write_dags(message["dags"])
    elif message.get("commit"):
        writer.session.commit()


def main():
    import_models()
    session = settings.Session()
    try:
        writer = Writer(session)
        for line in sys.stdin:
            handle(writer, json.loads(line))
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
    print("\n" + json.dumps({"already_filled": writer.filled, "rows": writer.counts}))


if __name__ == "__main__":
    main()
