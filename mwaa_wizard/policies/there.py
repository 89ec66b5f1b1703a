"""What AWS has of a document now: read from the role, the bucket or the key that it belongs to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.execution import names
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Event, Line
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import render, statements
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.preflight.finding import Refused, look
from mwaa_wizard.session.model import Session

MOST_READ = 20  # a role's other inline policies that are looked into


@dataclass(frozen=True)
class Now:
    """What is there. `document` is None where nothing of ours is, and where it may not be read (`refused`: the action);
    `others`: names of the role's other policies; `elsewhere`: Sid -> which of them has that very statement; `gone`:
    there is no such role, bucket or key.
    """

    document: dict[str, Any] | None = None
    refused: str = ""
    others: tuple[str, ...] = ()
    gone: bool = False
    elsewhere: tuple[tuple[str, str], ...] = ()


@dataclass
class Asking:
    """One look at AWS for a session; `lines` is what was said meanwhile."""

    session: Session
    clients: Clients
    lines: list[str] = field(default_factory=list)

    def context(self, step: str = "policies") -> Context:
        def hear(event: Event) -> None:
            if isinstance(event, Line) and event.level != "DEBUG":
                self.lines.append(event.text)

        return Context(self.session, self.clients, Journal.of(self.session.id), hear, step=step)


def side_of(piece: Piece) -> Side:
    """Whose credentials ask about a document."""
    at_source = piece.name in ("source-role", "bucket", "log-export-source")
    return "source" if at_source or piece.name.startswith("operator-source") else "target"


def kind_of(piece: Piece) -> str:
    """`role` (inline policy), `trust`, `bucket`, `key`, `caller`, `people`."""
    if render.is_trust(piece.policy.document):
        return "trust"
    return {
        "migration-bucket": "bucket", "kms-key": "key", "operator": "caller", "ui-users": "people"
    }.get(piece.policy.principal, "role")  # fmt: skip


def elsewhere_only(piece: Piece, clients: Clients) -> str:
    """Why what is there cannot be read with any permission: a key's policy is shown within the key's own account only
    (KMS API reference, GetKeyPolicy). Empty where it can.
    """
    key = piece.policy.attach_to_arn
    owner = key.split(":")[4] if kind_of(piece) == "key" and key.count(":") >= 5 else ""
    if not owner or owner == clients.identity("target").account:
        return ""
    return _("{key} is of account {owner}, where alone its policy can be read").format(key=key, owner=owner)


def now(session: Session, piece: Piece, clients: Clients) -> Now:
    """Read what is there. Raises as boto3 does where AWS cannot be asked at all."""
    try:
        return read(Asking(session, clients).context(), piece)
    except Refused as refusal:
        return Now(refused=refusal.action)


def read(ctx: Context, piece: Piece) -> Now:
    """As `now`, but raises Refused where it may not be read."""
    side, target, kind = side_of(piece), piece.policy.attach_to_arn, kind_of(piece)
    if kind in ("caller", "people") or not target:
        return Now(gone=not target)
    try:
        if kind == "bucket":
            text = look(ctx, side, "s3", "get_bucket_policy", Bucket=names.bucket_of(target))["Policy"]
            return Now(json.loads(text))
        if kind == "key":
            text = look(ctx, side, "kms", "get_key_policy", KeyId=target, PolicyName="default")["Policy"]
            return Now(json.loads(text))
        role = names.role_name_of(target)
        if kind == "trust":
            return Now(dict(look(ctx, side, "iam", "get_role", RoleName=role)["Role"]["AssumeRolePolicyDocument"]))
        return _role(ctx, side, role, piece)
    except Exception as problem:
        if is_missing(problem):
            return Now(gone=True)
        raise


def _role(ctx: Context, side: Side, role: str, piece: Piece) -> Now:
    policy = piece.policy.name
    inline = list(look(ctx, side, "iam", "list_role_policies", RoleName=role)["PolicyNames"])
    attached = look(ctx, side, "iam", "list_attached_role_policies", RoleName=role)["AttachedPolicies"]
    others = (*(name for name in inline if name != policy), *(str(one["PolicyName"]) for one in attached))
    if policy not in inline:
        return Now(others=others, elsewhere=_elsewhere(ctx, side, role, piece, inline[:MOST_READ]))
    found = look(ctx, side, "iam", "get_role_policy", RoleName=role, PolicyName=policy)["PolicyDocument"]
    return Now(dict(found), others=others)


def _elsewhere(ctx: Context, side: Side, role: str, piece: Piece, inline: list[str]) -> tuple[tuple[str, str], ...]:
    """Which of the role's other inline policies has each statement, word for word: pasted under another name."""
    found: dict[str, str] = {}
    for name in inline:
        document = look(ctx, side, "iam", "get_role_policy", RoleName=role, PolicyName=name)["PolicyDocument"]
        there = [statements.plain(one) for one in statements.of(dict(document))]
        for one in piece.policy.document["Statement"]:
            if statements.plain(one) in there:
                found.setdefault(str(one["Sid"]), name)
    return tuple(found.items())
