"""Terraform: its own validate (where it is installed) and the provider's schema take every file."""

from __future__ import annotations

import json

import pytest

from mwaa_wizard.templates.blueprint import blueprint
from mwaa_wizard.templates.hcl import quoted
from mwaa_wizard.templates.model import Parameter
from mwaa_wizard.templates.terraform import to_terraform
from mwaa_wizard.templates.words import snake
from tests.sandbox.mwaa.fakes import ACCOUNT, REGION
from tests.templates import provider, terraform
from tests.templates.samples import FIVE, ODD


def written(name: str, *, new_group: bool = False) -> str:
    made, source = FIVE[name]()
    return to_terraform(blueprint(made, source, new_group=new_group))


@pytest.mark.parametrize("new_group", [False, True])
@pytest.mark.parametrize("name", FIVE)
def test_schema_and_validate_take_it(name: str, new_group: bool) -> None:
    text = written(name, new_group=new_group)
    assert provider.problems(text) == []
    # None where terraform is not installed: then the schema above has spoken.
    assert terraform.complaints(text) in ([], None)


@pytest.mark.parametrize(
    ("right", "wrong", "word"),
    [
        ("dag_s3_path ", "dag_folder ", "dag_folder"),
        ("  network_configuration {", "  network {", "network"),
        ("schedulers ", "scheduler_count ", "scheduler_count"),
        ("var.role_name", "var.role", "var.role"),
        ("aws_iam_role.execution.arn", "aws_iam_role.other.arn", "aws_iam_role.other"),
        ("aws_s3_bucket.dags.arn", "aws_s3_bucket.dags.amazon", "amazon"),
        ("sse_algorithm = ", "sse = ", "sse"),
        ('resource "aws_iam_role_policy"', 'resource "aws_iam_roll_policy"', "roll"),
        ("enabled   = false", "enabled   = [false]", "bool"),
    ],
)
def test_the_schema_check_is_one_that_complains(right: str, wrong: str, word: str) -> None:
    text = written("plain")
    assert right in text
    assert word in " ".join(provider.problems(text.replace(right, wrong)))


def test_terraform_is_asked_where_it_is_installed() -> None:
    assert terraform.complaints(written("plain").replace("var.role_name", "var.role")) != []


@pytest.mark.parametrize("name", FIVE)
def test_it_is_the_same_every_time_and_holds_no_secret_and_no_place(name: str) -> None:
    text = written(name)
    assert text == written(name)
    assert "canary" not in text
    blocks = provider.read(text)
    rest = json.dumps({key: item for key, item in blocks.items() if key != "variable"})
    assert ACCOUNT not in rest
    assert "arn:aws" not in rest
    assert REGION not in rest
    for item in blocks["variable"]:
        ((_name, body),) = item.items()
        assert ("secret" in body["description"]) == bool(body.get("sensitive"))
        assert not (body.get("sensitive") and "default" in body)


def test_its_environment_is_the_blueprints() -> None:
    """Every setting arrives, and text of the user stays what it is."""
    made, source = FIVE["elsewhere"]()
    plan = blueprint(made, source)
    found = provider.labelled(provider.read(to_terraform(plan))["resource"])[("aws_mwaa_environment", "this")]
    options = {provider.plain(key): value for key, value in found["airflow_configuration_options"].items()}
    assert {key: provider.plain(options[key]) for key in ODD} == ODD
    assert provider.plain(found["dag_s3_path"]) == "ワークフロー/日次 ${x}"
    tags = {key.strip('"'): provider.plain(value) for key, value in found["tags"].items()}
    assert tags == plan.settings["Tags"]
    nested = {"NetworkConfiguration", "LoggingConfiguration"}
    assert {snake(name) for name in plan.settings if name not in nested} <= set(found)
    (logs,) = found["logging_configuration"]
    assert {key for key in logs if key != "__is_block__"} == {
        snake(name) for name in plan.settings["LoggingConfiguration"]
    }  # fmt: skip


def test_what_mwaa_demands_is_demanded_before_anything_is_made() -> None:
    found = provider.labelled(provider.read(written("elsewhere"))["resource"])[("aws_mwaa_environment", "this")]
    (check,) = found["lifecycle"][0]["precondition"]
    assert check["condition"] == '${var.startup_script_s3_object_version != ""}'
    assert "precondition" not in written("private")


def test_a_text_cannot_become_an_expression() -> None:
    """Terraform reads back what was written, whatever stands before a brace."""
    texts = [*ODD.values(), "$", "%", "$$", "$${", "$$${", "$$$${x}", "%%{if x}", "$%{x}", "%${x}", "\\${x}", "\\", '"',
             "a\nb\tc\rd", "\u2028x", "é データ 🛩", "\x01", '"}\nresource "x" "y" {', "*/ /* # //"]  # fmt: skip
    assert [provider.plain(quoted(text)) for text in texts] == texts
    said = terraform.evaluated(f"jsonencode([{', '.join(quoted(text) for text in texts)}])")
    if said is not None:
        assert json.loads(json.loads(said)) == texts
    for text in texts:
        assert "\n" not in quoted(text)


def test_parameters_become_variables_of_their_kind() -> None:
    text = written("plain", new_group=True)
    variables = {name.strip('"'): body for item in provider.read(text)["variable"] for name, body in item.items()}
    assert variables["subnet_ids"]["type"] == "${list(string)}"
    assert len(variables["subnet_ids"]["default"]) == 2
    assert variables["files_uploaded"]["default"] is False
    assert "default" not in variables["vpc_id"]
    assert snake(Parameter("OptionSmtpSmtpPassword", "").name) == "option_smtp_smtp_password"
