"""The settings page's rows, edits and rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mwaa_wizard import secrets
from mwaa_wizard.environments import clone, effective
from mwaa_wizard.environments import settings as page
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.environments.samples import KEY, OTHER, environment, session

OPTION = "AirflowConfigurationOptions."


def row(made: Session, name: str, source: dict[str, Any] | None = None) -> page.SettingRow:
    rows = page.rows(made, source if source is not None else environment())
    return next(item for item in rows if item.name == name)


def test_rows_show_both_sides_and_what_differs() -> None:
    made = session()
    assert (row(made, "AirflowVersion").source, row(made, "AirflowVersion").target) == ("2.8.1", "2.11.2")
    assert row(made, "AirflowVersion").state == "changed"
    assert row(made, "EnvironmentClass").state == "same"
    assert row(made, "ExecutionRoleArn").target == "(made by the wizard)"
    assert row(made, "LoggingConfiguration.TaskLogs").source == "INFO"
    assert row(made, "LoggingConfiguration.WorkerLogs").source == "off"
    assert row(made, "NetworkConfiguration.SubnetIds").target == "subnet-0a, subnet-0b"
    assert row(made, f"{OPTION}core.load_examples").target == "(left out)"
    assert row(made, "Tags.aws:cloudformation:stack-name").target == "(left out)"
    assert page.problems_of(made, environment()) == []


def test_what_cannot_change_later_is_marked() -> None:
    fixed = {item.name for item in page.rows(session(), environment()) if item.fixed_after_creation}
    assert fixed == {"KmsKey", "NetworkConfiguration.SubnetIds", "EndpointManagement"}


def test_another_region_needs_its_own_network_and_key() -> None:
    made = session(region="eu-west-1")
    made.target.create_role = made.target.create_bucket = False
    source = environment(KmsKey=KEY)
    needed = {item.name for item in page.rows(made, source) if item.state == "needed"}
    assert needed == {
        "KmsKey", "SourceBucketArn", "NetworkConfiguration.SubnetIds", "NetworkConfiguration.SecurityGroupIds"
    }  # fmt: skip
    assert row(made, "ExecutionRoleArn", source).state == "same"  # IAM is global in the account
    made = session(account=OTHER)
    made.target.create_role = False
    assert row(made, "ExecutionRoleArn").state == "needed"
    assert len(page.problems_of(made, source)) == 4


@pytest.mark.parametrize(
    ("name", "good", "bad", "word"),
    [
        ("AirflowVersion", "2.11.0", "2.6.3", "2.11.2"),
        ("AirflowVersion", "2.99.1", "3.0.6", "upgrade in place"),
        ("EnvironmentClass", "mw1.small", "", ""),
        ("MaxWorkers", "1", "0", "least"),
        ("MaxWorkers", "25", "many", "whole number"),
        ("MinWorkers", "25", "-1", "least"),
        ("Schedulers", "2", "6", "2 to 5"),
        ("MinWebservers", "2", "0", "least"),
        ("MaxWebservers", "5", "6", "2 to 5"),
        ("WebserverAccessMode", "PRIVATE_ONLY", "private", "choose one"),
        ("ExecutionRoleArn", "arn:aws:iam::111122223333:role/x", "arn:aws:iam::444455556666:role/x", "account"),
        ("ExecutionRoleArn", "", "mwaa-role", "ARN"),
        ("SourceBucketArn", "my-bucket", "my_bucket", "bucket"),
        ("SourceBucketArn", "arn:aws:s3:::b", "arn:aws:s3:::b/dags", "alone"),
        ("DagS3Path", "a/dags", "s3://b/dags", "inside the bucket"),
        ("DagS3Path", "dags", "dags/", "Leave out"),
        ("DagS3Path", "dags", "", "required"),
        ("RequirementsS3Path", "", "/requirements.txt", "Leave out"),
        ("PluginsS3Path", "plugins.zip", "s3://b/plugins.zip", "inside"),
        ("StartupScriptS3Path", "startup.sh", "x" * 1025, "too long"),
        ("KmsKey", KEY, "alias/mwaa", "no alias"),
        ("KmsKey", "", "my key", "KMS key"),
        ("NetworkConfiguration.SubnetIds", "subnet-1,subnet-2", "subnet-1", "exactly 2"),
        ("NetworkConfiguration.SubnetIds", "subnet-1 subnet-2", "subnet-1 subnet-1", "same"),
        ("NetworkConfiguration.SecurityGroupIds", "sg-1", "", "required"),
        ("LoggingConfiguration.TaskLogs", "off", "loud", "Choose one"),
        ("WeeklyMaintenanceWindowStart", "SUN:23:30", "SUN:25:00", "half hour"),
        ("EndpointManagement", "CUSTOMER", "BOTH", "choose one"),
        (f"{OPTION}core.parallelism", "64", "sixty\nfour", "printable"),
        (f"{OPTION}core.x", "y", "é", "printable"),
        (f"{OPTION}core.max_active", "", "\x07", "printable"),
        ("Tags.Team", "a b", "a;b", "letters"),
        ("Tags.Team", "", "x" * 257, "too long"),
        ("IdentityCenterConfiguration", '{"StartUrl": "https://x"}', "{", "JSON"),
    ],
)  # fmt: skip
def test_a_good_value_is_taken_and_a_bad_one_changes_nothing(name: str, good: str, bad: str, word: str) -> None:
    made = session()
    assert page.edit(made, name, good) == []
    before = made.model_dump_json()
    found = page.edit(made, name, bad)
    if word:
        assert word in " ".join(found)
        assert made.model_dump_json() == before


@pytest.mark.parametrize(
    "key", ["core.executor", "core.fernet_key", "database.sql_alchemy_conn", "webserver.secret_key"]
)
def test_options_of_mwaas_own_are_refused(key: str) -> None:
    made = session()
    assert "MWAA sets" in page.edit(made, OPTION + key, "x")[0]
    assert made.target.airflow_options == {}
    assert made.target.secret_options == []


def test_unknown_settings_are_refused() -> None:
    assert page.edit(session(), "Arn", "x") == ["There is no setting Arn."]
    assert page.edit(session(), "Tags.aws:x", "y")
    assert page.edit(session(), f"{OPTION}Core.X", "y")


def test_settings_that_do_not_fit_each_other_are_told_with_the_row() -> None:
    made = session()
    assert page.edit(made, "MinWorkers", "11") == []
    assert row(made, "MinWorkers").state == "invalid"
    assert page.edit(made, "MaxWorkers", "11") == []
    assert row(made, "MinWorkers").state == "changed"
    assert page.edit(made, "MinWebservers", "4") == []
    assert row(made, "MinWebservers").state == "invalid"
    assert page.edit(made, "WebserverAccessMode", "PUBLIC_AND_PRIVATE") == []
    assert "3.2.1" in row(made, "WebserverAccessMode").problems[0]


def test_micro_forces_one_of_each_and_leaving_it_frees_them() -> None:
    made = session()
    assert page.edit(made, "EnvironmentClass", "mw1.micro") == []
    request = clone.create_request(
        made, environment(), role_arn="arn:aws:iam::111122223333:role/x", bucket_arn="arn:aws:s3:::b",
        object_versions={},
    )  # fmt: skip
    counts = ("MinWorkers", "MaxWorkers", "Schedulers", "MinWebservers", "MaxWebservers")
    assert [request[name] for name in counts] == [1] * 5
    assert page.edit(made, "MaxWorkers", "2") == []
    assert row(made, "MaxWorkers").state == "invalid"
    micro = environment(EnvironmentClass="mw1.micro", **dict.fromkeys(counts, 1))
    made = session()
    assert page.edit(made, "EnvironmentClass", "mw1.small") == []
    assert page.problems_of(made, micro) == []
    assert row(made, "Schedulers", micro).target == ""


def test_secrets_are_neither_shown_nor_stored() -> None:
    made = session()
    name = f"{OPTION}smtp.smtp_password"
    assert page.edit(made, name, "hunter3-canary") == []
    assert page.edit(made, f"{OPTION}celery.flower_url_prefix", "amqp://u:canary-url@h/") == []
    store.save(made)
    assert "canary" not in store.path_of(made.id).read_text()
    assert secrets.recall(made.id, "smtp.smtp_password") == "hunter3-canary"
    shown = json.dumps([vars(item) for item in page.rows(made, environment())])
    assert "canary" not in shown
    assert row(made, name).secret
    assert row(made, name).state == "changed"
    page.reset(made, name)
    assert secrets.recall(made.id, "smtp.smtp_password") is None
    assert row(made, name).state == "same"


def test_reset_goes_back_to_the_source() -> None:
    made = session()
    for name, text in (
        ("MaxWorkers", "5"), ("SourceBucketArn", "b"), ("ExecutionRoleArn", "arn:aws:iam::111122223333:role/x"),
        (f"{OPTION}core.parallelism", ""), ("Tags.Team", "x"), ("LoggingConfiguration.TaskLogs", "ERROR"),
    ):  # fmt: skip
        assert page.edit(made, name, text) == []
        assert row(made, name).edited
        page.reset(made, name)
        assert not row(made, name).edited
    assert made.target.settings == {}
    assert made.target.airflow_options == {}
    assert made.target.create_role
    assert made.target.create_bucket


def test_untrusted_names_are_inert() -> None:
    source = environment(Tags={"a\x1b[31m": "b\x1b]52;c;eA\x07"}, AirflowConfigurationOptions={"core.x": "\x1b[2Jy"})
    shown = json.dumps([vars(item) for item in page.rows(session(), source) if not item.name.startswith("Tags")])
    assert "\\u001b" not in shown
    tag = next(item for item in page.rows(session(), source) if item.name.startswith("Tags"))
    assert "\x1b" not in tag.label + tag.source + tag.target


def test_an_old_name_left_out_does_not_take_the_edited_new_one_along() -> None:
    source = environment(AirflowVersion="2.0.2", AirflowConfigurationOptions={"core.dag_concurrency": "8"})
    for edits in (
        {"core.max_active_tasks_per_dag": "99", "core.dag_concurrency": None},
        {"core.dag_concurrency": None, "core.max_active_tasks_per_dag": "99"},
    ):
        made = session()
        made.target.airflow_options = edits
        assert effective.target_options(made, source) == {"core.max_active_tasks_per_dag": "99"}


def test_a_secret_that_has_a_new_name_is_not_shown() -> None:
    value = "https://user:hunter4-canary@backend.example/x"
    source = environment(AirflowVersion="2.0.2", AirflowConfigurationOptions={"api.auth_backend": value})
    shown = [row for row in page.rows(session(), source) if "auth_backend" in row.name]
    assert [row.name.rsplit(".", 1)[1] for row in shown] == ["auth_backend", "auth_backends"]
    assert all(row.secret and "canary" not in f"{row.source}{row.target}{row.text}" for row in shown)
