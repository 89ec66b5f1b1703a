"""What an answers file wants after a verified run, played on the pages: batches on the board, then the clean-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mwaa_wizard.errors import EXIT_FAILED, EXIT_RESUMABLE, WizardError
from mwaa_wizard.front import after_run, engine_cleanup
from mwaa_wizard.i18n import _

from .cleanup import CleanupPage
from .cutover import CutoverPage

if TYPE_CHECKING:
    from mwaa_wizard.front.after_run import After
    from mwaa_wizard.front.runs import Run

    from .page import WizardPage

Stop = Callable[[str, int], None]


class AfterRun:
    """Looks at the page when it is settled; each order is asked for in the page's own box, which `replay` answers."""

    def __init__(self, after: After, stop: Stop) -> None:
        self._after, self._stop = after, stop
        self._handed = 0  # batches that are ordered, or found done
        self._taken: list[str] | None = None
        self.asks = False  # a box is open, or about to be, whose answer is yes

    def step(self, page: WizardPage) -> str:
        """Do the next thing; the page to go to, empty to stay, "end" when nothing more is wanted."""
        self.asks = False
        if self._after and (why := after_run.refusal(page.session, self._after)):
            self._stop(why, EXIT_FAILED)
            return ""
        if page.PAGE == "summary":
            return "cutover" if self._after.batches else "cleanup" if self._after.cleanup else "end"
        if isinstance(page, CutoverPage):
            return self._batch(page)
        if isinstance(page, CleanupPage):
            return self._clean_up(page)
        return ""

    def _ended_well(self, run: Run | None) -> bool:
        if run is None or run.state.outcome == "done":
            return True
        error = run.state.error
        if run.state.outcome == "stopped" or error is None:
            self._stop(" ".join(error.lines()) if error else _("It stopped at a safe point."), EXIT_RESUMABLE)
        else:
            self._stop(" ".join(error.lines()), error.exit_code or EXIT_FAILED)
        return False

    def _batch(self, page: CutoverPage) -> str:
        run, board = page.opened.runs.get("batch"), page.board
        if (run is not None and run.active) or board is None or not self._ended_well(run):
            return ""
        if self._handed == len(self._after.batches):
            return "cleanup" if self._after.cleanup else "end"
        try:
            order = after_run.order(page.session, board, self._after.batches[self._handed])
        except WizardError as problem:
            self._stop(" ".join(problem.lines()), problem.exit_code)
            return ""
        self._handed += 1
        if order is not None:
            page.pick(order.dags)
            page.action_batch()
            self.asks = True
        return ""

    def _clean_up(self, page: CleanupPage) -> str:
        run, found = page.opened.runs.get("cleanup"), page.found
        if (run is not None and run.active) or found is None:
            return ""
        if self._taken is not None:
            if not self._ended_well(run):
                return ""
            if stays := after_run.left(page.session, found, self._taken):
                self._stop(" ".join(stays.lines()), stays.exit_code)
                return ""
            return "end"
        if found.obstacle:
            self._stop(found.obstacle, EXIT_FAILED)
            return ""
        self._taken = engine_cleanup.chosen(page.session, found.things, self._after.bundle)
        if not self._taken:
            return "end"
        page.pick(self._taken)
        page.action_remove()
        self.asks = True
        return ""
