"""An in-place upgrade: what is asked for, what is followed, what is compared; and each way in which it fails."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.upgrades import comparison, facts, jumps
from mwaa_wizard.report import build
from tests.execution.fakes import Rig
from tests.execution.upgrading import NEW, OLD, in_place, refusing, rolling_back, run


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mwaa_wizard.execution.context.Context.sleep", lambda self, seconds: self.safe_point())


def requirements(rig: Rig) -> str:
    """What the environment is pinned to now."""
    old = rig.mwaa.environments["old"]
    answer = rig.s3.get_object(
        Bucket=rig.source_bucket, Key="requirements.txt", VersionId=old["RequirementsS3ObjectVersion"]
    )
    return str(answer["Body"].read().decode())


def versions_of(rig: Rig) -> int:
    found = rig.s3.list_object_versions(Bucket=rig.source_bucket, Prefix="requirements.txt")
    return len(found.get("Versions", [])) + len(found.get("DeleteMarkers", []))


def test_a_jump_changes_version_options_and_requirements_and_nothing_else(rig: Rig) -> None:
    airflow = in_place(rig)
    rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = {"core.parallelism": "32"}
    outcome = run(rig)
    assert outcome.finished, outcome.error and outcome.error.lines()
    (request,) = rig.mwaa.updated
    assert set(request) == {"Name", "AirflowVersion", "RequirementsS3Path", "RequirementsS3ObjectVersion"}
    assert request["AirflowVersion"] == "2.11.2"
    assert requirements(rig) == NEW
    assert airflow.dags == {"daily": False, "hourly": False, "resting": True}
    report = build.build(rig.session)
    assert report.state == "verified"
    rows = {line.name: (line.source, line.target) for line in report.tables}
    assert rows["dag_run"] == (213, 213)
    assert rows["task_instance"] == (433, 433)
    assert rows["paused states"] == (2, 2)
    assert build.verified(rig.session)
    assert "have their paused states back" in report.paused
    assert run(rig).finished  # a second run finds everything done
    assert len(rig.mwaa.updated) == 1


def test_options_are_rewritten_with_the_version_and_secrets_stay_out_of_the_journal(rig: Rig) -> None:
    in_place(rig, "2.11.2", "3.0.6")
    rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = {
        "scheduler.dag_dir_list_interval": "60", "webserver.secret_key": "canary-77", "core.check_slas": "True",
    }  # fmt: skip
    assert run(rig).finished
    options = rig.mwaa.updated[0]["AirflowConfigurationOptions"]
    assert options["dag_processor.refresh_interval"] == "60"
    assert "core.check_slas" not in options
    text = "".join(path.read_text() for path in paths.run_dir(rig.session.id).rglob("*") if path.is_file())
    assert "canary-77" not in text
    assert "canary-77" not in rig.lines()
    assert "core.check_slas: left out" in rig.lines()


def test_edits_go_along_with_the_last_jump_only(rig: Rig) -> None:
    in_place(rig, "2.10.3", "3.0.6")
    rig.session.target.settings = {"EnvironmentClass": "mw1.medium", "LoggingConfiguration.TaskLogs": {
        "Enabled": True, "LogLevel": "DEBUG"}}  # fmt: skip
    rig.session.target.airflow_options = {"core.parallelism": "64"}
    asked: list[str] = []

    def yes(text: str) -> bool:
        asked.append(text)
        return True

    assert run(rig, ask=yes).finished
    first, second = rig.mwaa.updated
    assert (first["AirflowVersion"], second["AirflowVersion"]) == ("2.11.2", "3.0.6")
    assert "EnvironmentClass" not in first
    assert "AirflowConfigurationOptions" not in first
    assert second["EnvironmentClass"] == "mw1.medium"
    assert second["LoggingConfiguration"] == {"TaskLogs": {"Enabled": True, "LogLevel": "DEBUG"}}
    assert second["AirflowConfigurationOptions"] == {"core.parallelism": "64"}
    assert len(asked) == 2
    assert "from Airflow 2.10.3 to 2.11.2" in asked[0]
    assert "Nothing runs now" in asked[0]
    assert "constraints-3.0.6/constraints-3.12.txt" in requirements(rig)


@pytest.mark.parametrize(
    "settings",
    [
        {"KmsKey": "arn:aws:kms:us-east-1:111122223333:key/0b1c2d3e"},
        {"NetworkConfiguration.SubnetIds": ["subnet-0c3", "subnet-0d4"]},
        {"EndpointManagement": "CUSTOMER"},
        {"Tags.team": "data"},
        {"MaxWorkers": 0},
        {"Schedulers": 9},
    ],
)
def test_what_an_update_cannot_change_is_told_before_anything_is(rig: Rig, settings: dict[str, object]) -> None:
    airflow = in_place(rig)
    rig.session.target.settings = settings
    outcome = run(rig)
    assert outcome.error is not None
    assert next(iter(settings)).split(".")[-1] in outcome.error.where
    assert rig.mwaa.updated == []
    assert airflow.dags == {"daily": False, "hourly": False, "resting": True}


def test_running_tasks_are_waited_for_and_named(rig: Rig) -> None:
    airflow = in_place(rig)
    task = {"dag_id": "daily", "dag_run_id": "scheduled__1", "task_id": "load", "state": "running"}
    backfill = {**task, "dag_run_id": "backfill__1"}
    airflow.busy = [task, backfill]
    rig.session.tables.drain_seconds = 0
    asked: list[str] = []

    def no(text: str) -> bool:
        asked.append(text)
        return False

    outcome = run(rig, ask=no)
    assert outcome.failed_step == "upgrade"
    assert "1 task runs and is killed: daily scheduled__1 load (running)" in asked[0]
    assert outcome.error is not None
    assert "Not confirmed" in outcome.error.what
    assert "paused states they had" in outcome.error.changed
    assert airflow.dags == {"daily": False, "hourly": False, "resting": True}
    assert rig.mwaa.updated == []


def test_a_refused_update_changes_nothing_and_can_be_resumed(rig: Rig) -> None:
    airflow = in_place(rig)
    rig.mwaa.update = refusing("ValidationException")
    before = versions_of(rig)
    outcome = run(rig)
    assert outcome.error is not None
    assert outcome.error.code == "ValidationException"
    assert versions_of(rig) == before
    assert jumps.made(rig.context()) == []
    assert airflow.dags["daily"] is False
    rig.mwaa.update = rig.mwaa._update
    assert run(rig).finished
    assert rig.mwaa.environments["old"]["AirflowVersion"] == "2.11.2"
    assert requirements(rig) == NEW


def test_a_roll_back_is_told_in_mwaas_words(rig: Rig) -> None:
    airflow = in_place(rig)
    rig.mwaa.update = rolling_back(rig, "db migrate failed: relation\x1b[2J exists")
    outcome = run(rig)
    error = outcome.error
    assert error is not None
    assert "went back to 2.10.3" in error.what
    assert "db migrate failed" in error.where
    assert "\x1b" not in error.where
    assert error.code == "INTERNAL_ERROR"
    assert "runs Airflow 2.10.3 again (UPDATE_FAILED)" in error.changed
    assert "paused states they had before" in error.changed
    for status in ("CREATING_SNAPSHOT", "ROLLING_BACK"):
        assert status in rig.lines()
    assert requirements(rig) == OLD
    assert airflow.dags == {"daily": False, "hourly": False, "resting": True}
    rig.mwaa.update = rig.mwaa._update
    rig.mwaa.environments["old"]["Status"] = "UPDATE_FAILED"  # MWAA takes an update from there
    assert run(rig).finished
    assert len(rig.mwaa.updated) == 2


def test_an_environment_that_is_lost_is_told(rig: Rig) -> None:
    in_place(rig)

    def lose(request: dict[str, Any]) -> None:
        rig.mwaa.begin_update("old", "FAILED", ErrorCode="X", ErrorMessage="rolling back failed as well")
        rig.mwaa.environments["old"]["Status"] = "UNAVAILABLE"

    rig.mwaa.update = lose
    error = run(rig).error
    assert error is not None
    assert error.what == "old is UNAVAILABLE."
    assert "rolling back failed" in error.where
    assert "AWS Support" in error.remedy


class _Killed(BaseException):
    """As kill -9: no step may catch it."""


def test_killed_while_waiting_and_resumed_follows_the_same_update(rig: Rig) -> None:
    airflow = in_place(rig)

    def update(request: dict[str, Any]) -> None:
        rig.mwaa._update(request)
        raise _Killed

    rig.mwaa.update = update
    with pytest.raises(_Killed):
        run(rig)
    assert airflow.dags["daily"] is True
    assert len(jumps.made(rig.context())) == 1
    rig.mwaa.states = ["UPDATING", "UPDATING", "CREATING_SNAPSHOT", "UPDATING"]
    outcome = run(rig)
    assert outcome.finished, outcome.error and outcome.error.lines()
    assert len(rig.mwaa.updated) == 1
    assert airflow.dags == {"daily": False, "hourly": False, "resting": True}
    assert build.build(rig.session).state == "verified"


def test_killed_before_mwaa_heard_of_it_asks_again(rig: Rig) -> None:
    in_place(rig)

    def update(request: dict[str, Any]) -> None:
        raise _Killed

    rig.mwaa.update = update
    with pytest.raises(_Killed):
        run(rig)
    rig.mwaa.update = rig.mwaa._update
    before = versions_of(rig)
    assert run(rig).finished
    assert len(rig.mwaa.updated) == 2
    assert versions_of(rig) == before  # the requirements that the first try had put are used
    assert "never reached MWAA" in rig.lines()


def test_killed_and_rolled_back_meanwhile_is_told_on_resume(rig: Rig) -> None:
    airflow = in_place(rig)

    def update(request: dict[str, Any]) -> None:
        rolling_back(rig, "no")(request)
        raise _Killed

    rig.mwaa.update = update
    with pytest.raises(_Killed):
        run(rig)
    error = run(rig).error
    assert error is not None
    assert "went back" in error.what
    assert airflow.dags["daily"] is False


def test_a_lost_answer_is_no_refusal(rig: Rig) -> None:
    in_place(rig)

    def update(request: dict[str, Any]) -> None:
        rig.mwaa._update(request)
        raise ConnectionError("reset by peer")

    rig.mwaa.update = update
    assert run(rig).failed_step == "upgrade"
    assert len(jumps.made(rig.context())) == 1
    assert run(rig).finished
    assert len(rig.mwaa.updated) == 1


def test_a_new_import_error_is_told_and_the_environment_differs(rig: Rig) -> None:
    airflow = in_place(rig)
    airflow.errors = [{"filename": "/usr/local/airflow/dags/old_one.py", "stack_trace": "Error: broken before"}]

    def update(request: dict[str, Any]) -> None:
        rig.mwaa._update(request)
        airflow.inactive.add("hourly")
        trace = "Traceback\n  File x\nModuleNotFoundError: No module named 'gone\x1b[31m'"
        airflow.errors.append({"filename": "hourly.py", "stack_trace": trace})
        airflow.errors[0] = {"filename": "old_one.py", "stack_trace": "Error: broken otherwise"}

    rig.mwaa.update = update
    assert run(rig).finished
    assert "hourly.py: ModuleNotFoundError: No module named 'gone" in rig.lines()
    report = build.build(rig.session)
    assert report.state == "differs"
    assert not build.verified(rig.session)
    lines = {line.name: line for line in report.tables}
    assert (lines["import_error"].source, lines["import_error"].target) == (1, 2)
    assert "hourly.py: ModuleNotFoundError" in lines["import_error"].notes[0]
    assert "\x1b" not in lines["import_error"].notes[0]
    assert "hourly" in lines["dag"].notes[0]


def test_lost_runs_differ_and_the_dag_is_named(rig: Rig) -> None:
    airflow = in_place(rig)

    def update(request: dict[str, Any]) -> None:
        rig.mwaa._update(request)
        airflow.counts["daily"] = (9, 30)

    rig.mwaa.update = update
    assert run(rig).finished
    report = build.build(rig.session)
    assert report.state == "differs"
    assert "10 runs" in report.dags_differ["daily"]


def test_an_update_of_somebody_else_is_not_taken_for_ours(rig: Rig) -> None:
    in_place(rig)
    assert run(rig, until="facts").finished
    rig.mwaa.environments["old"]["Status"] = "UPDATING"
    error = run(rig).error
    assert error is not None
    assert "not by this session" in error.what
    assert rig.mwaa.updated == []


def test_undo_goes_back_where_mwaa_does(rig: Rig) -> None:
    airflow = in_place(rig, "2.11.2", "3.0.6")
    options = {"scheduler.dag_dir_list_interval": "60", "api.auth_backends": "x", "warehouse.api_token": "canary-77"}
    given_up = {"webserver.secret_key": "canary-78"}  # MWAA sets it itself, so the way up leaves it out
    rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = {**options, **given_up}
    before = versions_of(rig)
    assert run(rig).finished
    assert rig.mwaa.environments["old"]["AirflowVersion"] == "3.0.6"
    outcome = run(rig, undo=True)
    assert outcome.finished, outcome.error and outcome.error.lines()
    assert rig.mwaa.environments["old"]["AirflowVersion"] == "2.11.2"
    assert rig.mwaa.environments["old"]["AirflowConfigurationOptions"] == options
    assert "webserver.secret_key was secret and is not kept anywhere" in rig.lines()
    assert "canary" not in (paths.run_dir(rig.session.id) / "journal.jsonl").read_text()
    assert requirements(rig) == OLD
    assert versions_of(rig) == before
    assert jumps.made(rig.context()) == []
    assert airflow.dags == {"daily": False, "hourly": False, "resting": True}


def test_undo_says_what_mwaa_cannot_put_back(rig: Rig) -> None:
    in_place(rig, "2.5.1", "2.10.3")
    assert run(rig).finished
    error = run(rig, undo=True).error
    assert error is not None
    assert "stays at Airflow 2.10.3" in error.what
    assert "Support of 2.5.1 ended" in error.where
    assert len(jumps.made(rig.context())) == 1
    assert len(rig.mwaa.updated) == 1


def test_without_rest_nothing_is_called_equal(rig: Rig) -> None:
    """The CLI lists DAGs at best: what was not counted on either side is no equal row."""
    known = facts.Facts(environment="old", airflow_version="2.10.3", at="", dags={"daily": facts.DagFacts(paused=True)},
                        unknown={"runs": "refused"})  # fmt: skip
    result = comparison.compare(known, known)
    assert result.tables["dag"].same
    for name in ("dag_run", "task_instance", "variable", "connection", "slot_pool"):
        assert not result.tables[name].same
        assert "refused" in result.tables[name].notes[0]
    assert not result.same


def test_the_plans_of_both_routes(rig: Rig) -> None:
    in_place(rig)
    ids = [step.id for step in plan_for(rig.session)]
    assert ids == ["read-source", "preflight", "hold", "facts", "upgrade", "verify", "release"]
    rig.session.route, rig.session.target.upgrade_to = "bridge", "3.3.1"
    ids = [step.id for step in plan_for(rig.session)]
    assert ids[ids.index("verify") :] == [
        "verify", "clear-target", "facts", "upgrade", "verify-upgrade", "cut-over", "clean-up",
    ]  # fmt: skip
