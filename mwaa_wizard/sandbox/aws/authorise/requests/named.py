"""Services whose resources are named by one parameter: Secrets Manager, Parameter Store, SQS, EC2, CloudWatch.

Source: service authorization reference of each service.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from mwaa_wizard.sandbox.aws.authorise.permission import Permission
from mwaa_wizard.sandbox.aws.authorise.requests import kms
from mwaa_wizard.sandbox.aws.principal import Principal, account_of
from mwaa_wizard.sandbox.aws.request import AwsRequest


def _arn(request: AwsRequest, principal: Principal, resource: str) -> str:
    return f"arn:{principal.partition}:{request.iam_prefix}:{request.region}:{principal.account}:{resource}"


def _find_secret(secret_id: str, region: str, account: str) -> Any | None:
    from moto.secretsmanager.models import secretsmanager_backends

    if secret_id.startswith("arn:"):
        region, account = secret_id.split(":")[3:5]
    return secretsmanager_backends[account][region].secrets.get(secret_id)


def secretsmanager(request: AwsRequest, principal: Principal) -> list[Permission]:
    """Secrets Manager: a secret's ARN ends in a dash and six characters, also for one that does not exist yet."""
    action = f"secretsmanager:{request.operation}"
    secret_id = str(request.params.get("SecretId") or request.params.get("Name") or "")
    if not secret_id:
        return [Permission(action)]
    secret = _find_secret(secret_id, request.region, principal.account)
    if secret is None:
        arn = secret_id if secret_id.startswith("arn:") else _arn(request, principal, f"secret:{secret_id}-??????")
        made = [Permission(action, arn, owner=account_of(arn))]
        if request.operation == "CreateSecret" and request.params.get("Tags"):
            made.append(Permission("secretsmanager:TagResource", arn, owner=account_of(arn)))
        return made
    context = {"secretsmanager:SecretId": str(secret.arn)}
    wanted = [
        Permission(action, str(secret.arn), context, resource_policy=secret.policy, owner=account_of(str(secret.arn)))
    ]
    key_id = str(getattr(secret, "kms_key_id", None) or "")
    own_key = bool(key_id) and "alias/aws/" not in key_id
    if own_key and request.operation in ("GetSecretValue", "PutSecretValue", "UpdateSecret"):
        needed = "Decrypt" if request.operation == "GetSecretValue" else "GenerateDataKey"
        wanted.append(kms.via(needed, key_id, "secretsmanager", request.region, principal))
    return wanted


def ssm(request: AwsRequest, principal: Principal) -> list[Permission]:
    """Systems Manager Parameter Store: names with or without the leading slash give the same ARN.

    GetParametersByPath is asked for on the path as it is written, also with a slash at its end, and not on what lies
    below it. Sources: Systems Manager user guide, sysman-paramstore-access; AWS's own refusals, which name
    `parameter/a/b` for the path /a/b and `parameter/` for the path /.
    """
    action = f"ssm:{request.operation}"
    params = request.params
    names = params.get("Names") if isinstance(params.get("Names"), list) else [params.get("Name") or params.get("Path")]
    if "Parameter" not in request.operation or request.operation == "DescribeParameters":
        return [Permission(action)]
    wanted = []
    for given in names or []:
        text = str(given or "")
        arn = text if text.startswith("arn:") else _arn(request, principal, f"parameter/{text.removeprefix('/')}")
        wanted.append(Permission(action, arn, owner=account_of(arn)))
    return wanted or [Permission(action)]


def sqs(request: AwsRequest, principal: Principal) -> list[Permission]:
    """SQS: the queue's URL ends in account and name."""
    action = f"sqs:{request.operation.removesuffix('Batch')}"
    url = str(request.params.get("QueueUrl") or "")
    if url:
        account, _, name = urlsplit(url).path.strip("/").rpartition("/")
        account = account or principal.account
        arn = f"arn:{principal.partition}:sqs:{request.region}:{account}:{name}"
        return [Permission(action, arn, owner=account)]
    if queue := request.params.get("QueueName"):
        return [Permission(action, _arn(request, principal, str(queue)))]
    return [Permission(action)]


def ec2(request: AwsRequest, principal: Principal) -> list[Permission]:
    """EC2: of the calls that only look, DescribeVpcAttribute alone is granted on what it looks at."""
    if request.operation == "DescribeVpcAttribute" and request.params.get("VpcId"):
        return [Permission("ec2:DescribeVpcAttribute", _arn(request, principal, f"vpc/{request.params['VpcId']}"))]
    return [Permission(f"ec2:{request.operation}")]


def cloudwatch(request: AwsRequest, principal: Principal) -> list[Permission]:
    """CloudWatch metrics have no resource; the namespace is a condition key."""
    namespace = request.params.get("Namespace")
    context = {"cloudwatch:namespace": str(namespace)} if namespace else {}
    return [Permission(f"cloudwatch:{request.operation}", "*", context)]
