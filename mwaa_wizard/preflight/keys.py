"""Customer managed keys: enabled, of the kind MWAA takes, and open to CloudWatch Logs for the target's groups.

Sources: MWAA user guide custom-keys-certs; CloudWatch Logs user guide encrypt-log-data-kms.
"""

from __future__ import annotations

import fnmatch
import json
from typing import Any

from mwaa_wizard.aws.errors import code_of, is_missing
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.preflight.finding import Finding, Findings, Refused, label, look, target_values

_LOG_ACTIONS = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:DescribeKey")
_CONTEXT = "kms:encryptioncontext:aws:logs:arn"


def source(ctx: Context) -> Findings:
    """The source's key still works: without it neither logs nor the metadata database can be read."""
    key = str(sides.environment(ctx, "source").get("KmsKey") or "")
    name = label("source", _("KMS key"))
    if not key:
        yield Finding(name, "pass", _("a key owned by AWS"))
        return
    meta = _meta(ctx, "source", key)
    state = str(meta.get("KeyState")) if meta else _("not there")
    if state == "Enabled":
        yield Finding(name, "pass", f"{key}: {state}")
    else:
        yield Finding(name, "warn", f"{key}: {state}",
                      _("Enable it (or cancel its deletion): the source cannot be read without it."))  # fmt: skip


def target(ctx: Context) -> Findings:
    """The target's key, which can never be changed later."""
    name, key = label("target", _("KMS key")), str(target_values(ctx).get("KmsKey") or "")
    if not key:
        yield Finding(name, "pass", _("a key owned by AWS"))
        return
    if "alias/" in key:
        return  # told with the settings
    region, found = ctx.clients.place("target").region, []
    if key.startswith("arn:") and key.split(":")[3] != region:
        yield Finding(name, "fail", _("{key} is not of {region}").format(key=key, region=region),
                      _("Give a key of the target's region on page Settings, or none for AWS's own."))  # fmt: skip
        return
    try:
        meta = _meta(ctx, "target", key)
    except Refused as refusal:
        if not (owner := _foreign(ctx, key)):
            raise
        yield _closed(ctx, name, key, owner, refusal)
        return
    if meta is None:
        yield Finding(name, "fail", _("there is no key {key}").format(key=key),
                      _("Give a key that exists on page Settings, or none for AWS's own."))  # fmt: skip
        return
    if meta.get("KeyState", "Enabled") != "Enabled":
        found.append((_("{key} is {state}").format(key=key, state=meta.get("KeyState")), _("Enable it.")))
    if meta.get("KeyManager", "CUSTOMER") != "CUSTOMER":
        found.append((_("{key} is managed by AWS").format(key=key), _("Choose a customer managed key, or none.")))
    if meta.get("MultiRegion"):
        found.append((_("{key} is a multi-Region key").format(key=key), _("MWAA takes single-Region keys only.")))
    if meta.get("KeySpec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT" or (
        meta.get("KeyUsage", "ENCRYPT_DECRYPT") != "ENCRYPT_DECRYPT"
    ):
        found.append((_("{key} is not a symmetric encryption key").format(key=key), _("Choose a symmetric key.")))
    for evidence, remedy in found:
        yield Finding(name, "fail", evidence, remedy)
    if not found:
        yield Finding(name, "pass", _("{key} is enabled").format(key=meta["Arn"]))


def _foreign(ctx: Context, key: str) -> str:
    """The key's account where it is not the target's; else empty."""
    owner = key.split(":")[4] if key.startswith("arn:") else ""
    return "" if owner == ctx.clients.identity("target").account else owner


def _closed(ctx: Context, name: str, key: str, owner: str, refusal: Refused) -> Finding:
    """Another account's key that the target's account may not use: MWAA looks at it as its caller, so nothing is made.

    Source: KMS developer guide, key-policy-modifying-external-accounts (the key's policy and one's own both allow).
    """
    return Finding(
        name, "fail",
        _("{key} is of account {owner}, and {action} is refused").format(key=key, owner=owner, action=refusal.action),
        _("That account has to add the statements of page Policies, KMS key, to the key's policy, and your own policy "
          "has to allow the use of the key. Or give a key of account {account}.").format(
            account=ctx.clients.identity("target").account),
    )  # fmt: skip


def _meta(ctx: Context, side: Side, key: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = look(ctx, side, "kms", "describe_key", KeyId=key.removeprefix("key/"))["KeyMetadata"]
    except Exception as problem:
        if is_missing(problem) or code_of(problem) in ("NotFoundException", "InvalidArnException"):
            return None
        raise
    return found


def target_policy(ctx: Context) -> Findings:
    """The key's policy lets CloudWatch Logs encrypt the target's log groups."""
    key = str(target_values(ctx).get("KmsKey") or "")
    if (
        not key
        or "alias/" in key
        or (key.startswith("arn:") and key.split(":")[3] != ctx.clients.place("target").region)
    ):
        return
    owner = _foreign(ctx, key)
    try:
        if _meta(ctx, "target", key) is None:
            return
    except Refused:
        if owner:
            return  # told with the key itself
        raise
    name, who = label("target", _("KMS key policy")), ctx.clients.identity("target")
    suffix = "amazonaws.com.cn" if who.partition == "aws-cn" else "amazonaws.com"
    service = f"logs.{who.region}.{suffix}"
    group = (
        f"arn:{who.partition}:logs:{who.region}:{who.account}:log-group:airflow-{ctx.session.target.environment}-Task"
    )
    if owner:
        # KMS developer guide, kms-api-permissions-reference: GetKeyPolicy works within the key's account only.
        yield Finding(name, "warn", _("{key} is of account {owner}, where alone its policy can be read").format(
            key=key, owner=owner),
            _("Make sure that it lets {service} use the key for {group}, and account {account} describe it and make "
              "grants.").format(service=service, group=group, account=who.account))  # fmt: skip
        return
    answer = look(ctx, "target", "kms", "get_key_policy", KeyId=key.removeprefix("key/"), PolicyName="default")
    statements = json.loads(answer["Policy"]).get("Statement", [])
    granted = {action for statement in _listed(statements) for action in _granted(statement, service, group)}
    missing = [action for action in _LOG_ACTIONS if action not in granted]
    if missing:
        yield Finding(name, "fail", _("{service} may not use it for {group}: {actions}").format(
            service=service, group=group, actions=listed(missing)),
            _("Add a statement for {service} with kms:EncryptionContext:aws:logs:arn (custom-keys-certs).").format(
                service=service))  # fmt: skip
    else:
        yield Finding(name, "pass", _("{service} may use it for the target's log groups").format(service=service))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _granted(statement: dict[str, Any], service: str, group: str) -> list[str]:
    """The actions that a statement of a key policy gives CloudWatch Logs for one log group."""
    principal = statement.get("Principal", {})
    named = [principal] if principal == "*" else _listed(principal.get("Service", []))
    generic = service.replace(service.split(".")[1] + ".", "", 1)
    if statement.get("Effect") != "Allow" or not {"*", service, generic} & set(named):
        return []
    for pairs in (statement.get("Condition") or {}).values():
        for key, wanted in pairs.items():
            if key.lower() == _CONTEXT and not any(fnmatch.fnmatchcase(group, str(item)) for item in _listed(wanted)):
                return []
    patterns = [str(action).lower() for action in _listed(statement.get("Action", []))]
    return [action for action in _LOG_ACTIONS if any(fnmatch.fnmatchcase(action.lower(), item) for item in patterns)]
