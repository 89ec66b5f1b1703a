"""The box that is shown where somebody quits while a run is under way; it says another thing once the run has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from .confirm import Choose

if TYPE_CHECKING:
    from mwaa_wizard.front.runs import Run


class LeaveBox(Choose):
    """`goes_on` tells what the running step has set going in the environments, as it is then."""

    def __init__(self, run: Run, session_id: str, goes_on: Callable[[], list[str]]) -> None:
        self._run, self._session_id, self._goes_on = run, session_id, goes_on
        super().__init__(*self._words())

    @property
    def alive(self) -> bool:
        """Whether it is drawn: the app tells what is alive that the run moved."""
        return self.is_attached and bool(self.query("#box-text"))

    def run_changed(self, run: Run) -> None:
        """The run moved, or ended: who left the box open must not be told of a run that is no more."""
        if run is self._run:
            self.reword(*self._words())

    def _words(self) -> tuple[str, str, list[tuple[str, str]]]:
        if not self._run.active:
            return self._ended()
        kind, title = self._run.kind, _("A migration is running")
        if self._run.state.stopping:
            title = _("It stops at the next safe point already")
        elif kind != "full":
            title = {
                "inventory": _("The source's rows are being counted"),
                "batch": _("A batch of DAGs is being handed over"),
                "cleanup": _("The clean-up is under way"),
            }[kind]
        again = f"mwaa-wizard {'resume' if kind == 'full' else '--session'} {self._session_id}"
        text = [
            _("Every finished step is in the journal. The wizard cannot go on without this window; detaching waits for "
              "a point where nothing is half-done. Leaving at once is safe, too: a resume looks at what is there."),
            *self._goes_on(),
            _("Go on later with: {command}").format(command=again),
        ]  # fmt: skip
        answers = [
            ("k", _("keep watching")),
            ("d", _("detach: stop at the next safe point, then leave")),
            ("q", _("leave at once")),
        ]
        return title, "\n\n".join(text), answers

    def _ended(self) -> tuple[str, str, list[tuple[str, str]]]:
        """Nothing runs any more: what became of it, and leaving needs no safe point."""
        state = self._run.state
        step = state.step(state.failed_step)
        name = clean(step.title) if step is not None else clean(state.failed_step)
        told = {
            "done": _("Everything is undone.") if state.undoing else _("All of it is done."),
            "failed": _("It failed at step {step}. The page tells why, and what can be done.").format(step=name),
            "stopped": _("It stopped at a safe point; nothing is half-done."),
        }.get(state.outcome, "")
        saved = _("Everything is saved, so nothing is lost by leaving now.")
        answers = [("k", _("stay, and look at the page")), ("q", _("leave now"))]
        return _("It has ended meanwhile"), "\n\n".join(part for part in (told, saved) if part), answers
