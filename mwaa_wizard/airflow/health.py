"""Whether an environment's scheduler is alive, asked when one of our runs is silent: no use waiting for a dead one.

Source: Airflow's health endpoint (2.x `GET /health`, 3.x `GET /monitor/health`): a scheduler is unhealthy when its last
heartbeat is older than `[scheduler] scheduler_health_check_threshold` (30 s by default). MWAA starts a dead one again
within minutes, so one bad answer is no end.
"""

from __future__ import annotations

import time

from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _
from mwaa_wizard.text import human_time

ASK_EVERY = 15.0  # seconds between questions
UNHEALTHY_AFTER = 300.0  # seconds without a living scheduler


class SchedulerWatch:
    """Asks for the scheduler's health while something waits for it."""

    def __init__(self, ctx: Context, side: Side) -> None:
        self._ctx, self._side = ctx, side
        self._asked: float | None = None
        self._dead_since: float | None = None

    def check(self) -> None:
        """Ask, if it is time to. Raises WizardError when the scheduler has been dead for too long."""
        now = time.monotonic()
        if self._asked is not None and now - self._asked < ASK_EVERY:
            return
        self._asked = now
        try:
            status, heartbeat = sides.api(self._ctx, self._side).scheduler_health()
        except RestUnavailable:
            return  # not known; the other bounds end the waiting
        if status != "unhealthy":
            self._dead_since = None
            return
        if self._dead_since is None:
            self._dead_since = now
            self._ctx.log(
                _("The scheduler of {name} is not healthy (last heartbeat {when}).").format(
                    name=sides.name(self._ctx, self._side), when=heartbeat or "?"
                ),
                "WARN",
            )
        if now - self._dead_since > UNHEALTHY_AFTER:
            raise WizardError(
                what=_("The scheduler of {name} has not been alive for {time}.").format(
                    name=sides.name(self._ctx, self._side), time=human_time(now - self._dead_since)
                ),
                where=_("last heartbeat: {when}").format(when=heartbeat or "?"),
                remedy=_("See its scheduler log in CloudWatch and the environment's health, then resume."),
                code="scheduler",
                exit_code=EXIT_RESUMABLE,
            )
