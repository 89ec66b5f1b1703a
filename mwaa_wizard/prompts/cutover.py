"""Cut-over: who runs each DAG, one a line, and orders by number: hand a batch over, go on with one, roll one back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mwaa_wizard.errors import EXIT_FAILED, EXIT_RESUMABLE
from mwaa_wizard.execution.unpausing.step import Order
from mwaa_wizard.front import after_run, cutover_text, engine_cutover
from mwaa_wizard.i18n import _, listed, ngettext

from . import running
from .looking import look
from .talk import Leave, Talk

if TYPE_CHECKING:
    from mwaa_wizard.execution.unpausing.board import Board
    from mwaa_wizard.execution.unpausing.forecast import Forecast
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.front.run_state import RunState

ORDER, BATCH, NUMBER, SURE = "cutover.order", "cutover.batch", "cutover.number", "cutover.sure"


def cutover_page(talk: Talk, opened: Opened) -> None:
    """The page, until nothing more is to be ordered. Raises Back."""
    while True:
        board = look(talk, _asking(), lambda: engine_cutover.board(opened.session))
        say_board(talk, board)
        ways = [("next", _("go on to the clean-up"))]
        if not board.obstacle:
            ways.append(("begin", _("hand a batch of DAGs over to the target")))
        if board.half is not None:
            ways.append(("go-on", _("go on with batch {number}, which is half done").format(number=board.half.number)))
        if any(batch.live for batch in board.batches):
            ways.append(("roll-back", _("roll a batch back")))
        ways.append(("again", _("look again")))
        way = talk.choose(_("What now"), ways, ORDER)
        order: Order | None = None
        if way == "next":
            return
        if way == "begin":
            order = _begin(talk, opened, board)
        elif way == "go-on" and board.half is not None:
            order = Order("go-on", number=board.half.number)
        elif way == "roll-back":
            order = _roll_back(talk, board)
        if order is not None:
            carry_out(talk, opened, order)


def by_file(talk: Talk, opened: Opened, batches: Sequence[Sequence[str]]) -> None:
    """Hand the batches of an answers file over, one after the other. Raises WizardError; Leave where one fails."""
    session = opened.session
    for number, patterns in enumerate(batches, 1):
        what = _("Batch {number} of {count} of the answers file: {dags}")
        talk.heading(what.format(number=number, count=len(batches), dags=listed(patterns)))
        order = after_run.order(session, look(talk, _asking(), lambda: engine_cutover.board(session)), patterns)
        if order is None:
            talk.say(_("The target has them already."))
            continue
        state = carry_out(talk, opened, order)
        if state.error is not None:
            raise Leave(state.error.exit_code or EXIT_FAILED)
        if state.outcome != "done":
            raise Leave(EXIT_RESUMABLE)
    say_board(talk, look(talk, _asking(), lambda: engine_cutover.board(session)))


def _asking() -> str:
    return _("Asking both sides for their DAGs …")


def say_board(talk: Talk, board: Board) -> None:
    """One DAG a line, in words."""
    for line in board.lines:
        words = _("{dag}: {place}; source {source}, target {target}").format(
            dag=line.dag_id, place=cutover_text.place(line)[1], source=cutover_text.state(line.source, line.on_source),
            target=cutover_text.state(line.target, line.on_target),
        )  # fmt: skip
        talk.say(words + ("; " + _("batch {number}").format(number=line.batch.number) if line.batch else ""))
    talk.say(cutover_text.totals(board).replace(" · ", ", "))
    talk.say(*(cutover_text.batch_line(batch) for batch in board.batches))
    if board.obstacle:
        talk.say(board.obstacle)


def _begin(talk: Talk, opened: Opened, board: Board) -> Order | None:
    """Which DAGs, what unpausing them would do, and a yes."""
    movable = [line.dag_id for line in board.lines if line.movable]

    def again() -> None:
        talk.say(*movable)

    text = talk.ask(_("Names or patterns (* and ?), separated by commas"), BATCH, default="*", again=again) or "*"
    dags = engine_cutover.matching(board.lines, [part.strip() for part in text.split(",") if part.strip()])
    if not dags:
        talk.problems([_("No DAG that can be handed over matches {patterns}.").format(patterns=text)])
        return None

    def tell(one: Forecast) -> None:
        talk.say(f"{one.dag_id}: {one.brief()}")

    look(talk, _("Asking what unpausing would do …"), lambda: engine_cutover.forecasts(opened.session, dags, tell))
    words = ngettext("Hand {count} DAG over to {name}?", "Hand {count} DAGs over to {name}?", len(dags))
    question = words.format(count=len(dags), name=opened.session.target.environment)
    return Order("begin", dags=tuple(dags)) if talk.yes(question, SURE) else None


def _roll_back(talk: Talk, board: Board) -> Order | None:
    live = [(str(batch.number), cutover_text.batch_line(batch)) for batch in board.batches if batch.live]
    number = int(talk.choose(_("Which batch"), live, NUMBER, default=len(live)))
    sure = talk.yes(_("Roll back batch {number}?").format(number=number), SURE)
    return Order("roll-back", number=number) if sure else None


def carry_out(talk: Talk, opened: Opened, order: Order) -> RunState:
    """Run one order; a failure is told, and a half-done batch shows on the board."""
    session = opened.session
    state = running.carry_out(
        talk, [("batch", _("Batch"))], lambda listen: engine_cutover.make_runner(session, order, listen)
    )
    if state.error is not None:
        talk.error(state.error)
    return state
