"""Preflight: every check passes, warns or fails with evidence, and one error names all that failed."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import names, preflight
from mwaa_wizard.execution.steps.preflight import Preflight
from mwaa_wizard.execution.steps.read_source import ReadSource
from tests.execution.fakes import Rig, client_error
from tests.preflight.world import furnish


@pytest.fixture(autouse=True)
def _network(rig: Rig) -> None:
    furnish(rig)


def verdicts(rig: Rig) -> dict[str, str]:
    return {finding.name: finding.verdict for finding in preflight.findings(rig.context("preflight"))}


def test_all_is_well(rig: Rig) -> None:
    Preflight().run(rig.context("preflight"))
    rows = json.loads((paths.run_dir(rig.session.id) / "preflight.json").read_text())
    assert {row["verdict"] for row in rows} == {"pass"}
    assert len({row["name"] for row in rows}) == len(rows) - 1 >= 30  # credentials have a line a side
    assert "answers as 2.8.1 with 3 DAGs" in rig.lines()


def test_one_error_names_every_failure(rig: Rig) -> None:
    rig.mwaa.environments["old"]["Status"] = "UPDATING"
    rig.mwaa.add("new", "b", "r")
    rig.session.target.airflow_version = "3.0.6"
    with pytest.raises(WizardError) as caught:
        Preflight().run(rig.context("preflight"))
    for word in ("old: UPDATING", "new exists already", "2.8.1 → 3.0.6"):
        assert word in caught.value.where
    assert caught.value.changed == "Nothing was changed."


def test_warnings_are_told_and_confirmed_where_the_run_asks(rig: Rig) -> None:
    ctx = rig.context("preflight")
    ctx.ask = pytest.fail  # nothing to ask while all is well
    Preflight().run(ctx)
    rig.mwaa.environments["old"]["Status"] = "UPDATE_FAILED"
    ctx = rig.context("preflight")
    asked: list[str] = []

    def no(question: str) -> bool:
        asked.append(question)
        return False

    ctx.ask = no
    with pytest.raises(WizardError, match="Not confirmed") as caught:
        Preflight().run(ctx)
    assert asked == ["Preflight has 1 warning: source environment. Go on?"]
    assert "old: UPDATE_FAILED" in caught.value.where
    assert caught.value.changed == "Nothing was changed."
    ctx.ask = lambda question: True
    Preflight().run(ctx)
    ctx.ask = None  # told --yes
    Preflight().run(ctx)
    assert rig.lines().count("Going on with 1 warning.") == 2


def test_a_failure_is_not_asked_about(rig: Rig) -> None:
    rig.mwaa.environments["old"]["Status"] = "UPDATING"
    ctx = rig.context("preflight")
    ctx.ask = lambda question: True
    with pytest.raises(WizardError, match="1 problem"):
        Preflight().run(ctx)


def test_a_second_look_sees_what_was_mended(rig: Rig) -> None:
    ctx = rig.context("preflight")
    rig.s3.put_bucket_versioning(Bucket=rig.source_bucket, VersioningConfiguration={"Status": "Suspended"})
    assert {f.name: f.verdict for f in preflight.findings(ctx)}["source bucket"] == "warn"
    rig.s3.put_bucket_versioning(Bucket=rig.source_bucket, VersioningConfiguration={"Status": "Enabled"})
    assert {f.name: f.verdict for f in preflight.findings(ctx)}["source bucket"] == "pass"


def test_a_target_of_our_own_making_is_no_failure(rig: Rig) -> None:
    rig.mwaa.add("new", "b", "r", Tags={names.SESSION_TAG: rig.session.id})
    assert verdicts(rig)["target name"] == "pass"


def test_a_target_region_without_mwaa_fails(rig: Rig) -> None:
    from mwaa_wizard.aws.factory import Place

    rig.clients._places["target"] = Place("p", "xx-nowhere-1")
    assert verdicts(rig)["target region"] == "fail"


@pytest.mark.parametrize(("version", "verdict"), [("2.11.2", "pass"), ("2.6.3", "fail"), ("2.99.0", "warn")])
def test_target_versions(rig: Rig, version: str, verdict: str) -> None:
    rig.session.target.airflow_version = version
    found = [f for f in preflight.findings(rig.context("preflight")) if f.name == "target version"]
    assert [finding.verdict for finding in found] == [verdict], found


def test_a_version_that_mwaa_no_longer_creates_fails(rig: Rig) -> None:
    rig.mwaa.environments["old"]["AirflowVersion"] = "2.5.1"
    rig.session.target.airflow_version = "2.6.3"
    assert verdicts(rig)["target version"] == "fail"


def test_a_source_newer_than_the_target_is_told_plainly(rig: Rig) -> None:
    rig.mwaa.environments["old"]["AirflowVersion"] = "2.11.2"
    rig.session.target.airflow_version = "2.10.3"
    found = [f for f in preflight.findings(rig.context("preflight")) if f.name == "target version"]
    assert [(f.verdict, f.evidence) for f in found] == [
        ("fail", "2.11.2 → 2.10.3: the source is newer than the target")
    ]
    assert "choose 2.11.2 or newer" in found[0].remedy


@pytest.mark.parametrize(
    ("made", "later", "verdict"),
    [("2.11.2", "3.3.1", "pass"), ("2.11.0", "3.0.6", "pass"), ("2.10.3", "3.0.6", "fail"), ("2.11.2", "x", "fail")],
)
def test_a_later_upgrade_to_airflow_3_starts_at_2_11(rig: Rig, made: str, later: str, verdict: str) -> None:
    rig.session.target.airflow_version, rig.session.target.upgrade_to = made, later
    assert verdicts(rig)["target version"] == verdict


def test_a_source_of_airflow_3_is_refused(rig: Rig) -> None:
    rig.mwaa.environments["old"]["AirflowVersion"] = "3.0.6"
    rig.session.target.airflow_version = "3.3.1"
    found = [f for f in preflight.findings(rig.context("preflight")) if f.name == "target version"]
    assert [finding.verdict for finding in found] == ["fail"]
    assert "metadata database" in found[0].remedy


def test_days_in_the_wrong_order_and_no_table_fail(rig: Rig) -> None:
    rig.session.tables.selected = []
    assert verdicts(rig)["tables"] == "fail"
    rig.session.tables.selected = ["task_instance"]
    assert verdicts(rig)["tables"] == "pass"
    rig.session.tables.since, rig.session.tables.until = dt.date(2026, 2, 1), dt.date(2026, 1, 1)
    assert verdicts(rig)["tables"] == "fail"
    rig.session.tables.until = None
    rig.session.tables.selected = ["serialized_dag"]
    assert verdicts(rig)["tables"] == "fail"


def test_dags_that_would_start_by_themselves_fail(rig: Rig) -> None:
    rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = {"core.dags_are_paused_at_creation": "False"}
    assert verdicts(rig)["target settings"] == "fail"
    rig.session.target.airflow_options = {"core.dags_are_paused_at_creation": "True"}
    assert verdicts(rig)["target settings"] == "pass"


def test_bucket_without_versioning_is_told(rig: Rig) -> None:
    rig.s3.put_bucket_versioning(Bucket=rig.source_bucket, VersioningConfiguration={"Status": "Suspended"})
    assert verdicts(rig)["source bucket"] == "warn"
    rig.session.target.create_bucket = False  # the target would use it too
    assert verdicts(rig)["target bucket"] == "fail"


class _Refusing:
    def __init__(self, real: Any, refused: str, code: str) -> None:
        self._real, self._refused, self._code = real, refused, code

    def __getattr__(self, name: str) -> Any:
        if name == self._refused:

            def refuse(**_arguments: Any) -> None:
                raise client_error(self._code, f"not authorized to perform: {name}")

            return refuse
        return getattr(self._real, name)


def test_a_role_that_may_not_be_read_is_a_warning_with_what_to_paste(rig: Rig) -> None:
    rig.clients.overrides["source", "iam"] = _Refusing(rig.iam, "get_role", "AccessDenied")
    found = [f for f in preflight.findings(rig.context("preflight")) if f.name == "source role"]
    assert [finding.verdict for finding in found] == ["warn"]
    assert "--for source-role" in found[0].remedy


def test_a_role_that_is_gone_fails(rig: Rig) -> None:
    rig.mwaa.environments["old"]["ExecutionRoleArn"] = "arn:aws:iam::111122223333:role/service-role/nobody"
    assert verdicts(rig)["source role"] == "fail"


def test_a_refused_call_is_a_finding_and_the_others_go_on(rig: Rig) -> None:
    rig.clients.overrides["source", "s3"] = _Refusing(rig.s3, "get_bucket_versioning", "AccessDenied")
    found = verdicts(rig)
    assert found["source bucket"] == "warn"
    assert found["target settings"] == "pass"


def test_read_source_keeps_no_secret(rig: Rig) -> None:
    options = {"smtp.smtp_password": "canary-7f", "core.parallelism": "32"}
    rig.mwaa.environments["old"]["AirflowConfigurationOptions"] = options
    ReadSource().run(rig.context("read-source"))
    text = (paths.run_dir(rig.session.id) / "source.json").read_text()
    assert "canary-7f" not in text
    assert "32" in text
    assert "canary-7f" not in rig.lines()


def test_a_source_that_does_not_exist_is_told(rig: Rig) -> None:
    rig.session.source.environment = "nope"
    with pytest.raises(WizardError, match="no environment nope"):
        ReadSource().run(rig.context("read-source"))
