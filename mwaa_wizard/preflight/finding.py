"""What a check says, and how it looks: read-only calls whose refusal is told with the missing action's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from mwaa_wizard.aws.errors import DENIED, code_of
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.environments import effective
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _

Verdict = Literal["pass", "warn", "fail"]
_CACHE = "preflight:looks"
# IAM's prefix where it is not boto3's name of the service (service authorization reference).
_PREFIX = {"accessanalyzer": "access-analyzer", "mwaa": "airflow", "service-quotas": "servicequotas"}
# IAM's action where it is not the operation's name (service authorization reference, Amazon S3).
_ACTIONS = {
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "HeadBucket": "ListBucket",
}


@dataclass(frozen=True)
class Finding:
    """One check's outcome. `name` is translated; `evidence` is what was seen, `remedy` what would mend it."""

    name: str
    verdict: Verdict
    evidence: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain values for `preflight.json`."""
        return asdict(self)


Findings = Iterator[Finding]
Check = Callable[[Context], Findings]


class Refused(Exception):
    """AWS refused a look; `action` is what IAM calls it."""

    def __init__(self, side: Side, action: str) -> None:
        super().__init__(action)
        self.side, self.action = side, action


def look(ctx: Context, side: Side, service: str, method: str, **request: Any) -> dict[str, Any]:
    """A client method's answer, asked once a preflight. Raises Refused where it is not allowed, or as boto3 does."""
    key = (side, service, method, repr(sorted(request.items())))
    cache = ctx.memory.setdefault(_CACHE, {})
    if key not in cache:
        try:
            cache[key] = getattr(ctx.client(side, service), method)(**request)
        except Exception as problem:
            if code_of(problem) in DENIED:
                raise Refused(side, action_of(service, method)) from problem
            raise
    found: dict[str, Any] = cache[key]
    return found


def look_all(ctx: Context, side: Side, service: str, method: str, member: str, **request: Any) -> list[Any]:
    """All items of a paginated client method; raises as `look` does."""
    key = (side, service, method, repr(sorted(request.items())))
    cache = ctx.memory.setdefault(_CACHE, {})
    if key in cache:
        return list(cache[key])
    found: list[Any] = []
    try:
        for page in ctx.client(side, service).get_paginator(method).paginate(**request):
            found += page.get(member, [])
    except Exception as problem:
        if code_of(problem) in DENIED:
            raise Refused(side, action_of(service, method)) from problem
        raise
    cache[key] = found
    return list(found)


def forget(ctx: Context) -> None:
    """Begin anew: what was seen by an earlier preflight of this process may have been mended since."""
    ctx.memory.pop(_CACHE, None)


def action_of(service: str, method: str) -> str:
    """`iam:GetRole` of ("iam", "get_role")."""
    operation = "".join(word.capitalize() for word in method.split("_"))
    return f"{_PREFIX.get(service, service)}:{_ACTIONS.get(operation, operation)}"


def refused_action(problem: BaseException) -> str:
    """The action AWS's own words name, or the call; empty where neither is known."""
    found = re.search(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z0-9]+)", str(problem))
    return found[1] if found else str(getattr(problem, "operation_name", "") or "")


def refused(name: str, action: str) -> Finding:
    """The warning for a look that is not allowed."""
    return Finding(
        name,
        "warn",
        _("could not be looked at: {action} is refused").format(action=action or _("a call")),
        _("Grant {action} to yourself and run again, or make sure of it by hand.").format(
            action=action or _("the call")
        ),
    )


def label(side: Side, what: str) -> str:
    """`target subnets`: the side in words before what is looked at (already translated)."""
    return (_("source {what}") if side == "source" else _("target {what}")).format(what=what)


def target_values(ctx: Context) -> dict[str, object]:
    """Every setting that the target gets, by dotted API name."""
    return effective.target_values(ctx.session, sides.environment(ctx, "source"))


def environment_arn(ctx: Context, side: Side) -> str:
    """A side's environment ARN; the target's is known before it exists."""
    who = ctx.clients.identity(side)
    return f"arn:{who.partition}:airflow:{who.region}:{who.account}:environment/{sides.name(ctx, side)}"
