"""Whether a document counts now, statement by statement: by IAM's simulator, by reading, by the smallest real call."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from mwaa_wizard.aws.errors import is_missing
from mwaa_wizard.aws.factory import Clients
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.policies import analyzed, simulated, statements, tried
from mwaa_wizard.policies.analyzed import Analysis
from mwaa_wizard.policies.principals import Piece
from mwaa_wizard.policies.simulated import Verdict
from mwaa_wizard.policies.there import Asking, Now, elsewhere_only, kind_of, read, side_of
from mwaa_wizard.preflight.finding import Refused
from mwaa_wizard.preflight.simulate import caller_arn, is_root
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean


@dataclass(frozen=True)
class Checked:
    """Whether a document counts, statement by statement. `note` says what could not be asked, and why; `analysis` is
    what Access Analyzer has against it (None: not asked).
    """

    at: str
    verdicts: tuple[Verdict, ...]
    note: str = ""
    analysis: Analysis | None = None

    @property
    def good(self) -> bool:
        """Whether every statement that can be asked about is allowed, at least one was, and none has an error."""
        states = {one.state for one in self.verdicts}
        return "allowed" in states and "denied" not in states and not (self.analysis and self.analysis.errors)


def check(session: Session, piece: Piece, clients: Clients) -> Checked:
    """Whether each statement counts now, and what Access Analyzer says of the text. Raises as boto3 does."""
    found = counts(session, piece, clients)
    said = analyzed.validate(Asking(session, clients).context(), side_of(piece), piece.policy)
    return dataclasses.replace(found, analysis=said)


def counts(session: Session, piece: Piece, clients: Clients) -> Checked:
    """Whether each statement counts now: by IAM's simulator, or by reading where that is what can be asked."""
    ctx, at = Asking(session, clients).context(), dt.datetime.now(dt.UTC).strftime("%H:%M:%SZ")
    kind, wanted = kind_of(piece), piece.policy.document["Statement"]
    if kind == "people":
        why = _("It is for other people: attach it, and let one of them log in.")
        return Checked(at, _unknown(wanted, why), why)
    if kind in ("trust", "bucket", "key"):
        return _by_reading(ctx, at, piece)
    try:
        principal, why = _principal(ctx, piece)
        if not principal:
            return Checked(at, _unknown(wanted, why), why)
        side = side_of(piece)
        return Checked(at, tuple(simulated.statement(ctx, side, principal, one) for one in wanted))
    except Refused as refusal:
        return _after_refusal(ctx, at, piece, refusal.action)
    except Exception as problem:
        if not is_missing(problem):
            raise
        why = _("There is no role {role} yet.").format(role=piece.policy.attach_to_arn)
        return Checked(at, _unknown(wanted, why), why)


def _principal(ctx: Context, piece: Piece) -> tuple[str, str]:
    """Whom to ask about, or why nobody."""
    if kind_of(piece) == "role":
        return piece.policy.attach_to_arn, _("The role is not known yet.")
    side = side_of(piece)
    if is_root(ctx, side):
        return "", _("You are the account's root user, whom no policy limits.")
    return caller_arn(ctx, side), _("IAM's simulator takes no federated user.")


def _unknown(wanted: list[dict[str, Any]], why: str) -> tuple[Verdict, ...]:
    return tuple(Verdict(str(one.get("Sid", "")), "unknown", why) for one in wanted)


def _by_reading(ctx: Context, at: str, piece: Piece) -> Checked:
    """Trust, bucket and key policies are what they say: a statement is there, or it is not."""
    wanted = piece.policy.document["Statement"]
    if why := elsewhere_only(piece, ctx.clients):
        return Checked(at, _unknown(wanted, why), why)
    try:
        found = read(ctx, piece)
    except Refused as refusal:
        why = _("It may not be read by you: {action} is refused.").format(action=refusal.action)
        return Checked(at, _unknown(wanted, why), why)
    if found.gone:
        why = _("It is not there yet: {arn}").format(arn=piece.policy.attach_to_arn or "–")
        return Checked(at, _unknown(wanted, why), why)
    there = [statements.plain(one) for one in statements.of(found.document)]
    return Checked(at, tuple(
        Verdict(str(one["Sid"]), "allowed" if statements.plain(one) in there else "denied",
                "" if statements.plain(one) in there else _("not among its statements"))
        for one in wanted
    ))  # fmt: skip


def _after_refusal(ctx: Context, at: str, piece: Piece, action: str) -> Checked:
    """IAM may not be asked whether it counts: what a real call tells, or whether at least the text is there."""
    wanted = piece.policy.document["Statement"]
    note = _("Whether it counts could not be asked: {action} is refused.").format(action=action)
    if kind_of(piece) == "caller":
        note += " " + _("So the smallest call of each statement was tried that only reads.")
        return Checked(at, tuple(tried.statement(ctx, side_of(piece), one) for one in wanted), note)
    try:
        found = read(ctx, piece)
    except Refused as refusal:
        note += " " + _("Nor may it be read: {action} is refused.").format(action=refusal.action)
        found = Now()
    there = [statements.plain(one) for one in statements.of(found.document)]
    elsewhere, rows = dict(found.elsewhere), []
    for one in wanted:
        sid = str(one["Sid"])
        if proof := tried.written(ctx, piece, one):
            rows.append(Verdict(sid, "allowed", proof))
        elif statements.plain(one) in there:
            rows.append(Verdict(sid, "unknown", _("the text is on the role")))
        elif sid in elsewhere:
            words = _("the text is on the role, in {policy}")
            rows.append(Verdict(sid, "unknown", words.format(policy=clean(elsewhere[sid], limit=200))))
        else:
            rows.append(Verdict(sid, "unknown", _("not known")))
    return Checked(at, tuple(rows), note)
