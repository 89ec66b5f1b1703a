"""CreateEnvironment: journaled first, attached to after a kill, MWAA's own words when it fails."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.runner import Outcome, Runner
from mwaa_wizard.execution.steps import create_target
from mwaa_wizard.execution.steps.create_target import CreateTarget
from tests.execution.fakes import Rig, client_error


@pytest.fixture(autouse=True)
def _network(rig: Rig) -> None:
    network = {"SubnetIds": ["subnet-0a1", "subnet-0b2"], "SecurityGroupIds": ["sg-0c3"]}
    rig.mwaa.environments["old"]["NetworkConfiguration"] = network


def run(rig: Rig) -> Outcome:
    return Runner(rig.session, [CreateTarget()], rig.events.append, rig.clients).run()


def test_request_is_a_clone_with_our_tag_role_and_bucket(rig: Rig) -> None:
    outcome = run(rig)
    assert outcome.finished, outcome.error and outcome.error.lines()
    request = rig.mwaa.created[0]
    assert request["Name"] == "new"
    assert request["AirflowVersion"] == "2.11.2"
    assert request["Tags"][names.SESSION_TAG] == rig.session.id
    assert request["ExecutionRoleArn"].endswith(f":role/{names.target_role(rig.session)}")
    assert request["SourceBucketArn"].endswith(f":::{names.target_bucket(rig.session)}")
    assert "Status" not in request
    assert CreateTarget().check(rig.context()).done


def test_a_name_that_is_taken_is_refused(rig: Rig) -> None:
    rig.mwaa.add("new", "b", "arn:aws:iam::111122223333:role/r")
    outcome = run(rig)
    assert outcome.error is not None
    assert "did not make" in outcome.error.what
    assert rig.mwaa.created == []


def test_killed_after_the_call_attaches_by_tag(rig: Rig) -> None:
    rig.mwaa.add("new", "b", "r", AirflowVersion="2.11.2", Tags={names.SESSION_TAG: rig.session.id})
    assert run(rig).finished
    assert rig.mwaa.created == []
    assert [record["name"] for record in rig.context().journal.live("environment")] == ["new"]


def test_creation_is_followed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mwaa_wizard.execution.context.Context.sleep", lambda self, seconds: None)
    states = iter(["CREATING", "CREATING", "AVAILABLE", "AVAILABLE", "AVAILABLE"])
    real = rig.mwaa.get_environment

    def changing(Name: str) -> dict[str, Any]:
        answer = real(Name)
        if Name == "new":
            answer["Environment"]["Status"] = next(states)
        return answer

    rig.mwaa.get_environment = changing  # type: ignore[method-assign]
    assert run(rig).finished
    assert "new: CREATING" in rig.lines()
    assert "new: AVAILABLE" in rig.lines()


def test_create_failed_tells_mwaas_reason(rig: Rig) -> None:
    def fail(request: dict[str, Any]) -> dict[str, Any]:
        answer = rig.mwaa._create(request)
        error = {"ErrorCode": "INCORRECT_CONFIGURATION", "ErrorMessage": "no route to S3"}
        rig.mwaa.environments["new"] |= {"Status": "CREATE_FAILED", "LastUpdate": {"Error": error}}
        return answer

    rig.mwaa.create = fail
    outcome = run(rig)
    assert outcome.error is not None
    assert outcome.error.where == "INCORRECT_CONFIGURATION: no route to S3"
    assert rig.context().journal.live("environment"), "a failed environment is ours to delete"
    assert Runner(rig.session, [CreateTarget()], rig.events.append, rig.clients).undo().finished
    assert "new" not in rig.mwaa.environments


@pytest.mark.parametrize(
    "said",
    [
        "User is not authorized to perform: iam:PassRole on role x",
        "User: arn:aws:sts::1:assumed-role/me/x is not authorized to perform: airflow:CreateEnvironment on resource: y",
    ],
)
def test_a_refused_call_leaves_nothing_live(rig: Rig, said: str) -> None:
    def refuse(request: dict[str, Any]) -> dict[str, Any]:
        raise client_error("AccessDeniedException", said)

    rig.mwaa.create = refuse
    outcome = run(rig)
    assert outcome.error is not None
    assert outcome.error.code == "AccessDeniedException"
    assert len(rig.mwaa.created) == 1, "a permission the caller lacks is not waited for"
    assert rig.context().journal.live("environment") == []


def test_a_role_that_is_not_there_yet_is_tried_again(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mwaa_wizard.execution.context.Context.sleep", lambda self, seconds: None)
    turns = iter(range(10))

    def late(request: dict[str, Any]) -> dict[str, Any]:
        if next(turns) < 2:
            raise client_error("ValidationException", "MWAA cannot assume the role arn:aws:iam::1:role/x")
        return rig.mwaa._create(request)

    rig.mwaa.create = late
    assert run(rig).finished
    assert len(rig.mwaa.created) == 3


def test_undo_waits_until_it_is_gone(rig: Rig) -> None:
    run(rig)
    ctx = rig.context("create-target")
    CreateTarget().undo(ctx)
    assert "new" not in rig.mwaa.environments
    assert ctx.journal.live("environment") == []


def test_undo_leaves_an_environment_that_is_not_in_the_journal(rig: Rig) -> None:
    rig.mwaa.add("new", "b", "r")
    CreateTarget().undo(rig.context("create-target"))
    assert "new" in rig.mwaa.environments


def test_still_creating_after_an_hour_is_resumable(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(create_target, "AT_MOST", -1.0)
    rig.mwaa.add("new", "b", "r", Status="CREATING", Tags={names.SESSION_TAG: rig.session.id})
    with pytest.raises(WizardError, match="is still CREATING"):
        CreateTarget().run(rig.context("create-target"))


def test_undo_waits_for_an_environment_that_is_still_being_made(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mwaa_wizard.execution.context.Context.sleep", lambda self, seconds: None)
    run(rig)
    rig.mwaa.environments["new"]["Status"] = "CREATING"
    turns = iter(range(10))
    real = rig.mwaa.delete_environment

    def busy(Name: str) -> dict[str, Any]:
        if next(turns) < 2:
            raise client_error("ValidationException", "environment is CREATING")
        return real(Name)

    rig.mwaa.delete_environment = busy  # type: ignore[method-assign]
    CreateTarget().undo(rig.context("create-target"))
    assert "new" not in rig.mwaa.environments
