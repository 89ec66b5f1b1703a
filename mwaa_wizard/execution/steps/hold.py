"""Pauses all DAGs before an environment changes its version, and waits for the tasks that still run.

Source: MWAA user guide upgrading-environment: tasks that run while the version changes are killed.
"""

from __future__ import annotations

from mwaa_wizard.errors import Cancelled
from mwaa_wizard.execution import pausing, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.upgrades import before_jump, jumps
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
        return Check(sides.was_done(ctx, self.id) and held(ctx), _("paused already") if held(ctx) else "")

    def run(self, ctx: Context) -> None:
        pausing.remember(ctx)
        try:
            wanted = pausing.unpaused_before(ctx)
            pausing.set_states(ctx, "source", wanted, paused=True)
            pausing.demand_states(ctx, "source", wanted, paused=True)
            _drain(ctx)
        except Cancelled:
            before_jump.release(ctx)
            raise

    def undo(self, ctx: Context) -> None:
        before_jump.release(ctx)


def held(ctx: Context) -> bool:
    """Whether paused states are noted that have not been put back."""
    name = pausing.record_name(ctx, "source")
    return any(record["name"] == name for record in ctx.journal.live("dag-pause"))


def _drain(ctx: Context) -> None:
    """Wait for what runs; what still does after that is killed by the update, and told."""
    at_most = ctx.session.tables.drain_seconds
    tasks = before_jump.running(ctx)
    for elapsed in ctx.poll(every=3.0, at_most=at_most):
        if not tasks:
            break
        ctx.progress(int(elapsed), at_most, _("s"), _("{n} tasks still run").format(n=len(tasks)))
        ctx.sleep(min(elapsed / 20, 7.0))
        tasks = before_jump.running(ctx)
    ctx.log(before_jump.in_words(tasks), "WARN" if tasks is None or tasks else "INFO")
