"""Cut over: who runs each DAG, what unpausing it in the target would do, and batches that are handed over or back."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from mwaa_wizard.front import cutover_text as words
from mwaa_wizard.front import engine_cutover
from mwaa_wizard.front.runs import Run
from mwaa_wizard.front.words import shown_path, wrap
from mwaa_wizard.i18n import N_, _, ngettext
from mwaa_wizard.text import clean, width

from . import cutover_rows as rows
from .cutover_acts import BatchActs
from .page import WizardPage
from .widgets.filter import Filtering
from .widgets.plain import Plain
from .widgets.row_list import RowList

if TYPE_CHECKING:
    from mwaa_wizard.execution.unpausing.board import Board, Line
    from mwaa_wizard.execution.unpausing.forecast import Forecast

_FORECASTS = 300  # asked for by itself; of more, the marked and the picked ones are asked for


class CutoverPage(Filtering, BatchActs, WizardPage):
    """The journal and both Airflows are the truth; the page keeps what it was told and what is picked."""

    PAGE = "cutover"
    RAIL = False
    LIST = "#board"
    BELOW = "#board-heads"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pick", N_("pick")),
        Binding("b", "batch", N_("hand over …")),
        Binding("r", "again", N_("again")),
        Binding("u", "take_back", N_("roll back …")),
        Binding("p", "stop", N_("stop safely")),
        Binding("slash", "filter", N_("filter"), key_display="/"),
        Binding("a", "all", N_("all")),
        Binding("0", "none", N_("none")),
        Binding("i", "invert", N_("invert")),
        Binding("f5", "retry", N_("ask again"), show=False),
    ]
    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("in full")}

    class Foretold(Message):
        """The target has said what unpausing a DAG would do."""

        def __init__(self, one: Forecast) -> None:
            super().__init__()
            self.one = one

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Line] = []
        self._cancel = threading.Event()
        self._asked: set[str] = set()
        self._most = rows.needed(0)  # cells of a row, however wide the terminal is
        self._measured: Board | None = None
        self._texts: list[str] = []  # what a filter looks in, of each line

    def body(self) -> ComposeResult:
        yield Plain(id="board-heads")
        yield RowList(id="board")
        yield Plain(id="board-detail")
        yield Plain(id="board-batches")

    @property
    def _kept(self) -> engine_cutover.Kept:
        return engine_cutover.kept(self.session)

    @property
    def _board(self) -> Board | None:
        return self._kept.board

    @property
    def board(self) -> Board | None:
        """What both sides said last; None while they are asked for the first time."""
        return None if self.lookups.busy else self._kept.board

    @property
    def _run(self) -> Run | None:
        return self.opened.runs.get("batch")

    def heading(self) -> tuple[str, str]:
        board, picked = self._board, len(self._kept.picked)
        left = _("Who runs each DAG?") + f"  {self._verified()}"
        if picked:
            return left, ngettext("{n} picked", "{n} picked", picked).format(n=f"{picked:,}")
        return left, words.totals(board) if board is not None else ""

    def _verified(self) -> str:
        """Whether the run was verified: who hands DAGs over wants to know."""
        return {
            "verified": _("✔ run verified"),
            "differs": _("✘ verification found differences"),
        }.get(self.session.last_result.state, _("run not verified"))

    def why(self) -> list[str]:
        source, target = clean(self.session.source.environment), clean(self.session.target.environment)
        return [
            _("A batch is paused in {source}, its running tasks are waited for, and then exactly those of its DAGs "
              "that were unpaused are unpaused in {target}. A DAG that was paused is never unpaused, and none ever "
              "runs on both sides.").format(source=source, target=target),
            _("Begin with a few DAGs that matter little, and look at their first runs in the target. u gives a batch "
              "back to the source; undo of the session gives all of them back."),
            _("“runs” are runs on the source that are not at their end: when their DAG is paused they stay unfinished "
              "there. What the target would run at once is its own Airflow's word (schedule, catchup, next run)."),
            _("Everything is in the journal before it is done. After a kill the batch is shown as half done: r goes "
              "on, u rolls it back."),
        ]  # fmt: skip

    # Asking

    def entered(self) -> None:
        self.query_one(RowList).focus()
        self._show()
        run = self._run
        if run is not None and run.active:
            self.run_changed(run)
        else:
            self._ask()

    def _ask(self, said: str = "") -> None:
        session = self.session.model_copy(deep=True)

        def done(board: Board) -> None:
            self._kept.board = board
            taken = {line.dag_id for line in board.lines if not line.movable}
            self._kept.picked -= taken
            self._show()
            self._say(said)
            self._foretell([line.dag_id for line in board.lines if line.movable and line.source is not True])

        what = _("Asking {source} and {target} for their DAGs …").format(
            source=clean(session.source.environment), target=clean(session.target.environment))  # fmt: skip
        self.look_up(what, lambda: engine_cutover.board(session), done)

    def _foretell(self, dag_ids: list[str]) -> None:
        """Forecasts come one by one, in a thread of their own: nothing waits for them."""
        new = [dag_id for dag_id in dag_ids if dag_id not in self._asked][:_FORECASTS]
        if not new:
            return
        self._asked.update(new)
        session = self.session.model_copy(deep=True)

        def work() -> None:
            try:
                engine_cutover.forecasts(session, new, lambda one: self.post_message(self.Foretold(one)), self._cancel)
            except Exception:  # a forecast is a help, not a condition: the column stays empty
                self._asked.difference_update(new)

        threading.Thread(target=work, name="forecasts", daemon=True).start()

    def on_cutover_page_foretold(self, event: Foretold) -> None:
        event.stop()
        if self.alive:
            self._kept.forecasts[event.one.dag_id] = event.one
            self.query_one(RowList).refresh()
            self._detail()

    def on_unmount(self) -> None:
        self._cancel.set()

    # Showing

    def _say(self, said: str = "") -> None:
        board = self._board
        if board is None:
            return
        half, run = board.half, self._run
        if half is not None:
            way = _("r ends it.") if half.phase == "rolling-back" else _("r goes on with it, u rolls it back.")
            error = run.state.error if run is not None else None
            failed = [f"{error.what} {error.where}".strip()] if error is not None else []
            told = _("{words}.").format(words=words.batch_line(half))
            self.notice.problems([f"{told} {way}", *failed])
        elif board.obstacle:
            self.notice.problems([board.obstacle])
        elif run is not None and run.state.outcome == "failed" and run.state.error is not None:
            self.notice.error(run.state.error, retry=False)
        elif board.count("both"):
            twice = _("Some DAGs are unpaused on both sides: they run twice. A batch of them ends that.")
            self.notice.problems([twice])
        elif said:
            self.notice.good(said)
        else:
            self.notice.hint(_("space picks DAGs, b hands them over; without a pick b takes the marked one."))

    def _show(self) -> None:
        board = self._board
        lines = board.lines if board is not None else ()
        if board is not self._measured:  # once, not with each letter of a filter
            self._measured = board
            self._texts = [f"{line.dag_id} {words.place(line)[1]}".lower() for line in lines]
            self._most = rows.needed(max((width(clean(line.dag_id, limit=250)) for line in lines), default=0))
        self._shown = self.holding(lines, self._texts)
        table = self.query_one(RowList)
        table.show([line.dag_id for line in self._shown], self._draw)
        self.query_one("#board-heads", Plain).say(rows.heads(min(self._most, table.cells or self.size.width - 2)))
        told = [words.batch_line(batch) for batch in reversed(board.batches)] if board is not None else []
        pane = self.query_one("#board-batches", Plain)
        pane.display = bool(told)
        pane.say("\n".join(told[: 4 if self.size.height >= 30 else 2]))
        self._detail()
        self.refresh_chrome()

    def _draw(self, index: int, cells: int) -> tuple[str, str]:
        line, kept = self._shown[index], self._kept
        cells = min(self._most, cells)
        return rows.row(line, line.dag_id in kept.picked, kept.forecasts.get(line.dag_id), cells)

    def _marked(self) -> Line | None:
        key = self.query_one(RowList).key
        return next((line for line in self._shown if line.dag_id == key), None)

    def _told(self, line: Line) -> list[str]:
        return rows.told(line, self._kept.forecasts.get(line.dag_id))

    def _detail(self) -> None:
        pane, line, run = self.query_one("#board-detail", Plain), self._marked(), self._run
        if line is None or (run is not None and run.active):
            return
        cells = max(20, pane.size.width)
        pane.say(Content("\n".join(wrap(f"{clean(line.dag_id)}: " + " · ".join(self._told(line)), cells, "", "")[:3])))

    def on_row_list_marked(self) -> None:
        # Not stopped here: the app takes the terminal's cursor along.
        line = self._marked()
        if line is not None and line.movable and line.source is not True:
            self._foretell([line.dag_id])
        self._detail()
        self.refresh_bindings()

    def on_row_list_chosen(self, event: RowList.Chosen) -> None:
        """One DAG in full."""
        from .widgets.full_text import FullText

        event.stop()
        line = self._marked()
        if line is None:
            return
        states = _("Before: {before} · source now: {source} · target now: {target}").format(
            before=words.state(line.before), source=words.state(line.source, line.on_source),
            target=words.state(line.target, line.on_target))  # fmt: skip
        self.wizard.push_screen(FullText(line.dag_id, [states, *self._told(line)]))

    def fitted(self) -> None:
        self._show()

    # Picks

    def _movable(self) -> list[str]:
        """What all, none and invert are about: of the lines that are shown, those a batch would unpause."""
        return [line.dag_id for line in self._shown if line.movable and line.source is not True]

    def action_pick(self) -> None:
        """Pick or leave the marked DAG."""
        line = self._marked()
        if line is None:
            return
        if not line.movable or line.source is True:
            self.notice.hint(" ".join(self._told(line)))
            return
        self._kept.picked ^= {line.dag_id}
        self.query_one(RowList).action_cursor_down()
        self._picked()

    def action_all(self) -> None:
        """Pick all that are shown and can go."""
        self._kept.picked |= set(self._movable())
        self._picked()

    def action_none(self) -> None:
        """Pick none."""
        self._kept.picked.clear()
        self._picked()

    def action_invert(self) -> None:
        """Pick what was not picked."""
        self._kept.picked ^= set(self._movable())
        self._picked()

    def pick(self, dag_ids: Sequence[str]) -> None:
        """These and no others."""
        self._kept.picked = set(dag_ids)
        self._picked()

    def _picked(self) -> None:
        self.query_one(RowList).refresh()
        self._show_heading()
        self.refresh_bindings()

    def filtered(self) -> None:
        self._show()

    def action_back(self) -> None:
        if not self.close_filter():
            super().action_back()

    # The batch's run

    def run_changed(self, run: Run) -> None:
        """The app tells that the batch moved (at most every 80 ms)."""
        if run is not self._run or not self.alive:
            return
        if run.active:
            step = run.state.step("batch")
            progress = step.progress if step is not None else None
            detail = f"{progress.done:,} {progress.unit} {clean(progress.detail)}" if progress is not None else ""
            self.notice.busy(_("Stopping at the next safe point …") if run.state.stopping else
                             _("The batch is under way; p stops it safely."))  # fmt: skip
            self.query_one("#board-detail", Plain).say(detail)
        else:
            done = run.state.outcome == "done"
            said = _("Done; looked at both sides again.")
            if self.wizard.request.dry_run:
                said = _("Only a dry run: nothing was paused or unpaused. Its log: {path}").format(
                    path=shown_path(run.log_path("batch")))  # fmt: skip
            self._ask(said if done else "")
        self.refresh_bindings()

    def action_stop(self) -> None:
        """Stop the batch at its next safe point."""
        run = self._run
        if run is not None:
            run.stop()
            self.run_changed(run)

    def action_retry(self) -> None:
        self._asked.clear()
        self._ask()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.has_class("-too-small"):
            board, run = self._board, self._run
            active = run is not None and run.active
            ready = board is not None and not board.obstacle and not active
            if action in ("pick", "all", "none", "invert"):
                return ready and bool(self._shown)
            if action == "batch":
                return ready and board is not None and board.half is None and bool(self._shown)
            if action == "take_back":
                return not active and self._backable() is not None
            if action == "stop":
                return active
            if action in ("again", "retry"):
                return not active and not self.lookups.busy
            if action == "filter":
                return bool(board and board.lines)
        return super().check_action(action, parameters)

