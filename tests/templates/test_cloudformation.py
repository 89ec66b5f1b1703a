"""CloudFormation: the linter is content, no secret is in it, and its environment is the one the wizard asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from mwaa_wizard import secrets
from mwaa_wizard.environments import clone, fields
from mwaa_wizard.execution import names
from mwaa_wizard.sandbox import provision
from mwaa_wizard.sandbox.mwaa.service import Service
from mwaa_wizard.templates.blueprint import blueprint
from mwaa_wizard.templates.cloudformation import to_cloudformation
from tests.sandbox.mwaa.fakes import ACCOUNT, REGION, Aws, Permissions, Plan, mwaa_client
from tests.templates.samples import CANARY, FIVE, ODD
from tests.templates.stack import Stack, read


def written(name: str, *, new_group: bool = False) -> str:
    made, source = FIVE[name]()
    return to_cloudformation(blueprint(made, source, new_group=new_group))


def lint(text: str, region: str) -> list[str]:
    """What cfn-lint says: errors and warnings."""
    from cfnlint.api import ManualArgs
    from cfnlint.api import lint as run

    return [str(match) for match in run(text, config=ManualArgs(regions=[region]))]


@pytest.mark.parametrize("new_group", [False, True])
@pytest.mark.parametrize("name", FIVE)
def test_the_linter_has_nothing_to_say(name: str, new_group: bool) -> None:
    assert lint(written(name, new_group=new_group), "us-east-1") == []


def test_the_linter_has_nothing_to_say_in_china() -> None:
    assert lint(written("elsewhere"), "cn-north-1") == []


def test_the_linter_is_one_that_complains() -> None:
    text = written("plain")
    assert lint(text.replace("DagS3Path: dags", "DagFolder: dags"), "us-east-1")
    assert lint(text.replace("    Type: AWS::MWAA::Environment", "    Type: AWS::MWAA::Environments"), "us-east-1")
    assert lint(text.replace("LogLevel: INFO", "LogLevel: LOUD"), "us-east-1")


@pytest.mark.parametrize("name", FIVE)
def test_it_is_the_same_every_time_and_holds_no_secret(name: str) -> None:
    text = written(name)
    assert text == written(name)
    assert "canary" not in text
    for parameter in read(text)["Parameters"].values():
        assert ("secret" in parameter["Description"]) == bool(parameter.get("NoEcho"))
        assert not (parameter.get("NoEcho") and "Default" in parameter)


@pytest.mark.parametrize("name", FIVE)
def test_account_region_and_partition_are_not_written(name: str) -> None:
    found = read(written(name))
    rest = json.dumps({key: item for key, item in found.items() if key != "Parameters"})
    assert ACCOUNT not in rest
    assert "arn:aws" not in rest
    assert REGION not in rest


def test_text_of_the_user_stays_what_it_is() -> None:
    template = read(written("elsewhere"))
    given = {name: "x" for name, item in template["Parameters"].items() if "Default" not in item}
    made = {"DagBucket.Arn": "b", "ExecutionRole.Arn": "r", "SecurityGroup.GroupId": "g"}
    found = Stack(template, given, made).environment()
    options = found["AirflowConfigurationOptions"]
    assert {key: options[key] for key in ODD} == ODD
    assert found["DagS3Path"] == "ワークフロー/日次 ${x}"
    assert found["Tags"]["部門"] == "データ 基盤"


def test_the_bucket_is_versioned_private_and_takes_tls_only() -> None:
    made = read(written("plain"))["Resources"]
    bucket = made["DagBucket"]
    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert all(bucket["Properties"]["PublicAccessBlockConfiguration"].values())
    assert len(bucket["Properties"]["PublicAccessBlockConfiguration"]) == 4
    statement = made["DagBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"][0]
    assert statement["Effect"] == "Deny"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_a_group_is_made_where_one_is_wanted_and_lets_its_members_in() -> None:
    assert "SecurityGroup" not in read(written("plain"))["Resources"]
    made = read(written("plain", new_group=True))["Resources"]
    rule = made["SecurityGroupSelf"]["Properties"]
    assert rule["GroupId"] == rule["SourceSecurityGroupId"] == {"!GetAtt": "SecurityGroup.GroupId"}
    # What is in no VPC yet is chosen where it is deployed: another account or region gets a group of its own.
    assert "SecurityGroup" in read(written("elsewhere"))["Resources"]


def test_what_is_there_already_is_not_made() -> None:
    made = read(written("private"))
    assert set(made["Resources"]) == {"Environment"}
    assert "FilesUploaded" not in made["Parameters"]
    assert made["Parameters"]["StartupScriptS3ObjectVersion"]["Default"] == "script-of-the-source"
    assert set(made["Outputs"]) >= {"DatabaseVpcEndpointService", "WebserverVpcEndpointService"}


def test_what_mwaa_demands_is_demanded_before_anything_is_made() -> None:
    """A new bucket has no version id of the startup script yet; the second stage cannot do without."""
    template = read(written("elsewhere"))
    assert template["Parameters"]["StartupScriptS3ObjectVersion"]["Default"] == ""
    (rule,) = template["Rules"].values()
    given = {name: "x" for name, item in template["Parameters"].items() if "Default" not in item}
    for uploaded, version, holds in (("no", "", True), ("yes", "", False), ("yes", "v1", True)):
        stack = Stack(template, {**given, "FilesUploaded": uploaded, "StartupScriptS3ObjectVersion": version}, {})
        told = not stack.holds(rule["RuleCondition"]) or stack.holds(rule["Assertions"][0]["Assert"])
        assert told == holds
    assert "Rules" not in read(written("private"))  # there its id is known, and it is in the bucket


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    with mock_aws():
        yield Aws()


@pytest.mark.parametrize("name", FIVE)
def test_its_environment_is_the_wizards_own_and_the_service_takes_it(
    name: str, aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that CreateEnvironment looks at is there: network, role, bucket, files and key."""
    around = provision.surround(aws, f"prod-{name}", ACCOUNT, REGION)
    service = Service(aws=aws, runtime_factory=Plan().factory, homes=tmp_path, poll_seconds=0.01)
    monkeypatch.setattr(service.lifecycle, "run", lambda environment, work: None)  # nothing is really made
    made, source = FIVE[name]()
    template = read(to_cloudformation(blueprint(made, source)))

    # The same decisions, for this network, given once to the stack and once to the session.
    bucket = f"arn:aws:s3:::{around.bucket}"
    key = aws.client("kms", REGION).create_key()["KeyMetadata"]["Arn"]
    made.target.settings |= {
        fields.SUBNETS: list(around.subnet_ids), fields.SECURITY_GROUPS: [around.security_group_id],
    }  # fmt: skip
    if "KmsKey" in made.target.settings:
        made.target.settings["KmsKey"] = key
    if not made.target.create_role:
        made.target.settings["ExecutionRoleArn"] = around.role_arn
    properties = template["Resources"]["Environment"]["Properties"]
    versions = {}
    for path, version in fields.OBJECT_VERSIONS.items():
        if path in properties:
            put = aws.client("s3", REGION).put_object(Bucket=around.bucket, Key=properties[path], Body=b"x")
            versions[version] = put["VersionId"]
    options = source.get("AirflowConfigurationOptions") or {}
    hidden = {
        item["!Ref"]: options.get(key) or secrets.recall(made.id, key)
        for key, item in properties.get("AirflowConfigurationOptions", {}).items()
        if isinstance(item, dict) and "!Ref" in item
    }  # fmt: skip
    stack = Stack(
        template,
        {"SubnetIds": list(around.subnet_ids), "SecurityGroupIds": [around.security_group_id], "VpcId": "vpc-1",
         "KmsKey": key, "FilesUploaded": "yes", "BucketName": around.bucket, "ExecutionRoleArn": around.role_arn,
         **versions, **hidden},
        {"DagBucket.Arn": bucket, "ExecutionRole.Arn": around.role_arn,
         "SecurityGroup.GroupId": around.security_group_id},
    )  # fmt: skip
    assert stack.holds(template["Resources"]["Environment"].get("Condition", {"!Equals": [1, 1]}))
    request = stack.environment()

    wizards = clone.create_request(
        made, source, role_arn=around.role_arn, bucket_arn=bucket, object_versions=versions
    )  # fmt: skip
    wizards["Tags"] = {**wizards.get("Tags", {}), **names.tags(made)}
    assert request == wizards
    if name == "elsewhere":
        assert CANARY in json.dumps(request)  # the secrets arrive, by way of the parameters
    client = mwaa_client(service, Permissions())
    assert client.create_environment(**request)["Arn"].endswith("/analytics-v2")
