"""The person who uses the sandbox: an IAM user with a broad operator policy, and AWS profile files for it."""

from __future__ import annotations

import configparser
import io
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mwaa_wizard.sandbox.aws.server import running_at

OPERATOR = "wizard"
PROFILE = "sandbox"


@dataclass(frozen=True)
class Operator:
    """The operator's access key."""

    account: str
    access_key: str
    secret: str = field(repr=False)


def operator_policy(partition: str = "aws") -> dict[str, Any]:
    """What a person needs who builds and migrates MWAA environments: broad, but not administrator.

    Source: MWAA user guide, "access-policies" (full API and console access), plus what the wizard uses.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Services",
                "Effect": "Allow",
                "Action": [
                    "airflow:*",
                    "s3:*",
                    "logs:*",
                    "cloudwatch:*",
                    "ec2:*",
                    "kms:*",
                    "secretsmanager:*",
                    "ssm:*",
                    "sqs:*",
                    "servicequotas:*",
                    "cloudformation:*",
                    "datapipeline:*",
                    "access-analyzer:ValidatePolicy",
                ],
                "Resource": "*",
            },
            {
                "Sid": "Roles",
                "Effect": "Allow",
                "Action": [
                    "iam:Get*",
                    "iam:List*",
                    "iam:Simulate*",
                    "iam:CreateRole",
                    "iam:DeleteRole",
                    "iam:TagRole",
                    "iam:UntagRole",
                    "iam:UpdateAssumeRolePolicy",
                    "iam:PutRolePolicy",
                    "iam:DeleteRolePolicy",
                    "iam:AttachRolePolicy",
                    "iam:DetachRolePolicy",
                    "iam:CreatePolicy",
                    "iam:DeletePolicy",
                    "iam:CreateServiceLinkedRole",
                ],
                "Resource": "*",
            },
            {
                "Sid": "PassToAirflow",
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": "*",
                "Condition": {
                    "StringLike": {
                        "iam:PassedToService": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"],
                    }
                },
            },
            {
                "Sid": "Sessions",
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Resource": f"arn:{partition}:iam::*:role/*",
            },
        ],
    }


def _iam(endpoint: str, region: str, keys: tuple[str, str]) -> Any:
    import boto3

    return boto3.client(
        "iam", endpoint_url=endpoint, region_name=region, aws_access_key_id=keys[0], aws_secret_access_key=keys[1]
    )


def ensure_operator(
    endpoint: str, account: str, region: str, *, root: tuple[str, str] | None = None, partition: str = "aws"
) -> Operator:
    """Make the IAM user ``wizard`` (or keep it) and give it one fresh access key.

    ``root`` are the account's root keys; without them the endpoint must be served by this process.
    Raises ValueError if neither is the case.
    """
    if root is None:
        server = running_at(endpoint)
        if server is None:
            raise ValueError(f"no sandbox of this process listens at {endpoint}: pass its root credentials")
        root = server.root_credentials_for(account, partition)
    iam = _iam(endpoint, region, root)
    try:
        iam.create_user(UserName=OPERATOR)
    except iam.exceptions.EntityAlreadyExistsException:
        for key in iam.list_access_keys(UserName=OPERATOR)["AccessKeyMetadata"]:
            iam.delete_access_key(UserName=OPERATOR, AccessKeyId=key["AccessKeyId"])
    policy = iam_policy_arn(iam, account, partition)
    iam.attach_user_policy(UserName=OPERATOR, PolicyArn=policy)
    key = iam.create_access_key(UserName=OPERATOR)["AccessKey"]
    return Operator(account, key["AccessKeyId"], key["SecretAccessKey"])


def iam_policy_arn(iam: Any, account: str, partition: str) -> str:
    """The operator's managed policy, made if it is not there. (Inline policies of a user end at 2,048 characters.)"""
    try:
        made = iam.create_policy(PolicyName="MwaaWizardOperator", PolicyDocument=json.dumps(operator_policy(partition)))
    except iam.exceptions.EntityAlreadyExistsException:
        return f"arn:{partition}:iam::{account}:policy/MwaaWizardOperator"
    return str(made["Policy"]["Arn"])


def write_profiles(
    folder: Path,
    *,
    endpoint: str,
    region: str,
    operators: dict[str, Operator],
    regions: dict[str, str] | None = None,
) -> tuple[Path, Path]:
    """Write AWS ``config`` and ``credentials`` (mode 0600) with one profile per name; returns both paths.

    ``region`` is that of every profile which ``regions`` does not name.
    """
    config, credentials = configparser.ConfigParser(), configparser.ConfigParser()
    for name, operator in operators.items():
        config[f"profile {name}"] = {
            "region": (regions or {}).get(name, region),
            "endpoint_url": endpoint,
            # botocore would call http://api.127.0.0.1 for MWAA.
            "disable_host_prefix_injection": "true",
        }
        credentials[name] = {"aws_access_key_id": operator.access_key, "aws_secret_access_key": operator.secret}
    folder.mkdir(parents=True, exist_ok=True)
    return _write(folder / "config", config), _write(folder / "credentials", credentials)


def _write(path: Path, parser: configparser.ConfigParser) -> Path:
    text = io.StringIO()
    parser.write(text)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), 0o600)
        stream.write(text.getvalue())
    return path
