"""One step outside the plan (a batch, a clean-up), begun by a page that shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mwaa_wizard.front import engine, run_state
from mwaa_wizard.front.dry import DryRunner
from mwaa_wizard.front.runs import Kind, Listener, Run, RunnerLike
from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from .page import WizardPage


def begin(page: WizardPage, kind: Kind, step: tuple[str, str], make: Callable[[Listener], RunnerLike]) -> Run | None:
    """Start it as the session's run of that kind; None where another run is under way, which the page then says."""
    opened = page.opened
    if opened.active_run is not None:
        page.notice.problems([_("A run is under way; wait until it has ended.")])
        return None
    session_id, dry = opened.session.id, page.wizard.request.dry_run
    run = Run(kind, [step], lambda one: engine.log_path(session_id, one), run_state.initial([step]))
    opened.runs[kind] = run

    def made(listener: Listener) -> RunnerLike:
        runner = make(listener)
        return DryRunner(runner) if dry else runner

    run.start(made)
    return run
