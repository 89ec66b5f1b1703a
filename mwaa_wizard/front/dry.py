"""A dry run in the window: the same plan, and every step only says what it would do."""

from __future__ import annotations

from typing import Any

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _


class DryRunner:
    """Stands in front of a runner; nothing behind it is run or undone."""

    def __init__(self, runner: Any) -> None:
        self._runner = runner

    @property
    def context(self) -> Any:
        """That of the runner."""
        return self._runner.context

    def run(self) -> object:
        """Every step describes itself."""
        return self._runner.run(dry_run=True)

    def undo(self) -> object:
        """Refused: an undo has no dry form."""
        raise WizardError(
            what=_("This window only does dry runs, so nothing is undone."),
            changed=_("Nothing was changed."),
            remedy=_("Start the wizard without --dry-run."),
            exit_code=EXIT_USAGE,
        )

    def stop(self) -> None:
        """Stop describing."""
        self._runner.stop()
