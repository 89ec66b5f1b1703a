"""What the cut-over board does: hands a batch over, gives one back, goes on with a half one; asked for first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front import command_line, engine_cutover
from mwaa_wizard.front import cutover_text as words
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.text import clean

from . import cutover_rows as rows
from . import side_run

if TYPE_CHECKING:
    from mwaa_wizard.execution.unpausing.batches import Batch
    from mwaa_wizard.execution.unpausing.board import Board, Line
    from mwaa_wizard.execution.unpausing.step import Order
    from mwaa_wizard.front.runs import Run

    from .page import WizardPage

    _Base = WizardPage
else:
    _Base = object


class BatchActs(_Base):
    """Mixed into the page, which shows the board and the batch under way."""

    if TYPE_CHECKING:

        @property
        def _kept(self) -> engine_cutover.Kept: ...
        @property
        def _board(self) -> Board | None: ...
        def _marked(self) -> Line | None: ...
        def _movable(self) -> list[str]: ...
        def run_changed(self, run: Run) -> None: ...

    def action_batch(self) -> None:
        """Ask, then hand the picked DAGs over."""
        from mwaa_wizard.execution.unpausing.step import Order

        from .widgets.confirm import Confirm

        chosen = self._chosen()
        if not chosen:
            self.notice.hint(_("Pick DAGs first: of the marked one there is nothing to hand over."))
            return

        def answered(answer: str | None) -> None:
            if answer == "y":
                self._kept.picked.clear()
                self._begin(Order("begin", dags=tuple(chosen)))

        source, target = clean(self.session.source.environment), clean(self.session.target.environment)
        seconds = self.session.tables.drain_seconds
        text = [
            rows.listed(chosen),
            _("They are paused in {source}; their running tasks are waited for, {seconds} s at most; then they are "
              "unpaused in {target}.").format(source=source, target=target, seconds=seconds),
            rows.forecast_of(chosen, self._kept.forecasts),
        ]  # fmt: skip
        count = len(chosen)
        title = ngettext("Hand {n} DAG over to {name}?", "Hand {n} DAGs over to {name}?", count)
        self.wizard.push_screen(
            Confirm(
                title.format(n=f"{count:,}", name=target),
                "\n\n".join(text),
                _("hand over"),
                _("leave it as it is"),
            ),
            answered,
        )

    def _chosen(self) -> list[str]:
        """What b is about: the picked DAGs, else the marked one where it can go."""
        line = self._marked()
        return sorted(self._kept.picked) or ([line.dag_id] if line and line.dag_id in self._movable() else [])

    def action_take_back(self) -> None:
        """Ask, then give a batch back to the source."""
        from mwaa_wizard.execution.unpausing.step import Order

        from .widgets.confirm import Confirm

        batch = self._backable()
        if batch is None:
            return

        def answered(answer: str | None) -> None:
            if answer == "y":
                self._begin(Order("roll-back", number=batch.number))

        source, target = clean(self.session.source.environment), clean(self.session.target.environment)
        text = [
            rows.listed(list(batch.moves)),
            _("They are paused in {target}; their running tasks there are waited for; then they are unpaused in "
              "{source}. Runs that the target has made stay in its history.").format(source=source, target=target),
        ]  # fmt: skip
        title = _("Give batch {number} back to {name}?").format(number=batch.number, name=source)
        self.wizard.push_screen(
            Confirm(title, "\n\n".join(text), _("roll it back"), _("leave it as it is")), answered
        )

    def _backable(self) -> Batch | None:
        """The batch that u is about: the half one, else that of the marked DAG, else the newest."""
        board, line = self._board, self._marked()
        if board is None:
            return None
        live = [batch for batch in board.batches if batch.live]
        return board.half or (line.batch if line is not None else None) or (live[-1] if live else None)

    def action_again(self) -> None:
        """Go on with a half batch; otherwise look again."""
        from mwaa_wizard.execution.unpausing.step import Order

        from .widgets.confirm import Choose

        half = self._board.half if self._board is not None else None
        if half is None:
            self.action_retry()
            return
        what = "roll-back" if half.phase == "rolling-back" else "go-on"

        def answered(answer: str | None) -> None:
            if answer in ("w", "x"):
                anyway = answer == "x"
                self._begin(Order(what, number=half.number, wait=0 if anyway else None, anyway=anyway))  # type: ignore[arg-type]

        self.wizard.push_screen(
            Choose(
                words.batch_line(half),
                _("Its DAGs rest on both sides until it is ended or rolled back."),
                [
                    ("n", _("not now")),
                    ("w", _("go on, and wait for running tasks again")),
                    ("x", _("go on without waiting: tasks that still run may run twice")),
                ],
            ),
            answered,
        )

    def _begin(self, order: Order) -> None:
        session = self.session
        run = side_run.begin(
            self, "batch", ("batch", _("Batch")), lambda listener: engine_cutover.make_runner(session, order, listener)
        )
        if run is not None:
            self.run_changed(run)

    def action_command(self) -> None:
        """The command that does what is marked here."""
        half, board = (self._board.half if self._board is not None else None), self._board
        ready = board is not None and not board.obstacle and half is None
        self.show_command(command_line.cutover(
            self.session, self._chosen() if ready else [], half.number if half is not None else 0,
            back=0 if (batch := self._backable()) is None else batch.number,
            ends=half is not None and half.phase == "rolling-back",
        ))  # fmt: skip
