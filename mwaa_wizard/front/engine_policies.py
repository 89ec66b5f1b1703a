"""The seam to the engine for page Policies and for `policy`: documents, forms, what is there, whether it counts.

Like `engine`: nothing is imported before it is called, tests replace these functions, and those that ask AWS take
seconds and raise WizardError. `draft` and `text` need no AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from . import retrying

if TYPE_CHECKING:
    from mwaa_wizard.policies.compare import Difference
    from mwaa_wizard.policies.forms import Form
    from mwaa_wizard.policies.live import Checked, Now
    from mwaa_wizard.policies.principals import Found, Piece
    from mwaa_wizard.session.model import Session

T = TypeVar("T")


@dataclass(frozen=True)
class Policies:
    """All documents of a session. `asked`: AWS was asked; `unread`: what it did not tell, in words."""

    found: Found
    asked: bool = False
    unread: str = ""


@dataclass(frozen=True)
class Compared:
    """A document beside what is there. `lines`: see `policies.compare.lines`; `note`: why it cannot be compared, or
    what is to be said besides; `covered`: Sid -> which of the role's other policies has it or allows it already.
    """

    differences: tuple[Difference, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    note: str = ""
    covered: tuple[tuple[str, str], ...] = ()


def draft(session: Session, environment: dict[str, Any] | None = None) -> Policies:
    """The documents from what the session and this machine know; `environment`: the source, where it was asked."""
    from mwaa_wizard.policies import build, principals

    facts = build.from_session(session)
    known = environment or build.kept_source(session)
    if environment:
        facts = build.with_environment(facts, session, environment)
    return Policies(principals.principals(session, facts, known))


def asked(session: Session) -> Policies:
    """The documents with what AWS says today; what it does not say stays as the session has it."""
    from mwaa_wizard.environments import lookups
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.policies import build, principals

    clients = retrying.clients(session)
    facts = build.facts_of(session, clients)
    environment, unread = build.kept_source(session), ""
    try:
        environment = dict(lookups.environment(clients, "source", session.source.environment))
    except WizardError as problem:
        unread = problem.what
    return Policies(principals.principals(session, facts, environment), True, unread)


def text(piece: Piece, form: Form) -> str:
    """The bytes that are shown, copied, saved, and printed by `mwaa-wizard policy`."""
    from mwaa_wizard.policies import forms

    return forms.written(piece.policy, form)


def forms(piece: Piece) -> tuple[Form, ...]:
    """The forms a document can be had in."""
    from mwaa_wizard.policies import forms as room

    return room.forms_of(piece.policy)


def sizes(piece: Piece) -> tuple[int, int]:
    """(characters that IAM counts, how many it takes)."""
    from mwaa_wizard.policies import render

    return render.size(piece.policy.document), render.limit(piece.policy)


def problems(piece: Piece) -> list[str]:
    """What speaks against the document: IAM's grammar and size, AWS's list of actions and their resources."""
    from mwaa_wizard.policies import render

    found = render.check_policy(piece.policy)
    for sid, several in render.statement_problems(piece.policy).items():
        found += [f"{sid}: {one}" for one in several if not any(one in text for text in found)]
    return found


def actions_date() -> str:
    """The day of the list of actions that the documents are checked against."""
    from mwaa_wizard.policies import actions

    return actions.date()


def compared(session: Session, piece: Piece) -> Compared:
    """What is there now beside the document; other policies count where IAM itself says that they allow it."""
    from mwaa_wizard.i18n import _
    from mwaa_wizard.policies import compare, live

    if live.kind_of(piece) in ("caller", "people"):
        return Compared(note=_("It is not attached to anything that the wizard knows: compare it where you attach it."))
    clients = retrying.clients(session)
    if why := _worded(lambda: live.elsewhere_only(piece, clients)):
        return Compared(note=why)
    now = _worded(lambda: live.now(session, piece, clients))
    if now.refused:
        note = _("What is there may not be read by you: {action} is refused.").format(action=now.refused)
        return Compared(note=note)
    differences = tuple(compare.differences(piece.policy, now.document))
    lines = tuple(compare.lines(piece.policy, now.document))
    if now.gone:
        return Compared(differences, lines, _("There is nothing yet: {arn}").format(
            arn=piece.policy.attach_to_arn or _("not known")))  # fmt: skip
    note = "" if now.document else _("Nothing of this name is there.")
    return Compared(differences, lines, note, _covered(session, piece, clients, now) if now.others else ())


def _covered(session: Session, piece: Piece, clients: Any, now: Now) -> tuple[tuple[str, str], ...]:
    """Statements that the role's other policies have word for word, or allow already as far as IAM names them."""
    from mwaa_wizard.policies import live

    if live.kind_of(piece) != "role":
        return ()
    counted = _worded(lambda: live.counts(session, piece, clients))
    allowed = {
        one.sid: one.detail
        for one in counted.verdicts
        if one.state == "allowed" and piece.policy.name not in one.detail
    }
    return tuple((allowed | dict(now.elsewhere)).items())


def checked(session: Session, piece: Piece) -> Checked:
    """Whether each statement counts now."""
    from mwaa_wizard.policies import live

    clients = retrying.clients(session)
    return _worded(lambda: live.check(session, piece, clients))


def applied(session: Session, piece: Piece) -> list[str]:
    """Attach it, journaled; what happened, in words."""
    from mwaa_wizard.policies import live

    clients = retrying.clients(session)
    return _worded(lambda: live.apply(session.model_copy(deep=True), piece, clients))


def detached(session: Session, piece: Piece) -> list[str]:
    """Take off what the wizard put there, journaled; what happened, in words."""
    from mwaa_wizard.policies import live

    clients = retrying.clients(session)
    return _worded(lambda: live.detach(session.model_copy(deep=True), piece, clients))


def is_attached(session: Session, piece: Piece) -> bool:
    """Whether the wizard put it there and did not take it off, as the journal has it; asks nobody."""
    from mwaa_wizard.policies import live

    return live.attached(session, piece)


def may_detach(session: Session, piece: Piece) -> bool:
    """Whether the wizard takes it off when asked."""
    from mwaa_wizard import readonly

    return piece.applies and not readonly.on() and is_attached(session, piece)


def may_apply(piece: Piece) -> bool:
    """Whether the wizard attaches it when asked."""
    from mwaa_wizard import readonly

    return piece.applies and not readonly.on()


def _worded(call: Callable[[], T]) -> T:
    """Whatever the call raises becomes a WizardError."""
    from mwaa_wizard.aws.errors import translate

    try:
        return call()
    except Exception as problem:
        raise translate(problem) from problem
