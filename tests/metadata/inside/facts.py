"""What an Airflow holds, for comparing two of them: ids and our own rows left out."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import hashlib
import json

from airflow import settings
from airflow.models import Connection, Variable

session = settings.Session()
cursor = settings.engine.raw_connection().cursor()
out = {"variables": {}, "connections": {}, "tables": {}, "paused": {}}
for row in session.query(Variable):
    out["variables"][row.key] = hashlib.sha256(repr((row.get_val(), row.description)).encode()).hexdigest()
for row in session.query(Connection):
    fields = (row.conn_type, row.host, row.login, row.schema, row.port, row.get_password(), row.get_extra(),
              row.description)
    out["connections"][row.conn_id] = hashlib.sha256(repr(fields).encode()).hexdigest()
for table in ("dag_run", "task_instance", "task_fail", "xcom", "log", "job", "sla_miss", "slot_pool"):
    cursor.execute("SELECT count(*) FROM %s%s" % (
        table, "" if table == "slot_pool" else " WHERE coalesce(left(dag_id, 4), '') <> 'mwz_'"))
    out["tables"][table] = cursor.fetchone()[0]
cursor.execute("SELECT dag_id, is_paused FROM dag ORDER BY 1")
out["paused"] = dict(cursor.fetchall())
cursor.execute("SELECT r.dag_id || ' ' || r.run_id, t.filename FROM dag_run r LEFT JOIN log_template t"
               " ON t.id = r.log_template_id WHERE left(r.dag_id, 4) <> 'mwz_'")
out["templates"] = dict(cursor.fetchall())
cursor.execute("SELECT filename FROM log_template ORDER BY id")
out["known_templates"] = [row[0] for row in cursor.fetchall()]
cursor.execute("SELECT count(*) FROM xcom x JOIN dag_run r ON r.id = x.dag_run_id AND r.dag_id = x.dag_id"
               " AND r.run_id = x.run_id")
out["xcoms_joined"] = cursor.fetchone()[0]
cursor.execute("SELECT md5(string_agg(md5(q::text), '' ORDER BY md5(q::text))) FROM (SELECT dag_id, run_id, task_id,"
               " map_index, state, duration, executor_config, hostname FROM task_instance"
               " WHERE left(dag_id, 4) <> 'mwz_') q")
out["task_md5"] = cursor.fetchone()[0]
cursor.execute("SELECT coalesce(sum(length(extra)), 0), count(*) FILTER (WHERE extra = ''), count(*) FILTER"
               " (WHERE extra IS NULL) FROM log WHERE coalesce(left(dag_id, 4), '') <> 'mwz_'")
out["log_extra"] = [int(n) for n in cursor.fetchone()]
print(json.dumps(out))
