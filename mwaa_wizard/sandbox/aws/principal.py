"""Who calls: the identity behind an access key."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["user", "assumed-role", "root", "service", "anonymous"]


@dataclass(frozen=True)
class Principal:
    """An authenticated caller.

    ``arn`` is what sts:GetCallerIdentity answers (the session's ARN for an assumed role); ``role_arn`` is the
    role behind such a session. ``user_id`` is AWS's unique id (``AROA...:session`` for a role session).
    ``session_policies`` are the JSON documents given to AssumeRole: they can only narrow the role.
    """

    arn: str
    account: str
    user_id: str
    kind: Kind
    access_key: str = field(repr=False)
    partition: str = "aws"
    name: str = ""
    role_arn: str | None = None
    session_policies: tuple[str, ...] = ()

    @property
    def principal_arn(self) -> str:
        """The value of ``aws:PrincipalArn``: for a session IAM gives the role's ARN, not the session's."""
        return self.role_arn or self.arn


@dataclass(frozen=True)
class Credential:
    """An access key with its secret, and the principal it speaks for. ``expires`` is aware UTC or None."""

    access_key: str
    principal: Principal
    secret: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    expires: datetime | None = None


def service_principal(service: str) -> Principal:
    """The principal of an AWS service (``airflow.amazonaws.com``), for reading trust policies."""
    return Principal(arn=service, account="", user_id=service, kind="service", access_key="", name=service)


def account_of(arn: str) -> str:
    """Account id in an ARN; empty where the ARN has none (S3, AWS's own policies)."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) > 4 and re.fullmatch(r"\d{12}", parts[4]) else ""
