"""Put history with awkward values into a source: fill.py RUNS (per DAG). The way Airflow itself stores them."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import json
import pickle
import sys

from airflow import settings
from airflow.models import Connection, Variable

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 20
AWKWARD = 'a "quoted", comma; back\\slash \\N \\. \t tab\nnew line\r\n\u00fc \U0001f680 \'single\' %s %(x)s'

session = settings.Session()
engine = settings.engine
raw = engine.raw_connection()
cursor = raw.cursor()


def run(sql, *values):
    cursor.execute(sql, values)


def columns(table):
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table,))
    return {row[0] for row in cursor.fetchall()}


def insert(table, **values):
    there = columns_of[table]
    kept = {name: value for name, value in values.items() if name in there}
    names = ", ".join('"%s"' % name for name in kept)
    marks = ", ".join(["%s"] * len(kept))
    cursor.execute("INSERT INTO %s (%s) VALUES (%s)" % (table, names, marks), list(kept.values()))


columns_of = {t: columns(t) for t in ("dag", "dag_run", "task_instance", "task_fail", "xcom", "log", "job",
                                      "sla_miss", "slot_pool", "log_template")}
# Ids that differ from the target's, and a log template of the user's own.
for sequence in ("dag_run_id_seq", "job_id_seq", "log_id_seq"):
    run("SELECT setval(%s, 5000)", sequence)
run("INSERT INTO log_template (filename, elasticsearch_id, created_at) VALUES ('mine/{{ ti.task_id }}.log', 'x', now())")
run("SELECT id, filename FROM log_template ORDER BY id")
templates = cursor.fetchall()

dags = ["plain", "we'ird %s dag", "mwz_left_over"]
for number, dag_id in enumerate(dags):
    insert("dag", dag_id=dag_id, is_paused=number == 1, is_active=True, is_subdag=False, max_active_tasks=16,
           max_active_runs=16, has_task_concurrency_limits=False, max_consecutive_failed_dag_runs=0,
           has_import_errors=False)
for dag_id in dags:
    for n in range(RUNS):
        state = {3: "running", 4: "queued"}.get(n, "failed" if n % 7 == 0 else "success")
        date = "2025-%02d-%02d 03:0%d:00.123456+02" % (1 + n // 28 % 12, 1 + n % 28, n // 336 % 10)
        run_id = "scheduled__%s" % date.replace(" ", "T") if n % 2 else "manual \u00fc__%d" % n
        insert("dag_run", dag_id=dag_id, run_id=run_id, execution_date=date, state=state,
               run_type="scheduled" if n % 2 else "manual", external_trigger=n % 2 == 0,
               conf=pickle.dumps({"k": AWKWARD, "n": n}) if n % 3 else None, start_date=date,
               end_date=date if n % 5 else None, queued_at=date, data_interval_start=date, data_interval_end=date,
               creating_job_id=7, clear_number=0, dag_hash="x" * 32,
               log_template_id=None if n == 1 else templates[n % len(templates)][0], updated_at=date)
        cursor.execute("SELECT currval('dag_run_id_seq')")
        dag_run_id = cursor.fetchone()[0]
        for task, map_index in (("first", -1), ("mapped", 0), ("mapped", 1), ("odd", -1)):
            ti_state = state
            if task == "odd":
                ti_state = [None, "skipped", "upstream_failed", "removed", "deferred", "up_for_retry"][n % 6]
            elif state == "queued":
                ti_state = "queued"
            insert("task_instance", dag_id=dag_id, task_id=task, run_id=run_id, map_index=map_index, state=ti_state,
                   start_date=date, end_date=date, duration=0.1 + n / 3.0, try_number=1 + n % 3, max_tries=3,
                   hostname="" if n % 2 else None, unixname="airflow", job_id=9, pool="default_pool", pool_slots=1,
                   queue="default", priority_weight=1, operator="BashOperator", queued_by_job_id=4, pid=1,
                   executor_config=pickle.dumps({"pod": AWKWARD}), external_executor_id="celery-1", queued_dttm=date,
                   next_method="x", next_kwargs=json.dumps({"a": 1}), updated_at=date)
            insert("xcom", dag_run_id=dag_run_id, dag_id=dag_id, task_id=task, run_id=run_id, map_index=map_index,
                   key="return_value" if n % 4 else "k\n" + AWKWARD,
                   value=[b"\x00\x01\xff\\x", b"", None, json.dumps(AWKWARD).encode()][n % 4], timestamp=date)
            if ti_state == "failed":
                for _ in range(2):
                    insert("task_fail", dag_id=dag_id, task_id=task, run_id=run_id, map_index=map_index,
                           start_date=date, end_date=date, duration=3)
            insert("log", dttm=date, dag_id=dag_id, task_id=task, map_index=map_index, event="success",
                   execution_date=date, owner="", extra=AWKWARD if n % 2 else "")
            insert("job", dag_id=dag_id, state="running" if n == 3 else "success", job_type="LocalTaskJob",
                   start_date=date, end_date=date, latest_heartbeat=date, executor_class="X", hostname=AWKWARD[:40],
                   unixname=None)
        if n % 6 == 0:
            insert("sla_miss", dag_id=dag_id, task_id="first", execution_date=date, email_sent=True, timestamp=date,
                   description=AWKWARD, notification_sent=False)
for _ in range(3):  # rows nothing tells apart: each of them counts
    insert("log", dttm="2025-06-06 06:06:06+00", dag_id=None, event="cli_scheduler", owner="airflow", extra=None)
    insert("log", dttm=None, dag_id=None, event="odd", owner=None, extra="")
insert("log", dttm="2025-06-06 06:06:07+00", event="cli_variables_set", owner="airflow", extra="CANARY-in-log")
insert("log", dttm="2025-06-06 06:06:08+00", event="cli_dags_trigger", owner="a", extra="airflow dags trigger mwz_export")
insert("slot_pool", pool="small %s", slots=3, description="", include_deferred=True)
insert("slot_pool", pool="mine", slots=7, description=None, include_deferred=False)
run("UPDATE slot_pool SET slots = 77 WHERE pool = 'default_pool'")
raw.commit()

for key, value in {"plain": "CANARY-variable", "empty": "", "awkward %s": AWKWARD, "json": json.dumps({"a": [1, None]}),
                   "big": "x\u00fc" * 500000, "my_secret_password": "CANARY-variable"}.items():
    row = Variable(key=key, val=value)
    row.description = AWKWARD if key == "plain" else None
    session.add(row)
for number, fields in enumerate((
    {"conn_type": "postgres", "host": "h%20x", "login": "u%s\u00fc", "password": "CANARY-p%40/@:#? \U0001f511",
     "port": 5432, "schema": "s/%", "extra": json.dumps({"k": "CANARY-extra", "n": 1})},
    {"conn_type": "http", "host": "", "login": None, "password": "", "extra": ""},
    {"conn_type": "aws", "extra": json.dumps({"role_arn": "arn:aws:iam::1:role/x"}), "description": AWKWARD},
)):
    row = Connection()
    row.conn_id = "conn %d" % number
    for name, value in fields.items():
        setattr(row, name, value)
    if fields.get("password") == "":
        row._password = ""
    if fields.get("extra") == "":
        row._extra = ""
    session.add(row)
session.commit()
print(json.dumps({"filled": RUNS}))
