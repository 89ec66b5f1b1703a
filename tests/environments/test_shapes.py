"""Each constraint of CreateEnvironmentInput with a value just inside and one just outside."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.environments import shapes

ROLE = "arn:aws:iam::111122223333:role/"
S3 = "arn:aws:s3:::"
LOG = {"Enabled": True, "LogLevel": "INFO"}
KEY = "1b2c3d4e-1111-2222-3333-444455556666"

# member, just inside, just outside, a word of the message
LIMITS: list[tuple[str, Any, Any, str]] = [
    ("Name", "a", "", "empty"),
    ("Name", "a" * 80, "a" * 81, "too long"),
    ("Name", "a-_9", "9a", "letter"),
    ("Name", "prod", "prod.1", "letter"),
    ("ExecutionRoleArn", ROLE + "x", "arn:aws:iam::11112222333:role/x", "IAM role"),
    ("ExecutionRoleArn", "arn:aws-cn:iam::111122223333:role/p/x", ROLE + "x y", "IAM role"),
    ("ExecutionRoleArn", ROLE + "x" * (1224 - len(ROLE)), ROLE + "x" * (1225 - len(ROLE)), "too long"),
    ("SourceBucketArn", S3 + "my.bucket-1", S3 + "my_bucket", "bucket"),
    ("SourceBucketArn", S3 + "b", S3 + "b/dags", "bucket"),
    ("DagS3Path", "d" * 1024, "d" * 1025, "too long"),
    ("DagS3Path", "dags", "da\ngs", "one line"),
    ("PluginsS3Path", "p" * 1024, "p" * 1025, "too long"),
    ("PluginsS3ObjectVersion", "v" * 1024, "v" * 1025, "too long"),
    ("RequirementsS3Path", "p" * 1024, "p" * 1025, "too long"),
    ("RequirementsS3ObjectVersion", "v" * 1024, "v" * 1025, "too long"),
    ("StartupScriptS3Path", "p" * 1024, "p" * 1025, "too long"),
    ("StartupScriptS3ObjectVersion", "v" * 1024, "v" * 1025, "too long"),
    ("NetworkConfiguration.SubnetIds", ["subnet-a", "subnet-b"], ["subnet-a"], "exactly 2"),
    ("NetworkConfiguration.SubnetIds", ["subnet-a", "subnet-b"], ["subnet-a", "subnet-b", "subnet-c"], "exactly 2"),
    ("NetworkConfiguration.SubnetIds", ["subnet-a", "subnet-b"], ["subnet-a", "net-b"], "subnet's id"),
    ("NetworkConfiguration.SubnetIds", ["subnet-a", "subnet-" + "b" * 1017], ["subnet-a", "subnet-" + "b" * 1018],
     "too long"),
    ("NetworkConfiguration.SecurityGroupIds", ["sg-1"], [], "at least 1"),
    ("NetworkConfiguration.SecurityGroupIds", ["sg-1"] * 5, ["sg-1"] * 6, "at most 5"),
    ("NetworkConfiguration.SecurityGroupIds", ["sg-a"], ["grp-a"], "security group"),
    ("AirflowConfigurationOptions", {"a": "x"}, {"": "x"}, "empty"),
    ("AirflowConfigurationOptions", {"a" * 64: "x"}, {"a" * 65: "x"}, "too long"),
    ("AirflowConfigurationOptions", {"core.x_1": "x"}, {"core.X": "x"}, "section.option"),
    ("AirflowConfigurationOptions", {"core.x": "x"}, {"core.x.": "x"}, "section.option"),
    ("AirflowConfigurationOptions", {"a": "~ "}, {"a": "é"}, "printable"),
    ("AirflowConfigurationOptions", {"a": "x"}, {"a": "x\ny"}, "printable"),
    ("AirflowConfigurationOptions", {"a": "x" * 65536}, {"a": "x" * 65537}, "too long"),
    ("AirflowConfigurationOptions", {"a": "x"}, {"a": ""}, "empty"),
    ("EnvironmentClass", "m" * 1024, "m" * 1025, "too long"),
    ("EnvironmentClass", "m", "", "empty"),
    ("MaxWorkers", 1, 0, "too low"),
    ("MinWorkers", 1, 0, "too low"),
    ("MinWebservers", 1, 0, "too low"),
    ("MaxWebservers", 1, 0, "too low"),
    ("Schedulers", 5, 6, "too high"),
    ("KmsKey", KEY, KEY[:-1], "KMS key"),
    ("KmsKey", f"arn:aws:kms:eu-west-1:1:key/{KEY}", f"arn:aws:kms:eu-west:1:key/{KEY}", "KMS key"),
    ("AirflowVersion", "2.11.2", "2.11-2", "version"),
    ("AirflowVersion", "1" * 32, "1" * 33, "too long"),
    ("LoggingConfiguration.TaskLogs", LOG, {"Enabled": True}, "required"),
    ("LoggingConfiguration.WorkerLogs", LOG, {"LogLevel": "INFO"}, "required"),
    ("LoggingConfiguration.SchedulerLogs", LOG, {"Enabled": True, "LogLevel": "TRACE"}, "choose one"),
    ("LoggingConfiguration.WebserverLogs", LOG, {"Enabled": "yes", "LogLevel": "INFO"}, "on or off"),
    ("LoggingConfiguration.DagProcessingLogs", LOG, {**LOG, "CloudWatchLogGroupArn": "x"}, "no such setting"),
    ("WeeklyMaintenanceWindowStart", "TUE:03:30", "TUE:03:15", "half hour"),
    ("WeeklyMaintenanceWindowStart", "SUN:23:30", "SUN:24:00", "half hour"),
    ("WeeklyMaintenanceWindowStart", "MON:00:00", "MON:00:00x", "too long"),
    ("Tags", {"k": "v"}, {}, "at least 1"),
    ("Tags", {f"k{i}": "v" for i in range(50)}, {f"k{i}": "v" for i in range(51)}, "at most 50"),
    ("Tags", {"k" * 128: "v"}, {"k" * 129: "v"}, "too long"),
    ("Tags", {"k": "v" * 256}, {"k": "v" * 257}, "too long"),
    ("Tags", {"チーム": "データ 1"}, {"k": "a;b"}, "letters"),
    ("WebserverAccessMode", "PRIVATE_ONLY", "PRIVATE", "choose one"),
    ("EndpointManagement", "CUSTOMER", "customer", "choose one"),
    ("IdentityCenterConfiguration", {"StartUrl": "https://x"}, {"StartUrl": "http://x"}, "https"),
    ("IdentityCenterConfiguration", {"StartUrl": "https://" + "x" * 504}, {"StartUrl": "https://" + "x" * 505},
     "too long"),
    ("IdentityCenterConfiguration", {"IdentityStoreId": "d-1234567890"}, {"IdentityStoreId": "e-1"}, "identity store"),
    ("Teams", {"abc": {"SourceBucketArn": S3 + "b", "DagS3Path": "d"}}, {"abc": {"DagS3Path": "d"}}, "required"),
    ("Teams", {"abc": {"SourceBucketArn": S3 + "b", "DagS3Path": "d"}},
     {"ab": {"SourceBucketArn": S3 + "b", "DagS3Path": "d"}}, "too short"),
    ("Teams", {"a_b": {"SourceBucketArn": S3 + "b", "DagS3Path": "d"}},
     {"a.b": {"SourceBucketArn": S3 + "b", "DagS3Path": "d"}}, "letters"),
]  # fmt: skip


@pytest.mark.parametrize(("member", "inside", "outside", "word"), LIMITS)
def test_just_inside_and_just_outside(member: str, inside: Any, outside: Any, word: str) -> None:
    assert shapes.problems(member, inside) == []
    found = shapes.problems(member, outside)
    assert found
    assert word in " ".join(found)


@pytest.mark.parametrize(
    ("member", "value"),
    [("Name", 1), ("MaxWorkers", "3"), ("MaxWorkers", True), ("Tags", ["a"]), ("DagS3Path", None),
     ("NetworkConfiguration.SubnetIds", "subnet-a,subnet-b")],
)  # fmt: skip
def test_a_wrong_type_is_said(member: str, value: Any) -> None:
    assert len(shapes.problems(member, value)) == 1
    assert "must be" in shapes.problems(member, value)[0]


def test_every_constrained_member_of_the_model_is_in_the_list_above() -> None:
    def constrained(shape: Any) -> bool:
        inner = [*getattr(shape, "members", {}).values()] if shape.type_name == "structure" else []
        inner += [shape.member] if shape.type_name == "list" else []
        inner += [shape.key, shape.value] if shape.type_name == "map" else []
        rules = {"min", "max", "pattern", "enum", "required"} & set(shape.metadata)
        return bool(rules) or any(constrained(item) for item in inner)

    tried = {member.split(".")[0] for member, *_rest in LIMITS}
    assert {name for name in shapes.members() if constrained(shapes.shape_of(name))} == tried


def test_a_secret_value_is_never_in_a_message() -> None:
    found = shapes.problems("AirflowConfigurationOptions", {"smtp.smtp_password": "hunter2\n"})
    assert found
    assert "hunter2" not in " ".join(found)


def test_control_characters_do_not_reach_the_message() -> None:
    assert "\x1b" not in " ".join(shapes.problems("Name", "a\x1b]52;c;x\x07b"))


def test_a_request_lacking_and_exceeding_members_is_told_in_full() -> None:
    found = " ".join(shapes.request_problems({"Name": "a", "Arn": "x", "Status": "y"}))
    for name in ("ExecutionRoleArn", "SourceBucketArn", "DagS3Path", "NetworkConfiguration", "Arn", "Status"):
        assert name in found


def test_choices_are_the_models_enums() -> None:
    assert shapes.choices("WebserverAccessMode") == ("PRIVATE_ONLY", "PUBLIC_ONLY", "PUBLIC_AND_PRIVATE")
    assert shapes.choices("EnvironmentClass") == ()
    assert set(shapes.required()) == {
        "Name", "ExecutionRoleArn", "SourceBucketArn", "DagS3Path", "NetworkConfiguration"
    }  # fmt: skip
