"""The policies that speak for a principal, read out of moto's IAM."""

from __future__ import annotations

import json
from typing import Any

from mwaa_wizard.sandbox.aws.principal import Principal


def iam(account: str, partition: str) -> Any:
    """moto's IAM backend of an account."""
    from moto.iam.models import iam_backends

    return iam_backends[account][partition]


def _text(document: Any) -> str:
    return document if isinstance(document, str) else json.dumps(document)


def managed(policy: Any) -> str:
    """The default version's document of a managed policy."""
    version = next(version for version in policy.versions if version.version_id == policy.default_version_id)
    return _text(version.document)


def _own(entity: Any) -> list[str]:
    inline = [_text(document) for document in list(entity.policies.values())]
    return inline + [managed(policy) for policy in list(entity.managed_policies.values())]


def role_documents(role: Any) -> list[str]:
    """Inline and attached policies of a role."""
    return _own(role)


def user_documents(backend: Any, user: Any) -> list[str]:
    """Inline and attached policies of a user and of the user's groups."""
    documents = _own(user)
    for group in backend.get_groups_for_user(user.name):
        documents += _own(group)
    return documents


def identity_documents(principal: Principal) -> list[str]:
    """Identity-based policies of a principal; none for root, services and anonymous callers."""
    if principal.kind not in ("user", "assumed-role"):
        return []
    backend = iam(principal.account, principal.partition)
    if principal.kind == "user":
        user = backend.users.get(principal.name)
        return user_documents(backend, user) if user is not None else []
    role = find_role(principal.role_arn or "")
    return role_documents(role) if role is not None else []


def boundary_document(principal: Principal) -> str | None:
    """The permissions boundary of a role or user; None if it has none."""
    entity: Any = None
    if principal.kind == "assumed-role":
        entity = find_role(principal.role_arn or "")
    elif principal.kind == "user":
        entity = iam(principal.account, principal.partition).users.get(principal.name)
    arn = getattr(entity, "permissions_boundary_arn", None)
    if not arn:
        return None
    policy = iam(principal.account, principal.partition).managed_policies.get(arn)
    # A boundary whose policy is gone allows nothing.
    return managed(policy) if policy is not None else json.dumps({"Version": "2012-10-17", "Statement": []})


def find_role(arn: str) -> Any | None:
    """The role of an ARN in any account, or None."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("role/"):
        return None
    backend = iam(parts[4], parts[1])
    return next((role for role in list(backend.roles.values()) if role.arn == arn), None)


def find_user(arn: str) -> Any | None:
    """The user of an ARN in any account, or None."""
    parts = arn.split(":", 5)
    if len(parts) != 6 or not parts[5].startswith("user/"):
        return None
    backend = iam(parts[4], parts[1])
    return next((user for user in list(backend.users.values()) if user.arn == arn), None)
