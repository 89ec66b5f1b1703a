"""Following a DAG run: its progress object in the bundle becomes live lines, Airflow's state decides the end."""

from __future__ import annotations

import time

from mwaa_wizard.airflow import dag_runs, task_log
from mwaa_wizard.aws.errors import BAD_KEY, DENIED, EXPIRED, translate
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, Cancelled, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Level
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata.bundle import Progress

STATE_EVERY = 4.0  # seconds between asking Airflow; InvokeRestApi allows 10 calls a second in all
GONE_AFTER = 180.0  # seconds S3 or Airflow may fail in a row
SILENT_AFTER = 1800.0  # seconds without any sign of life
FINAL = ("success", "failed", "gone")


def fresh_lines(seen: list[str], now: list[str]) -> list[str]:
    """What `now` has beyond `seen`: both are windows over one growing log."""
    for size in range(min(len(seen), len(now)), 0, -1):
        if seen[-size:] == now[:size]:
            return now[size:]
    return now


class Follower:
    """Follows one run to its end."""

    def __init__(self, ctx: Context, side: Side, dag_id: str, run_id: str) -> None:
        self.ctx, self.side, self.dag_id, self.run_id = ctx, side, dag_id, run_id
        self._lines: list[str] = []
        self._last: Progress | None = None
        self._state = ""

    def follow(self) -> None:
        """Return when the run succeeded. Raises WizardError when it failed or gave no sign of life, Cancelled."""
        asked = failing_since = 0.0
        alive = time.monotonic()
        try:
            while True:
                now = time.monotonic()
                try:
                    moved = self._look()
                    ended = self._last is not None and self._last.state != "running"
                    if now - asked >= (0.5 if ended else STATE_EVERY):
                        asked = now
                        moved = self._ask() or moved
                        if self._state in FINAL:
                            self._look()
                    alive = now if moved else alive
                    failing_since = 0.0
                except Cancelled:
                    raise
                except Exception as problem:
                    failing_since = self._bear(problem, failing_since or now)
                if self._state in FINAL:
                    return self._finish()
                if time.monotonic() - alive > SILENT_AFTER:
                    raise self._silent()
                self.ctx.sleep(0.5 if self._last else 1.0)
        except Cancelled:
            told = _("Stopped following; {dag} goes on in Airflow. Resume attaches to it.")
            self.ctx.log(told.format(dag=self.dag_id))
            raise

    def _finish(self) -> None:
        if self._state == "failed":
            raise self._failed()
        if self._state == "gone":
            raise self._gone()

    def _look(self) -> bool:
        progress = dag_runs.read_progress(self.ctx, self.dag_id, self.run_id)
        if progress is None or progress == self._last:
            return False
        for line in fresh_lines(self._lines, progress.log):
            level: Level = "WARN" if line.upper().startswith("WARN") else "INFO"
            self.ctx.log(line, level)
        self._lines, self._last = progress.log, progress
        detail = " ".join(part for part in (progress.phase, progress.table, progress.message) if part)
        self.ctx.progress(progress.done, progress.total, progress.unit, detail)
        return True

    def _ask(self) -> bool:
        """Ask Airflow for the run's state; returns whether it changed."""
        state = sides.api(self.ctx, self.side).run_state(self.dag_id, self.run_id) or "gone"
        changed = state != self._state
        if changed and state in ("queued", "running"):
            self.ctx.log(_("{dag} is {state}.").format(dag=self.dag_id, state=state))
        self._state = state
        return changed

    def _bear(self, problem: Exception, since: float) -> float:
        """Bear a failing look for a while, the run goes on without us; raise what waiting cannot mend."""
        error = translate(problem)
        if error.code in DENIED | EXPIRED | BAD_KEY or time.monotonic() - since > GONE_AFTER:
            raise problem
        self.ctx.log(_("Cannot look right now ({what}); trying again.").format(what=error.what), "WARN")
        self.ctx.sleep(2.0)
        return since

    def _gone(self) -> WizardError:
        dag_runs.end_run(self.ctx, self.dag_id, self.run_id, "gone")
        return WizardError(
            what=_("Run {run} of {dag} is gone from Airflow.").format(run=self.run_id, dag=self.dag_id),
            remedy=_("Somebody deleted it, or the environment was rolled back. Resume starts a new run."),
            exit_code=EXIT_RESUMABLE,
        )

    def _failed(self) -> WizardError:
        dag_runs.end_run(self.ctx, self.dag_id, self.run_id, "failed")
        lines = task_log.tail(self.ctx, self.side, self.dag_id, self.run_id)
        for line in lines:
            self.ctx.log(line, "ERROR")
        said = self._last.error if self._last and self._last.error else ""
        named = [line for line in lines if "Error" in line or "Exception" in line]
        where = said or (named[-1] if named else "")
        name = sides.name(self.ctx, self.side)
        return WizardError(
            what=_("{dag} failed in {environment}.").format(dag=self.dag_id, environment=name),
            where=where or _("no word from the DAG; see its task log in the environment"),
            remedy=_("Mend what it says, then resume: a new run starts."),
            code="failed",
            exit_code=EXIT_RESUMABLE,
        )

    def _silent(self) -> WizardError:
        return WizardError(
            what=_("{dag} gave no sign of life for {minutes:.0f} minutes.").format(
                dag=self.dag_id, minutes=SILENT_AFTER / 60
            ),
            where=_("run {run}, state {state}").format(run=self.run_id, state=self._state or "?"),
            remedy=_("See whether the environment's scheduler and workers are healthy, then resume."),
            exit_code=EXIT_RESUMABLE,
        )
