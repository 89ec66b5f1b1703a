"""What "replace" and "fail" do to rows a target already has, and that nothing of the user's is lost by it."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from mwaa_wizard.metadata import bundle
from tests.metadata.lab import SESSION, Bucket, Environment, Lab
from tests.metadata.test_e2e_refusals import Prepared, imported, prepare

pytestmark = pytest.mark.e2e

TABLES = ["slot_pool", "variable", "connection", "dag_run", "task_instance"]
CHANGE_SECRETS = """
from airflow import settings
from airflow.models import Connection, Variable
orm = settings.Session()
row = orm.query(Variable).filter(Variable.key == "plain").one()
row.set_val("the user's own")
row = orm.query(Connection).filter(Connection.conn_id == "conn 0").one()
row.set_password("the user's own")
orm.commit()
"""
OPEN = """
import importlib.util, json, os
path = os.path.join(os.environ["AIRFLOW_HOME"], "dags", "mwz_import.py")
spec = importlib.util.spec_from_file_location("mwz_import", path)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
store = module.Store(BUCKET, "us-east-1")
key = module.load_private_key(module.stored_private_key(SESSION))
out = {}
for table in ("variable", "connection"):
    data = store.read(module.SEALED_REPLACED.format(table=table))
    out[table] = module.unseal(data, key, table, json.loads(data.decode())["run_id"])
print(json.dumps(out))
"""


def script(side: Environment, code: str) -> Any:
    """Run some code inside an Airflow; what it printed last as JSON, if anything."""
    path = side.home / "script.py"
    path.write_text(code + "\nprint('null')\n" if "print(" not in code else code)
    return side.python(str(path))


@pytest.fixture(scope="module")
def changed(lab: Lab) -> Prepared:
    """A target that had the whole bundle, and in which somebody then changed things."""
    found = prepare(lab, "2.8.1", "2.11.2", runs=12, tables=TABLES)
    ended = found.target.quick(found.bucket, "mwz_import", tables=TABLES)
    assert ended.state == "success", ended.error
    found.target.sql("UPDATE dag_run SET state = CASE state WHEN 'success' THEN 'failed' ELSE 'success' END")
    found.target.sql("UPDATE slot_pool SET slots = 99 WHERE pool = 'mine'")
    script(found.target, CHANGE_SECRETS)
    return found


def old_rows(bucket: Bucket, table: str) -> list[str]:
    return gzip.decompress(bucket.read(bundle.replaced_key(table))).decode().splitlines()[1:]


def test_fail_looks_first_and_changes_nothing(changed: Prepared) -> None:
    bucket = Bucket(changed.bucket.client, changed.bucket.name)
    bucket.client.delete_object(Bucket=bucket.name, Key="import/started.json")
    before = changed.target.sql("SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM dag_run t")
    ended = changed.target.quick(bucket, "mwz_import", tables=TABLES, conflict="fail")
    assert ended.state == "failed"
    assert "The target has rows with other values. Nothing was changed." in ended.error
    for name in ("dag_run: ", "slot_pool: 1 (mine)", "variable: 1 (plain)", "connection: 1 (conn 0)"):
        assert name in ended.error
    assert changed.target.sql("SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM dag_run t") == before


def test_replace_keeps_what_was_there_also_when_it_runs_again(changed: Prepared) -> None:
    target, bucket = changed.target, changed.bucket
    runs = int(target.sql("SELECT count(*) FROM dag_run WHERE left(dag_id, 4) <> 'mwz_'"))
    first = target.quick(bucket, "mwz_import", tables=TABLES, conflict="replace")
    assert first.state == "success", first.error
    tables = imported(bucket)
    told = {name: (table.inserted, table.updated) for name, table in tables.items()}
    assert told == {
        "slot_pool": (0, 1), "variable": (0, 1), "connection": (0, 1), "dag_run": (0, runs), "task_instance": (0, 0),
    }  # fmt: skip
    assert len(old_rows(bucket, "dag_run")) == runs
    assert "99" in old_rows(bucket, "slot_pool")[0]
    again = target.quick(bucket, "mwz_import", tables=TABLES, conflict="replace")
    assert again.state == "success", again.error
    assert all((table.inserted, table.updated) == (0, 0) for table in imported(bucket).values())
    assert len(old_rows(bucket, "dag_run")) == runs
    opened = script(target, OPEN.replace("BUCKET", repr(bucket.name)).replace("SESSION)", f"{SESSION!r})"))
    assert [item["val"] for item in opened["variable"]] == ["the user's own"]
    assert [item["password"] for item in opened["connection"]] == ["the user's own"]
    ended = target.quick(bucket, "mwz_verify", tables=TABLES)
    assert ended.state == "success", ended.error
    assert bundle.VerifyResult.model_validate(bucket.json(bundle.VERIFY_RESULT)).same
