"""What AWS has of a document now, whether it counts, and putting it there: the only part of this room that asks AWS."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

from mwaa_wizard import readonly
from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.aws.factory import Clients, Side
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import names
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Event, Line
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.plan import step_by_id
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import render, simulated
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.policies.simulated import Verdict
from mwaa_wizard.preflight.finding import Refused, look
from mwaa_wizard.preflight.simulate import caller_arn, is_root
from mwaa_wizard.session.model import Session


@dataclass(frozen=True)
class Now:
    """What is there. `document` is None where nothing of ours is, and where it may not be read (`refused`: the action);
    `others`: names of the role's other policies; `gone`: there is no such role, bucket or key.
    """

    document: dict[str, Any] | None = None
    refused: str = ""
    others: tuple[str, ...] = ()
    gone: bool = False


@dataclass(frozen=True)
class Checked:
    """Whether a document counts, statement by statement. `note` says what could not be asked, and why."""

    at: str
    verdicts: tuple[Verdict, ...]
    note: str = ""

    @property
    def good(self) -> bool:
        """Whether every statement that can be asked about is allowed, and at least one was."""
        states = {one.state for one in self.verdicts}
        return "allowed" in states and "denied" not in states


@dataclass
class _Asking:
    """One look at AWS for a session."""

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


def now(session: Session, piece: Piece, clients: Clients) -> Now:
    """Read what is there. Raises as boto3 does where AWS cannot be asked at all."""
    try:
        return _read(_Asking(session, clients).context(), piece)
    except Refused as refusal:
        return Now(refused=refusal.action)


def _read(ctx: Context, piece: Piece) -> Now:
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
        return _role(ctx, side, role, piece.policy.name)
    except Exception as problem:
        if is_missing(problem):
            return Now(gone=True)
        raise


def _role(ctx: Context, side: Side, role: str, policy: str) -> Now:
    inline = list(look(ctx, side, "iam", "list_role_policies", RoleName=role)["PolicyNames"])
    attached = look(ctx, side, "iam", "list_attached_role_policies", RoleName=role)["AttachedPolicies"]
    others = (*(name for name in inline if name != policy), *(str(one["PolicyName"]) for one in attached))
    if policy not in inline:
        return Now(others=others)
    found = look(ctx, side, "iam", "get_role_policy", RoleName=role, PolicyName=policy)["PolicyDocument"]
    return Now(dict(found), others=others)


def check(session: Session, piece: Piece, clients: Clients) -> Checked:
    """Whether each statement counts now: by IAM's simulator, or by reading where that is what can be asked."""
    ctx, at = _Asking(session, clients).context(), dt.datetime.now(dt.UTC).strftime("%H:%M:%SZ")
    kind, statements = kind_of(piece), piece.policy.document["Statement"]
    if kind == "people":
        why = _("It is for other people: attach it, and let one of them log in.")
        return Checked(at, _unknown(statements, why), why)
    if kind in ("trust", "bucket", "key"):
        return _by_reading(ctx, at, piece)
    try:
        principal, why = _principal(ctx, piece)
        if not principal:
            return Checked(at, _unknown(statements, why), why)
        side = side_of(piece)
        return Checked(at, tuple(simulated.statement(ctx, side, principal, one) for one in statements))
    except Refused as refusal:
        return _after_refusal(ctx, at, piece, refusal.action)
    except Exception as problem:
        if not is_missing(problem):
            raise
        why = _("There is no role {role} yet.").format(role=piece.policy.attach_to_arn)
        return Checked(at, _unknown(statements, why), why)


def _principal(ctx: Context, piece: Piece) -> tuple[str, str]:
    """Whom to ask about, or why nobody."""
    if kind_of(piece) == "role":
        return piece.policy.attach_to_arn, _("The role is not known yet.")
    side = side_of(piece)
    if is_root(ctx, side):
        return "", _("You are the account's root user, whom no policy limits.")
    return caller_arn(ctx, side), _("IAM's simulator takes no federated user.")


def _unknown(statements: list[dict[str, Any]], why: str) -> tuple[Verdict, ...]:
    return tuple(Verdict(str(one.get("Sid", "")), "unknown", why) for one in statements)


def _by_reading(ctx: Context, at: str, piece: Piece) -> Checked:
    """Trust, bucket and key policies are what they say: a statement is there, or it is not."""
    statements = piece.policy.document["Statement"]
    try:
        found = _read(ctx, piece)
    except Refused as refusal:
        why = _("It may not be read by you: {action} is refused.").format(action=refusal.action)
        return Checked(at, _unknown(statements, why), why)
    if found.gone:
        why = _("It is not there yet: {arn}").format(arn=piece.policy.attach_to_arn or "–")
        return Checked(at, _unknown(statements, why), why)
    there = [plain(one) for one in (found.document or {}).get("Statement", [])]
    return Checked(at, tuple(
        Verdict(str(one["Sid"]), "allowed" if plain(one) in there else "denied",
                "" if plain(one) in there else _("not among its statements"))
        for one in statements
    ))  # fmt: skip


def plain(statement: dict[str, Any]) -> dict[str, Any]:
    """A statement as it counts: lists in one order, a list of one as its only item, without its Sid."""

    def item(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: item(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return item(value[0]) if len(value) == 1 else sorted(map(str, value))
        return value

    return {key: item(value) for key, value in statement.items() if key != "Sid"}


def _after_refusal(ctx: Context, at: str, piece: Piece, action: str) -> Checked:
    """IAM may not be asked whether it counts: say whether at least the text is there, if that may be read."""
    statements = piece.policy.document["Statement"]
    note = _("Whether it counts could not be asked: {action} is refused.").format(action=action)
    try:
        found = _read(ctx, piece) if kind_of(piece) == "role" else Now()
    except Refused as refusal:
        note += " " + _("Nor may it be read: {action} is refused.").format(action=refusal.action)
        found = Now()
    there = [plain(one) for one in (found.document or {}).get("Statement", [])]
    text, none = _("the text is on the role"), _("not known")
    return Checked(at, tuple(
        Verdict(str(one["Sid"]), "unknown", text if plain(one) in there else none) for one in statements
    ), note)  # fmt: skip


def apply(session: Session, piece: Piece, clients: Clients) -> list[str]:
    """Attach a document as the run's own step does: journaled before, under the session's name, found done later.

    Returns what happened, in words. Raises WizardError where the wizard does not attach it.
    """
    if not piece.applies:
        raise WizardError(
            what=_("The wizard does not attach {name} from here.").format(name=piece.policy.name),
            changed=_("Nothing was changed."),
            remedy=piece.whose,
        )
    readonly.refuse_run()
    asking = _Asking(session, clients)
    step, ctx = step_by_id(session, piece.step), asking.context(piece.step)
    try:
        step.run(ctx)
        step.verify(ctx)
    except Exception as problem:
        if not is_missing(problem):
            raise
        raise WizardError(
            what=_("What {name} belongs to is not there yet.").format(name=piece.policy.name),
            where=str(problem),
            remedy=_("The run makes it, and then attaches this policy by itself."),
        ) from problem
    return asking.lines
