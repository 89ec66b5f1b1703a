"""The five DAGs on two real Airflow databases, 2.8.1 to 2.11.2, with values that are easy to spoil."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, field

import pytest

from mwaa_wizard.metadata import bundle, catalogue, schemas
from tests.airflows import near
from tests.metadata.lab import SESSION, Bucket, Environment, Lab

pytestmark = pytest.mark.e2e

TABLES = [name for name in catalogue.names() if schemas.columns(near("2.8.1"), name)]
UNFILLED = {  # the torture data has rows of these; here it is enough that they do not get in the way
    "dag_run_note", "task_instance_note", "task_reschedule", "rendered_task_instance_fields", "task_map",
}  # fmt: skip


@dataclass
class Migration:
    """What is there after one whole migration by real DAG runs."""

    source: Environment
    target: Environment
    bucket: Bucket
    outputs: list[str] = field(default_factory=list)

    def step(self, side: Environment, dag_id: str, **orders: object) -> None:
        ended = side.run(self.bucket, dag_id, **orders)
        self.outputs.append(side.output)
        assert ended.state == "success", ended.error

    @property
    def manifest(self) -> bundle.Manifest:
        return bundle.Manifest.model_validate(self.bucket.json(bundle.MANIFEST))


@pytest.fixture(scope="module")
def done(lab: Lab) -> Migration:
    found = Migration(lab.environment("source", "2.8.1"), lab.environment("target", "2.11.2"), lab.bucket())
    found.source.python("fill.py", "20")
    found.step(found.source, "mwz_inventory", alembic_head=schemas.alembic_head(near("2.8.1")))
    found.step(found.target, "mwz_key")
    found.step(found.source, "mwz_export", pause=True, drain_seconds=1, parallel=2, part_rows=50)
    head = schemas.alembic_head(near("2.11.2"))
    found.step(found.target, "mwz_import", manifest_run_id=found.manifest.run_id, alembic_head=head)
    found.step(found.target, "mwz_verify")
    return found


def imported(bucket: Bucket) -> dict[str, bundle.TableImport]:
    return bundle.ImportResult.model_validate(bucket.json(bundle.IMPORT_RESULT)).tables


def verified(bucket: Bucket) -> bundle.VerifyResult:
    return bundle.VerifyResult.model_validate(bucket.json(bundle.VERIFY_RESULT))


def test_inventory_has_the_numbers_of_the_source(done: Migration) -> None:
    found = bundle.Inventory.model_validate(done.bucket.json(bundle.INVENTORY))
    assert (found.airflow_version, found.alembic_head) == (near("2.8.1"), schemas.alembic_head(near("2.8.1")))
    assert found.tables["dag_run"].rows == 40
    assert found.tables["dag_run"].not_terminal == 4
    assert found.tables["dag_run"].first == "2025-01-01T01:00:00.123456+00:00"
    assert found.tables["task_instance"].rows == 160
    assert found.tables["task_instance"].size_bytes > 0
    assert [(dag.dag_id, dag.is_paused, dag.runs) for dag in found.dags] == [
        ("plain", False, 20),
        ("we'ird %s dag", True, 20),
    ]
    assert found.columns["dag_run"] == {
        name: facts["type"] for name, facts in schemas.columns(near("2.8.1"), "dag_run").items()
    }
    assert "apache-airflow-providers-amazon" in found.providers


def test_verification_finds_no_difference(done: Migration) -> None:
    result = verified(done.bucket)
    assert result.same, result
    assert list(result.tables) == sorted(TABLES)
    assert {name for name, table in result.tables.items() if not table.source_rows} <= UNFILLED


def test_import_counts(done: Migration) -> None:
    tables = imported(done.bucket)
    for name, table in tables.items():
        exported = done.manifest.tables[name]
        assert table.read == exported.rows == sum(part.rows for part in exported.parts)
        assert (table.rejected, table.reasons) == (0, {})
        assert (table.inserted, table.present) == ((2, 1) if name == "slot_pool" else (table.read, 0))
    assert tables["slot_pool"].updated == 1
    assert done.source.sql("SELECT slots FROM slot_pool WHERE pool = 'default_pool'") == "77"
    assert done.target.sql("SELECT slots FROM slot_pool WHERE pool = 'default_pool'") == "77"
    assert len(done.manifest.tables["task_instance"].parts) == 3


def test_what_stays_is_counted_by_reason(done: Migration) -> None:
    runs = done.manifest.tables["dag_run"].left_out
    assert (runs["state running"], runs["state queued"]) == (2, 2)
    tasks = done.manifest.tables["task_instance"].left_out
    assert {"state none", "state deferred", "state up_for_retry", "its run is not moved"} <= set(tasks)
    total = int(done.source.sql("SELECT count(*) FROM task_instance WHERE left(dag_id, 4) <> 'mwz_'"))
    moved = done.manifest.tables["task_instance"].rows
    assert total == moved + sum(rows for why, rows in tasks.items() if why != "of this tool")
    states = done.target.sql("SELECT DISTINCT state FROM task_instance ORDER BY 1").split()
    assert states == ["failed", "removed", "skipped", "success", "upstream_failed"]


def test_both_airflows_read_the_same_values(done: Migration) -> None:
    source, target = done.source.python("facts.py"), done.target.python("facts.py")
    target["variables"].pop(f"mwaa_wizard_key_{SESSION}")
    assert target["variables"] == source["variables"]
    assert target["connections"] == source["connections"]
    assert target["xcoms_joined"] == target["tables"]["xcom"] > 0
    for run, template in target["templates"].items():
        known = target["known_templates"]
        assert template == (source["templates"][run] if source["templates"][run] in [*known, None] else known[-1])
    assert None in target["templates"].values()
    assert target["log_extra"][1:] == source["log_extra"][1:]  # '' and NULL kept apart


def test_awkward_bytes_arrive_as_they_were(done: Migration) -> None:
    fingerprint = (
        "SELECT md5(string_agg(q::text, '|' ORDER BY q::text)) FROM (SELECT {columns} FROM {table} WHERE"
        " dag_id = 'plain' AND {condition}) q"
    )
    task = "dag_id, task_id, run_id, map_index"
    for table, columns, condition in (
        ("dag_run", "run_id, conf, state, start_date, end_date", "state IN ('success', 'failed')"),
        (
            "task_instance",
            f"{task}, duration, hostname, executor_config",
            f"({task}) IN (SELECT {task} FROM xcom) AND state IN ('success', 'failed')",
        ),
    ):
        query = fingerprint.format(table=table, columns=columns, condition=condition)
        assert done.source.sql(query) == done.target.sql(query) != ""
    values = "SELECT string_agg(DISTINCT coalesce(value::text, 'null'), ' ') FROM xcom"
    assert done.target.sql(values) == done.source.sql(values)
    foreign = "SELECT count(*) FROM task_instance WHERE trigger_id IS NOT NULL OR job_id IS NOT NULL"
    assert done.target.sql(foreign) == "0"


def test_rows_that_look_the_same_are_all_there(done: Migration) -> None:
    for where in ("event = 'cli_scheduler'", "dttm IS NULL AND event = 'odd'"):
        assert done.target.sql(f"SELECT count(*) FROM log WHERE {where}") == "3"
    fails = "SELECT count(*) FROM task_fail WHERE left(dag_id, 4) <> 'mwz_'"
    assert done.target.sql(fails) == done.source.sql(fails) != "0"


def test_paused_states_are_remembered_before_pausing(done: Migration) -> None:
    remembered = bundle.Paused.model_validate(done.bucket.json(bundle.PAUSED))
    assert (remembered.paused, remembered.unpaused) == (["we'ird %s dag"], ["plain"])
    assert done.manifest.unpaused_before == ["plain"]
    assert done.source.sql("SELECT bool_and(is_paused) FROM dag WHERE left(dag_id, 4) <> 'mwz_'") == "t"


def test_no_secret_is_in_the_bucket_or_in_a_log(done: Migration) -> None:
    for key in done.bucket.keys():  # noqa: SIM118
        data = done.bucket.read(key)
        if key.endswith(".gz"):
            data = gzip.decompress(data)
        assert b"CANARY" not in data, key
        assert b"PRIVATE KEY" not in data, key
    for output in done.outputs:
        assert "CANARY" not in output
        assert "PRIVATE KEY" not in output
    assert done.manifest.tables["log"].redacted == 1


def test_the_private_key_is_encrypted_at_rest_and_used_again(done: Migration, lab: Lab) -> None:
    key = "SELECT is_encrypted::text || ' ' || left(val, 6) FROM variable WHERE key LIKE 'mwaa_wizard%'"
    row = done.target.sql(key)
    assert row == "true gAAAAA"
    before = done.bucket.read(bundle.PUBLIC_KEY)
    assert done.target.quick(done.bucket, "mwz_key").state == "success"
    assert done.bucket.read(bundle.PUBLIC_KEY) == before


def test_parts_are_what_the_manifest_says(done: Migration) -> None:
    for table in done.manifest.tables.values():
        for part in table.parts:
            data = done.bucket.read(part.key)
            assert (len(data), hashlib.sha256(data).hexdigest()) == (part.bytes, part.sha256)


def test_a_second_import_changes_nothing(done: Migration) -> None:
    before = done.target.python("facts.py")
    assert done.target.quick(done.bucket, "mwz_import").state == "success"
    assert {name: table.inserted + table.updated for name, table in imported(done.bucket).items()} == dict.fromkeys(
        TABLES, 0
    )
    assert done.target.python("facts.py") == before


def test_a_second_export_adds_only_what_is_new(done: Migration) -> None:
    remembered = done.bucket.json(bundle.PAUSED)
    row = "('2025-06-06 06:06:06+00', 'cli_scheduler', 'airflow')"
    done.source.sql(f"INSERT INTO log (dttm, event, owner) VALUES {row}")
    orders = {"pause": True, "drain_seconds": 0, "parallel": 2}
    assert done.source.quick(done.bucket, "mwz_export", **orders).state == "success"
    assert done.bucket.json(bundle.PAUSED) == remembered
    assert done.target.quick(done.bucket, "mwz_import").state == "success"
    inserted = {name: table.inserted for name, table in imported(done.bucket).items()}
    assert inserted.pop("log") == 1
    assert set(inserted.values()) == {0}
    assert done.target.quick(done.bucket, "mwz_verify").state == "success"
    assert verified(done.bucket).same


def test_verify_tells_what_differs(done: Migration, lab: Lab) -> None:
    spoiled = lab.environment("target", "2.11.2", like=done.target)
    spoiled.sql("UPDATE task_instance SET state = 'failed' WHERE state = 'skipped' AND dag_id = 'plain'")
    spoiled.sql("DELETE FROM log WHERE id = (SELECT max(id) FROM log WHERE event = 'cli_scheduler')")
    spoiled.sql("DELETE FROM variable WHERE key = 'plain'")
    spoiled.sql("UPDATE connection SET host = 'elsewhere' WHERE conn_id = 'conn 0'")
    spoiled.sql("DELETE FROM dag_run WHERE dag_id = 'plain' AND run_id = 'manual \u00fc__0'")
    assert spoiled.quick(done.bucket, "mwz_verify").state == "success"
    result = verified(done.bucket)
    assert not result.same
    assert [name for name, table in result.tables.items() if table.same] == sorted(
        {"job", "sla_miss", "slot_pool"} | UNFILLED
    )
    assert result.tables["log"].notes == ["1 rows of the source are not in the target."]
    assert result.tables["variable"].notes == ["Not in the target: plain."]
    assert result.tables["connection"].notes == ["Other values in the target: conn 0 (host)."]
    assert list(result.dags_differ) == ["plain"]
    assert "runs: 18 in the source, 17 in the target" in result.dags_differ["plain"]
