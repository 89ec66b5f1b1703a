"""Several things in one process of an Airflow: steps.py FILE (JSON: [[kind, ...], ...]); results as JSON on the last line.

["dag", dag_id, conf, request]: the function of our DAG's task, as its file in AIRFLOW_HOME/dags has it; its progress.
["secrets"]: variables and connections as this Airflow's models read them.
["pickles", {"conf": [hex], "executor_config": [hex]}]: what this Airflow's models make of such bytes, and of its own.
["orm", end]: every run and task instance loaded by the models, but of DAGs whose name has this end; how many.
["spoil"]: variables and connections changed and deleted.
["settle"]: rows of a life before the import, and numbers far from the source's.
"""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import hashlib
import importlib.util
import json
import os
import sys
import time
import types


def dag(dag_id, conf, request):
    path = os.path.join(os.environ["AIRFLOW_HOME"], "dags", dag_id + ".py")
    spec = importlib.util.spec_from_file_location(dag_id, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    store = module.Store(conf["bucket"], conf["region"])
    store.write_json(module.REQUEST.format(dag_id=dag_id), request)
    run = types.SimpleNamespace(run_id=request["run_id"], conf=conf)
    try:
        module.dag.get_task("run").python_callable(dag_run=run)
    except Exception:
        import traceback

        traceback.print_exc()
    out = store.read_json(module.PROGRESS.format(dag_id=dag_id))
    result = {"mwz_import": "IMPORT_RESULT", "mwz_verify": "VERIFY_RESULT", "mwz_export": "MANIFEST"}.get(dag_id)
    out["document"] = store.read_json(getattr(module, result)) if result else None
    return out


def digest(value):
    """A value no one should see in a test's output; short ones stay readable."""
    if isinstance(value, str) and (len(value) > 200 or "CANARY" in value):
        return "sha256 " + hashlib.sha256(value.encode("utf-8")).hexdigest()
    return value


def secrets():
    from cryptography.fernet import InvalidToken

    from airflow import settings
    from airflow.models import Connection, Variable, crypto

    fernet, session = crypto.get_fernet(), settings.Session()
    out = {"variable": {}, "connection": {}}
    for row in session.query(Variable):
        if row.key is None or row.key.startswith("mwaa_wizard_key_"):
            continue
        if row.is_encrypted and row._val:
            try:
                fernet.decrypt(row._val.encode("utf-8"))
            except InvalidToken:
                out["variable"][row.key] = "unreadable"
                continue
        out["variable"][row.key] = {"val": digest(row.get_val()), "description": digest(getattr(row, "description", None))}
    for row in session.query(Connection).order_by(Connection.id.desc()):
        if row.conn_id is None:
            continue
        out["connection"][row.conn_id] = {
            "conn_type": row.conn_type or "", "host": row.host, "login": row.login, "schema": row.schema, "port": row.port,
            "password": digest(row.get_password()), "extra": digest(row.get_extra()),
            "description": digest(getattr(row, "description", None))}
    session.rollback()
    return out


def pickles(known):
    from airflow import settings
    from airflow.models import DagRun, TaskInstance

    session, out = settings.Session(), {}
    for name, model in (("conf", DagRun), ("executor_config", TaskInstance)):
        column = model.__table__.c[name]
        read = column.type.result_processor(settings.engine.dialect, None)
        raw = settings.engine.raw_connection()
        cursor = raw.cursor()
        cursor.execute("SELECT DISTINCT %s::text FROM %s WHERE %s IS NOT NULL" % (name, model.__tablename__, name))
        found = {row[0] for row in cursor.fetchall()} | set(known.get(name, ()))
        raw.close()
        out[name] = {}
        for text in found:
            try:
                value = read(bytes.fromhex(text[2:]))
                out[name][text] = "empty" if value == {} else "breaks" if name == "conf" and breaks(value) else "fits"
            except Exception:
                out[name][text] = "unreadable"
    session.rollback()
    return out


def breaks(value):
    """Airflow 3's upgrade goes by json.dumps; it loses what that refuses, and PostgreSQL has no NaN, no \\u0000. Its API
    answers for a conf that is a dictionary."""
    if not isinstance(value, dict):
        return True
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # jsonb takes no half of a pair
        return "\\u0000" in json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return True


def orm(young="~young"):
    from airflow import settings
    from airflow.models import DagRun, TaskInstance

    session = settings.Session()
    runs = sum(1 for run in session.query(DagRun).filter(~DagRun.dag_id.endswith(young)) if run.conf is None or run.conf is not session)
    tasks = sum(1 for task in session.query(TaskInstance).filter(~TaskInstance.dag_id.endswith(young)) if task.executor_config is not session)
    session.rollback()
    return {"runs": runs, "tasks": tasks}


def settle():
    from airflow import settings
    from airflow.models import DagRun, Pool, Variable
    from airflow.utils import timezone

    session = settings.Session()
    raw = settings.engine.raw_connection()
    cursor = raw.cursor()
    for name in ("dag_run_id_seq", "log_id_seq", "job_id_seq", "task_fail_id_seq"):
        cursor.execute("SELECT setval(%s, 90000)", (name,))
    cursor.execute("SELECT to_regclass('log_template') IS NOT NULL")
    if cursor.fetchone()[0]:
        cursor.execute("INSERT INTO log_template (filename, elasticsearch_id, created_at) VALUES ('newest of the target', 'x', now())")
    raw.commit()
    when = timezone.datetime(2023, 5, 5)
    run = {"dag_id": "here before", "run_id": "manual__here", "execution_date": when, "state": "success", "run_type": "manual",
           "external_trigger": True, "clear_number": 0}
    session.execute(DagRun.__table__.insert(), {name: value for name, value in run.items() if name in DagRun.__table__.c})
    row = Pool()
    row.pool, row.slots, row.description = "small", 99, "of the target"
    if hasattr(Pool, "include_deferred"):
        row.include_deferred = False
    session.add(row)
    row = Variable()
    row.key = "plain"
    row.set_val("of the target")
    session.add(row)
    session.commit()
    return {}


def spoil():
    """What somebody does to variables and connections after an import."""
    from airflow import settings
    from airflow.models import Connection, Variable

    session = settings.Session()
    for key in ("number", "json"):
        session.query(Variable).filter(Variable.key == key).one().set_val("spoiled")
    session.query(Variable).filter(Variable.key == "spaces ").delete()
    row = session.query(Connection).filter(Connection.conn_id == "conn 0").one()
    row.set_password("spoiled")
    row.host = "spoiled"
    session.commit()
    return {}


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        steps = json.load(file)
    kinds = {"spoil": spoil, "dag": dag, "secrets": secrets, "pickles": pickles, "orm": orm, "settle": settle}
    results = []
    for step in steps:
        begun = time.time()
        results.append([kinds[step[0]](*step[1:]), round(time.time() - begun, 3)])
    print("\n" + json.dumps(results))
