"""AWS IAM and STS. Source: service authorization reference, "AWS IAM" and "AWS STS"."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.sandbox.aws.authorise import identity
from mwaa_wizard.sandbox.aws.authorise.permission import Permission
from mwaa_wizard.sandbox.aws.principal import Principal, account_of
from mwaa_wizard.sandbox.aws.request import AwsRequest

#: Operations without UserName mean the caller's own user.
_OWN_USER = {"GetUser", "CreateAccessKey", "ListAccessKeys", "DeleteAccessKey", "UpdateAccessKey", "ChangePassword"}
_TAGGED = {"CreateRole": "TagRole", "CreateUser": "TagUser", "CreatePolicy": "TagPolicy"}
_LISTS = {"ListRoles", "ListUsers", "ListGroups", "ListPolicies", "GetAccountSummary", "SimulateCustomPolicy"}


def _existing(names: Any, name: str, kind: str, path: str, principal: Principal) -> str:
    found = names.get(name)
    if found is not None:
        return str(found.arn)
    return f"arn:{principal.partition}:iam::{principal.account}:{kind}{path}{name}"


def _resource(request: AwsRequest, principal: Principal) -> str:
    params = request.params
    backend = identity.iam(principal.account, principal.partition)
    path = str(params.get("Path") or "/")
    if request.operation in _LISTS:
        return "*"
    if arn := params.get("PolicySourceArn"):
        return str(arn)
    if name := params.get("RoleName"):
        by_name = {role.name: role for role in list(backend.roles.values())}
        return _existing(by_name, str(name), "role", path, principal)
    if name := params.get("InstanceProfileName"):
        return f"arn:{principal.partition}:iam::{principal.account}:instance-profile{path}{name}"
    if name := params.get("UserName"):
        return _existing(backend.users, str(name), "user", path, principal)
    if request.operation in _OWN_USER and principal.kind == "user":
        return principal.arn
    if name := params.get("GroupName"):
        return _existing(backend.groups, str(name), "group", path, principal)
    if arn := params.get("PolicyArn"):
        return str(arn)
    if name := params.get("PolicyName"):
        return f"arn:{principal.partition}:iam::{principal.account}:policy{path}{name}"
    if service := params.get("AWSServiceName"):
        root = f"arn:{principal.partition}:iam::{principal.account}:role/aws-service-role"
        return f"{root}/{service}/*"
    return "*"


def permissions(request: AwsRequest, principal: Principal) -> list[Permission]:
    """Permissions of an IAM request."""
    params = request.params
    context: dict[str, str] = {}
    if request.operation.startswith(("Attach", "Detach")) and params.get("PolicyArn"):
        context["iam:PolicyARN"] = str(params["PolicyArn"])
    if boundary := params.get("PermissionsBoundary"):
        context["iam:PermissionsBoundary"] = str(boundary)
    if service := params.get("AWSServiceName"):
        context["iam:AWSServiceName"] = str(service)
    resource = _resource(request, principal)
    wanted = [Permission(f"iam:{request.operation}", resource, context)]
    if request.operation in _TAGGED and "Tags.member.1.Key" in params:
        # What is made with tags is tagged: a permission of its own.
        wanted.append(Permission(f"iam:{_TAGGED[request.operation]}", resource, context))
    return wanted


def sts_permissions(request: AwsRequest, principal: Principal) -> list[Permission]:
    """Permissions of an STS request: AssumeRole needs the role's trust; the rest of what we serve needs none."""
    if request.operation in ("GetCallerIdentity", "GetSessionToken"):
        return []
    if request.operation not in ("AssumeRole", "TagSession"):
        return [Permission(f"sts:{request.operation}")]
    arn = str(request.params.get("RoleArn", ""))
    role = identity.find_role(arn)
    context = {
        key: str(request.params[name])
        for name, key in (("ExternalId", "sts:ExternalId"), ("RoleSessionName", "sts:RoleSessionName"))
        if name in request.params
    }
    trust = role.assume_role_policy_document if role is not None else '{"Version":"2012-10-17","Statement":[]}'
    return [
        Permission(
            "sts:AssumeRole", arn, context, resource_policy=trust, owner=account_of(arn), resource_must_allow=True
        )
    ]
