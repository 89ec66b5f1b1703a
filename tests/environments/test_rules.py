"""Each rule that the API's model does not hold, with a value just inside and one just outside.

Sources: `mwaa.md` 1.3 and 10 of the facts; MWAA user guide environment-class, mwaa-quotas, custom-keys-certs,
using-startup-script, configuring-networking, upgrading-environment.
"""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import get_session

from mwaa_wizard.environments import clone, fields, rules
from mwaa_wizard.errors import WizardError
from mwaa_wizard.session.model import Route
from tests.environments.samples import BUCKET, KEY, OTHER, ROLE, environment, session

SMALL = {"EnvironmentClass": "mw1.small"}
MICRO = {"EnvironmentClass": "mw1.micro"}
SUBNETS, GROUPS = fields.SUBNETS, fields.SECURITY_GROUPS

# setting to mend, values just inside, values just outside, a word that says how to mend it
RULES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("Schedulers", {**SMALL, "Schedulers": 2}, {**SMALL, "Schedulers": 1}, "2 to 5"),
    ("Schedulers", {**SMALL, "Schedulers": 5}, {**SMALL, "Schedulers": 6}, "2 to 5"),
    ("MinWebservers", {**SMALL, "MinWebservers": 2}, {**SMALL, "MinWebservers": 1}, "2 to 5"),
    ("MaxWebservers", {**SMALL, "MaxWebservers": 5}, {**SMALL, "MaxWebservers": 6}, "2 to 5"),
    ("MinWebservers", {**SMALL, "MinWebservers": 3, "MaxWebservers": 3},
     {**SMALL, "MinWebservers": 4, "MaxWebservers": 3}, "raise Max web servers"),
    ("MinWebservers", {**SMALL, "MinWebservers": 2}, {**SMALL, "MinWebservers": 3}, "raise Max web servers"),
    ("MinWorkers", {**SMALL, "MinWorkers": 10}, {**SMALL, "MinWorkers": 11}, "raise Max workers"),
    ("MinWorkers", {**SMALL, "MinWorkers": 25, "MaxWorkers": 25}, {**SMALL, "MinWorkers": 25, "MaxWorkers": 24},
     "raise Max workers"),
    *[(name, {**MICRO, name: 1}, {**MICRO, name: 2}, "larger class") for name in fields.COUNTS],
    ("Schedulers", {**MICRO, "Schedulers": 1}, {**SMALL, "Schedulers": 1}, "1 on mw1.micro only"),
    ("DagS3Path", {"DagS3Path": "dags"}, {"DagS3Path": "dags/"}, "Leave out"),
    ("DagS3Path", {"DagS3Path": "a/dags"}, {"DagS3Path": "/dags"}, "Leave out"),
    *[(name, {name: "a/file"}, {name: "s3://bucket/file"}, "inside the bucket") for name in fields.OBJECT_VERSIONS],
    *[(name, {name: "file"}, {name: "/file"}, "Leave out") for name in fields.OBJECT_VERSIONS],
    ("AirflowVersion", {"AirflowVersion": "2.7.2"}, {"AirflowVersion": "2.6.3"}, "choose one of"),
    ("AirflowVersion", {"AirflowVersion": "2.99.0"}, {"AirflowVersion": "1.10.12"}, "choose one of"),
    ("AirflowVersion", {"AirflowVersion": "2.11.2"}, {"AirflowVersion": "3.0.6"}, "upgrade in place"),
    ("WebserverAccessMode", {"WebserverAccessMode": "PUBLIC_AND_PRIVATE", "AirflowVersion": "3.2.1"},
     {"WebserverAccessMode": "PUBLIC_AND_PRIVATE", "AirflowVersion": "3.0.6"}, "choose PUBLIC_ONLY"),
    ("KmsKey", {"KmsKey": KEY}, {"KmsKey": "alias/mwaa"}, "id or ARN"),
    ("KmsKey", {"KmsKey": KEY.rsplit("/", 1)[1]}, {"KmsKey": KEY.rsplit(":", 1)[0] + ":alias/x"}, "id or ARN"),
    (SUBNETS, {SUBNETS: ["subnet-a", "subnet-b"]}, {SUBNETS: ["subnet-a", "subnet-a"]}, "different zones"),
    (GROUPS, {GROUPS: ["sg-a", "sg-b"]}, {GROUPS: ["sg-a", "sg-b", "sg-a"]}, "once"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "inside", "outside", "word"), RULES)
def test_just_inside_and_just_outside(name: str, inside: dict[str, Any], outside: dict[str, Any], word: str) -> None:
    assert name not in rules.problems(inside)
    found = rules.problems(outside)
    assert word in " ".join(found[name]), found


def asked(made: Any, source: dict[str, Any]) -> dict[str, str]:
    """The open questions, by setting."""
    return {question.name: question.text for question in clone.questions(made, source)}


@pytest.mark.parametrize(
    ("name", "inside", "outside", "word"),
    [
        ("ExecutionRoleArn", ROLE, ROLE.replace("111122223333", OTHER), "target's account"),
        ("ExecutionRoleArn", ROLE, ROLE.replace("arn:aws:", "arn:aws-cn:"), "partition aws-cn"),
        ("SourceBucketArn", BUCKET, BUCKET.replace("arn:aws:", "arn:aws-cn:"), "partition aws-cn"),
        ("KmsKey", KEY, KEY.replace("us-east-1", "eu-west-1"), "target's region us-east-1"),
        ("KmsKey", KEY.rsplit("/", 1)[1], KEY.replace("arn:aws:", "arn:aws-cn:"), "partition aws-cn"),
    ],
)
def test_what_belongs_elsewhere_is_asked_for(name: str, inside: str, outside: str, word: str) -> None:
    made = session()
    made.target.create_role = made.target.create_bucket = False
    made.target.settings[name] = inside
    assert name not in asked(made, environment())
    made.target.settings[name] = outside
    assert word in asked(made, environment())[name]


def test_more_workers_than_the_documented_quota_are_asked_for_elsewhere_only() -> None:
    source = environment(MinWorkers=1, MaxWorkers=26)
    assert "MaxWorkers" not in asked(session(), source)
    made = session(region="eu-west-1")
    assert "quota is 25" in asked(made, source)["MaxWorkers"]
    assert "MaxWorkers" not in asked(made, environment(MaxWorkers=25))
    made.target.settings["MaxWorkers"] = 26  # the user knows that it was raised
    assert "MaxWorkers" not in asked(made, source)


def test_there_is_room_for_the_wizards_own_tag() -> None:
    full = {f"k{number}": "v" for number in range(50)}
    assert "leave one out" in asked(session(), environment(Tags=full))["Tags"]
    assert "Tags" not in asked(session(), environment(Tags={**full, "k49": ""}))
    del full["k49"]
    assert "Tags" not in asked(session(), environment(Tags={**full, "mwaa-wizard:session": "old"}))


def test_a_startup_script_needs_its_version() -> None:
    source = environment(StartupScriptS3Path="startup.sh", StartupScriptS3ObjectVersion="old")

    def request(versions: dict[str, str]) -> dict[str, Any]:
        return clone.create_request(session(), source, role_arn=ROLE, bucket_arn=BUCKET, object_versions=versions)

    with pytest.raises(WizardError) as refused:
        request({"RequirementsS3ObjectVersion": "v"})
    assert "StartupScriptS3ObjectVersion" in refused.value.where
    assert request({"StartupScriptS3ObjectVersion": "v"})["StartupScriptS3ObjectVersion"] == "v"


def test_fields_that_are_fixed_for_life_are_those_that_no_update_takes() -> None:
    """UpdateEnvironmentInput lacks exactly these; tags have calls of their own, and the name is the key."""
    model = get_session().get_service_model("mwaa")
    create, update = model.shape_for("CreateEnvironmentInput"), model.shape_for("UpdateEnvironmentInput")
    lacking = set(create.members) - set(update.members) - {"Tags"}
    inner = {f"NetworkConfiguration.{name}" for name in create.members["NetworkConfiguration"].members}
    inner -= {f"NetworkConfiguration.{name}" for name in update.members["NetworkConfiguration"].members}
    marked = {item.name for item in fields.fields() if item.fixed}
    named = {item.name for item in fields.fields()}
    assert {name for name in lacking | inner if name in named} == marked
    assert marked == {"KmsKey", "EndpointManagement", SUBNETS}


@pytest.mark.parametrize(
    ("route", "version", "word"),
    [
        ("settings-only", "3.3.1", ""),
        ("settings-only", "2.6.3", "makes no new environments"),
        ("in-place", "3.3.1", ""),
        ("in-place", "2.6.3", ""),
        ("new-environment", "3.3.1", "cannot be imported"),
        ("new-environment", "2.11.2", ""),
        ("bridge", "3.3.1", "cannot be imported"),
        ("bridge", "2.11.2", ""),
    ],
)
def test_versions_that_a_route_can_make(route: Route, version: str, word: str) -> None:
    found = rules.problems({"AirflowVersion": version}, route).get("AirflowVersion", [])
    assert bool(found) == bool(word)
    assert word in " ".join(found)
