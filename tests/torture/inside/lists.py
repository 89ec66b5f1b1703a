"""Tables beside the history: audit log, jobs, pools; variables and connections through Airflow's own models."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import datetime
import json

import values
from writer import RELEASE


def logs(writer, rng, size, mark):
    """Audit rows: with and without a DAG, some of them equal in everything."""
    events = ("success", "failed", "cli_scheduler", "trigger", "e" * 30)
    for n in range(size * 20):
        when = values.moment(n % 300, rng)
        writer.add(
            "log", dttm=when, dag_id=(values.NAMES[n % len(values.NAMES)] + mark) if n % 5 else None,
            task_id="extract" if n % 3 else None, map_index=-1 if n % 3 else None, event=events[n % len(events)],
            execution_date=when if n % 2 else None, run_id="run %d" % n if n % 2 else None,
            owner=values.TEXTS[n % len(values.TEXTS)], owner_display_name=("", None, "Ann")[n % 3],
            extra=values.TEXTS[(n // 3) % len(values.TEXTS)], try_number=n % 4 or None)
    same = values.moment(77, rng)
    for _ in range(4):
        writer.add("log", dttm=same, dag_id=None, event="same", owner="airflow" + mark, extra=None)
        writer.add("log", dttm=None, dag_id=None, event="no time", owner=mark, extra="")
        writer.add("log", dttm=same, dag_id=None, event=None, owner=mark, extra="no event")
    writer.add("log", dttm=same, event="cli_variables_set", owner="a", extra='{"full_command": "CANARY-in-log"}')
    writer.add("log", dttm=same, event="cli_connections_add", owner="a", extra="CANARY-in-log")
    writer.add("log", dttm=same, event="cli_trigger_dag", owner="a", extra="airflow trigger_dag mwz_export")


def jobs(writer, rng, size, mark):
    """Processes of the source, finished and not."""
    for n in range(size * 3):
        when = values.moment(n // 3, rng)
        writer.add(
            "job", dag_id=(values.NAMES[n % len(values.NAMES)] + mark) if n % 2 else None,
            state=("success", "failed", "running", None)[n % 4], job_type=("LocalTaskJob", "SchedulerJob")[n % 2],
            start_date=when if n % 9 else None, end_date=when, latest_heartbeat=when, executor_class="SequentialExecutor",
            hostname=values.TEXTS[n % len(values.TEXTS)], unixname=None)
    for _ in range(2):
        writer.add("job", dag_id=None, state="success", job_type="BackfillJob", start_date=values.EPOCH, hostname="twin" + mark)


def pools(writer, mark):
    """Pools of every kind of name; the default one resized."""
    from airflow.models import Pool

    for n, name in enumerate(("small", "%s, |\"'", "\\N", "\U0001f680 pool", "p" * (44 if RELEASE < (2, 0) else 250))):
        row = Pool()
        row.pool, row.slots, row.description = name + mark, (3, 0, -1, 10 ** 6, 1)[n], values.TEXTS[n]
        if hasattr(Pool, "include_deferred"):
            row.include_deferred = n % 2 == 0
        writer.session.add(row)
    writer.session.flush()
    writer.sql("UPDATE slot_pool SET slots = NULL WHERE pool = '\\N%s'" % mark)
    writer.sql("UPDATE slot_pool SET slots = 77 WHERE pool = 'default_pool'")


def variables(writer, mark):
    """Variables of every size and form; one that nobody can read any more."""
    from airflow.models import Variable

    items = {
        "plain": "CANARY-variable", "empty": "", "awkward %s, \"|\\N": values.AWKWARD, "json": json.dumps({"a": [1, None]}),
        "big": "x\u00fc" * 500000, "my_secret_password": "CANARY-variable", "\U0001f680 key \u05e9": "{{ ds }}",
        "k" * 240: "\\N", "number": "1e400", "spaces ": "  ", "null": "null", "backslash-dot": "\\.",
    }
    for key, value in items.items():
        row = Variable()
        row.key = key + mark
        row.set_val(value)
        if value == "" and row._val is None:
            row._val = ""
        if hasattr(Variable, "description"):
            row.description = (values.AWKWARD, "", None)[len(key) % 3]
        writer.session.add(row)
    writer.session.flush()
    for key, value, encrypted in (
        ("in clear", "CANARY-clear", False), ("unknown form", "CANARY-clear", None), ("no value", None, False),
        ("unreadable", "gAAAAABm-CANARY-of-another-key", True), ("mwaa_wizard_key_s-old", "of an earlier migration", False),
    ):
        # Our own keys are known by their beginning, so the mark goes behind it.
        writer.session.execute(writer._text(
            "INSERT INTO variable (key, val, is_encrypted) VALUES (:k, :v, :e)"), {"k": key + mark, "v": value, "e": encrypted})


CONNECTIONS = (
    {"conn_type": "postgres", "host": "h%20x", "login": "u%s\u00fc", "password": "CANARY-p%40/@:#? \U0001f511", "port": 5432,
     "schema": "s/%", "extra": json.dumps({"k": "CANARY-extra", "n": 1, "nested": {"a": [None, "\\N"]}})},
    {"conn_type": "http", "host": "", "login": None, "password": "", "extra": ""},
    {"conn_type": "aws", "extra": json.dumps({"role_arn": "arn:aws:iam::1:role/x", "\u05e9": "\U0001f680"}, ensure_ascii=False)},
    {"conn_type": "my-own_type", "host": "https://a/b?c=d&e=%2F", "port": 0, "extra": json.dumps({"big": "e" * 2000})},
    {"conn_type": "", "host": values.AWKWARD[:200], "password": "p" * 300},
)


def connections(writer, mark):
    """Connections with what URIs, JSON and encryption trip over."""
    from airflow.models import Connection

    for n, fields in enumerate(CONNECTIONS):
        row = Connection()
        row.conn_id = ("conn %d", "c%%40nn-%d", "\u05e9 %d", "'%d\"|\\N", "%d\n")[n] % n + mark
        for name in ("conn_type", "host", "login", "schema", "port"):
            setattr(row, name, fields.get(name))
        row.set_password(fields.get("password"))
        row.set_extra(fields.get("extra"))
        for name in ("password", "extra"):
            if fields.get(name) == "":
                setattr(row, "_" + name, "")
        if hasattr(Connection, "description"):
            row.description = values.TEXTS[n]
        writer.session.add(row)
    writer.session.flush()


def fill(writer, rng, size, mark):
    """All of them."""
    logs(writer, rng, size, mark)
    jobs(writer, rng, size, mark)
    writer.flush()
    pools(writer, mark)
    variables(writer, mark)
    connections(writer, mark)
