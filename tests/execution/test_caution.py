"""What must not be touched: a living target's role and bucket, other people's files, roles and environments."""

from __future__ import annotations

import pytest

from mwaa_wizard import paths
from mwaa_wizard.airflow import dag_files
from mwaa_wizard.execution import names, pausing, policy_documents, sides
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.execution.steps.clean_up import CleanUp
from mwaa_wizard.execution.steps.create_target import CreateTarget
from mwaa_wizard.execution.steps.cut_over import CutOver
from mwaa_wizard.execution.steps.execution_role import ExecutionRole
from mwaa_wizard.execution.steps.export import Export
from mwaa_wizard.execution.steps.resources import Resources
from mwaa_wizard.execution.steps.role_policy import read
from mwaa_wizard.metadata import bundle
from mwaa_wizard.resources import bucket as buckets
from tests.execution.fakes import Rig, client_error


def test_undo_leaves_role_and_bucket_to_a_target_that_cannot_be_deleted(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = [ExecutionRole(), Resources(), CreateTarget()]
    assert Runner(rig.session, steps, rig.events.append, rig.clients).run().finished

    def refuse(Name: str) -> None:
        raise client_error("AccessDeniedException", "not authorized to perform: airflow:DeleteEnvironment")

    with monkeypatch.context() as patch:
        patch.setattr(rig.mwaa, "delete_environment", refuse)
        outcome = Runner(rig.session, steps, rig.events.append, rig.clients).undo()
    assert outcome.failed_step == "create-target"
    assert "new" in rig.mwaa.environments
    assert buckets.exists(rig.s3, names.target_bucket(rig.session))
    assert rig.iam.get_role(RoleName=names.target_role(rig.session))
    assert Runner(rig.session, steps, rig.events.append, rig.clients).undo().finished
    assert "new" not in rig.mwaa.environments
    assert not buckets.exists(rig.s3, names.target_bucket(rig.session))


def test_undo_leaves_an_environment_of_the_same_name_that_another_session_made(rig: Rig) -> None:
    ctx = rig.context("create-target")
    ctx.made("environment", "new")
    rig.mwaa.add("new", "b", "r", Tags={names.SESSION_TAG: "somebody"})
    CreateTarget().undo(ctx)
    assert "new" in rig.mwaa.environments


def test_undo_deletes_the_name_in_the_journal_not_the_one_chosen_since(rig: Rig) -> None:
    assert (
        Runner(rig.session, [ExecutionRole(), Resources(), CreateTarget()], rig.events.append, rig.clients)
        .run()
        .finished
    )
    rig.mwaa.add("other", "b", "r")
    rig.session.target.environment = "other"
    CreateTarget().undo(rig.context("create-target"))
    assert set(rig.mwaa.environments) == {"old", "other"}


def test_clean_up_leaves_files_that_only_begin_like_ours(rig: Rig) -> None:
    bucket, folder = sides.dag_folder(rig.context(), "source")
    for key in (f"{folder}/mwz_report.py", f"{folder}/mwz_lib/x.py", f"{folder}/mwz_export.py"):
        rig.s3.put_object(Bucket=bucket, Key=key, Body=b"x")
    dag_files.remove_files(rig.context("clean-up"), "source")
    left = {entry["Key"] for entry in rig.s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert {f"{folder}/mwz_report.py", f"{folder}/mwz_lib/x.py"} <= left
    assert f"{folder}/mwz_export.py" not in left


def test_clean_up_takes_away_what_was_pasted_for_this_session(rig: Rig) -> None:
    role = rig.mwaa.environments["old"]["ExecutionRoleArn"].rsplit("/", 1)[1]
    rig.iam.put_role_policy(
        RoleName=role,
        PolicyName=rig.session.policy_name("source"),
        PolicyDocument=policy_documents.for_role(rig.context(), "source-role"),
    )
    outcome = Runner(rig.session, [CleanUp()], rig.events.append, rig.clients).run()
    assert outcome.finished, outcome.error and outcome.error.lines()
    assert read(rig.context(), "source") is None


def manifest(run_id: str, paused: list[str]) -> str:
    return bundle.Manifest(
        run_id=run_id, environment="old", airflow_version="2.8.1", alembic_head="x", snapshot="x", created_at="x",
        tables={}, paused_before=paused, unpaused_before=["daily"],
    ).model_dump_json()  # fmt: skip


def test_a_dag_paused_between_our_note_and_the_exports_stays_paused(rig: Rig) -> None:
    ctx = rig.context("export")
    pausing.remember(ctx)  # daily and hourly are unpaused
    ctx.made("dag-run", "mw-1", dag_id="mwz_export")
    (paths.run_dir(rig.session.id) / "manifest.json").write_text(manifest("mw-1", ["hourly", "resting"]))
    assert pausing.unpaused_before(ctx) == ["daily"]
    # A later export may have begun a new note, in which our own pauses look like the user's.
    (paths.run_dir(rig.session.id) / "manifest.json").write_text(manifest("mw-2", ["hourly", "resting"]))
    assert pausing.unpaused_before(ctx) == ["daily", "hourly"]


def test_a_target_dag_that_unpaused_itself_is_paused_before_import_and_at_the_end(rig: Rig) -> None:
    airflow = rig.mwaa.add("new", "new-bucket-of-nobody", "arn:aws:iam::111122223333:role/new")
    airflow.dags.update({"daily": False, "hourly": True})
    rig.mwaa._sync = lambda name: None  # type: ignore[method-assign]
    CutOver().run(rig.context("cut-over"))
    assert airflow.dags == {"daily": True, "hourly": True}


def test_undo_keeps_the_source_still_while_the_target_may_run(rig: Rig) -> None:
    ctx = rig.context("cut-over")
    ctx.changed("dag-pause", "target:new", {"paused": ["daily"]}, side="target")
    pausing.remember(rig.context("export"))
    rig.mwaa.airflows["old"].dags["daily"] = True
    outcome = Runner(rig.session, [Export()], rig.events.append, rig.clients).undo()
    assert outcome.failed_step == "export"
    assert rig.mwaa.airflows["old"].dags["daily"] is True
    assert outcome.error is not None
    assert "nothing may run twice" in outcome.error.what
