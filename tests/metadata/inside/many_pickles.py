"""A part of many large pickles, none like another, staged into this Airflow: what it costs in memory; rolled back."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import importlib.util
import json
import os
import resource
import sys
import zlib

path = os.path.join(os.environ["AIRFLOW_HOME"], "dags", "mwz_import.py")
spec = importlib.util.spec_from_file_location("mwz_import", path)
inside = importlib.util.module_from_spec(spec)
sys.modules["mwz_import"] = inside
spec.loader.exec_module(inside)

ROWS, MEGABYTES = 150, 2
TYPES = {"dag_id": "character varying(250)", "run_id": "character varying(250)", "execution_date": "timestamp with time zone",
         "state": "character varying(50)", "run_type": "character varying(50)", "conf": "bytea"}


class Counted(dict):
    """A bucket that only counts lines."""

    def write(self, key, data, kind):
        unpack, lines = zlib.decompressobj(31), 0
        while data and not unpack.eof:
            lines += unpack.decompress(data, 1 << 16).count(b"\n")
            data = unpack.unconsumed_tail
        self[key] = lines


connection, cursor = inside.open_database()
cursor.execute("CREATE TEMPORARY TABLE mwz_part (%s) ON COMMIT DROP" % ", ".join(
    "%s %s" % (inside.ident(name), kind) for name, kind in TYPES.items()))
# A text of 2 MiB; every third is followed by a class that nobody has.
cursor.execute(
    "INSERT INTO mwz_part SELECT 'd', 'r' || n, '2025-01-01 00:00:00+00'::timestamptz + n * interval '1 hour', 'success',"
    " 'manual', decode('8002580000%02x00', 'hex') || convert_to(repeat(md5(n::text), %d), 'UTF8')"
    " || CASE WHEN n %% 3 = 0 THEN '\\x30636e6f70650a4e6f70650a2e'::bytea ELSE '\\x2e'::bytea END"
    " FROM generate_series(1, %d) n" % (MEGABYTES * 16, MEGABYTES * 32768, ROWS))
columns = inside.reflect(cursor, inside.LOAD_ORDER + ("log_template",))
entry = {"types": TYPES, "columns": list(TYPES), "keys": []}
loader = inside.Loader("dag_run", entry, columns, ("2.11.2", "2.11.2"))
objects = Counted()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
kept = inside.Kept(objects, "packed")
out = loader.merge(cursor, ROWS, kept, inside.Kept(objects, "replaced"))
kept.close()
out["grown"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024.0
out["kept"] = objects
cursor.execute("SELECT sum(length(conf)) FROM mwz_part")
out["left"] = int(cursor.fetchone()[0])
inside.close_database(connection)
print(json.dumps(out))
