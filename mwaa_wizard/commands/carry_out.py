"""One step outside the plan (a batch, a clean-up) in this terminal: asked for, locked, stoppable, told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.commands.reach import reach
from mwaa_wizard.errors import EXIT_DONE, EXIT_FAILED, EXIT_RESUMABLE

if TYPE_CHECKING:
    from mwaa_wizard.execution.step import Step
    from mwaa_wizard.session.model import Session


def carry_out(
    session: Session, step: Step, question: str, *, yes: bool, as_json: bool, show: bool = True
) -> int:
    """Run `step` for a session and return the exit code. `show`: say first what it will do, where it is asked for.

    Raises WizardError before anything is done where the session is open elsewhere or it was not confirmed; OSError
    after a safe stop where standard output is gone.
    """
    from mwaa_wizard.commands.confirm import ask, confirm
    from mwaa_wizard.commands.console import Console
    from mwaa_wizard.commands.signals import stop_on_signals
    from mwaa_wizard.execution.runner import Runner
    from mwaa_wizard.session import store

    reach(session)
    with store.Lock(session.id):
        console = Console(as_json=as_json)
        runner = Runner(session, [step], console)
        if not yes:
            if show and not as_json:
                for line in step.describe(session):
                    print(f"  - {line}")
            confirm(question, as_json=as_json)
            runner.context.ask = ask
        console.on_gone = runner.stop
        with stop_on_signals(runner):
            outcome = runner.run()
    if console.gone:
        raise console.gone
    if outcome.finished:
        return EXIT_DONE
    if outcome.stopped:
        return EXIT_RESUMABLE
    return outcome.error.exit_code if outcome.error else EXIT_FAILED
