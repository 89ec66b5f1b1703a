"""Runs of our DAGs: uploaded once, triggered once, attached to after a kill, told in full when they fail."""

from __future__ import annotations

import pytest

from mwaa_wizard.airflow import dag_files, dag_runs, follow, run_dag
from mwaa_wizard.errors import Cancelled, WizardError
from mwaa_wizard.execution.steps.migration_bucket import MigrationBucket
from tests.execution.fakes import Rig, client_error

DAG = "mwz_inventory"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, rig: Rig) -> None:
    monkeypatch.setattr(follow, "STATE_EVERY", 0.05)
    MigrationBucket().run(rig.context("migration-bucket"))


def progress(rig: Rig, run_id: str, **more: object) -> None:
    rig.put(f"progress/{DAG}.json", {"dag_id": DAG, "run_id": run_id, **more})


def test_a_run_is_ordered_triggered_and_followed(rig: Rig) -> None:
    airflow = rig.mwaa.airflows["old"]

    def work(dag_id: str, run_id: str, conf: dict[str, object]) -> str:
        progress(rig, run_id, state="success", done=3, total=3, unit="tables", log=["counting", "done"])
        return "success"

    airflow.on_trigger = work
    run_id = run_dag.run_dag(rig.context("inventory"), "source", DAG, {"alembic_head": None})
    orders = rig.bundle(f"requests/{DAG}.json")
    assert orders["run_id"] == run_id
    assert orders["environment"] == "old"
    assert airflow.triggered == [
        (DAG, run_id, {"bucket": rig.session.migration_bucket, "region": "us-east-1", "session": rig.session.id})
    ]
    assert airflow.dags[DAG] is False, "our DAG must be unpaused or its run stays queued"
    assert airflow.dags["resting"] is True
    assert "counting" in rig.lines()
    keys = [e["Key"] for e in rig.s3.list_objects_v2(Bucket=rig.source_bucket, Prefix="dags/mwz_")["Contents"]]
    assert keys == ["dags/mwz_export.py", "dags/mwz_inventory.py"]


def test_the_id_is_journaled_before_the_trigger(rig: Rig) -> None:
    seen: list[str | None] = []
    rig.mwaa.airflows["old"].on_trigger = lambda dag_id, run_id, conf: (
        seen.append(dag_runs.open_run(rig.context(), dag_id)) or "success"  # type: ignore[func-returns-value]
    )
    run_id = run_dag.run_dag(rig.context("inventory"), "source", DAG, {})
    assert seen == [run_id]


def test_a_resume_attaches_to_the_open_run(rig: Rig) -> None:
    airflow = rig.mwaa.airflows["old"]
    airflow.on_trigger = lambda dag_id, run_id, conf: "running"
    ctx = rig.context("inventory")
    ctx.cancel.set()
    with pytest.raises(Cancelled):
        run_dag.run_dag(ctx, "source", DAG, {})
    first = rig.context("inventory")
    first.made("dag-run", "mw-00000001", dag_id=DAG)  # the process died right after this line
    airflow.runs[DAG, "mw-00000001"] = "success"
    assert run_dag.run_dag(rig.context("inventory"), "source", DAG, {}) == "mw-00000001"
    assert airflow.triggered == []


@pytest.mark.parametrize("state", ["queued", "running"])
def test_a_run_that_is_attached_to_is_not_left_paused(rig: Rig, state: str) -> None:
    airflow = rig.mwaa.airflows["old"]
    rig.context("inventory").made("dag-run", "mw-00000003", dag_id=DAG)
    airflow.runs[DAG, "mw-00000003"] = state
    airflow.dags[DAG] = True  # as a question to 1.10, which is asked by `pause`, leaves it
    real = airflow.answer

    def scheduled(method: str, path: str, query: dict[str, object], body: object) -> tuple[int, dict[str, object]]:
        answer = real(method, path, query, body)
        if method == "GET" and "/dagRuns/" in path:  # the run's end is seen by the next question
            airflow.runs[DAG, "mw-00000003"] = "success"
        return answer

    airflow.answer = scheduled  # type: ignore[method-assign]
    assert run_dag.run_dag(rig.context("inventory"), "source", DAG, {}) == "mw-00000003"
    assert airflow.dags[DAG] is False
    assert airflow.dags["resting"] is True
    assert airflow.triggered == []


def test_no_other_dag_is_unpaused_for_a_run(rig: Rig) -> None:
    airflow = rig.mwaa.airflows["old"]
    rig.context("inventory").made("dag-run", "mw-00000004", dag_id="resting")
    airflow.runs["resting", "mw-00000004"] = "running"
    with pytest.raises(ValueError, match="not ours"):
        run_dag.run_dag(rig.context("inventory"), "source", "resting", {})
    assert airflow.dags["resting"] is True


def test_an_open_run_that_never_began_is_triggered_under_its_id(rig: Rig) -> None:
    rig.context("inventory").made("dag-run", "mw-00000002", dag_id=DAG)
    assert run_dag.run_dag(rig.context("inventory"), "source", DAG, {}) == "mw-00000002"
    assert [run_id for _dag, run_id, _conf in rig.mwaa.airflows["old"].triggered] == ["mw-00000002"]


def test_a_failed_run_tells_the_dags_words_and_the_next_is_new(rig: Rig) -> None:
    airflow = rig.mwaa.airflows["old"]

    def fail(dag_id: str, run_id: str, conf: dict[str, object]) -> str:
        progress(rig, run_id, state="failed", error="The role may not write the bundle.")
        return "failed"

    airflow.on_trigger = fail
    with pytest.raises(WizardError) as caught:
        run_dag.run_dag(rig.context("inventory"), "source", DAG, {})
    assert caught.value.where == "The role may not write the bundle."
    airflow.on_trigger = lambda dag_id, run_id, conf: "success"
    run_dag.run_dag(rig.context("inventory"), "source", DAG, {})
    assert len({run_id for _dag, run_id, _conf in airflow.triggered}) == 2


def test_an_import_error_is_shown(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.mwaa, "_sync", lambda name: None)
    trace = "Traceback\nModuleNotFoundError: No module named 'psycopg2'"
    rig.mwaa.airflows["old"].errors = [{"filename": f"/usr/local/airflow/dags/{DAG}.py", "stack_trace": trace}]
    with pytest.raises(WizardError) as caught:
        run_dag.run_dag(rig.context("inventory"), "source", DAG, {})
    assert "No module named 'psycopg2'" in caught.value.where


def test_airflow_gone_for_a_moment_is_borne(rig: Rig) -> None:
    airflow, turns = rig.mwaa.airflows["old"], iter(range(100))
    airflow.on_trigger = lambda dag_id, run_id, conf: "running"
    real = airflow.answer

    def sometimes(method: str, path: str, query: dict[str, object], body: object) -> tuple[int, dict[str, object]]:
        if "/dagRuns/mw-" in path:
            turn = next(turns)
            if turn == 1:
                raise client_error("ServiceUnavailableException", "try later")
            if turn > 1:
                return 200, {"state": "success"}
        return real(method, path, query, body)

    airflow.answer = sometimes  # type: ignore[method-assign]
    run_dag.run_dag(rig.context("inventory"), "source", DAG, {})
    assert "trying again" in rig.lines()


def test_files_go_with_all_versions_and_rows_stay_away(rig: Rig) -> None:
    ctx = rig.context("inventory")
    dag_files.put(ctx, "source")
    rig.s3.put_object(Bucket=rig.source_bucket, Key=f"dags/{DAG}.py", Body=b"older or newer")
    dag_files.wait_listed(ctx, "source", DAG)
    assert dag_files.remove_files(ctx, "source") == 3
    dag_files.remove_rows(ctx, ("source",))
    assert dag_files.leftovers(ctx, "source") == []
    assert dag_files.present(ctx, "source") == []
    assert set(rig.mwaa.airflows["old"].dags) == {"daily", "hourly", "resting"}
    assert ctx.journal.live("dag-file") == []


def test_lines_are_shown_once() -> None:
    assert follow.fresh_lines(["a", "b"], ["a", "b", "c"]) == ["c"]
    assert follow.fresh_lines(["a", "b", "c"], ["b", "c", "d", "e"]) == ["d", "e"]
    assert follow.fresh_lines(["a"], ["x", "y"]) == ["x", "y"]
    assert follow.fresh_lines([], ["a"]) == ["a"]
    assert follow.fresh_lines(["a", "b"], ["a", "b"]) == []
