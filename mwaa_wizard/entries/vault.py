"""Secrets of AWS Secrets Manager, and parameters of Systems Manager's Parameter Store. Values stay in memory.

Sources: botocore secretsmanager 2017-10-17 (ListSecrets, GetSecretValue, CreateSecret, DeleteSecret), ssm 2014-11-06
(GetParametersByPath).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard.aws.errors import code_of, is_missing
from mwaa_wizard.entries.backend import Backend, What

EXISTS = "ResourceExistsException"
# A secret that is scheduled to be deleted holds its name until then, and has no value.
_DELETED = "InvalidRequestException"


@dataclass(frozen=True)
class Kept:
    """A connection or variable of a backend."""

    entry_id: str
    name: str
    value: str | None = field(default=None, repr=False)


def ids(client: Any, backend: Backend, what: What) -> list[str]:
    """The connections or variables a backend has, by id, in order; `client` is that of its service."""
    start = backend.start(what)
    if backend.kind == "ssm":
        found = [row["Name"] for row in _parameters(client, start, decrypt=False)]
    else:
        found = []
        filters = [{"Key": "name", "Values": [start]}] if start else []
        for page in client.get_paginator("list_secrets").paginate(Filters=filters):
            found += [row["Name"] for row in page["SecretList"] if not row.get("DeletedDate")]
    # The filter is only there to get less; what counts as below the prefix is decided here, as Airflow builds names.
    return sorted(name[len(start) :] for name in found if name.startswith(start) and len(name) > len(start))


def read(client: Any, backend: Backend, what: What, entry_id: str) -> str | None:
    """The text of a secret or parameter; None where there is none (binary secrets have no text)."""
    name = backend.path(what, entry_id)
    try:
        if backend.kind == "ssm":
            return str(client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])
        value = client.get_secret_value(SecretId=name).get("SecretString")
    except Exception as problem:
        if is_missing(problem) or code_of(problem) in (_DELETED, "ParameterNotFound"):
            return None
        raise
    return None if value is None else str(value)


def _parameters(client: Any, start: str, *, decrypt: bool) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    path = start.rstrip("/") or "/"
    for page in client.get_paginator("get_parameters_by_path").paginate(
        Path=path, Recursive=False, WithDecryption=decrypt
    ):
        found += page["Parameters"]
    return found


def describe(client: Any, name: str) -> dict[str, Any] | None:
    """A secret's ARN, tags and dates; None where there is none."""
    try:
        found: dict[str, Any] = client.describe_secret(SecretId=name)
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    return found


def tags_of(described: dict[str, Any]) -> dict[str, str]:
    """Tags as a dictionary."""
    return {str(tag["Key"]): str(tag["Value"]) for tag in described.get("Tags") or []}


def create(client: Any, name: str, value: str, tags: list[dict[str, str]], description: str) -> str:
    """Make a secret; its ARN. Raises ClientError, with ResourceExistsException where there is one of that name."""
    answer = client.create_secret(
        Name=name, SecretString=value, Tags=tags, Description=description, ClientRequestToken=str(uuid.uuid4())
    )
    return str(answer["ARN"])


def put(client: Any, name: str, value: str) -> None:
    """Give a secret of ours another value."""
    client.put_secret_value(SecretId=name, SecretString=value, ClientRequestToken=str(uuid.uuid4()))


def delete(client: Any, name: str) -> None:
    """Delete a secret at once, without the days in which its name stays taken; none is fine."""
    try:
        client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    except Exception as problem:
        if not is_missing(problem):
            raise
