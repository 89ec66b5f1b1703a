"""Pauses all DAGs before an environment changes its version, and waits for the tasks that still run.

Source: MWAA user guide upgrading-environment: tasks that run while the version changes are killed.
"""

from __future__ import annotations

from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.upgrades import holding, jumps
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session


class Hold(Step):
    """Notes which DAGs are unpaused, pauses them, and waits until nothing runs."""

    id = "hold"

    @property
    def title(self) -> str:
        return _("Pause DAGs")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Pause all DAGs of {name} and wait up to {seconds} s for running tasks; every paused state is noted and "
              "put back at the end.").format(name=session.target.environment, seconds=session.tables.drain_seconds)
        ]  # fmt: skip

    def check(self, ctx: Context) -> Check:
        if jumps.open_jump(ctx) is not None or sides.was_done(ctx, "upgrade"):
            return Check(True, _("the version changes or has changed"))
        return Check(sides.was_done(ctx, self.id) and holding.held(ctx))

    def run(self, ctx: Context) -> None:
        holding.hold(ctx)

    def undo(self, ctx: Context) -> None:
        holding.release(ctx)
