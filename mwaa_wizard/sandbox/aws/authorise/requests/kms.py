"""AWS KMS, called directly or by another service on the caller's behalf.

Source: service authorization reference, "AWS KMS"; KMS developer guide, "kms:ViaService". A key's own policy must
allow, or delegate to the account's IAM policies. Grants are not modelled.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from mwaa_wizard.sandbox.aws.authorise.permission import Permission
from mwaa_wizard.sandbox.aws.principal import Principal, account_of
from mwaa_wizard.sandbox.aws.request import AwsRequest

#: moto writes the key's id in front of every ciphertext (moto.kms.utils.CIPHERTEXT_HEADER_FORMAT).
_KEY_ID_LENGTH = 36
_ON_ALL = {"CreateKey", "ListKeys", "ListAliases", "GenerateRandom", "ListRetirableGrants"}


def find_key(key_id: str, region: str, account: str) -> Any | None:
    """moto's key for a key id, ARN, alias or alias ARN; None if there is none."""
    from moto.kms.models import kms_backends

    if key_id.startswith("arn:"):
        parts = key_id.split(":", 5)
        region, account = parts[3], parts[4]
    backend = kms_backends[account][region]
    try:
        return backend.keys.get(backend.any_id_to_key_id(key_id))
    except (AttributeError, KeyError, TypeError):
        # moto stumbles over an alias that names nothing.
        return None


def on_key(action: str, key_id: str, region: str, principal: Principal, context: dict[str, str]) -> Permission:
    """Permission on one key. ``key_id`` in any form KMS takes."""
    key = find_key(key_id, region, principal.account)
    if key is None:
        name = key_id if key_id.startswith("alias/") else f"key/{key_id}"
        own = f"arn:{principal.partition}:kms:{region}:{principal.account}:{name}"
        arn = key_id if key_id.startswith("arn:") else own
        return Permission(f"kms:{action}", arn, context, owner=account_of(arn))
    full = {"kms:CallerAccount": principal.account, **context}
    if key_id.startswith("alias/"):
        full["kms:RequestAlias"] = key_id
    return Permission(
        f"kms:{action}",
        str(key.arn),
        full,
        resource_policy=str(key.policy),
        owner=str(key.account_id),
        resource_must_allow=True,
    )


def via(action: str, key_id: str, service: str, region: str, principal: Principal) -> Permission:
    """Permission a service asks for with the caller's rights (S3, Secrets Manager)."""
    suffix = "amazonaws.com.cn" if principal.partition == "aws-cn" else "amazonaws.com"
    return on_key(action, key_id, region, principal, {"kms:ViaService": f"{service}.{region}.{suffix}"})


def _key_of_ciphertext(text: str) -> str:
    try:
        return base64.b64decode(text)[:_KEY_ID_LENGTH].decode("ascii")
    except (ValueError, binascii.Error):
        return ""


def permissions(request: AwsRequest, principal: Principal) -> list[Permission]:
    """Permissions of a KMS request."""
    operation, params = request.operation, request.params
    if operation in _ON_ALL:
        return [Permission(f"kms:{operation}")]
    context = {
        f"kms:EncryptionContext:{name}": str(value) for name, value in (params.get("EncryptionContext") or {}).items()
    }
    wanted = []
    if operation in ("CreateAlias", "DeleteAlias", "UpdateAlias"):
        alias = str(params.get("AliasName", ""))
        wanted.append(
            Permission(
                f"kms:{operation}", f"arn:{principal.partition}:kms:{request.region}:{principal.account}:{alias}"
            )
        )
        target = str(params.get("TargetKeyId") or (alias if operation == "DeleteAlias" else ""))
        return [*wanted, on_key(operation, target, request.region, principal, context)] if target else wanted
    if operation == "ReEncrypt":
        source = _key_of_ciphertext(str(params.get("CiphertextBlob", "")))
        return [
            on_key("ReEncryptFrom", source, request.region, principal, context),
            on_key("ReEncryptTo", str(params.get("DestinationKeyId", "")), request.region, principal, context),
        ]
    key_id = str(params.get("KeyId") or _key_of_ciphertext(str(params.get("CiphertextBlob", ""))))
    if not key_id:
        return [Permission(f"kms:{operation}")]
    return [on_key(operation, key_id, request.region, principal, context)]
