"""A policy in the form in which it is put in place: JSON to paste, AWS CLI, CloudFormation, Terraform.

Sources: AWS CLI reference (iam put-role-policy, create-role, create-policy; s3api put-bucket-policy), CloudFormation
template reference (AWS::IAM::RolePolicy, Role, ManagedPolicy, AWS::S3::BucketPolicy), hashicorp/aws provider.
"""

from __future__ import annotations

import shlex
from typing import Any, Literal, get_args

from mwaa_wizard.i18n import _
from mwaa_wizard.policies import render
from mwaa_wizard.policies.facts import Policy

Form = Literal["json", "cli", "cloudformation", "terraform"]
FORMS: tuple[Form, ...] = get_args(Form)
ENDINGS: dict[Form, str] = {"json": "json", "cli": "sh", "cloudformation": "yaml", "terraform": "tf"}


def title(form: Form) -> str:
    """What a form is called."""
    return {"json": "JSON", "cli": "AWS CLI", "cloudformation": "CloudFormation", "terraform": "Terraform"}[form]


def forms_of(policy: Policy) -> tuple[Form, ...]:
    """The forms there are: a key's policy cannot be added to by any of the other three, only replaced."""
    return ("json",) if policy.principal == "kms-key" else FORMS


def written(policy: Policy, form: Form) -> str:
    """The text, ending in one newline. Pure ASCII in JSON; comments elsewhere say why each statement is there."""
    if form == "cli":
        return _cli(policy)
    if form == "cloudformation":
        return _cloudformation(policy)
    if form == "terraform":
        return _terraform(policy)
    return render.to_json(policy)


def _kind(policy: Policy) -> str:
    if render.is_trust(policy.document):
        return "trust"
    if policy.principal in ("operator", "ui-users"):
        return "managed"
    return "bucket" if policy.principal == "migration-bucket" else "inline"


def _role(policy: Policy) -> str:
    """The role's name; empty where it is not known."""
    return policy.attach_to_arn.rsplit("/", 1)[-1] if ":role/" in policy.attach_to_arn else ""


def _reasons(policy: Policy) -> list[str]:
    return [f"{sid}: {why}" for sid, why in policy.why.items()]


def _cli(policy: Policy) -> str:
    document, kind = render.to_json(policy).rstrip("\n"), _kind(policy)
    role = _role(policy) or "ROLE"
    commands: dict[str, tuple[str, list[str], str]] = {
        "inline": ("iam put-role-policy", ["--role-name", role, "--policy-name", policy.name], "--policy-document"),
        "trust": ("iam create-role", ["--role-name", role], "--assume-role-policy-document"),
        "managed": ("iam create-policy", ["--policy-name", policy.name], "--policy-document"),
        "bucket": ("s3api put-bucket-policy", ["--bucket", policy.attach_to_arn.rsplit(":", 1)[-1]], "--policy"),
    }
    command, words, last = commands[kind]
    notes = _reasons(policy)
    if kind == "managed":
        notes.append(_("Then attach it: with attach-role-policy, or in a permission set of IAM Identity Center."))
    if kind == "trust":
        notes.append(_("Where the role is there already: aws iam update-assume-role-policy with --policy-document."))
    head = _comments(notes)
    lines = [f"aws {command} \\", *(f"  {option} {shlex.quote(value)} \\" for option, value in _pairs(words))]
    text = "\n".join([*lines, f"  {last} {shlex.quote(document)}"]) + "\n"
    return head + text + "".join(f"# {line}\n" for line in policy.after)  # not wrapped: commands are copied


def _pairs(words: list[str]) -> list[tuple[str, str]]:
    return list(zip(words[::2], words[1::2], strict=True))


def _comments(notes: list[str]) -> str:
    from mwaa_wizard.templates.words import wrapped

    return "".join(f"# {line}".rstrip() + "\n" for line in wrapped([f"- {note}" for note in notes]))


def _cloudformation(policy: Policy) -> str:
    from mwaa_wizard.templates.cloudformation import value
    from mwaa_wizard.templates.yaml_text import Tag, comment, dump, section

    kind, document, role = _kind(policy), value(policy.document), _role(policy)
    name: Any = role or Tag("Ref", "RoleName")
    resources: dict[str, tuple[str, dict[str, Any]]] = {
        "inline": ("AWS::IAM::RolePolicy", {
            "PolicyName": policy.name, "RoleName": name, "PolicyDocument": document}),
        "trust": ("AWS::IAM::Role", {"RoleName": name, "AssumeRolePolicyDocument": document}),
        "managed": ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": policy.name, "PolicyDocument": document}),
        "bucket": ("AWS::S3::BucketPolicy", {
            "Bucket": policy.attach_to_arn.rsplit(":", 1)[-1], "PolicyDocument": document}),
    }  # fmt: skip
    type_, properties = resources[kind]
    parameters = {}
    if kind in ("inline", "trust") and not role:
        parameters["RoleName"] = {"Type": "String", "Description": _ascii(_("Name of the execution role"))}
    head = dump({"AWSTemplateFormatVersion": "2010-09-09", "Description": policy.name})
    entry = {"Policy" if kind != "trust" else "Role": {"Type": type_, "Properties": properties}}
    return (
        comment([f"- {line}" for line in _reasons(policy)])
        + head
        + section("Parameters", parameters, {})
        + section("Resources", entry, {})
    )


def _ascii(text: str) -> str:
    """CloudFormation's descriptions take only ASCII."""
    return text if text.isascii() else "RoleName"


def _terraform(policy: Policy) -> str:
    from mwaa_wizard.templates.hcl import Block, Call, Expression, block
    from mwaa_wizard.templates.words import wrapped

    kind, role, document = _kind(policy), _role(policy), Call("jsonencode", policy.document)
    name: Any = role or Expression("var.role_name")
    label = policy.name.replace(".", "-")
    resources: dict[str, tuple[str, dict[str, Any]]] = {
        "inline": ("aws_iam_role_policy", {"name": policy.name, "role": name, "policy": document}),
        "trust": ("aws_iam_role", {"name": name, "assume_role_policy": document}),
        "managed": ("aws_iam_policy", {"name": policy.name, "policy": document}),
        "bucket": ("aws_s3_bucket_policy", {
            "bucket": policy.attach_to_arn.rsplit(":", 1)[-1], "policy": document}),
    }  # fmt: skip
    type_, attributes = resources[kind]
    blocks = []
    if kind in ("inline", "trust") and not role:
        given = {"description": _("Name of the execution role"), "type": Expression("string"), "nullable": False}
        blocks.append(Block("variable", ("role_name",), given))
    why = list(wrapped([f"- {line}" for line in _reasons(policy)]))
    blocks.append(Block("resource", (type_, label), attributes, [], why))
    return "\n".join(block(item) for item in blocks)
