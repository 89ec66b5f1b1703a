"""GetEnvironment to CreateEnvironment: nothing foreign goes out, nothing needed is forgotten, nothing crashes."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mwaa_wizard import secrets
from mwaa_wizard.environments import clone, shapes
from mwaa_wizard.environments import settings as page
from mwaa_wizard.errors import WizardError
from mwaa_wizard.sandbox.mwaa import shapes as strict
from mwaa_wizard.session.model import Session
from tests.environments.samples import BUCKET, KEY, OTHER, ROLE, environment, session

VERSIONS = {"RequirementsS3ObjectVersion": "new-version", "PluginsS3ObjectVersion": "unused",
            "StartupScriptS3ObjectVersion": "script"}  # fmt: skip


def request(made: Session, source: dict[str, Any]) -> dict[str, Any]:
    return clone.create_request(made, source, role_arn=ROLE, bucket_arn=BUCKET, object_versions=VERSIONS)


def botocore_refuses(found: dict[str, Any]) -> str:
    shape = get_session().get_service_model("mwaa").operation_model("CreateEnvironment").input_shape
    return str(ParamValidator().validate(found, shape).generate_report())


def test_a_clone_in_place_takes_everything_but_what_belongs_to_the_source() -> None:
    found = request(session(), environment())
    assert found["Name"] == "analytics-v2"
    assert found["AirflowVersion"] == "2.11.2"
    assert (found["ExecutionRoleArn"], found["SourceBucketArn"]) == (ROLE, BUCKET)
    assert found["NetworkConfiguration"] == {"SubnetIds": ["subnet-0a", "subnet-0b"], "SecurityGroupIds": ["sg-0a"]}
    assert (found["MinWebservers"], found["MaxWebservers"], found["Schedulers"]) == (2, 3, 2)
    assert found["RequirementsS3ObjectVersion"] == "new-version"
    assert "PluginsS3ObjectVersion" not in found  # the source has no plugins
    assert found["Tags"] == {"Team": "データ"}
    assert not set(found) & {"Arn", "Status", "CeleryExecutorQueue", "ServiceRoleArn", "CreatedAt", "WebserverUrl"}
    assert botocore_refuses(found) == ""


def test_log_modules_are_filled_and_lose_their_group() -> None:
    found = request(session(), environment())["LoggingConfiguration"]
    assert found["TaskLogs"] == {"Enabled": True, "LogLevel": "INFO"}
    assert found["WorkerLogs"] == {"Enabled": False, "LogLevel": "INFO"}
    assert len(found) == 5


def test_options_that_mwaa_sets_itself_are_left_out_and_secrets_go_along() -> None:
    found = request(session(), environment())["AirflowConfigurationOptions"]
    assert found == {
        "core.parallelism": "40",
        "smtp.smtp_password": "hunter2-canary",
        "celery.flower_url_prefix": "amqp://user:canary-pw@host/",
    }


def test_edits_win() -> None:
    made = session()
    for name, text in (
        ("MaxWorkers", "20"), ("KmsKey", KEY), ("LoggingConfiguration.TaskLogs", "debug"), ("Tags.Team", ""),
        ("Tags.Cost", "42"), ("AirflowConfigurationOptions.core.parallelism", "80"),
        ("AirflowConfigurationOptions.smtp.smtp_password", "fresh"), ("RequirementsS3Path", ""),
        ("NetworkConfiguration.SecurityGroupIds", "sg-1, sg-2"),
    ):  # fmt: skip
        assert page.edit(made, name, text) == []
    found = request(made, environment())
    assert (found["MaxWorkers"], found["KmsKey"]) == (20, KEY)
    assert found["LoggingConfiguration"]["TaskLogs"]["LogLevel"] == "DEBUG"
    assert found["Tags"] == {"Cost": "42"}
    assert found["AirflowConfigurationOptions"]["core.parallelism"] == "80"
    assert found["AirflowConfigurationOptions"]["smtp.smtp_password"] == "fresh"
    assert found["NetworkConfiguration"]["SecurityGroupIds"] == ["sg-1", "sg-2"]
    assert not {"RequirementsS3Path", "RequirementsS3ObjectVersion"} & set(found)


def test_another_region_asks_for_what_cannot_move() -> None:
    made = session(region="eu-west-1")
    names = {question.name for question in clone.questions(made, environment(KmsKey=KEY))}
    assert names == {"KmsKey", "NetworkConfiguration.SubnetIds", "NetworkConfiguration.SecurityGroupIds"}
    with pytest.raises(WizardError) as refused:
        request(made, environment(KmsKey=KEY))
    assert "NetworkConfiguration.SubnetIds" in refused.value.where
    assert page.edit(made, "KmsKey", "") == []  # AWS's own key
    assert page.edit(made, "NetworkConfiguration.SubnetIds", "subnet-x subnet-y") == []
    assert page.edit(made, "NetworkConfiguration.SecurityGroupIds", "sg-x") == []
    assert "KmsKey" not in request(made, environment(KmsKey=KEY))


def test_another_account_asks_for_a_role_unless_the_wizard_makes_it() -> None:
    made = session(account=OTHER)
    made.target.create_role = False
    assert "ExecutionRoleArn" in {question.name for question in clone.questions(made, environment())}
    made.target.create_role = True
    assert "ExecutionRoleArn" not in {question.name for question in clone.questions(made, environment())}


@pytest.mark.parametrize("name", ["", "9lives", "a b", "x" * 81])
def test_a_name_that_aws_refuses_is_a_question(name: str) -> None:
    made = session()
    made.target.environment = name
    assert clone.questions(made, environment())[0].name == "Name"


def test_a_secret_that_is_not_kept_any_more_is_asked_for() -> None:
    made = session()
    key = "smtp.smtp_password"
    assert page.edit(made, f"AirflowConfigurationOptions.{key}", "fresh") == []
    secrets.forget(made.id, key)  # another process, no keyring
    with pytest.raises(WizardError) as refused:
        request(made, environment())
    assert key in refused.value.where


def test_a_sanitised_copy_holds_no_secret_and_makes_the_same_rows() -> None:
    kept = clone.sanitise({"Environment": environment(), "ResponseMetadata": {"RequestId": "x"}})
    assert "canary" not in json.dumps(kept)
    assert kept["AirflowConfigurationOptions"]["core.parallelism"] == "40"
    assert page.rows(session(), kept) == page.rows(session(), environment())


def test_a_sanitised_copy_cannot_be_made_into_a_request() -> None:
    with pytest.raises(WizardError) as refused:
        request(session(), clone.sanitise(environment()))
    assert "smtp.smtp_password" in refused.value.where


def _texts(shape: Any) -> st.SearchStrategy[str]:
    meta = shape.metadata
    if shape.enum:
        return st.sampled_from(shape.enum)
    pattern = meta.get("pattern")
    high = min(meta.get("max", 60), 60)
    if pattern is None or pattern == ".*":
        return st.text(string.ascii_letters + "/._", min_size=meta.get("min", 0), max_size=high)
    python = shapes._regex(pattern)
    plain = st.from_regex(python, fullmatch=True)
    return plain.filter(lambda text: meta.get("min", 0) <= len(text) <= meta.get("max", 10**6))


def _values(shape: Any) -> st.SearchStrategy[Any]:
    """Any value the model allows for a shape of GetEnvironment's answer."""
    meta = shape.metadata
    if shape.type_name == "string":
        return _texts(shape)
    if shape.type_name == "integer":
        return st.integers(meta.get("min", -3), meta.get("max", 60))
    if shape.type_name == "boolean":
        return st.booleans()
    if shape.type_name == "timestamp":
        return st.datetimes()
    if shape.type_name == "list":
        return st.lists(_values(shape.member), min_size=meta.get("min", 0), max_size=min(meta.get("max", 3), 3))
    if shape.type_name == "map":
        return st.dictionaries(_texts(shape.key), _values(shape.value), min_size=meta.get("min", 0), max_size=3)
    needed = {name: _values(shape.members[name]) for name in shape.required_members}
    rest = {name: _values(member) for name, member in shape.members.items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=rest)


def _answers() -> st.SearchStrategy[dict[str, Any]]:
    shape = get_session().get_service_model("mwaa").shape_for("Environment")
    skipped = ("LastUpdate", "ServiceRoleArn", "WebserverVpcEndpointService", "DatabaseVpcEndpointService")
    members = {name: _values(member) for name, member in shape.members.items() if name not in skipped}
    return st.fixed_dictionaries({}, optional=members)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(answer=_answers(), away=st.booleans(), version=st.sampled_from(["", "2.11.2", "2.7.2", "9.9"]))
@example(answer={}, away=False, version="")
@example(answer=environment(Tags={}, LoggingConfiguration={}), away=False, version="2.11.2")
@example(answer=environment(Tags=None, AirflowConfigurationOptions={}), away=True, version="2.11.2")
def test_any_answer_gives_a_valid_request_or_named_questions(answer: dict[str, Any], away: bool, version: str) -> None:
    made = session(region="eu-west-1" if away else "us-east-1")
    made.target.airflow_version = version
    open_ones = clone.questions(made, answer, role_arn=ROLE, bucket_arn=BUCKET, strict=True)
    if open_ones:
        assert all(question.name and question.text for question in open_ones)
        with pytest.raises(WizardError):
            request(made, answer)
    else:
        found = request(made, answer)
        assert shapes.request_problems(found) == []
        assert botocore_refuses(found) == ""
        strict.check_request("CreateEnvironment", found)
    assert len(page.rows(made, clone.sanitise(answer))) >= 23
