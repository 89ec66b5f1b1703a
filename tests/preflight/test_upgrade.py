"""What is looked at before an environment changes its version, and each check failing for its own reason."""

from __future__ import annotations

import pytest

from mwaa_wizard.execution import preflight
from mwaa_wizard.preflight import buckets, upgrade
from mwaa_wizard.sandbox.aws.server import SandboxAws
from tests.execution.fakes import ACCOUNT, REGION, Rig
from tests.execution.upgrading import in_place
from tests.preflight.test_network import close
from tests.preflight.test_permissions import User, deny
from tests.preflight.world import network_of, one, tell


@pytest.fixture
def ready(furnished: Rig) -> Rig:
    """`old`, with all that MWAA wants, about to go from 2.10.3 to 2.11.2."""
    network = furnished.mwaa.environments["old"]["NetworkConfiguration"]
    in_place(furnished)
    old = furnished.mwaa.environments["old"]
    old["NetworkConfiguration"], old["WebserverAccessMode"] = network, "PUBLIC_ONLY"
    return furnished


def go(rig: Rig, here: str, there: str) -> None:
    rig.mwaa.environments["old"]["AirflowVersion"] = here
    rig.session.target.airflow_version = there


def test_all_is_well_in_place(ready: Rig) -> None:
    found = list(preflight.findings(ready.context("preflight")))
    assert [finding for finding in found if finding.verdict != "pass"] == []
    names = {finding.name for finding in found}
    assert {"upgrade path", "update request", "requirements", "import errors", "one environment"} <= names
    assert "target name" not in names
    assert "target subnets" not in names


@pytest.mark.parametrize(
    ("here", "there", "verdict", "words"),
    [
        ("2.10.3", "2.11.2", "pass", "2.10.3 → 2.11.2"),
        ("2.10.3", "3.3.1", "pass", "2.10.3 → 2.11.2 → 3.3.1"),
        ("2.11.2", "3.0.6", "pass", "2.11.2 → 3.0.6"),
        ("3.3.1", "2.11.2", "pass", "3.3.1 → 2.11.2"),
        ("2.10.3", "2.10.3", "fail", "runs 2.10.3 already"),
        ("1.10.12", "2.11.2", "fail", "1.10 in place"),
        ("2.10.3", "2.6.3", "fail", "Support of 2.6.3 ended"),
        ("2.10.3", "", "fail", "no version is chosen"),
    ],
)
def test_paths(ready: Rig, here: str, there: str, verdict: str, words: str) -> None:
    go(ready, here, there)
    told = tell(ready, upgrade.path)
    assert told[0].verdict == verdict
    assert words in told[0].evidence
    assert bool(told[0].remedy) == (verdict != "pass")


def test_no_way_back_is_a_warning(ready: Rig) -> None:
    go(ready, "2.5.1", "2.10.3")
    path, back = tell(ready, upgrade.path)
    assert (path.verdict, back.verdict) == ("pass", "warn")
    assert "does not go back from 2.10.3 to 2.5.1" in back.evidence


def test_a_version_that_is_in_no_table_is_a_warning(ready: Rig) -> None:
    go(ready, "2.10.3", "2.12.0")
    assert [finding.verdict for finding in tell(ready, upgrade.path)] == ["warn", "pass"]


def test_two_environments_are_no_in_place_upgrade(ready: Rig) -> None:
    one(ready, upgrade.same_environment, "pass")
    ready.session.target.environment = "new"
    one(ready, upgrade.same_environment, "fail")
    ready.session.target.environment, ready.session.target.create_role = "old", True
    one(ready, upgrade.same_environment, "fail")


def test_an_edit_that_an_update_cannot_make_fails(ready: Rig) -> None:
    ready.session.target.settings["KmsKey"] = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0b1c"
    assert "KmsKey: UpdateEnvironment cannot change it" in one(ready, upgrade.request, "fail").evidence
    ready.session.target.settings = {"MinWorkers": 5, "MaxWorkers": 3}
    assert "MinWorkers" in one(ready, upgrade.request, "fail").evidence


def test_what_the_environment_has_and_keeps_is_no_reason_to_refuse(ready: Rig) -> None:
    ready.mwaa.environments["old"].update(KmsKey="alias/old", Schedulers=1)
    assert all(finding.verdict == "pass" for finding in tell(ready, upgrade.request))


def test_options_that_are_lost_are_a_warning(ready: Rig) -> None:
    go(ready, "2.11.2", "3.3.1")
    ready.mwaa.environments["old"]["AirflowConfigurationOptions"] = {"core.check_slas": "True"}
    told = {finding.name: finding for finding in tell(ready, upgrade.request)}
    assert told["Airflow options"].verdict == "warn"
    assert "core.check_slas" in told["Airflow options"].evidence
    assert "scheduler.catchup_by_default" in told["Airflow defaults"].evidence
    ready.session.target.airflow_options["scheduler.catchup_by_default"] = "True"
    told = {finding.name: finding for finding in tell(ready, upgrade.request)}
    assert "scheduler.catchup_by_default" not in told["Airflow defaults"].evidence


def test_requirements_that_may_not_fit_are_a_warning(ready: Rig) -> None:
    told = {finding.name: finding for finding in tell(ready, upgrade.request)}
    assert "constraints-2.11.2/constraints-3.12.txt" in told["requirements"].evidence
    body = b"apache-airflow-providers-snowflake==5.3.0\n"
    put = ready.s3.put_object(Bucket=ready.source_bucket, Key="requirements.txt", Body=body)
    ready.mwaa.environments["old"]["RequirementsS3ObjectVersion"] = put["VersionId"]
    told = {finding.name: finding for finding in tell(ready, upgrade.request)}
    assert told["requirements"].verdict == "warn"
    assert "providers-snowflake" in told["requirements"].evidence


def test_requirements_that_are_gone_fail(ready: Rig) -> None:
    ready.mwaa.environments["old"]["RequirementsS3Path"] = "elsewhere.txt"
    ready.mwaa.environments["old"].pop("RequirementsS3ObjectVersion")
    assert "elsewhere.txt" in one(ready, upgrade.request, "fail").evidence


def test_a_bucket_without_versioning_fails(ready: Rig) -> None:
    one(ready, buckets.target, "pass")
    ready.s3.put_bucket_versioning(Bucket=ready.source_bucket, VersioningConfiguration={"Status": "Suspended"})
    one(ready, buckets.target, "fail")


def test_broken_dag_files_are_a_warning(ready: Rig) -> None:
    one(ready, upgrade.import_errors, "pass")
    ready.mwaa.airflows["old"].errors = [{"filename": "/dags/a\x1b[2J.py", "stack_trace": "x\nSyntaxError: bad\x1b[2J"}]
    told = one(ready, upgrade.import_errors, "warn")
    assert "SyntaxError: bad" in told.evidence
    assert "\x1b" not in told.evidence


def test_a_public_web_server_needs_a_way_out_from_airflow_3_on(ready: Rig) -> None:
    assert tell(ready, upgrade.airflow_3_network) == []
    go(ready, "2.11.2", "3.3.1")
    one(ready, upgrade.airflow_3_network, "pass")
    for subnet in network_of(ready)[0]:
        close(ready.clients.client("target", "ec2"), subnet)
    assert "no way out" in one(ready, upgrade.airflow_3_network, "fail").evidence
    ready.mwaa.environments["old"]["WebserverAccessMode"] = "PRIVATE_ONLY"
    one(ready, upgrade.airflow_3_network, "pass")


@pytest.mark.parametrize(
    "action", ["airflow:UpdateEnvironment", "iam:PassRole", "s3:PutObject", "s3:DeleteObjectVersion"]
)
def test_a_missing_permission_fails_by_its_name(ready: Rig, endpoint: SandboxAws, action: str) -> None:
    user = User(ready, endpoint)
    user.may()
    one(ready, upgrade.may_update, "pass")
    user.may(deny(action))
    assert action in one(ready, upgrade.may_update, "fail").evidence


def test_a_bridge_looks_at_its_way_up_as_well(furnished: Rig) -> None:
    session = furnished.session
    session.route, session.target.airflow_version, session.target.upgrade_to = "bridge", "2.11.2", "3.3.1"
    found = {finding.name: finding for finding in preflight.findings(furnished.context("preflight"))}
    assert {finding.verdict for finding in found.values()} == {"pass"}
    assert found["upgrade path"].evidence == "2.11.2 → 3.3.1"
    assert "Airflow 3 network" in found
    session.target.upgrade_to = ""
    one(furnished, upgrade.path, "fail")
