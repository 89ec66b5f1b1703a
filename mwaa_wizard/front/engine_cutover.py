"""What every front-end asks of the cut-over board: who runs each DAG, what unpausing it would do, and the orders.

Nothing is imported before it is called. Functions that ask AWS take seconds and raise WizardError.
"""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from . import retrying

if TYPE_CHECKING:
    from mwaa_wizard.execution.context import Context
    from mwaa_wizard.execution.runner import Runner
    from mwaa_wizard.execution.unpausing.board import Board, Line
    from mwaa_wizard.execution.unpausing.forecast import Forecast
    from mwaa_wizard.execution.unpausing.step import Order
    from mwaa_wizard.session.model import Session

    from .runs import Listener


@dataclass
class Kept:
    """What is known of a session's board in this process, so that its page opens with it. `picked`: for a batch."""

    board: Board | None = None
    forecasts: dict[str, Forecast] = field(default_factory=dict)
    picked: set[str] = field(default_factory=set)


_kept: dict[str, Kept] = {}


def kept(session: Session) -> Kept:
    """The session's own, made on first use."""
    return _kept.setdefault(session.id, Kept())


def board(session: Session) -> Board:
    """Every DAG of both sides, its states and its batch."""
    from mwaa_wizard.execution.unpausing import board as boards

    return boards.read(_context(session))


def forecasts(
    session: Session, dag_ids: Iterable[str], tell: Callable[[Forecast], object], cancel: threading.Event | None = None
) -> int:
    """Ask the target what unpausing each DAG would do, and tell one after the other; how many were told."""
    from mwaa_wizard.execution.unpausing import forecast

    ctx = _context(session)
    if cancel is not None:
        ctx.cancel = cancel
    told = 0
    for one in forecast.many(ctx, dag_ids):
        tell(one)
        told += 1
    return told


def make_runner(session: Session, order: Order, listener: Listener) -> Runner:
    """A runner that carries out one order. The session is copied: a page may go on editing."""
    from mwaa_wizard.execution.runner import Runner
    from mwaa_wizard.execution.unpausing.step import BatchStep

    return Runner(session.model_copy(deep=True), [BatchStep(order)], listener)


def matching(lines: Sequence[Line], patterns: Sequence[str]) -> list[str]:
    """The DAGs that patterns of a command name: a plain name stands for itself, `*` and `?` for all that a batch can
    take and that were not paused.
    """
    found: dict[str, None] = {}
    for pattern in patterns:
        if any(char in pattern for char in "*?["):
            found |= dict.fromkeys(
                line.dag_id
                for line in lines
                if line.movable and line.source is not True and fnmatchcase(line.dag_id, pattern)
            )
        else:
            found[pattern] = None
    return list(found)


def command(session: Session, dag_ids: Sequence[str] = (), roll_back: int = 0) -> str:
    """The same in a shell."""
    words = ["mwaa-wizard", "cutover", session.id]
    if dag_ids:
        words += ["--batch", ",".join(dag_ids)]
    if roll_back:
        words += ["--roll-back", str(roll_back)]
    return shlex.join(words)


def _context(session: Session) -> Context:
    from mwaa_wizard.execution.looking import looking

    return looking(session, retrying.clients(session))
