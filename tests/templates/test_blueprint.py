"""What a template is refused for, what becomes a parameter instead, and what the CLI's file says."""

from __future__ import annotations

import json

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from mwaa_wizard.environments import clone, fields, shapes
from mwaa_wizard.environments import settings as page
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.policies import documents as policies
from mwaa_wizard.policies.facts import Facts
from mwaa_wizard.templates import cloudformation, documents
from mwaa_wizard.templates.blueprint import blueprint
from mwaa_wizard.templates.cli_input import to_cli
from mwaa_wizard.templates.model import Ref, Text, token, untoken
from tests.environments.samples import environment
from tests.sandbox.mwaa.fakes import ACCOUNT, REGION
from tests.templates.samples import CANARY, FIVE, HERE, KEY, session
from tests.templates.stack import Stack, read


def test_in_place_makes_nothing() -> None:
    made = session()
    made.route = "in-place"
    with pytest.raises(WizardError, match="creates nothing") as refused:
        blueprint(made, environment(**HERE))
    assert refused.value.exit_code == EXIT_USAGE


def test_what_is_wrong_is_named_and_what_only_the_place_decides_is_not() -> None:
    made = session()
    made.target.connection.region = "eu-west-1"  # neither subnets, groups nor key come along
    assert {item.name for item in clone.questions(made, environment(**HERE, KmsKey=KEY))} == {
        fields.SUBNETS, fields.SECURITY_GROUPS, "KmsKey",
    }  # fmt: skip
    plan = blueprint(made, environment(**HERE, KmsKey=KEY))
    assert {line.partition(":")[0] for line in plan.open} >= {"SubnetIds", "VpcId", "KmsKey"}
    made.target.settings["MaxWorkers"] = 0
    made.target.settings["DagS3Path"] = "s3://bucket/dags"
    with pytest.raises(WizardError) as refused:
        blueprint(made, environment(**HERE))
    assert "MaxWorkers" in refused.value.where
    assert "DagS3Path" in refused.value.where
    assert "Subnet" not in refused.value.where


@pytest.mark.parametrize("setting", [{"KmsKey": "alias/mwaa"}, {fields.SUBNETS: ["subnet-a"]}])
def test_a_parameter_with_a_wrong_default_is_refused(setting: dict[str, object]) -> None:
    made = session()
    made.target.settings |= setting
    with pytest.raises(WizardError, match="open or wrong"):
        blueprint(made, environment(**HERE))


def test_without_a_name_the_name_is_to_be_given() -> None:
    made = session()
    made.target.environment = ""
    plan = blueprint(made, environment(**HERE))
    assert plan.parameters[0].name == "EnvironmentName"
    assert plan.parameters[0].default is None


@pytest.mark.parametrize(
    ("key", "arn"),
    [
        (KEY, KEY),
        (KEY.rsplit("/", 1)[1], KEY),
        ("key/" + KEY.rsplit("/", 1)[1], KEY),
    ],
)
def test_the_roles_policy_names_the_key_by_its_arn(key: str, arn: str) -> None:
    made = session()
    made.target.settings["KmsKey"] = key
    template = read(cloudformation.to_cloudformation(blueprint(made, environment(**HERE))))
    role = template["Resources"]["ExecutionRole"]["Properties"]
    stack = Stack(template, {name: "x" for name in template["Parameters"] if name.startswith("Option")}, {})
    statements = {item["Sid"]: item for item in stack.resolve(role["Policies"][0]["PolicyDocument"]["Statement"])}
    assert statements["UseEnvironmentKey"]["Resource"] == arn
    assert stack.resolve(template["Resources"]["Environment"]["Properties"]["KmsKey"]) == key


@pytest.mark.parametrize(("partition", "suffix"), [("aws", "amazonaws.com"), ("aws-cn", "amazonaws.com.cn")])
def test_the_documents_are_those_of_the_steps(partition: str, suffix: str) -> None:
    """Resolved for a place, the policies are what policies/ writes for that place."""
    made = session()
    template = read(cloudformation.to_cloudformation(blueprint(made, environment(**HERE))))
    stack = Stack(template, {name: "x" for name in template["Parameters"] if name.startswith("Option")}, {})
    stack.values |= {"AWS::Partition": partition, "AWS::URLSuffix": suffix}
    role = stack.resolve(template["Resources"]["ExecutionRole"]["Properties"])
    facts = Facts(partition=partition, source_account=ACCOUNT, source_region=REGION, target_account=ACCOUNT,
                  target_region=REGION, target_env="analytics-v2")  # fmt: skip
    bucket = f"arn:{partition}:s3:::{names.target_bucket(made)}"
    assert role["AssumeRolePolicyDocument"] == policies.execution_role_trust(made, facts).document
    assert role["Policies"][0]["PolicyDocument"] == (
        policies.execution_role_base(made, facts, bucket_arn=bucket).document
    )
    assert role["RoleName"] == names.target_role(made)


def test_route_settings_only_lets_the_role_read_its_connections() -> None:
    made, source = FIVE["settings-only"]()
    found = blueprint(made, source).role_policies
    assert list(found.values()) == ["base", "secrets"]
    assert list(found)[1] == f"mwaa-wizard-{made.id}-secrets"
    made.route = "new-environment"
    made.target.airflow_version = "2.11.2"
    assert "secrets" not in blueprint(made, environment(**HERE)).documents


def test_object_versions_come_from_the_journal_where_the_wizard_has_copied_the_files() -> None:
    made = session()
    journal = Journal.of(made.id)
    bucket = names.target_bucket(made)
    journal.write("resources", "measured", kind="object-versions", bucket=bucket,
                  versions={"RequirementsS3ObjectVersion": "v-of-the-copy"})  # fmt: skip
    found = blueprint(made, environment(**HERE)).parameter("RequirementsS3ObjectVersion")
    assert found is not None
    assert found.default == "v-of-the-copy"
    journal.write("resources", "removed", kind="bucket", name=bucket)
    found = blueprint(made, environment(**HERE)).parameter("RequirementsS3ObjectVersion")
    assert found is not None
    assert found.default == ""


def test_two_secret_options_that_read_alike_are_two_parameters() -> None:
    made = session()
    assert page.edit(made, "AirflowConfigurationOptions.smtp_x.password", "a-canary") == []
    assert page.edit(made, "AirflowConfigurationOptions.smtp.x_password", "b-canary") == []
    options = blueprint(made, environment(**HERE)).settings["AirflowConfigurationOptions"]
    assert options["smtp.x_password"] != options["smtp_x.password"]


def test_tokens_are_found_again_and_nothing_else_is() -> None:
    assert untoken({"a": [f"x{token('Region')}y", token("Account"), "z", 1, True]}) == {
        "a": [Text(("x", Ref("Region"), "y")), Ref("Account"), "z", 1, True]
    }
    assert untoken("${AWS::Region}") == "${AWS::Region}"
    assert documents.bucket_arn().endswith(token("BucketName"))


@pytest.mark.parametrize("name", FIVE)
def test_the_clis_file_is_a_request_with_marks(name: str) -> None:
    made, source = FIVE[name]()
    found = to_cli(blueprint(made, source), made)
    request = json.loads(found.text)
    shape = get_session().get_service_model("mwaa").operation_model("CreateEnvironment").input_shape
    assert str(ParamValidator().validate(request, shape).generate_report()) == ""
    assert "canary" not in found.text + " ".join(found.notes)
    for problem in shapes.request_problems(request):
        assert "FILL IN" in problem  # nothing is wrong but what is marked
    marks = found.text.count("<FILL IN")
    assert (marks > 0) == any(note.startswith("Fill in") for note in found.notes)
    assert found.text == to_cli(blueprint(made, source), made).text


def test_the_clis_file_is_ready_where_everything_is_known() -> None:
    made, source = FIVE["private"]()
    source["AirflowConfigurationOptions"] = {"core.parallelism": "40"}
    found = to_cli(blueprint(made, source), made)
    request = json.loads(found.text)
    assert "FILL IN" not in found.text
    assert request["ExecutionRoleArn"].endswith(":role/service-role/chosen")
    assert request["SourceBucketArn"] == "arn:aws:s3:::prod-dags"
    assert request["StartupScriptS3ObjectVersion"] == "script-of-the-source"
    assert shapes.request_problems(request) == []


def test_secrets_of_the_session_are_parameters() -> None:
    made, source = FIVE["elsewhere"]()
    plan = blueprint(made, source)
    hidden = {item.name for item in plan.parameters if item.kind == "secret"}
    assert hidden >= {"OptionSentrySentryDsn", "OptionSmtpSmtpPassword", "OptionCeleryFlowerUrlPrefix"}
    assert CANARY not in repr(plan)
