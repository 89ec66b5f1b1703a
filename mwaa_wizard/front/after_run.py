"""What an answers file says of the time after the run: batches handed over, and the clean-up."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from mwaa_wizard.errors import EXIT_FAILED, EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mwaa_wizard.execution.unpausing.board import Board
    from mwaa_wizard.execution.unpausing.step import Order
    from mwaa_wizard.session.model import Session

    from .engine_cleanup import Found


@dataclass(frozen=True)
class After:
    """`batches`: names and patterns of each, in order. `cleanup`: take away what is left of ours; `bundle`: the
    migration bucket, too (None: as the session says).
    """

    batches: tuple[tuple[str, ...], ...] = ()
    cleanup: bool = False
    bundle: bool | None = None

    def __bool__(self) -> bool:
        return bool(self.batches) or self.cleanup


def refusal(session: Session, after: After) -> str:
    """Why what the file wants after the run is not begun; empty where it may. Only a verified run is cut over."""
    from . import flow

    pages = [page for page, wanted in (("cutover", bool(after.batches)), ("cleanup", after.cleanup)) if wanted]
    for page in pages:
        if why := flow.left_out(page, session):
            return f"{flow.title_of(page)}: {why}"
    if pages and session.last_result.state != "verified":
        return _("Verification found differences, so nothing that the file wants after the run was begun.")
    return ""


def order(session: Session, board: Board, patterns: Sequence[str]) -> Order | None:
    """The order that hands these DAGs over; None where all of them are the target's already. Raises WizardError."""
    from mwaa_wizard.execution.unpausing.step import Order

    from .engine_cutover import matching

    if board.obstacle:
        raise WizardError(what=board.obstacle, changed=_("Nothing was changed."), exit_code=EXIT_USAGE)
    there = {line.dag_id for line in board.lines if line.place == "target"}
    dags = [dag_id for dag_id in matching(board.lines, patterns) if dag_id not in there]
    if dags:
        return Order("begin", dags=tuple(dags))
    if any(fnmatchcase(dag_id, pattern) for dag_id in there for pattern in patterns):
        return None
    raise nothing_to_hand_over(session, patterns)


def nothing_to_hand_over(session: Session, patterns: Sequence[str]) -> WizardError:
    """No DAG is meant by these names and patterns."""
    return WizardError(
        what=_("No DAG that can be handed over matches {patterns}.").format(patterns=clean(listed(patterns))),
        changed=_("Nothing was changed."),
        remedy=_("See them with: mwaa-wizard cutover {id}").format(id=session.id),
        exit_code=EXIT_USAGE,
    )


def left(session: Session, found: Found, ids: Sequence[str]) -> WizardError | None:
    """What a clean-up did not take away; None where all of it is gone."""
    there = [one for one in found.things if one.id in ids and one.there is not False]
    if not there:
        return None
    return WizardError(
        what=_("Still there: {names}.").format(names=listed(f"{one.title} ({clean(one.where)})" for one in there)),
        changed=_("The rest was taken away."),
        remedy=_("Look at it with: mwaa-wizard cleanup {id} --list").format(id=session.id),
        exit_code=EXIT_FAILED,
    )
