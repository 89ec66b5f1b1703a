"""Global condition keys of a request. Source: IAM user guide, "AWS global condition context keys"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from mwaa_wizard.sandbox.aws.authorise import identity
from mwaa_wizard.sandbox.aws.principal import Principal
from mwaa_wizard.sandbox.aws.request import AwsRequest

_TYPES = {"user": "User", "assumed-role": "AssumedRole", "root": "Account", "anonymous": "Anonymous"}


def global_context(request: AwsRequest, principal: Principal) -> dict[str, list[str]]:
    """Condition keys (lowered) that every request carries."""
    now = datetime.now(UTC)
    context: dict[str, list[str]] = {
        # The endpoint speaks plain http on loopback. A policy that asks for TLS protects the wire, and there
        # is none here, so loopback counts as secure transport.
        "aws:securetransport": ["true"],
        "aws:currenttime": [now.strftime("%Y-%m-%dT%H:%M:%SZ")],
        "aws:epochtime": [str(int(now.timestamp()))],
        "aws:principaltype": [_TYPES.get(principal.kind, principal.kind)],
        "aws:sourceip": [str(request.environ.get("REMOTE_ADDR") or "127.0.0.1")],
        "aws:requestedregion": [request.region],
        "aws:userid": [principal.user_id],
        "aws:principalisawsservice": ["false"],
        "aws:viaawsservice": ["false"],
    }
    if agent := request.header("User-Agent"):
        context["aws:useragent"] = [agent]
    if principal.kind != "anonymous":
        context["aws:principalarn"] = [principal.principal_arn]
        context["aws:principalaccount"] = [principal.account]
    if principal.kind == "user":
        context["aws:username"] = [principal.name]
    for name, value in _tags(principal).items():
        context[f"aws:principaltag/{name.lower()}"] = [value]
    return context


def _tags(principal: Principal) -> dict[str, str]:
    if principal.kind != "assumed-role":
        return {}
    role = identity.find_role(principal.role_arn or "")
    found = (role.tags if role is not None else None) or []
    items = found.values() if isinstance(found, dict) else found
    return {str(tag["Key"]): str(tag["Value"]) for tag in items}


def merged(base: Mapping[str, list[str]], extra: Mapping[str, str]) -> dict[str, list[str]]:
    """Global keys plus a request's own, keys lowered."""
    return {**base, **{name.lower(): [value] for name, value in extra.items()}}
