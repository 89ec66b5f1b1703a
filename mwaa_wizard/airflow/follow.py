"""Following a DAG run: its progress object in the bundle becomes live lines, Airflow's state decides the end."""

from __future__ import annotations

import time
from collections.abc import Callable

from mwaa_wizard.airflow import dag_runs, task_log
from mwaa_wizard.airflow.health import SchedulerWatch
from mwaa_wizard.aws.errors import HOPELESS, translate
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, Cancelled, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Level
from mwaa_wizard.i18n import _
from mwaa_wizard.metadata.bundle import Progress
from mwaa_wizard.metadata.words import in_words
from mwaa_wizard.text import human_time

STATE_EVERY = 4.0  # seconds between asking Airflow; InvokeRestApi allows 10 calls a second in all
GONE_AFTER = 180.0  # seconds S3 or Airflow may fail in a row
QUIET_AFTER = 60.0  # seconds of silence after which the scheduler's health is asked for
# Seconds without any sign of life: a DAG at work writes its progress every 5 seconds, one that waits for a worker
# cannot (MWAA adds workers within minutes).
LOST_AFTER = 600.0
SILENT_AFTER = 1800.0
FINAL = ("success", "failed", "gone")
DENIED_WORD = "AccessDenied"  # as S3 says it, and as our DAGs pass it on


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
        self._failing: dict[str, float] = {}

    def follow(self) -> None:
        """Return when the run succeeded. Raises WizardError when it failed or gave no sign of life, Cancelled."""
        asked = 0.0
        alive = time.monotonic()
        watch = SchedulerWatch(self.ctx, self.side)
        try:
            while True:
                now = time.monotonic()
                moved = self._bearing(_("The migration bucket"), self._look)
                ended = self._last is not None and self._last.state != "running"
                if now - asked >= (0.5 if ended else STATE_EVERY):
                    asked = now
                    moved = self._bearing(self._airflow(), self._ask) or moved
                if self._state in FINAL:
                    self._bearing(_("The migration bucket"), self._look)
                    return self._finish()
                alive = now if moved else alive
                silence = time.monotonic() - alive
                if silence > (LOST_AFTER if self._last else SILENT_AFTER):
                    raise self._silent(silence)
                if silence > QUIET_AFTER and not self._failing:
                    watch.check()
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
        detail = " ".join(part for part in (in_words(progress.phase), progress.table, progress.message) if part)
        self.ctx.progress(progress.done, progress.total, in_words(progress.unit), detail)
        return True

    def _ask(self) -> bool:
        """Ask Airflow for the run's state; returns whether it changed."""
        state = sides.api(self.ctx, self.side).run_state(self.dag_id, self.run_id) or "gone"
        changed = state != self._state
        if changed and state in ("queued", "running"):
            told = _("{dag} is {state}.").format(dag=self.dag_id, state=state)
            self.ctx.log(told)
            if self._last is None:
                # Until the DAG counts by itself, its state is all the progress there is.
                self.ctx.progress(0, None, "", told.rstrip("."))
        self._state = state
        return changed

    def _airflow(self) -> str:
        return _("Airflow of {environment}").format(environment=sides.name(self.ctx, self.side))

    def _bearing(self, place: str, look: Callable[[], bool]) -> bool:
        """What `look` answers. A place that fails is borne for a while, for the run goes on without us."""
        try:
            moved = look()
        except Cancelled:
            raise
        except Exception as problem:
            self._bear(place, problem)
            return False
        self._failing.pop(place, None)
        return moved

    def _bear(self, place: str, problem: Exception) -> None:
        """Raise what waiting cannot mend, or what did not mend in time."""
        error = translate(problem)
        if error.code in HOPELESS:
            raise problem
        now = time.monotonic()
        failing = now - self._failing.setdefault(place, now)
        if failing > GONE_AFTER:
            raise WizardError(
                what=_("{place} could not be reached for {time} while {dag} was at work.").format(
                    place=place, time=human_time(failing), dag=self.dag_id
                ),
                where=" ".join(part for part in (error.what, error.where) if part),
                remedy=_("See whether it is healthy, then resume: it attaches to run {run}.").format(run=self.run_id),
                code=error.code,
                request_id=error.request_id,
                exit_code=EXIT_RESUMABLE,
            ) from problem
        self.ctx.log(_("Cannot look right now ({what}); trying again.").format(what=error.what), "WARN")
        self.ctx.sleep(2.0)

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
        # The job's own sentence on S3 is the clearest where there is one.
        denied = [line for line in lines if DENIED_WORD in line]
        where = said or (denied[-1] if denied else named[-1] if named else "")
        refused = DENIED_WORD in where
        name = sides.name(self.ctx, self.side)
        return WizardError(
            what=_("{dag} failed in {environment}.").format(dag=self.dag_id, environment=name),
            where=where or _("the DAG could leave no message in the migration bucket, and its task log says nothing"),
            remedy=_("Mend what it says, then resume: a new run starts.") if where and not refused else self._unsaid(),
            code=DENIED_WORD if refused else "",
            exit_code=EXIT_RESUMABLE,
            page="policies" if refused or not where else "",
        )

    def _unsaid(self) -> str:
        """A run that cannot even write its progress object has most likely lost the bucket."""
        return _(
            "See that the {side}'s execution role still has the policy {policy} (mwaa-wizard policy {id} --for "
            "{side}-role prints it), then resume: the policy is put back where you may, and a new run starts."
        ).format(side=self.side, policy=self.ctx.session.policy_name(self.side), id=self.ctx.session.id)

    def _silent(self, seconds: float) -> WizardError:
        return WizardError(
            what=_("{dag} gave no sign of life for {time}.").format(dag=self.dag_id, time=human_time(seconds)),
            where=_("run {run}, state {state}").format(run=self.run_id, state=self._state or "?"),
            remedy=_("See whether the environment's scheduler and workers are healthy, then resume."),
            code="silent",
            exit_code=EXIT_RESUMABLE,
        )
