"""Inventory, key, export, import and verify: orders, documents read back, arithmetic, second runs, clean-up."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.airflow import dag_files, follow
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import documents
from mwaa_wizard.execution.runner import Outcome, Runner
from mwaa_wizard.execution.step import Step
from mwaa_wizard.execution.steps import role_policy
from mwaa_wizard.execution.steps.clean_up import CleanUp
from mwaa_wizard.execution.steps.cut_over import CutOver
from mwaa_wizard.execution.steps.export import Export
from mwaa_wizard.execution.steps.import_ import Import
from mwaa_wizard.execution.steps.inventory import InventoryStep
from mwaa_wizard.execution.steps.key import Key, variable_name
from mwaa_wizard.execution.steps.migration_bucket import MigrationBucket
from mwaa_wizard.execution.steps.role_policy import SourcePolicy
from mwaa_wizard.execution.steps.verify import Verify
from mwaa_wizard.metadata import bundle, dagfile, schemas
from mwaa_wizard.resources import bucket as buckets
from tests.execution.fakes import Rig

PART = b"dag_id,run_id\n"


class Dags:
    """What our DAGs would do: write their documents. `rows` and `counts` bend them."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.counts: dict[str, Any] = {"read": 5, "inserted": 4, "present": 1, "rejected": 0}
        self.same = True
        self.part_bytes = len(PART)
        self.tables = ["dag_run"]
        self.more: dict[str, Any] = {}
        self.columns: dict[str, dict[str, str]] = {}

    def run(self, dag_id: str, run_id: str, conf: dict[str, Any]) -> str:
        getattr(self, dag_id)(run_id)
        return "success"

    def mwz_inventory(self, run_id: str) -> None:
        base = self._base(run_id, "old")
        more = {"python_version": "3.11", "database": "postgresql 15", "created_at": "now", "dags": []}
        counted = {"tables": {"dag_run": {"rows": 5}}, "columns": self.columns}
        self.rig.put(bundle.INVENTORY, {**base, **more, **counted})

    def mwz_key(self, run_id: str) -> None:
        pem = b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----\n"
        self.rig.s3.put_object(Bucket=self.rig.session.migration_bucket, Key=bundle.PUBLIC_KEY, Body=pem)
        self.rig.mwaa.airflows["new"].variables.add(variable_name(self.rig.session))

    def mwz_export(self, run_id: str) -> None:
        for dag_id in self.rig.mwaa.airflows["old"].dags:
            if not dag_id.startswith("mwz_"):
                self.rig.mwaa.airflows["old"].dags[dag_id] = True
        key = bundle.part_key("dag_run", 0)
        self.rig.s3.put_object(Bucket=self.rig.session.migration_bucket, Key=key, Body=PART)
        part = {"key": key, "rows": 5, "bytes": self.part_bytes, "sha256": "0"}
        tables = {name: {"rows": 5, "parts": [part], **self.more} for name in self.tables}
        days = self.rig.session.tables.model_dump(mode="json", include={"since", "until"})
        more = days | {"snapshot": "1", "created_at": "now", "tables": tables, "unpaused_before": ["daily", "hourly"]}
        self.rig.put(bundle.MANIFEST, {**self._base(run_id, "old"), **more})

    def mwz_import(self, run_id: str) -> None:
        orders = self.rig.bundle("requests/mwz_import.json")
        more = {
            "manifest_run_id": orders["manifest_run_id"],
            "finished_at": "now",
            "tables": dict.fromkeys(self.tables, self.counts),
        }
        self.rig.put(bundle.IMPORT_RESULT, {**self._base(run_id, "new"), **more})

    def mwz_verify(self, run_id: str) -> None:
        table = {"source_rows": 5, "target_rows": 5 if self.same else 4, "same": self.same}
        document = {"run_id": run_id, "environment": "new", "airflow_version": "2.11.2", "finished_at": "now"}
        self.rig.put(bundle.VERIFY_RESULT, {**document, "tables": {"dag_run": table}})

    def _base(self, run_id: str, environment: str) -> dict[str, Any]:
        return {"run_id": run_id, "environment": environment, "airflow_version": "2.8.1", "alembic_head": "abc"}


@pytest.fixture
def dags(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Dags:
    """A target beside the source, both running our DAGs at once; the migration bucket is there."""
    monkeypatch.setattr(follow, "STATE_EVERY", 0.05)
    bucket = f"new-{rig.source_bucket}"
    rig.s3.create_bucket(Bucket=bucket)
    rig.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    role = rig.mwaa.environments["old"]["ExecutionRoleArn"]
    rig.session.target.create_role = False
    airflow = rig.mwaa.add("new", bucket, role, AirflowVersion="2.11.2")
    airflow.dags.update({"daily": True, "hourly": True, "resting": True})
    found = Dags(rig)
    rig.mwaa.airflows["old"].on_trigger = rig.mwaa.airflows["new"].on_trigger = found.run
    MigrationBucket().run(rig.context("migration-bucket"))
    return found


def run(rig: Rig, *steps: Step) -> Outcome:
    return Runner(rig.session, steps, rig.events.append, rig.clients).run()


def succeed(rig: Rig, *steps: Step) -> None:
    outcome = run(rig, *steps)
    assert outcome.finished, outcome.error and outcome.error.lines()


def test_inventory_is_read_back_and_kept(rig: Rig, dags: Dags) -> None:
    succeed(rig, InventoryStep())
    kept = documents.load(rig.session.id, bundle.INVENTORY, bundle.Inventory)
    assert kept is not None
    assert kept.tables["dag_run"].rows == 5
    assert InventoryStep().check(rig.context()).done


def test_export_orders_carry_the_sessions_choices(rig: Rig, dags: Dags) -> None:
    rig.session.tables.selected = ["task_instance"]
    rig.session.tables.dag_patterns = ["daily*", "hourly"]
    rig.session.tables.until = dt.date(2026, 1, 31)
    succeed(rig, InventoryStep(), Export())
    orders = rig.bundle("requests/mwz_export.json")
    assert orders["alembic_head"] == "abc"
    assert set(orders["tables"]) >= {"dag_run", "task_instance"}, "parents come along"
    assert (orders["dag_patterns"], orders["pause"]) == (["daily*", "hourly"], True)
    assert (orders["since"], orders["until"]) == (None, "2026-01-31")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"since": dt.date(2026, 1, 1)}, "first day"),
        ({"until": dt.date(2026, 1, 1)}, "last day"),
        ({"dag_patterns": ["daily*"]}, "DAG patterns"),
        ({"selected": ["dag_run", "log"]}, "tables"),
    ],
)
def test_a_bundle_of_other_choices_is_exported_again(rig: Rig, dags: Dags, changes: dict[str, Any], word: str) -> None:
    succeed(rig, InventoryStep(), Export())
    assert Export().check(rig.context()).done
    for name, value in changes.items():
        setattr(rig.session.tables, name, value)
    found = Export().check(rig.context())
    assert (found.done, word in found.detail) == (False, True)
    succeed(rig, Export())
    assert Export().check(rig.context()).done


def test_a_column_that_cannot_be_filled_is_told_before_anything_is_paused(rig: Rig, dags: Dags) -> None:
    pools = {name: str(facts["type"]) for name, facts in schemas.columns("2.8.1", "slot_pool").items()}
    dags.columns = {"slot_pool": {**pools, "slots": "bytea"}}
    outcome = run(rig, InventoryStep(), Export())
    assert outcome.error is not None
    assert outcome.error.where == "slot_pool: slots (bytea cannot become integer)"
    assert "slot_pool" in outcome.error.remedy
    assert rig.mwaa.airflows["old"].dags["daily"] is False, "nothing was paused"
    rig.session.tables.selected = ["dag_run"]
    succeed(rig, Export())


def test_orders_on_the_target_carry_its_schema_and_the_policy(rig: Rig, dags: Dags) -> None:
    rig.session.tables.conflict.variable = "replace"
    dags.tables = ["dag_run", "variable"]
    succeed(rig, InventoryStep(), Key(), Export(), Import(), Verify())
    for dag_id in ("mwz_key", "mwz_import", "mwz_verify"):
        assert rig.bundle(f"requests/{dag_id}.json")["alembic_head"] == schemas.alembic_head("2.11.2")
    assert rig.bundle("requests/mwz_import.json")["conflict"] == {"variable": "replace", "history": "keep"}


def test_the_dag_files_are_made_for_the_chosen_number_of_tasks(rig: Rig, dags: Dags) -> None:
    rig.session.tables.workers = 4
    succeed(rig, InventoryStep())
    key = "dags/mwz_export.py"
    body = rig.s3.get_object(Bucket=rig.source_bucket, Key=key)["Body"].read()
    assert body == dagfile.render("mwz_export", tasks=4)
    assert body != dagfile.render("mwz_export")


def test_a_target_of_an_unknown_version_is_taken_as_it_is(rig: Rig, dags: Dags) -> None:
    rig.mwaa.environments["new"]["AirflowVersion"] = "2.99.1"
    succeed(rig, InventoryStep(), Key())
    assert rig.bundle("requests/mwz_key.json")["alembic_head"] is None


def test_the_import_is_told_where_airflow_3_comes_next(rig: Rig, dags: Dags) -> None:
    succeed(rig, InventoryStep(), Export(), Import())
    assert "bridge" not in rig.bundle("requests/mwz_import.json")
    rig.session.target.upgrade_to = "3.3.1"
    assert not Import().check(rig.context()).done
    succeed(rig, Import())
    assert rig.bundle("requests/mwz_import.json")["bridge"] is True
    assert "3.3.1" in "".join(Import().describe(rig.session))


def test_one_policy_for_all_is_one_word_and_another_one_imports_again(rig: Rig, dags: Dags) -> None:
    succeed(rig, InventoryStep(), Export(), Import())
    assert rig.bundle("requests/mwz_import.json")["conflict"] == "keep"
    assert Import().check(rig.context()).done
    rig.session.tables.conflict.variable = "replace"  # no variable is in the bundle
    assert Import().check(rig.context()).done
    rig.session.tables.conflict.history = "replace"
    assert not Import().check(rig.context()).done
    succeed(rig, Import())
    assert rig.bundle("requests/mwz_import.json")["conflict"] == "replace"


def test_a_part_that_is_cut_short_fails_the_export(rig: Rig, dags: Dags) -> None:
    dags.part_bytes = 999
    outcome = run(rig, InventoryStep(), Export())
    assert outcome.error is not None
    assert bundle.part_key("dag_run", 0) in outcome.error.where
    assert not Export().check(rig.context()).done
    dags.part_bytes = len(PART)
    succeed(rig, Export())


def test_import_that_loses_a_row_fails_and_may_run_again(rig: Rig, dags: Dags) -> None:
    dags.counts = {"read": 5, "inserted": 3, "present": 1, "rejected": 0}
    outcome = run(rig, InventoryStep(), Key(), Export(), Import())
    assert outcome.failed_step == "import"
    assert outcome.error is not None
    assert "5 rows read, 4 accounted for" in outcome.error.where
    dags.counts = {"read": 5, "inserted": 0, "present": 5, "rejected": 0}
    succeed(rig, Import())
    runs = [run_id for dag_id, run_id, _conf in rig.mwaa.airflows["new"].triggered if dag_id == "mwz_import"]
    assert len(set(runs)) == 2


def test_import_of_fewer_rows_than_exported_fails(rig: Rig, dags: Dags) -> None:
    dags.counts = {"read": 4, "inserted": 4, "present": 0, "rejected": 0}
    outcome = run(rig, InventoryStep(), Export(), Import())
    assert outcome.error is not None
    assert "4 of 5 rows read" in outcome.error.where


def test_a_document_of_another_run_is_refused(rig: Rig, dags: Dags) -> None:
    succeed(rig, InventoryStep())
    with pytest.raises(WizardError, match="another run"):
        documents.fetch(rig.context(), bundle.INVENTORY, bundle.Inventory, "mw-other")
    rig.put(bundle.INVENTORY, {"run_id": "x"})
    with pytest.raises(WizardError, match="not what it should be"):
        documents.fetch(rig.context(), bundle.INVENTORY, bundle.Inventory)


def test_a_difference_stops_a_switch_but_not_a_restore(rig: Rig, dags: Dags) -> None:
    dags.same = False
    rig.session.cut_over = "switch"
    outcome = run(rig, InventoryStep(), Export(), Import(), Verify())
    assert outcome.failed_step == "verify"
    assert rig.mwaa.airflows["new"].dags["daily"] is True
    rig.session.cut_over = "restore-source"
    succeed(rig, Verify(), CutOver())
    assert rig.mwaa.airflows["old"].dags["daily"] is False


def test_clean_up_leaves_nothing_of_ours(rig: Rig, dags: Dags) -> None:
    steps = [SourcePolicy(), InventoryStep(), Key(), Export(), Import(), Verify(), CutOver(), CleanUp()]
    succeed(rig, *steps)
    ctx = rig.context()
    assert not buckets.exists(rig.s3, rig.session.migration_bucket)
    assert role_policy.read(ctx, "source") is None
    for side in ("source", "target"):
        assert dag_files.leftovers(ctx, "source" if side == "source" else "target") == []
    assert set(rig.mwaa.airflows["old"].dags) == {"daily", "hourly", "resting"}
    assert set(rig.mwaa.airflows["new"].dags) == {"daily", "hourly", "resting"}
    assert rig.mwaa.airflows["new"].variables == set()
    assert rig.mwaa.airflows["old"].dags == {"daily": False, "hourly": False, "resting": True}
    triggered = len(rig.mwaa.airflows["new"].triggered)
    succeed(rig, MigrationBucket(), *steps)  # a resume of a finished session does nothing
    assert len(rig.mwaa.airflows["new"].triggered) == triggered
    assert not buckets.exists(rig.s3, rig.session.migration_bucket)


def test_rejected_rows_are_saved_before_the_bundle_goes(rig: Rig, dags: Dags) -> None:
    dags.counts |= {"read": 5, "inserted": 3, "present": 1, "rejected": 1, "reasons": {"its run is not there": 1}}
    succeed(rig, SourcePolicy(), InventoryStep(), Key(), Export(), Import())
    key, replaced = bundle.rejected_key("dag_run"), bundle.replaced_key("dag_run")  # by an earlier try of the import
    saved = paths.run_dir(rig.session.id) / key
    saved.parent.mkdir(parents=True)
    saved.write_bytes(b"rows of the migration before")
    for name in (key, replaced):
        rig.s3.put_object(Bucket=rig.session.migration_bucket, Key=name, Body=b"rows")
    succeed(rig, Verify(), CutOver(), CleanUp())
    assert saved.read_bytes() == b"rows"
    assert (paths.run_dir(rig.session.id) / replaced).read_bytes() == b"rows"
    assert saved.stat().st_mode & 0o077 == 0
    assert not buckets.exists(rig.s3, rig.session.migration_bucket)
    assert str(saved) in (paths.run_dir(rig.session.id) / "report.json").read_text()
    assert "its run is not there; kept in rejected/dag_run.csv.gz" in rig.lines()


def test_the_export_tells_what_stays_with_names(rig: Rig, dags: Dags) -> None:
    dags.more = {
        "left_out": {"state running": 2, "of this tool": 1},
        "rejected": {"its run is unknown": 3},
        "examples": {"state running": ["etl scheduled__1"], "its run is unknown": ["old_task\x1b[2J"]},
    }
    succeed(rig, InventoryStep(), Export())
    assert "dag_run: 2 rows left out: state running (etl scheduled__1)" in rig.lines()
    assert (
        "dag_run: 3 rows cannot be brought over: its run is unknown (old_task); kept in "
        "rejected/source/dag_run.csv.gz" in rig.lines()
    )


def test_clean_up_keeps_the_bundle_if_asked(rig: Rig, dags: Dags) -> None:
    rig.session.keep_bundle = True
    succeed(rig, InventoryStep(), CleanUp())
    assert buckets.exists(rig.s3, rig.session.migration_bucket)


def test_undo_after_export_restores_pause_states_and_removes_our_files(rig: Rig, dags: Dags) -> None:
    steps = [MigrationBucket(), SourcePolicy(), InventoryStep(), Export()]
    succeed(rig, *steps)
    assert rig.mwaa.airflows["old"].dags["daily"] is True
    outcome = Runner(rig.session, steps, rig.events.append, rig.clients).undo()
    assert outcome.finished, outcome.error and outcome.error.lines()
    assert rig.mwaa.airflows["old"].dags == {"daily": False, "hourly": False, "resting": True}
    assert dag_files.leftovers(rig.context(), "source") == []
    assert role_policy.read(rig.context(), "source") is None
    assert not buckets.exists(rig.s3, rig.session.migration_bucket)
    assert documents.load(rig.session.id, bundle.MANIFEST, bundle.Manifest) is None


def test_undo_ends_an_export_that_is_still_at_work(rig: Rig, dags: Dags) -> None:
    succeed(rig, InventoryStep())
    ctx = rig.context("export")
    Export().before_trigger(ctx)
    ctx.made("dag-run", "mw-00000009", dag_id="mwz_export")
    rig.mwaa.airflows["old"].runs["mwz_export", "mw-00000009"] = "running"
    dags.mwz_export("mw-00000009")
    Export().undo(rig.context("export"))
    assert rig.mwaa.airflows["old"].runs["mwz_export", "mw-00000009"] == "failed"
    assert rig.mwaa.airflows["old"].dags["daily"] is False
