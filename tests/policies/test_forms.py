"""The four forms say the same: JSON, shell, CloudFormation, Terraform are read back and compared with the document."""

from __future__ import annotations

import dataclasses
import json
import shlex
from typing import Any

import pytest

from mwaa_wizard.policies import forms
from mwaa_wizard.policies.facts import Policy
from tests.templates import terraform
from tests.templates.provider import labelled
from tests.templates.provider import read as read_hcl
from tests.templates.stack import read as read_yaml

from .combos import combo

PIECES = {
    **combo(key=True, far=True).found.pieces(),
    "secrets": combo("settings-only", made=False).found.pieces()["secrets"],
}
NAMES = [name for name, piece in PIECES.items() if len(forms.forms_of(piece.policy)) > 1]


def policy(name: str) -> Policy:
    return PIECES[name].policy


def from_shell(text: str) -> tuple[list[str], dict[str, Any]]:
    """The words of the command before the document, and the document."""
    words = shlex.split(text.replace("\\\n", ""), comments=True)
    return words[:-1], json.loads(words[-1])


@pytest.mark.parametrize("name", NAMES)
def test_the_shell_reads_one_command_with_the_document(name: str) -> None:
    words, document = from_shell(forms.written(policy(name), "cli"))
    assert document == policy(name).document
    assert words[0] == "aws"
    assert words[-1].startswith("--")


def test_each_command_is_the_one_for_its_place() -> None:
    def words(name: str) -> list[str]:
        return from_shell(forms.written(policy(name), "cli"))[0]

    assert words("source-role")[1:7] == [
        "iam", "put-role-policy", "--role-name", "mwaa-old", "--policy-name", policy("source-role").name
    ]  # fmt: skip
    assert words("execution-role-trust")[1:3] == ["iam", "create-role"]
    assert words("operator-source")[1:3] == ["iam", "create-policy"]
    assert words("bucket")[1:5] == ["s3api", "put-bucket-policy", "--bucket", combo().session.migration_bucket]


@pytest.mark.parametrize("name", ["source-role", "execution-role-trust", "operator-source", "bucket", "ui-viewer"])
def test_the_aws_cli_knows_its_parameters(name: str) -> None:
    """The options are members of the operation's input in botocore, in the AWS CLI's spelling."""
    import botocore.session

    words, _document = from_shell(forms.written(policy(name), "cli"))
    service = {"s3api": "s3"}.get(words[1], words[1])
    operation = "".join(part.capitalize() for part in words[2].split("-"))
    shape = botocore.session.get_session().get_service_model(service).operation_model(operation).input_shape
    members = {member.lower() for member in shape.members}
    assert {word[2:].replace("-", "") for word in words if word.startswith("--")} <= members


@pytest.mark.parametrize("name", ["source-role", "execution-role-trust", "operator-target", "bucket"])
def test_the_linter_of_cloudformation_is_content(name: str) -> None:
    """One of each kind of resource: it takes seconds each."""
    from cfnlint.api import ManualArgs, lint

    text = forms.written(policy(name), "cloudformation")
    assert [str(match) for match in lint(text, config=ManualArgs(regions=["eu-west-1"]))] == []


@pytest.mark.parametrize("name", NAMES)
def test_cloudformation_holds_the_same_document(name: str) -> None:
    text = forms.written(policy(name), "cloudformation")
    template = read_yaml(text)
    (resource,) = template["Resources"].values()
    held = {key: value for key, value in resource["Properties"].items() if key.endswith("PolicyDocument")}
    assert list(held.values()) == [policy(name).document]
    assert all(f"# - {sid}:" in text for sid in policy(name).why)


@pytest.mark.parametrize("name", NAMES)
def test_terraform_holds_the_same_document(name: str) -> None:
    text = forms.written(policy(name), "terraform")
    ((kind, _label), _body) = next(iter(labelled(read_hcl(text)["resource"]).items()))
    assert kind in ("aws_iam_role_policy", "aws_iam_role", "aws_iam_policy", "aws_s3_bucket_policy")
    start = text.index("jsonencode(") + len("jsonencode(")
    assert _hcl(text[start : text.rindex(")")]) == policy(name).document
    assert terraform.complaints(text) in ([], None)


def _hcl(text: str) -> Any:
    """An HCL value without expressions as JSON reads it."""
    import re

    found = re.sub(r'^(\s*)("(?:[^"\\]|\\.)*"|[A-Za-z_]\w*)\s+= ', lambda m: f'{m[1]}"{m[2].strip(chr(34))}": ', text,
                   flags=re.MULTILINE)  # fmt: skip
    found = re.sub(r'(["\]}])\n(\s*["])', r"\1,\n\2", found)
    return json.loads(re.sub(r",(\s*[\]}])", r"\1", found))


@pytest.mark.parametrize("form", ["cloudformation", "terraform"])
def test_a_role_that_is_not_known_is_asked_for(form: forms.Form) -> None:
    text = forms.written(dataclasses.replace(policy("source-role"), attach_to_arn=""), form)
    assert ("RoleName:\n    Type: String" in text) or ('variable "role_name"' in text)
    assert "RoleName: !Ref RoleName" in text or "role   = var.role_name" in text or "var.role_name" in text


def test_the_keys_policy_is_json_only_as_the_others_would_replace_it() -> None:
    assert forms.forms_of(policy("kms-key")) == ("json",)


def test_hostile_names_stay_text() -> None:
    """Quotes, dollars and backticks of an environment's options end up in nobody's shell or template."""
    odd = "x'; rm -rf ~ #${a}$(b)`c`"
    arn = f"arn:aws:x:::{odd}"
    said = {"Sid": "S", "Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": arn}
    made = dataclasses.replace(policy("secrets"), document={"Version": "2012-10-17", "Statement": [said]})
    assert from_shell(forms.written(made, "cli"))[1] == made.document
    template = read_yaml(forms.written(made, "cloudformation"))
    resource = template["Resources"]["Policy"]["Properties"]["PolicyDocument"]["Statement"][0]["Resource"]
    assert resource == {"!Join": ["", ["arn:aws:x:::x'; rm -rf ~ #$", "{a}$(b)`c`"]]}
    assert "$${a}" in forms.written(made, "terraform")
