"""What the DAGs refuse, what survives a kill, and other pairs of versions."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import pytest

from mwaa_wizard.metadata import bundle, catalogue
from tests.metadata.lab import INSIDE, Bucket, Environment, Lab

pytestmark = pytest.mark.e2e


def prepared(lab: Lab, source: str, target: str, runs: int = 8, **orders: Any) -> tuple[Environment, Environment, Bucket]:
    """Two environments and a complete bundle."""
    old, new, bucket = lab.environment("source", source), lab.environment("target", target), lab.bucket()
    old.python("fill.py", str(runs))
    for side, dag_id, more in ((old, "mwz_inventory", {}), (new, "mwz_key", {}), (old, "mwz_export", orders)):
        ended = side.quick(bucket, dag_id, **more)
        assert ended.state == "success", ended.error
    return old, new, bucket


@pytest.mark.parametrize(("source", "target"), [("2.7.2", "2.8.1"), ("2.7.2", "2.11.2"), ("2.10.3", "2.11.2")])
def test_other_versions(lab: Lab, source: str, target: str) -> None:
    _, new, bucket = prepared(lab, source, target)
    for dag_id in ("mwz_import", "mwz_verify"):
        ended = new.quick(bucket, dag_id)
        assert ended.state == "success", ended.error
    result = bundle.VerifyResult.model_validate(bucket.json(bundle.VERIFY_RESULT))
    assert result.same, result
    tables = bundle.ImportResult.model_validate(bucket.json(bundle.IMPORT_RESULT)).tables
    assert list(tables) == sorted(catalogue.names())
    assert all(table.inserted > 0 and table.rejected == 0 for table in tables.values())


def test_a_killed_import_is_finished_by_the_next(lab: Lab) -> None:
    old, new, bucket = prepared(lab, "2.8.1", "2.11.2", runs=150, part_rows=25)
    untouched = lab.environment("target", "2.11.2", like=new)
    run_id, conf = new.order(bucket, "mwz_import")
    process = new.start("python", str(INSIDE / "call.py"), "mwz_import", run_id, conf)
    total = 0
    while process.poll() is None:
        total = int(new.sql("SELECT count(*) FROM task_instance WHERE dag_id = 'plain'"))
        if total > 100:
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == -signal.SIGKILL
    half = new.python("facts.py")["tables"]
    assert untouched.quick(bucket, "mwz_import").state == "success"
    whole = untouched.python("facts.py")
    assert half != whole["tables"], "the import was over before it was killed"
    assert new.quick(bucket, "mwz_import").state == "success"
    assert new.python("facts.py") == whole
    assert new.quick(bucket, "mwz_verify").state == "success"
    assert bundle.VerifyResult.model_validate(bucket.json(bundle.VERIFY_RESULT)).same


def test_refusals_leave_the_target_as_it_was(lab: Lab) -> None:
    _, new, bucket = prepared(lab, "2.8.1", "2.11.2")
    before = new.python("facts.py")
    manifest = bucket.json(bundle.MANIFEST)

    def refused(words: str, **orders: Any) -> None:
        ended = new.quick(bucket, "mwz_import", **orders)
        assert ended.state == "failed"
        assert words in ended.error
        assert bundle.IMPORT_RESULT not in bucket.keys()  # noqa: SIM118
        assert new.python("facts.py") == before

    refused("the orders are for another", environment="another")
    refused("the orders expect abc", alembic_head="abc")
    refused("the orders are for mw-zzz", manifest_run_id="mw-zzz")
    refused("can only be kept", conflict="overwrite")
    bucket.put(bundle.MANIFEST, {**manifest, "format": 2})
    refused("format 2")
    spoilt = {**manifest["tables"]["dag_run"], "types": {"dag_id": "text; DROP TABLE dag_run"}, "columns": ["dag_id"]}
    bucket.put(bundle.MANIFEST, {**manifest, "tables": {"dag_run": spoilt}})
    assert new.quick(bucket, "mwz_import").state == "failed"
    assert new.python("facts.py") == before
    bucket.put(bundle.MANIFEST, manifest)
    key = manifest["tables"]["dag_run"]["parts"][0]["key"]
    bucket.client.put_object(Bucket=bucket.name, Key=key, Body=b"not gzip")
    ended = new.quick(bucket, "mwz_import")
    assert ended.state == "failed"
    assert new.sql("SELECT count(*) FROM dag_run WHERE left(dag_id, 4) <> 'mwz_'") == "0"


def test_rows_without_a_place_are_rejected_with_a_reason(lab: Lab) -> None:
    _, new, bucket = prepared(lab, "2.8.1", "2.11.2")
    columns = "dag_id, run_id, execution_date, state, run_type, clear_number"
    new.sql(f"INSERT INTO dag_run ({columns}) VALUES ('plain', 'other', '2025-01-02 01:00:00.123456+00', 'success', 'manual', 0)")
    new.sql(f"INSERT INTO dag_run ({columns}) VALUES ('plain', 'manual \u00fc__2', '2020-01-01', 'running', 'manual', 0)")
    assert new.quick(bucket, "mwz_import").state == "success"
    tables = bundle.ImportResult.model_validate(bucket.json(bundle.IMPORT_RESULT)).tables
    assert tables["dag_run"].reasons == {"another row of the target is in its place": 1}
    assert tables["dag_run"].present == 1
    assert set(tables["task_instance"].reasons) == {"its run is not in the target, or is active there"}
    for name in ("dag_run", "task_instance", "xcom"):
        lines = bucket.csv(bundle.rejected_key(name))
        assert lines.startswith("mwz_reason,")
        assert tables[name].rejected > 0
        assert tables[name].read == tables[name].inserted + tables[name].present + tables[name].rejected
    assert new.quick(bucket, "mwz_verify").state == "success"
    result = bundle.VerifyResult.model_validate(bucket.json(bundle.VERIFY_RESULT))
    assert not result.same
    assert result.tables["dag_run"].rejected == 1
    assert "plain" in result.dags_differ


def test_a_range_a_pattern_and_some_tables(lab: Lab) -> None:
    old, new, bucket = prepared(
        lab, "2.8.1", "2.11.2", tables=["dag_run", "task_instance", "log"], since="2025-01-03", until="2025-01-06",
        dag_pattern="pl*",
    )  # fmt: skip
    manifest = bundle.Manifest.model_validate(bucket.json(bundle.MANIFEST))
    assert (manifest.since, manifest.until) == ("2025-01-03", "2025-01-06")
    assert list(manifest.tables) == ["dag_run", "log", "task_instance"]
    left_out = manifest.tables["dag_run"].left_out
    assert left_out["older than the chosen date"] == 2
    assert left_out["newer than the chosen date"] == 2
    assert left_out["outside the chosen DAGs"] == 8
    assert old.sql("SELECT is_paused FROM dag WHERE dag_id = 'plain'") == "f"  # not asked to pause
    assert new.quick(bucket, "mwz_import", tables=["dag_run", "task_instance", "log"]).state == "success"
    assert new.sql("SELECT count(*) FROM dag_run WHERE dag_id = 'plain'") == str(manifest.tables["dag_run"].rows)


def test_export_refusals(lab: Lab) -> None:
    old, bucket = lab.environment("source", "2.8.1"), lab.bucket()
    old.python("fill.py", "2")
    no_key = old.quick(bucket, "mwz_export", pause=True)
    assert no_key.state == "failed"
    assert "public key" in no_key.error
    assert old.sql("SELECT is_paused FROM dag WHERE dag_id = 'plain'") == "f"
    unknown = old.quick(bucket, "mwz_export", tables=["trigger"])
    assert "trigger" in unknown.error
    elsewhere = old.quick(bucket, "mwz_export", environment="another", tables=["log"], pause=True)
    assert "another" in elsewhere.error
    assert bundle.PAUSED not in bucket.keys()  # noqa: SIM118
    bucket.put(bundle.PAUSED, {"session": "s-other", "paused": [], "unpaused": []})
    foreign = old.quick(bucket, "mwz_export", tables=["log"], pause=True)
    assert "s-other" in foreign.error
    assert bundle.MANIFEST not in bucket.keys()  # noqa: SIM118
