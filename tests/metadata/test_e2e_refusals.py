"""What the DAGs refuse, what survives a kill, and other pairs of versions."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass
from typing import Any

import pytest

from mwaa_wizard.metadata import bundle, catalogue, schemas
from tests.metadata.lab import INSIDE, Bucket, Environment, Lab

pytestmark = pytest.mark.e2e

UNFILLED = {  # the torture data has rows of these; here it is enough that they do not get in the way
    "dag_run_note", "task_instance_note", "task_instance_history", "task_reschedule", "rendered_task_instance_fields",
    "task_map",
}  # fmt: skip


@dataclass
class Prepared:
    """Two environments and a complete bundle."""

    source: Environment
    target: Environment
    bucket: Bucket


def prepare(lab: Lab, source: str, target: str, runs: int = 8, **orders: Any) -> Prepared:
    found = Prepared(lab.environment("source", source), lab.environment("target", target), lab.bucket())
    found.source.python("fill.py", str(runs))
    for ended in (
        found.target.quick(found.bucket, "mwz_key"),
        found.source.quick(found.bucket, "mwz_export", **orders),
    ):
        assert ended.state == "success", ended.error
    return found


@pytest.fixture(scope="module")
def original(lab: Lab) -> Prepared:
    return prepare(lab, "2.8.1", "2.11.2", runs=120, part_rows=25)


@pytest.fixture
def prepared(lab: Lab, original: Prepared) -> Prepared:
    """A bundle of many parts and a target of this test's own that is still empty."""
    target = lab.environment("target", "2.11.2", like=original.target)
    return Prepared(original.source, target, lab.bucket(like=original.bucket))


def imported(bucket: Bucket) -> dict[str, bundle.TableImport]:
    return bundle.ImportResult.model_validate(bucket.json(bundle.IMPORT_RESULT)).tables


def verified(bucket: Bucket) -> bundle.VerifyResult:
    return bundle.VerifyResult.model_validate(bucket.json(bundle.VERIFY_RESULT))


def counts(environment: Environment) -> str:
    """Rows of every table that is moved."""
    tables = [table for table in catalogue.names() if schemas.columns(environment.version, table)]
    return " ".join(environment.sql(f'SELECT count(*) FROM "{table}"') for table in tables)


@pytest.mark.parametrize(("source", "target"), [("2.7.2", "2.8.1"), ("2.7.2", "2.11.2"), ("2.10.3", "2.11.2")])
def test_other_versions(lab: Lab, source: str, target: str) -> None:
    found = prepare(lab, source, target)
    orders = [found.target.order(found.bucket, dag_id) for dag_id in ("mwz_import", "mwz_verify", "mwz_import")]
    for ended in found.target.several(*orders[:2]):
        assert ended.state == "success", ended.error
    assert verified(found.bucket).same, verified(found.bucket)
    tables = imported(found.bucket)
    assert list(tables) == sorted(schemas.planned(source, target))
    assert {name for name, table in tables.items() if not table.inserted} <= UNFILLED
    assert not any(table.rejected for table in tables.values())
    assert found.target.several(orders[2])[0].state == "success"
    assert not any(table.inserted for table in imported(found.bucket).values())


def test_a_killed_import_is_finished_by_the_next(lab: Lab, prepared: Prepared) -> None:
    new, bucket = prepared.target, prepared.bucket
    untouched = lab.environment("target", "2.11.2", like=new)
    process = new.start("python", str(INSIDE / "call.py"), json.dumps([new.order(bucket, "mwz_import")]))
    while process.poll() is None:
        if int(new.sql("SELECT count(*) FROM task_instance WHERE dag_id = 'plain'")) > 50:
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    half = counts(new)
    assert untouched.quick(bucket, "mwz_import").state == "success"
    assert half != counts(untouched), "the import was over before it was killed"
    for ended in new.several(new.order(bucket, "mwz_import"), new.order(bucket, "mwz_verify")):
        assert ended.state == "success", ended.error
    assert new.python("facts.py") == untouched.python("facts.py")
    assert verified(bucket).same


def test_refusals_leave_the_target_as_it_was(prepared: Prepared) -> None:
    new, bucket = prepared.target, prepared.bucket
    before, manifest = counts(new), bucket.json(bundle.MANIFEST)
    wrong: list[tuple[str, dict[str, str]]] = [
        ("the orders are for another", {"environment": "another"}),
        ("the orders expect abc", {"alembic_head": "abc"}),
        ("the orders are for mw-zzz", {"manifest_run_id": "mw-zzz"}),
        ("is none of these", {"conflict": "overwrite"}),
    ]
    ends = new.several(*(new.order(bucket, "mwz_import", **orders) for _, orders in wrong))
    for ended, (words, _) in zip(ends, wrong, strict=True):
        assert ended.state == "failed"
        assert words in ended.error
    assert counts(new) == before
    hostile = {**manifest["tables"]["dag_run"], "columns": ["dag_id", "run_id"], "keys": ["dag_id"]}
    hostile["types"] = {"dag_id": "text; DROP TABLE dag_run; --", "run_id": "text"}
    for spoilt in ({**manifest, "format": 2}, {**manifest, "tables": {"dag_run": hostile}}):
        bucket.put(bundle.MANIFEST, spoilt)
        assert new.quick(bucket, "mwz_import").state == "failed"
        assert counts(new) == before
    bucket.put(bundle.MANIFEST, manifest)
    for key in ("tables/dag_run/0000.csv.gz", "sealed/variable.json.sealed"):
        kept = bucket.read(key)
        bucket.client.put_object(Bucket=bucket.name, Key=key, Body=kept[:-8] + b"nonsense")
        ended = new.quick(bucket, "mwz_import")
        assert ended.state == "failed"
        assert key in ended.error
        bucket.client.put_object(Bucket=bucket.name, Key=key, Body=kept)
        assert bundle.IMPORT_RESULT not in bucket.keys()  # noqa: SIM118


def test_rows_without_a_place_are_rejected_with_a_reason(prepared: Prepared) -> None:
    new, bucket = prepared.target, prepared.bucket
    for run_id, date, state in (
        ("other", "2025-01-02 01:00:00.123456+00", "success"),
        ("manual \u00fc__2", "2020-01-01", "running"),
    ):
        new.sql(
            "INSERT INTO dag_run (dag_id, run_id, execution_date, state, run_type, clear_number)"
            f" VALUES ('plain', '{run_id}', '{date}', '{state}', 'manual', 0)"
        )
    for ended in new.several(new.order(bucket, "mwz_import"), new.order(bucket, "mwz_verify")):
        assert ended.state == "success", ended.error
    tables = imported(bucket)
    assert tables["dag_run"].reasons == {"another run of the target has its logical date": 1}
    assert tables["dag_run"].present == 1
    assert set(tables["task_instance"].reasons) == {"its run is not in the target, or is active there"}
    for name in ("dag_run", "task_instance", "xcom"):
        lines = bucket.csv(bundle.rejected_key(name))
        assert lines.startswith("mwz_reason,")
        assert tables[name].rejected > 0
        assert tables[name].read == tables[name].inserted + tables[name].present + tables[name].rejected
    result = verified(bucket)
    assert not result.same  # the active run of the target has other values than the source's
    assert result.tables["dag_run"].rejected == 1
    assert "1 rows were rejected by the import: another run of the target has its logical date." in (
        result.tables["dag_run"].notes
    )
    assert not result.tables["dag_run"].same
    assert result.tables["task_instance"].same  # those that are missing are accounted for
    assert result.dags_differ == {}


def test_a_range_a_pattern_and_some_tables(lab: Lab) -> None:
    tables = ["dag_run", "task_instance", "log"]
    found = prepare(
        lab, "2.8.1", "2.11.2", tables=tables, since="2025-01-03", until="2025-01-06", dag_pattern="pl*"
    )
    manifest = bundle.Manifest.model_validate(found.bucket.json(bundle.MANIFEST))
    assert (manifest.since, manifest.until) == ("2025-01-03", "2025-01-06")
    assert list(manifest.tables) == sorted(tables)
    left_out = manifest.tables["dag_run"].left_out
    assert left_out["older than the chosen date"] == 2
    assert left_out["newer than the chosen date"] == 2
    assert left_out["outside the chosen DAGs"] == 8
    assert found.source.sql("SELECT is_paused FROM dag WHERE dag_id = 'plain'") == "f"  # not asked to pause
    assert found.target.quick(found.bucket, "mwz_import", tables=tables).state == "success"
    rows = str(manifest.tables["dag_run"].rows)
    assert found.target.sql("SELECT count(*) FROM dag_run WHERE dag_id = 'plain'") == rows


def test_export_refusals(lab: Lab) -> None:
    old, bucket = lab.environment("source", "2.8.1"), lab.bucket()
    old.python("fill.py", "2")
    no_key, unknown, elsewhere = old.several(
        old.order(bucket, "mwz_export", pause=True),
        old.order(bucket, "mwz_export", tables=["trigger"]),
        old.order(bucket, "mwz_export", environment="another", tables=["log"], pause=True),
    )
    assert {no_key.state, unknown.state, elsewhere.state} == {"failed"}
    assert "public key" in no_key.error
    assert "trigger" in unknown.error
    assert "another" in elsewhere.error
    assert bundle.PAUSED not in bucket.keys()  # noqa: SIM118
    bucket.put(bundle.PAUSED, {"session": "s-other", "paused": [], "unpaused": []})
    foreign = old.quick(bucket, "mwz_export", tables=["log"], pause=True)
    assert "s-other" in foreign.error
    assert old.sql("SELECT is_paused FROM dag WHERE dag_id = 'plain'") == "f"
    assert bundle.MANIFEST not in bucket.keys()  # noqa: SIM118
