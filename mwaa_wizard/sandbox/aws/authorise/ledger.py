"""Which permissions were asked for, and by whom: kept while somebody asks for it, one row of each kind.

What shows that a policy holds nothing that is not needed. No parameter is kept, only what IAM itself looks at: action,
ARN, the condition keys that the request brought along. Objects and log streams that differ in numbers only are one row.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from typing import Any

from mwaa_wizard.sandbox.aws.authorise.evaluate import Decision
from mwaa_wizard.sandbox.aws.authorise.permission import Permission
from mwaa_wizard.sandbox.aws.principal import Principal

# Condition keys that say nothing a policy of ours could ask, but are another in every request.
_NOISE = re.compile(r"s3:(x-amz-|VersionId|max-keys|delimiter)|secretsmanager:SecretId", re.IGNORECASE)
_NUMBERS = re.compile(r"[0-9a-f]{8,}|\d+")

FROM_THE_START = "MWAA_WIZARD_SANDBOX_LEDGER"  # set when the sandbox starts: it keeps decisions unasked
AGENT = "mwaa-wizard"  # in the User-Agent of all clients of the wizard (mwaa_wizard/aws/factory.py)

Row = dict[str, Any]


def _like(resource: str) -> str:
    """What resources of one kind have in common; an account, a bucket and a log group stay what they are."""
    head, mark, stream = resource.partition(":log-stream:")
    if mark:
        return f"{head}{mark}{'#' if stream else ''}"
    if ":s3:::" in resource and "/" in resource:
        bucket, _slash, key = resource.partition("/")
        return f"{bucket}/{_NUMBERS.sub('#', key)}"
    return resource


class Ledger:
    """Rows of decisions; safe to share. Keeps nothing before `begin`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rows: dict[tuple[str, ...], Row] | None = None

    def begin(self) -> None:
        """Keep decisions from now on, and forget those of before."""
        with self._lock:
            self._rows = {}

    def end(self) -> None:
        """Keep no more."""
        with self._lock:
            self._rows = None

    def rows(self) -> list[Row]:
        """What was kept, sorted: principal (of a session its role), kind, account, action, resource, context, owner
        (the account of the resource), must_allow and policy (`Permission`), allowed, ours (the wizard itself called).
        """
        with self._lock:
            found = dict(self._rows or {})
        return [row for _key, row in sorted(found.items())]

    def note(
        self, principal: Principal, permission: Permission, owner: str, decision: Decision, agent: str = ""
    ) -> None:
        """Keep one decision; `owner` is the account whose resource it was about, `agent` the request's User-Agent."""
        if self._rows is None:
            return
        context = {key: value for key, value in permission.context.items() if not _NOISE.match(key)}
        self._keep(
            {
                "principal": principal.principal_arn,
                "kind": principal.kind,
                "account": principal.account,
                "action": permission.action,
                "resource": permission.resource,
                "context": dict(sorted(context.items())),
                "owner": owner,
                "must_allow": permission.resource_must_allow,
                "policy": permission.resource_policy,
                "allowed": decision.allowed,
                "ours": AGENT in agent,
            }
        )

    def note_assumed(self, service: str, role: str, context: Mapping[str, str], trust: str, allowed: bool) -> None:
        """Keep that an AWS service asked to assume a role."""
        principal = Principal(arn=service, account="", user_id=service, kind="service", access_key="", name=service)
        permission = Permission("sts:AssumeRole", role, context, resource_policy=trust, resource_must_allow=True)
        self.note(principal, permission, role.split(":")[4], Decision("allowed" if allowed else "implicitDeny"))

    def _keep(self, row: Row) -> None:
        context = {key: _NUMBERS.sub("#", value) if key == "s3:prefix" else value for key, value in
                   row["context"].items()}  # fmt: skip
        like = {**row, "resource": _like(row["resource"]), "context": context}
        key = tuple(json.dumps(value, sort_keys=True) for value in like.values())
        with self._lock:
            if self._rows is not None:
                self._rows.setdefault(key, row)


#: The one of this process, as moto's backends are.
LEDGER = Ledger()
