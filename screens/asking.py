"""Questions of a running step: a box over whatever page is shown, while the step's thread waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.front.runs import Run

    from .app import WizardApp


def show(app: WizardApp, runs: Iterable[Run]) -> None:
    """Put each open question over the page, once; take away a box whose run no longer waits."""
    waiting = [(run, run.question) for run in runs]
    if not app.screen_stack:
        return  # the app is leaving
    top = app.screen
    shown = getattr(top, "question", None)
    if shown is not None and all(question is not shown for _run, question in waiting):
        # One below another box goes when it comes up.
        top.dismiss(None)
    for run, question in waiting:
        if question is not None and not question.shown:
            question.shown = True
            _push(app, run)


def _push(app: WizardApp, run: Run) -> None:
    from .widgets.confirm import RunAsks

    question = run.question
    if question is None:
        return

    def answered(answer: str | None) -> None:
        if answer == "y":
            question.answer(True)
        elif run.question is question:
            # No, and closing the box, both stop where nothing is half-done: going on later asks again.
            run.stop()

    app.bell()
    app.push_screen(RunAsks(question, _("The run asks"), clean(question.text, limit=4000)), answered)
