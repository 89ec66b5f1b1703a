"""A blueprint as a CloudFormation template in YAML.

Source: AWS CloudFormation template reference, AWS::MWAA::Environment and the resources beside it. YAML, because people
read and review it, and its comments say why each statement is there.
"""

from __future__ import annotations

import re
from typing import Any

from mwaa_wizard.environments.fields import OBJECT_VERSIONS
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.templates.model import Blueprint, Parameter, Ref, Text
from mwaa_wizard.templates.yaml_text import Tag, comment, dump, section

# Members of CreateEnvironmentInput that AWS::MWAA::Environment has no property for (its schema of 2026-11).
LACKING = ("IdentityCenterConfiguration", "Teams")
_KNOWN = {"Partition": "AWS::Partition", "Region": "AWS::Region", "Account": "AWS::AccountId",
          "UrlSuffix": "AWS::URLSuffix"}  # fmt: skip
_GET = {"BucketArn": "DagBucket.Arn", "RoleArn": "ExecutionRole.Arn", "SecurityGroupId": "SecurityGroup.GroupId"}
_TYPES = {"subnets": "List<AWS::EC2::Subnet::Id>", "groups": "List<AWS::EC2::SecurityGroup::Id>",
          "vpc": "AWS::EC2::VPC::Id"}  # fmt: skip
_LIKE_SUB = re.compile(r"\$\{[A-Za-z0-9:.]+\}")
_KEEP = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


def to_cloudformation(plan: Blueprint) -> str:
    """The template's text; the same blueprint gives the same text."""
    head = dump({"AWSTemplateFormatVersion": "2010-09-09", "Description": plan.title})
    words = [*_said(_("How to deploy it:"), plan.steps), *_said(_("To be given:"), plan.open)]
    if lacking := [name for name in LACKING if name in plan.settings]:
        words.append(_("Left out, since CloudFormation has no property for it: {names}").format(
            names=listed(lacking)))  # fmt: skip
    conditions = _conditions(plan)
    return (
        comment(words)
        + head
        + section("Parameters", {item.name: _parameter(item) for item in plan.parameters}, {})
        + section("Rules", _rules(plan), {})
        + section("Conditions", conditions, {})
        + section("Resources", _resources(plan), _comments(plan))
        + section("Outputs", _outputs(plan), {})
    )


def _said(title: str, lines: list[str]) -> list[str]:
    return [title, *(line if line.startswith("- ") else f"- {line}" for line in lines), ""] if lines else []


def value(item: Any) -> Any:
    """A blueprint's value with CloudFormation's functions in the place of references."""
    if isinstance(item, dict):
        return {key: value(inner) for key, inner in item.items()}
    if isinstance(item, list):
        return [value(inner) for inner in item]
    if isinstance(item, Ref):
        if item.name in _GET:
            return Tag("GetAtt", _GET[item.name])
        return Tag("Ref", _KNOWN.get(item.name, item.name))
    if isinstance(item, Text):
        return Tag("Sub", "".join(_piece(part) for part in item.parts))
    if isinstance(item, str) and _LIKE_SUB.search(item):
        # Outside of Fn::Sub it is plain text to CloudFormation, but linters and people take it for a mistake.
        return Tag("Join", ["", re.split(r"(?<=\$)(?=\{)", item)])
    return item


def _piece(part: str | Ref) -> str:
    if isinstance(part, str):
        return part.replace("${", "${!")
    return "${" + _GET.get(part.name, _KNOWN.get(part.name, part.name)) + "}"


def _parameter(item: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {"Type": _TYPES.get(item.kind, "String"), "Description": item.description}
    if item.kind == "secret":
        found |= {"NoEcho": True, "MinLength": 1}
    if item.kind == "switch":
        found["AllowedValues"] = ["yes", "no"]
    if item.pattern:
        found["AllowedPattern"] = item.pattern
    if item.default is not None:
        found["Default"] = ",".join(item.default) if isinstance(item.default, list) else item.default
    return found


def _conditions(plan: Blueprint) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if plan.two_stages:
        found["EnvironmentIsMade"] = Tag("Equals", [Tag("Ref", "FilesUploaded"), "yes"])
    for name in OBJECT_VERSIONS.values():
        if name in plan.may_be_empty:
            found[f"Has{name}"] = Tag("Not", [Tag("Equals", [Tag("Ref", name), ""])])
    return found


def _rules(plan: Blueprint) -> dict[str, Any]:
    """CloudFormation refuses parameters that break one before it makes anything."""
    return {
        f"{name}IsGiven": {
            "RuleCondition": Tag("Equals", [Tag("Ref", "FilesUploaded"), "yes"]),
            "Assertions": [
                {
                    "Assert": Tag("Not", [Tag("Equals", [Tag("Ref", name), ""])]),
                    "AssertDescription": _("Give {name} with FilesUploaded=yes.").format(name=name),
                }
            ],
        }
        for name in plan.needed_later
    }


def _tags(plan: Blueprint) -> list[dict[str, str]]:
    return [{"Key": key, "Value": text} for key, text in plan.tags.items()]


def _resources(plan: Blueprint) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if plan.makes_bucket:
        found |= _bucket(plan)
    if plan.makes_role:
        found["ExecutionRole"] = {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "RoleName": Tag("Ref", "RoleName"),
                "Description": Tag("Sub", "Execution role of the MWAA environment ${EnvironmentName}"),
                "AssumeRolePolicyDocument": value(plan.documents["trust"]),
                "Policies": [
                    {"PolicyName": name, "PolicyDocument": value(plan.documents[key])}
                    for name, key in plan.role_policies.items()
                ],
                "Tags": _tags(plan),
            },
        }
    if plan.makes_group:
        found |= _group(plan)
    found["Environment"] = _environment(plan)
    return found


def _bucket(plan: Blueprint) -> dict[str, Any]:
    blocks = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    by_default = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {
        "DagBucket": {
            "Type": "AWS::S3::Bucket",
            **_KEEP,
            "Properties": {
                "BucketName": Tag("Ref", "BucketName"),
                "VersioningConfiguration": {"Status": "Enabled"},
                "PublicAccessBlockConfiguration": dict.fromkeys(blocks, True),
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [by_default]},
                "Tags": _tags(plan),
            },
        },
        "DagBucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": Tag("Ref", "DagBucket"), "PolicyDocument": value(plan.documents["bucket"])},
        },
    }


def _group(plan: Blueprint) -> dict[str, Any]:
    return {
        "SecurityGroup": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": Tag("Sub", "MWAA environment ${EnvironmentName}"),
                "VpcId": Tag("Ref", "VpcId"),
                "Tags": _tags(plan),
            },
        },
        "SecurityGroupSelf": {
            "Type": "AWS::EC2::SecurityGroupIngress",
            "Properties": {
                "GroupId": Tag("GetAtt", "SecurityGroup.GroupId"),
                "SourceSecurityGroupId": Tag("GetAtt", "SecurityGroup.GroupId"),
                "IpProtocol": "-1",
                "Description": "Members reach each other",
            },
        },
    }


def _environment(plan: Blueprint) -> dict[str, Any]:
    properties = {name: value(item) for name, item in plan.settings.items() if name not in LACKING}
    for name in plan.may_be_empty:
        properties[name] = Tag("If", [f"Has{name}", Tag("Ref", name), Tag("Ref", "AWS::NoValue")])
    found: dict[str, Any] = {"Type": "AWS::MWAA::Environment"}
    if plan.two_stages:
        found["Condition"] = "EnvironmentIsMade"
    if plan.makes_group:
        found["DependsOn"] = ["SecurityGroupSelf"]
    return {**found, "Properties": properties}


def _comments(plan: Blueprint) -> dict[str, list[str]]:
    def whys(kind: str) -> list[str]:
        statements = plan.documents.get(kind, {}).get("Statement", [])
        return [f"- {item['Sid']}: {plan.why[item['Sid']]}" for item in statements if item["Sid"] in plan.why]

    return {
        "DagBucket": [_("MWAA demands versioning and blocked public access. The bucket outlives the stack.")],
        "DagBucketPolicy": whys("bucket"),
        "ExecutionRole": [
            _("What Airflow's tasks run as. The statements:"), *whys("trust"), *whys("base"), *whys("secrets")
        ],
        "SecurityGroup": [_("Lets everything out; what comes in is the next rule alone.")],
        "SecurityGroupSelf": [
            _("Scheduler, workers, database and web server reach each other. A rule of its own, since a group cannot "
              "name itself.")
        ],
        "Environment": [
            _("EnvironmentName, KmsKey, SubnetIds and EndpointManagement cannot be changed later: CloudFormation would "
              "make a new environment, without the history.")
        ],
    }  # fmt: skip


def _outputs(plan: Blueprint) -> dict[str, Any]:
    condition = {"Condition": "EnvironmentIsMade"} if plan.two_stages else {}
    found: dict[str, Any] = {
        "EnvironmentArn": {**condition, "Value": Tag("GetAtt", "Environment.Arn")},
        "WebserverUrl": {**condition, "Value": Tag("GetAtt", "Environment.WebserverUrl")},
    }
    if plan.settings.get("EndpointManagement") == "CUSTOMER":
        for name in ("DatabaseVpcEndpointService", "WebserverVpcEndpointService"):
            found[name] = {**condition, "Value": Tag("GetAtt", f"Environment.{name}")}
    if plan.makes_bucket:
        found["BucketName"] = {"Value": Tag("Ref", "DagBucket")}
    if plan.makes_role:
        found["RoleArn"] = {"Value": Tag("GetAtt", "ExecutionRole.Arn")}
    return found
