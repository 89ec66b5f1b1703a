"""The part of a bridge between its first verification and its cut-over: cleared, counted, upgraded, compared."""

from __future__ import annotations

import pytest

from mwaa_wizard import paths
from mwaa_wizard.execution import names
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.execution.runner import Outcome, Runner
from mwaa_wizard.execution.steps import key
from mwaa_wizard.execution.steps.create_target import CreateTarget
from mwaa_wizard.execution.upgrades import jumps
from mwaa_wizard.metadata.bundle import TableVerify, VerifyResult
from mwaa_wizard.report import build
from tests.execution.fakes import FakeAirflow, Rig
from tests.execution.upgrading import rolling_back

STEPS = ("clear-target", "facts", "upgrade", "verify-upgrade")


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mwaa_wizard.execution.context.Context.sleep", lambda self, seconds: self.safe_point())


def imported(rig: Rig, *, same: bool = True) -> FakeAirflow:
    """The rig's session as a bridge whose history is in `new` (2.11.2) and verified."""
    session = rig.session
    session.route, session.target.airflow_version, session.target.upgrade_to = "bridge", "2.11.2", "3.3.1"
    bucket = f"new-{session.id}"
    rig.s3.create_bucket(Bucket=bucket)
    rig.s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    network = {"SubnetIds": ["subnet-0a1", "subnet-0b2"], "SecurityGroupIds": ["sg-0c3"]}
    airflow = rig.mwaa.add("new", bucket, "arn:aws:iam::111122223333:role/new", AirflowVersion="2.11.2",
                           NetworkConfiguration=network, Tags={names.SESSION_TAG: session.id})  # fmt: skip
    airflow.version = "2.11.2"
    airflow.dags = {"daily": True, "hourly": True}
    airflow.counts = {"daily": (10, 30), "hourly": (200, 400)}
    table = TableVerify(source_rows=210, target_rows=210 if same else 209, same=same)
    result = VerifyResult(run_id="mw-1", environment="new", airflow_version="2.11.2", tables={"dag_run": table},
                          finished_at="")  # fmt: skip
    (paths.run_dir(session.id) / "verify.json").write_text(result.model_dump_json())
    return airflow


def run(rig: Rig, *, ask: bool | None = None) -> Outcome:
    runner = Runner(rig.session, [s for s in plan_for(rig.session) if s.id in STEPS], rig.events.append, rig.clients)
    runner.context.ask = None if ask is None else lambda question: bool(ask)
    return runner.run()


def test_ours_is_gone_before_airflow_3_and_every_run_is_there_after(rig: Rig) -> None:
    airflow = imported(rig)
    bucket = f"new-{rig.session.id}"
    for name in ("mwz_import", "mwz_key"):
        rig.s3.put_object(Bucket=bucket, Key=f"dags/{name}.py", Body=b"x")
        airflow.dags[name] = True
    airflow.variables = {key.variable_name(rig.session), "region"}
    seen: list[tuple[set[str], set[str]]] = []

    def update(request: dict[str, object]) -> None:
        seen.append((set(airflow.dags), set(airflow.variables)))
        rig.mwaa._update(request)

    rig.mwaa.update = update
    outcome = run(rig)
    assert outcome.finished, outcome.error and outcome.error.lines()
    assert seen == [({"daily", "hourly"}, {"region"})]
    assert "Versions" not in rig.s3.list_object_versions(Bucket=bucket)
    assert rig.mwaa.updated == [{"Name": "new", "AirflowVersion": "3.3.1"}]
    report = build.build(rig.session)
    assert report.state == "verified"
    assert report.target == "new 3.3.1"
    rows = {line.name: (line.source, line.target) for line in report.tables}
    assert rows["dag_run"] == (210, 210)
    assert rows["dag_run 3.3.1"] == (210, 210)
    assert rows["task_instance 3.3.1"] == (430, 430)
    assert all(airflow.dags.values())


def test_the_report_says_verified_only_after_the_upgrade(rig: Rig) -> None:
    imported(rig)
    assert build.build(rig.session).state == "not-verified"
    assert not build.verified(rig.session)
    assert run(rig).finished
    assert build.verified(rig.session)


@pytest.mark.parametrize("ask", [None, False])
def test_history_that_differs_is_not_sealed_unasked(rig: Rig, ask: bool | None) -> None:
    imported(rig, same=False)
    error = run(rig, ask=ask).error
    assert error is not None
    assert "is not upgraded" in error.what
    assert "2.11.2, where history can be imported" in error.changed
    assert rig.mwaa.updated == []


def test_history_that_differs_is_upgraded_when_that_is_wanted(rig: Rig) -> None:
    imported(rig, same=False)
    assert run(rig, ask=True).finished
    assert build.build(rig.session).state == "differs"


def test_a_dag_that_wakes_up_with_airflow_3_is_paused_again(rig: Rig) -> None:
    airflow = imported(rig)

    def update(request: dict[str, object]) -> None:
        rig.mwaa._update(request)
        airflow.dags["hourly"] = False

    rig.mwaa.update = update
    assert run(rig).finished
    assert airflow.dags == {"daily": True, "hourly": True}
    assert "Unpaused by themselves; pausing them: hourly" in rig.lines()


def test_from_2_11_0_the_way_leads_over_the_newest_2_11(rig: Rig) -> None:
    airflow = imported(rig)
    rig.mwaa.environments["new"]["AirflowVersion"] = airflow.version = "2.11.0"
    assert run(rig).finished
    assert [request["AirflowVersion"] for request in rig.mwaa.updated] == ["2.11.2", "3.3.1"]


def test_a_roll_back_leaves_the_verified_history_where_it_was(rig: Rig) -> None:
    imported(rig)
    rig.mwaa.update = rolling_back(rig, "db migrate failed")
    error = run(rig).error
    assert error is not None
    assert "went back to 2.11.2" in error.what
    assert "paused states" not in error.changed  # a bridge's DAGs are all paused until the cut-over
    rig.mwaa.update = rig.mwaa._update
    assert run(rig).finished
    assert build.verified(rig.session)


def test_lost_history_stops_a_bridge_that_would_take_over(rig: Rig) -> None:
    airflow = imported(rig)
    rig.session.cut_over = "switch"

    def update(request: dict[str, object]) -> None:
        rig.mwaa._update(request)
        airflow.counts["daily"] = (9, 29)

    rig.mwaa.update = update
    outcome = run(rig)
    assert outcome.failed_step == "verify-upgrade"
    assert outcome.error is not None
    assert "daily" in outcome.error.what


class _Killed(BaseException):
    """As kill -9: no step may catch it."""


@pytest.mark.parametrize("status", ["UPDATING", "ROLLING_BACK", "UPDATE_FAILED"])
def test_an_environment_at_its_upgrade_is_not_made_again_on_resume(rig: Rig, status: str) -> None:
    imported(rig)
    ctx = rig.context("create-target")
    ctx.made("environment", "new")

    def update(request: dict[str, object]) -> None:
        rig.mwaa._update(request)
        raise _Killed

    rig.mwaa.update = update
    rig.mwaa.environments["new"]["Status"] = "CREATING"
    assert not CreateTarget().check(ctx).done
    rig.mwaa.environments["new"]["Status"] = "AVAILABLE"
    with pytest.raises(_Killed):
        run(rig)
    rig.mwaa.environments["new"]["Status"] = status
    assert CreateTarget().check(ctx).done
    rig.mwaa.environments["new"]["Status"] = "AVAILABLE"
    assert run(rig).finished
    assert len(rig.mwaa.updated) == 1
    ctx.removed("environment", "new")
    ctx.made("environment", "new")
    rig.mwaa.environments["new"]["Status"] = "CREATING"
    assert not CreateTarget().check(ctx).done  # the one of a new run is followed


def test_undo_forgets_the_jump_with_the_environment(rig: Rig) -> None:
    imported(rig)
    assert run(rig).finished
    runner = Runner(rig.session, [s for s in plan_for(rig.session) if s.id in STEPS], rig.events.append, rig.clients)
    assert runner.undo().finished
    assert jumps.made(rig.context()) == []
    assert len(rig.mwaa.updated) == 1
    assert not (paths.run_dir(rig.session.id) / "verify-upgrade.json").exists()
