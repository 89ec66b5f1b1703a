"""Sources whose database nobody would set up so today: without an encoding, in a schema that is not `public`."""

from __future__ import annotations

import pytest

from mwaa_wizard.metadata import bundle, catalogue
from tests.metadata.lab import Environment, Lab

pytestmark = pytest.mark.e2e

HISTORY = [name for name in catalogue.names() if not catalogue.info(name).sealed]
# Everything of Airflow into a schema of its own; tables of the same names and other columns are left in `public`.
MOVED = """
CREATE SCHEMA elsewhere;
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT oid::regclass AS name, relkind FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
        EXECUTE format('ALTER TABLE %s SET SCHEMA elsewhere', r.name);
    END LOOP;
END $$;
CREATE TABLE public.task_instance (dag_id text, decoy integer);
CREATE TABLE public.xcom (decoy integer);
ALTER TABLE elsewhere.task_instance ADD COLUMN team text DEFAULT 'of a plug-in';
ALTER DATABASE {0} SET search_path = elsewhere, public;
"""
# The bytes stay as they are; the server takes no care of them any more.
NO_ENCODING = "UPDATE pg_database SET encoding = pg_char_to_encoding('SQL_ASCII') WHERE datname = '{0}'"


@pytest.fixture
def odd(lab: Lab) -> Environment:
    source = lab.environment("source", "2.8.1")
    source.python("fill.py", "12")
    source.sql("UPDATE xcom SET value = '\\x80027d2e' WHERE ctid = (SELECT min(ctid) FROM xcom WHERE dag_id = 'plain')")
    for statement in (MOVED, NO_ENCODING):
        source.sql(statement.format(source.home.name))
    assert source.sql("SHOW server_encoding") == "SQL_ASCII"
    return source


def test_a_database_without_encoding_and_in_another_schema_comes_over_whole(lab: Lab, odd: Environment) -> None:
    target, bucket = lab.environment("target", "2.11.2"), lab.bucket()
    counted, exported = odd.several(
        odd.order(bucket, "mwz_inventory"), odd.order(bucket, "mwz_export", tables=HISTORY)
    )
    assert (counted.state, exported.state) == ("success", "success"), (counted.error, exported.error)
    ended = target.several(*(target.order(bucket, dag_id) for dag_id in ("mwz_import", "mwz_verify")))
    assert [one.state for one in ended] == ["success", "success"], [one.error for one in ended]
    tables = bundle.ImportResult.model_validate(bucket.json(bundle.IMPORT_RESULT)).tables
    assert tables["task_instance"].inserted > 30
    assert tables["task_instance"].columns["team"] == "dropped"
    verified = bundle.VerifyResult.model_validate(bucket.json(bundle.VERIFY_RESULT))
    assert verified.same
    (note,) = verified.tables["xcom"].notes
    assert note.startswith("1 values are pickles: this Airflow reads them with core.enable_xcom_pickling only")
    assert int(target.sql("SELECT count(*) FROM dag_run WHERE run_id LIKE 'manual ü%'")) > 0
