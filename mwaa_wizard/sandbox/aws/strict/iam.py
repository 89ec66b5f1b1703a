"""IAM and STS limits. Sources: IAM user guide, "IAM and AWS STS quotas"; API reference of PutRolePolicy
(PolicyDocument's characters, PolicyName) and AssumeRole (DurationSeconds).
"""

from __future__ import annotations

import re
from typing import Any

from mwaa_wizard.sandbox.aws.authorise import identity
from mwaa_wizard.sandbox.aws.errors import AwsError
from mwaa_wizard.sandbox.aws.principal import Principal
from mwaa_wizard.sandbox.aws.request import AwsRequest
from mwaa_wizard.sandbox.aws.strict import partitions

#: Characters without whitespace, summed over all inline policies of the entity.
INLINE_LIMIT = {"role": 10_240, "user": 2_048, "group": 5_120}
MANAGED_LIMIT = 6_144
TRUST_LIMIT = 2_048
MIN_SESSION_SECONDS = 900
MAX_CHAINED_SECONDS = 3600
_CHARACTERS = re.compile(r"[\t\n\r\x20-\xff]+")
_POLICY_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)
_PUT = {"PutRolePolicy": "role", "PutUserPolicy": "user", "PutGroupPolicy": "group"}


def counted(document: str) -> int:
    """Length of a document as IAM's quotas count it: whitespace is free."""
    return len(re.sub(r"\s", "", document))


def before(request: AwsRequest, principal: Principal) -> None:
    """Checks of one IAM request. Raises AwsError."""
    params = request.params
    for member in ("PolicyDocument", "AssumeRolePolicyDocument"):
        if member in params and not _CHARACTERS.fullmatch(str(params[member])):
            name = member[0].lower() + member[1:]
            raise AwsError(
                "ValidationError",
                f"1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must satisfy "
                r"regular expression pattern: [\u0009\u000A\u000D\u0020-\u00FF]+",
            )
    document = str(params.get("PolicyDocument", ""))
    if kind := _PUT.get(request.operation):
        if not _POLICY_NAME.fullmatch(str(params.get("PolicyName", ""))):
            raise AwsError("ValidationError", "The specified value for policyName is invalid.")
        _check_inline(kind, request, principal, document)
    elif request.operation in ("CreatePolicy", "CreatePolicyVersion") and counted(document) > MANAGED_LIMIT:
        raise AwsError("LimitExceeded", f"Cannot exceed quota for PolicySize: {MANAGED_LIMIT}", 409)
    trust = str(params.get("AssumeRolePolicyDocument", ""))
    if request.operation == "UpdateAssumeRolePolicy":
        trust, document = document, ""
    partitions.check_identity(document, principal.partition)
    partitions.check_trust(trust, principal.partition)
    if counted(trust) > TRUST_LIMIT:
        raise AwsError("LimitExceeded", f"Cannot exceed quota for ACLSizePerRole: {TRUST_LIMIT}", 409)


def _check_inline(kind: str, request: AwsRequest, principal: Principal, document: str) -> None:
    entity = _entity(kind, str(request.params.get(f"{kind.capitalize()}Name", "")), principal)
    if entity is None:
        return
    name = str(request.params.get("PolicyName"))
    total = sum(counted(text) for other, text in entity.policies.items() if other != name) + counted(document)
    if total > INLINE_LIMIT[kind]:
        raise AwsError(
            "LimitExceeded",
            f"Maximum policy size of {INLINE_LIMIT[kind]} bytes exceeded for {kind} {entity.name}",
            409,
        )


def _entity(kind: str, name: str, principal: Principal) -> Any | None:
    backend = identity.iam(principal.account, principal.partition)
    if kind == "role":
        return next((role for role in list(backend.roles.values()) if role.name == name), None)
    return (backend.users if kind == "user" else backend.groups).get(name)


def before_sts(request: AwsRequest, principal: Principal) -> None:
    """AssumeRole's duration lies between 900 s and the role's own maximum. Raises AwsError."""
    if request.operation != "AssumeRole" or "DurationSeconds" not in request.params:
        return
    seconds = int(request.params["DurationSeconds"])
    role = identity.find_role(str(request.params.get("RoleArn", "")))
    longest = int(getattr(role, "max_session_duration", None) or 3600)
    if seconds > longest:
        raise AwsError(
            "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        )
    if principal.kind == "assumed-role" and seconds > MAX_CHAINED_SECONDS:
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        )
    if seconds < MIN_SESSION_SECONDS:
        raise AwsError(
            "ValidationError",
            f"1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: "
            f"Member must have value greater than or equal to {MIN_SESSION_SECONDS}",
        )
