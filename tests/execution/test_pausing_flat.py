"""Pause states of Airflow 1.10, whose command line lists DAGs from their files and never says which are paused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.airflow import cli_airflow
from mwaa_wizard.airflow.cli_endpoint import CliAnswer
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import pausing
from mwaa_wizard.execution.steps.migration_bucket import MigrationBucket
from mwaa_wizard.metadata import bundle
from mwaa_wizard.resources import bucket as buckets
from tests.execution.fakes import Rig, client_error

EXPORT = "mwz_export"


@dataclass
class FlatAirflow:
    """`list_dags`, `pause` and `unpause` as Airflow 1.10.12 answers them."""

    rows: dict[str, bool]  # dag id -> is paused
    broken: set[str] = field(default_factory=set)  # rows whose files cannot be imported

    def __call__(self, client: Any, environment: str, words: list[str]) -> CliAnswer:
        rule = "-" * 67
        if words == ["list_dags"]:
            listed = sorted(set(self.rows) - self.broken)
            return CliAnswer(True, "\n".join([rule, "DAGS", rule, *listed, ""]), "")
        word, dag_id = words
        if dag_id not in self.rows:
            return CliAnswer(False, "", "AttributeError: 'NoneType' object has no attribute 'set_is_paused'")
        if dag_id in self.broken:
            return CliAnswer(False, "", f"airflow.exceptions.DagNotFound: Dag id {dag_id} not found")
        self.rows[dag_id] = word == "pause"
        return CliAnswer(True, "", "")

    @property
    def awake(self) -> list[str]:
        return sorted(dag_id for dag_id, paused in self.rows.items() if not paused)


@pytest.fixture
def flat(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> FlatAirflow:
    """A source of 1.10 in which `hourly` was paused, and `resting` unpaused, after the inventory was taken."""
    airflow = FlatAirflow({"daily": False, "hourly": True, "resting": False})
    monkeypatch.setattr(cli_airflow, "run_cli", airflow)
    rig.mwaa.environments["old"]["AirflowVersion"] = "1.10.12"
    rig.mwaa.rest_refusal = client_error("ValidationException", "not for this version")
    MigrationBucket().run(rig.context("migration-bucket"))
    take_inventory(rig, {"daily": False, "hourly": False, "resting": True})
    return airflow


def take_inventory(rig: Rig, states: dict[str, bool], inactive: tuple[str, ...] = ()) -> None:
    found = bundle.Inventory(
        run_id="mw-0", environment="old", airflow_version="1.10.12", alembic_head="x", python_version="3.7",
        database="x", created_at="x", tables={},
        dags=[bundle.DagState(dag_id=d, is_paused=p, is_active=d not in inactive) for d, p in states.items()],
    )  # fmt: skip
    (paths.run_dir(rig.session.id) / "inventory.json").write_text(found.model_dump_json())


def export(rig: Rig, airflow: FlatAirflow, run_id: str = "mw-1", **changes: Any) -> None:
    """What the step and its DAG do: note, order, note again, pause."""
    ctx = rig.context("export")
    pausing.remember(ctx)
    ctx.made("dag-run", run_id, dag_id=EXPORT)
    rig.put(bundle.request_key(EXPORT), {"run_id": run_id})
    note = bundle.Paused(
        session=rig.session.id, run_id=run_id, environment="old", at="now",
        unpaused=airflow.awake, paused=sorted(set(airflow.rows) - set(airflow.awake)),
    ).model_dump() | changes  # fmt: skip
    rig.put(bundle.PAUSED, note)
    airflow.rows.update(dict.fromkeys(airflow.rows, True))


def test_what_was_paused_since_the_inventory_stays_paused(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    assert pausing.unpaused_before(rig.context()) == ["daily", "resting"]
    pausing.restore_source(rig.context("export"), by="undo")
    assert flat.awake == ["daily", "resting"]


def test_that_the_states_were_counted_is_journaled(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    assert [record["counted"] for record in rig.context().journal.live("dag-pause")] == [True]


def test_states_that_were_listed_are_not_called_counted(rig: Rig) -> None:
    pausing.remember(rig.context("export"))
    assert [record["counted"] for record in rig.context().journal.live("dag-pause")] == [False]


def test_the_note_outlives_the_bucket(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    pausing.restore_source(rig.context("clean-up"), by="clean-up")
    buckets.remove(rig.context("clean-up"), "source", rig.session.migration_bucket)
    assert pausing.unpaused_before(rig.context("clean-up")) == ["daily", "resting"]


def test_a_note_begun_anew_in_a_new_bucket_is_full_of_our_own_pauses(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    pausing.remember(rig.context("export"))  # a second export keeps the note of the first
    buckets.remove(rig.context("clean-up"), "source", rig.session.migration_bucket)
    MigrationBucket().run(rig.context("migration-bucket"))
    export(rig, flat, "mw-2")
    assert rig.bundle(bundle.PAUSED)["unpaused"] == []
    assert pausing.unpaused_before(rig.context()) == ["daily", "resting"]


def test_without_a_copy_the_new_note_is_not_believed_either(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    buckets.remove(rig.context("clean-up"), "source", rig.session.migration_bucket)
    MigrationBucket().run(rig.context("migration-bucket"))
    export(rig, flat, "mw-2")
    assert pausing.unpaused_before(rig.context()) == ["daily", "hourly"], "the inventory is all there is"


def test_dags_that_came_later_are_taken_from_the_bucket(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    assert pausing.unpaused_before(rig.context()) == ["daily", "resting"]
    rig.put(bundle.PAUSED, rig.bundle(bundle.PAUSED) | {"unpaused": ["daily", "resting", "young"]})
    assert pausing.unpaused_before(rig.context()) == ["daily", "resting", "young"]


@pytest.mark.parametrize("changes", [{"session": "s-other"}, {"environment": "other"}, {"run_id": "mw-9"}])
def test_a_note_of_something_else_is_not_taken(rig: Rig, flat: FlatAirflow, changes: dict[str, str]) -> None:
    export(rig, flat)
    rig.put(bundle.PAUSED, rig.bundle(bundle.PAUSED) | changes)
    assert pausing.unpaused_before(rig.context()) == ["daily", "hourly"]


def test_an_undone_exports_note_does_not_count_for_the_next(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    pausing.restore_source(rig.context("export"), by="undo")
    take_inventory(rig, {"daily": True, "hourly": True, "resting": False})  # the user paused daily
    pausing.remember(rig.context("export"))
    rig.context("export").made("dag-run", "mw-2", dag_id=EXPORT)
    assert pausing.unpaused_before(rig.context()) == ["resting"]


def test_an_export_that_never_came_to_its_note_paused_nothing(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    rig.s3.delete_object(Bucket=rig.session.migration_bucket, Key=bundle.PAUSED)
    flat.rows.update({"daily": False, "hourly": True, "resting": False})
    pausing.restore_source(rig.context("export"), by="undo")
    assert flat.awake == ["daily", "resting"]


def test_a_damaged_note_is_told(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat, unpaused="everything")
    with pytest.raises(WizardError, match="not what it should be") as caught:
        pausing.restore_source(rig.context("export"), by="undo")
    assert caught.value.exit_code == EXIT_RESUMABLE
    assert flat.awake == []
    assert rig.context().journal.live("dag-pause") != []


def test_a_dag_with_a_broken_file_is_not_given_up(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    flat.broken.add("daily")
    with pytest.raises(WizardError) as caught:
        pausing.restore_source(rig.context("export"), by="undo")
    assert caught.value.exit_code == EXIT_RESUMABLE
    assert caught.value.where == "daily"
    assert caught.value.changed
    assert caught.value.remedy
    assert flat.awake == ["resting"], "the others have their state"
    assert rig.context().journal.live("dag-pause") != []
    flat.broken.clear()
    pausing.restore_source(rig.context("export"), by="undo")
    assert flat.awake == ["daily", "resting"]
    assert rig.context().journal.live("dag-pause") == []


def test_nor_are_dags_where_every_file_is_broken(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    flat.broken.update(flat.rows)
    with pytest.raises(WizardError) as caught:
        pausing.restore_source(rig.context("export"), by="undo")
    assert caught.value.where == "daily, resting"


def test_a_dag_that_was_inactive_or_unknown_is_let_go(rig: Rig, flat: FlatAirflow) -> None:
    flat.rows.update({"old-one": False, "young": False})
    take_inventory(rig, {"daily": False, "hourly": True, "resting": False, "old-one": False}, inactive=("old-one",))
    export(rig, flat)
    flat.broken.update({"old-one", "young"})
    pausing.restore_source(rig.context("export"), by="undo")
    assert "Gone from the source since: old-one, young" in rig.lines()
    assert flat.awake == ["daily", "resting"]
    assert rig.context().journal.live("dag-pause") == []


def test_a_dag_whose_row_is_gone_keeps_nobody_from_his_state(rig: Rig, flat: FlatAirflow) -> None:
    export(rig, flat)
    del flat.rows["daily"]  # file and rows, after the inventory counted it as active
    pausing.restore_source(rig.context("export"), by="undo")
    assert flat.awake == ["resting"]
    assert "Gone from the source since: daily" in rig.lines()
    assert rig.context().journal.live("dag-pause") == []
