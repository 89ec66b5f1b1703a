"""From a request to the permissions it needs."""

from __future__ import annotations

from collections.abc import Callable

from mwaa_wizard.sandbox.aws.authorise.permission import Permission
from mwaa_wizard.sandbox.aws.authorise.requests import iam, kms, logs, named, s3
from mwaa_wizard.sandbox.aws.principal import Principal
from mwaa_wizard.sandbox.aws.request import AwsRequest

_SERVICES: dict[str, Callable[[AwsRequest, Principal], list[Permission]]] = {
    "s3": s3.permissions,
    "logs": logs.permissions,
    "iam": iam.permissions,
    "sts": iam.sts_permissions,
    "kms": kms.permissions,
    "secretsmanager": named.secretsmanager,
    "ssm": named.ssm,
    "sqs": named.sqs,
    "ec2": named.ec2,
    "monitoring": named.cloudwatch,
}


def permissions_for(request: AwsRequest, principal: Principal) -> list[Permission]:
    """Permissions a request needs. A service without rules of its own is asked on ``*``."""
    derive = _SERVICES.get(request.service)
    if derive is None:
        return [Permission(f"{request.iam_prefix}:{request.operation or 'Unknown'}")]
    return derive(request, principal)
