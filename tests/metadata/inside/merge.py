"""Parts staged by hand into this Airflow's tables, by the functions of mwz_import; everything is rolled back."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import gzip
import importlib.util
import json
import os
import pickle
import sys

path = os.path.join(os.environ["AIRFLOW_HOME"], "dags", "mwz_import.py")
spec = importlib.util.spec_from_file_location("mwz_import", path)
inside = importlib.util.module_from_spec(spec)
sys.modules["mwz_import"] = inside
spec.loader.exec_module(inside)

connection, cursor = inside.open_database()
columns = inside.reflect(cursor, inside.LOAD_ORDER + ("log_template",))
PLAIN = pickle.dumps({}, 4)
T = "2025-01-0%d 00:00:00+00"


class Gone(object):
    """A class the target cannot import: it is pickled by name."""


def broken():
    return pickle.dumps(Gone(), 2).replace(b"Gone", b"Lost")


def loader(table, types, conflict="keep", bridge=False, **entry):
    entry = dict({"types": types, "columns": list(types), "keys": []}, **entry)
    return inside.Loader(table, entry, columns, ("2.11.2", "2.11.2"), conflict, bridge)


def stage(types, rows):
    cursor.execute("DROP TABLE IF EXISTS mwz_part")
    cursor.execute("CREATE TEMPORARY TABLE mwz_part (%s) ON COMMIT DROP" % ", ".join(
        "%s %s" % (inside.ident(name), kind) for name, kind in types.items()))
    for row in rows:
        cursor.execute("INSERT INTO mwz_part VALUES (%s)" % ", ".join(["%s"] * len(row)), row)


class Objects(dict):
    """A bucket."""

    def write(self, key, data, kind):
        self[key] = gzip.decompress(data).decode()


def merged(table, types, rows, **how):
    stage(types, rows)
    found, objects = loader(table, types, **how), Objects()
    kept = [inside.Kept(objects, name) for name in ("packed", "replaced")]
    out = found.merge(cursor, len(rows), *kept)
    for one in kept:
        assert one.close() == (one.key in objects)
        out[one.key] = objects.get(one.key, "")
    stage(types, rows)
    out["compared"] = {name: found.compare(cursor, len(rows))[name] for name in ("there", "missing")}
    return out


def value(sql):
    cursor.execute(sql)
    return cursor.fetchone()[0]


tz, text = "timestamp with time zone", "character varying(250)"
RUN = {"dag_id": text, "run_id": text, "execution_date": tz, "state": text, "run_type": text, "conf": "bytea"}
TASK = {"dag_id": text, "task_id": text, "run_id": text, "map_index": "integer", "state": text, "pool": "text",
        "pool_slots": "integer", "executor_config": "bytea"}
TRIES = dict(TASK, try_number="integer", max_tries="integer")
XCOM = {"dag_id": text, "task_id": text, "run_id": text, "map_index": "integer", "key": text, "value": "bytea",
        "timestamp": tz}
cursor.execute("INSERT INTO dag_run (dag_id, run_id, execution_date, state, run_type) VALUES"
               " ('d', 'theirs', %s, 'success', 'manual'), ('d', 'active', %s, 'running', 'manual'),"
               " ('d', 'same', %s, 'failed', 'manual')", (T % 1, T % 2, T % 3))
runs = [["d", "taken", T % 1, "success", "manual", None], ["d", "active", T % 2, "success", "manual", None],
        ["d", "same", T % 3, "success", "manual", None], ["d", "new", T % 4, "success", "manual", broken()],
        ["d", None, T % 5, "success", "manual", None]]
out = {}
stage(RUN, runs)
out["clashes"] = loader("dag_run", RUN).clashes(cursor)
out["runs"] = merged("dag_run", RUN, runs)
out["kept_state"] = value("SELECT state FROM dag_run WHERE run_id = 'same'")
out["replaced"] = merged("dag_run", RUN, runs, conflict="replace")
out["states"] = value("SELECT string_agg(run_id || ' ' || state, ', ' ORDER BY run_id) FROM dag_run WHERE dag_id = 'd'")
out["replaced_again"] = merged("dag_run", RUN, runs, conflict="replace")

tasks = [["d", "t", run, -1, "success", "p", 1, PLAIN] for run in ("taken", "active", "new")]
tasks += [["d", "long", "new", -1, "success", "p" * 300, 1, PLAIN], ["d", "odd", "new", 0, "success", "p", None, broken()]]
out["tasks"] = merged("task_instance", TASK, tasks)
out["config"] = bytes(value("SELECT executor_config FROM task_instance WHERE task_id = 'odd'")).hex()
out["again"] = merged("task_instance", TASK, tasks)
out["direct"] = {
    "plain": loader("task_instance", TASK, plain=["executor_config"]).direct(),
    "unknown": loader("task_instance", TASK).direct(),
    "guard": loader("task_instance", TASK).direct_guard(cursor),
    "xcom": loader("xcom", XCOM).direct(),
    "numbered": loader("task_instance", TRIES, bridge=True, plain=["executor_config", "try_number", "max_tries"]).direct(),
    "unnumbered": loader("task_instance", TRIES, bridge=True, plain=["executor_config", "try_number"]).direct(),
}
xcoms = [["d", "t", "new", -1, "k%d" % n, one, T % 6] for n, one in enumerate(
    (b"", b"{}", b'[NaN, 1]', b'"a\\u0000"', b"\xff", None, pickle.dumps(1, 2)))]
xcoms.append(["d", "gone", "new", -1, "k", b"1", T % 6])
cursor.execute("SAVEPOINT plain")
out["xcoms"] = merged("xcom", XCOM, xcoms)
cursor.execute("ROLLBACK TO SAVEPOINT plain")
out["bridge"] = merged("xcom", XCOM, xcoms, bridge=True)
out["numbers"] = value("SELECT convert_from(value, 'UTF8') FROM xcom WHERE key = 'k2'")
told = {"x": "loss: NaN, [Infinity] \\NaN", "plain": "NaN"}
merged("xcom", XCOM, [["d", "t", "new", -1, "told", json.dumps(told).encode(), T % 6]], bridge=True)
out["told"] = value("SELECT convert_from(value, 'UTF8') FROM xcom WHERE key = 'told'")
out["still_told"] = json.loads(out["told"]) == told
confs = [None, pickle.dumps({}, 5), PLAIN, pickle.dumps({"r": float("inf")}, 4), pickle.dumps({"s": {1}}, 4),
         pickle.dumps({"ok": "\u00fc"}, 4), pickle.dumps({"nul": "a\0b"}, 4)]
out["confs"] = merged("dag_run", RUN, [["c", "c%d" % n, T % (n + 1), "success", "manual", conf]
                                       for n, conf in enumerate(confs)], bridge=True)
cursor.execute("SELECT conf FROM dag_run WHERE dag_id = 'c' ORDER BY run_id")
out["stored"] = [bytes(row[0]).hex() if bytes(row[0])[:2] == b"\x80\x04" and len(row[0]) < 9 else
                 pickle.loads(bytes(row[0])) for row in cursor.fetchall()]
LOG = {"dttm": tz, "event": "text", "owner": "text"}
logs = [[T % 1, "e", None]] * 2 + [[None, "f", ""]] * 2 + [[T % 1, "x" * 61, "long"]]
out["logs"] = merged("log", LOG, logs)
out["logs_again"] = merged("log", LOG, logs)
out["bare"] = merged("task_instance", TRIES, [["d", "b%d" % n, "new", -1, "success", "p", 1, PLAIN, tries, most]
                                               for n, (tries, most) in enumerate(((None, None), (3, 4)))], bridge=True)
cursor.execute("SELECT try_number || ' ' || max_tries FROM task_instance WHERE task_id IN ('b0', 'b1') ORDER BY 1")
out["numbers_of_tasks"] = [row[0] for row in cursor.fetchall()]
cursor.execute("DELETE FROM log")
out["undated"] = merged("log", LOG, [[None, "f", ""]] * 2 + [[T % 1, None, "someone"]], bridge=True)
cursor.execute("SELECT replace(dttm::text, ' ', 'T') || ':00 ' || quote_nullable(event) FROM log")
out["eventless"] = [row[0] for row in cursor.fetchall()]
inside.close_database(connection)
print(json.dumps(out))
