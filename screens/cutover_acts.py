"""What the cut-over board does: hands a batch over, gives one back, goes on with a half one; asked for first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front import cutover_text as words
from mwaa_wizard.front import engine, engine_cutover, run_state
from mwaa_wizard.front.dry import DryRunner
from mwaa_wizard.front.runs import Listener, Run, RunnerLike
from mwaa_wizard.i18n import _, ngettext
from mwaa_wizard.text import clean

from . import cutover_rows as rows

if TYPE_CHECKING:
    from mwaa_wizard.execution.unpausing.batches import Batch
    from mwaa_wizard.execution.unpausing.board import Board, Line
    from mwaa_wizard.execution.unpausing.step import Order

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

        line = self._marked()
        chosen = sorted(self._kept.picked) or ([line.dag_id] if line and line.dag_id in self._movable() else [])
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
        if self.opened.active_run is not None:
            self.notice.problems([_("A run is under way; a batch can begin when it has ended.")])
            return
        session = self.session
        step = [("batch", _("Batch"))]
        run = Run("batch", step, lambda one: engine.log_path(session.id, one), run_state.initial(step))
        self.opened.runs["batch"] = run
        dry = self.wizard.request.dry_run

        def make(listener: Listener) -> RunnerLike:
            runner = engine_cutover.make_runner(session, order, listener)
            return DryRunner(runner) if dry else runner

        run.start(make)
        self.run_changed(run)
