"""Inline policies of ours on somebody's role: put on, recognised, and taken off, and never one that is not ours.

Ours is what the journal has, by role and text: it notes the text before the call, so a kill in between leaves no
policy outside of it. A policy of our name that somebody else made, or that somebody changed since, is theirs to keep.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from mwaa_wizard.aws.errors import DENIED, code_of, is_missing
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.execution import names, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import statements

Document = dict[str, Any]
Whose = Literal["nobody", "ours", "edited", "foreign"]
REFUSED = "put refused"
EDITED = "changed by somebody since"
# AWS's answers that are certain to have changed nothing; after any other the policy may be there.
_NOTHING_DONE = DENIED | {"MalformedPolicyDocument", "LimitExceeded", "NoSuchEntity", "UnmodifiableEntity"}


def standing(journal: Journal, kind: str, name: str) -> dict[str, list[Document]]:
    """Role -> every text that we put there under that name and did not take off; edited ones count."""
    found: dict[str, list[Document]] = {}
    for record in journal.records():
        if record.get("kind") != kind or record.get("name") != name:
            continue
        role = str(record.get("role", ""))
        if record["event"] in ("made", "changed"):
            found.setdefault(role, []).extend([record["document"]] if record.get("document") else [])
        elif record["event"] == "removed" and record.get("why") != EDITED:
            if role:
                found.pop(role, None)
            else:
                found.clear()
    return found


def read(ctx: Context, side: Side, role: str, name: str) -> Document | None:
    """What is there; None where there is none or the role is gone. Raises as boto3 does."""
    try:
        answer = ctx.client(side, "iam").get_role_policy(RoleName=role, PolicyName=name)
    except Exception as problem:
        if is_missing(problem):
            return None
        raise
    return dict(answer["PolicyDocument"])


def whose(journal: Journal, kind: str, role: str, name: str, found: Document | None) -> Whose:
    """To whom what is there belongs."""
    if found is None:
        return "nobody"
    put = standing(journal, kind, name).get(role)
    if put is None:
        return "foreign"
    return "ours" if not put or any(statements.same(found, one) for one in put) else "edited"


def put(ctx: Context, side: Side, kind: str, role: str, name: str, wanted: str) -> dict[str, Any]:
    """PutRolePolicy, journaled with its text before and with AWS's answer after. Raises as boto3 does."""
    document = json.loads(wanted)
    first = role not in standing(ctx.journal, kind, name)
    ctx.changed(kind, name, None, role=role, side=side, document=document)
    try:
        answer = ctx.client(side, "iam").put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=wanted)
    except Exception as problem:
        if first and code_of(problem) in _NOTHING_DONE:
            ctx.removed(kind, name, role=role, why=REFUSED)
        raise
    ctx.journal.write(
        ctx.step, "answered", call="iam:PutRolePolicy", name=name, role=role, request_id=sides.request_id(answer)
    )
    return dict(answer)


def take_off(ctx: Context, side: Side, kind: str, name: str, *, edited: bool = False) -> bool:
    """Delete what we put under that name, wherever that was; with `edited` also what somebody changed since, whose
    text the journal then keeps. Says whether one that was changed stays. Raises as boto3 does.
    """
    stays = False
    for role in list(standing(ctx.journal, kind, name)):
        try:
            found = read(ctx, side, role, name)
        except Exception as problem:
            if code_of(problem) not in DENIED:
                raise
            found = None  # it may not be read: the journal alone says that it is ours
        changed = found is not None and whose(ctx.journal, kind, role, name, found) == "edited"
        if changed and not edited:
            ctx.log(left(name, role), "WARN")
            ctx.removed(kind, name, role=role, why=EDITED)
            stays = True
            continue
        delete(ctx, side, role, name)
        ctx.removed(kind, name, role=role, **({"before": found} if changed else {}))
    return stays


def delete(ctx: Context, side: Side, role: str, name: str) -> None:
    """DeleteRolePolicy; one that is gone is fine."""
    try:
        ctx.client(side, "iam").delete_role_policy(RoleName=role, PolicyName=name)
        ctx.log(_("Took {policy} off {role}.").format(policy=name, role=role))
    except Exception as problem:
        if not is_missing(problem):
            raise


def left(name: str, role: str) -> str:
    """What is said of a policy that somebody changed."""
    return _("Somebody changed {policy} on {role} since the wizard put it there, so it stays.").format(
        policy=name, role=role
    )


def only_for(document: Document, bucket: str) -> bool:
    """Whether a document grants nothing but the use of one bucket: then it was pasted for that bucket's session."""
    resources = [
        str(arn)
        for one in statements.of(document)
        for arn in (one["Resource"] if isinstance(one.get("Resource"), list) else [one.get("Resource", "")])
    ]
    return bool(resources) and all(
        arn.count(":") == 5 and names.bucket_of(arn) == bucket for arn in resources
    )
