"""What still runs of some DAGs on a side, and the wait until nothing does.

A paused DAG starts no new task, so only tasks that are with a worker (or wait for a trigger) have to end. Its
unfinished runs stay unfinished: they go on where the DAG is unpaused again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mwaa_wizard.airflow import totals
from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.aws.factory import Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.i18n import _, listed, ngettext
from mwaa_wizard.text import clean

BUSY = (*totals.BUSY, "deferred")
UNFINISHED = ("running", "queued")
CHUNK = 100  # DAG ids a call
PAGE = 100
SHOWN = 5


@dataclass(frozen=True)
class Atwork:
    """What was found: tasks with a worker, or (where Airflow tells no tasks) unfinished runs; neither where `said` is
    why it is not known.
    """

    names: tuple[str, ...] = ()
    by_runs: bool = False
    said: str = ""

    @property
    def drained(self) -> bool:
        """Whether it is known that nothing is left."""
        return not self.names and not self.said

    def words(self) -> str:
        """One sentence."""
        if self.said:
            return _("What still runs is not known: {why}").format(why=clean(self.said, limit=200))
        if not self.names:
            return _("Nothing of them runs.")
        more = _(" and {n} more").format(n=len(self.names) - SHOWN) if len(self.names) > SHOWN else ""
        named = listed(clean(name, limit=150) for name in self.names[:SHOWN]) + more
        if self.by_runs:
            text = ngettext("{n} run is unfinished: {names}.", "{n} runs are unfinished: {names}.", len(self.names))
        else:
            text = ngettext("{n} task still runs: {names}.", "{n} tasks still run: {names}.", len(self.names))
        return text.format(n=len(self.names), names=named)


def at_work(ctx: Context, side: Side, dag_ids: Sequence[str]) -> Atwork:
    """What runs now of the DAGs on a side."""
    if not dag_ids:
        return Atwork()
    api = sides.api(ctx, side)
    try:
        return Atwork(tuple(_tasks(ctx, side, dag_ids)))
    except RestUnavailable as problem:
        try:
            runs = [f"{dag_id} {run_id}" for dag_id in dag_ids for run_id in api.unfinished_runs(dag_id)]
        except WizardError as refusal:
            return Atwork(said=f"{refusal.what} {refusal.where} ({problem})")
        return Atwork(tuple(runs), by_runs=True)


def _tasks(ctx: Context, side: Side, dag_ids: Sequence[str]) -> Iterable[str]:
    api, wanted = sides.api(ctx, side), set(dag_ids)
    for start in range(0, len(dag_ids), CHUNK):
        body = {"dag_ids": list(dag_ids[start : start + CHUNK]), "state": list(BUSY), "page_limit": PAGE}
        for row in api.ask("POST", totals.TASKS, body=body).get("task_instances") or []:
            task = totals.BusyTask(*(str(row.get(name) or "") for name in ("dag_id", "dag_run_id", "task_id", "state")))
            # Airflow 2 leaves the rows of a backfill that was killed "running" for ever (airflow/totals.py).
            if task.dag_id in wanted and (api.major >= 3 or not task.run_id.startswith("backfill__")):
                yield str(task)


def unfinished(ctx: Context, side: Side) -> dict[str, int] | None:
    """dag id -> its runs that are queued or running, of all DAGs; None where Airflow does not tell them at once."""
    api = sides.api(ctx, side)
    found: Counter[str] = Counter()
    offset = 0
    while True:
        body = {"states": list(UNFINISHED), "page_limit": PAGE, "page_offset": offset}
        try:
            answer = api.ask("POST", totals.RUNS, body=body)
        except (RestUnavailable, WizardError):
            return None  # the command line tells runs of one DAG a call: too slow for a list
        rows = answer.get("dag_runs") or []
        found.update(str(row.get("dag_id", "")) for row in rows)
        offset += len(rows)
        if not rows or offset >= int(answer.get("total_entries", 0)):
            return dict(found)


def wait(ctx: Context, side: Side, dag_ids: Sequence[str], *, at_most: int) -> Atwork:
    """Wait until nothing of the DAGs runs, at most some seconds; what still runs then. Raises Cancelled."""
    found = at_work(ctx, side, dag_ids)
    if found.drained:
        ctx.log(found.words())
        return found
    ctx.log(found.words(), "WARN")
    for elapsed in ctx.poll(every=2.0, at_most=at_most):
        ctx.progress(int(elapsed), at_most, _("s"), found.words())
        ctx.sleep(min(elapsed / 20, 8.0))
        now = at_work(ctx, side, dag_ids)
        if now != found:
            ctx.log(now.words(), "INFO" if now.drained else "WARN")
        found = now
        if found.drained:
            break
    return found


def demand(ctx: Context, side: Side, dag_ids: Sequence[str], *, at_most: int, anyway: bool, changed: str) -> None:
    """As `wait`; raises WizardError where something still runs then, unless `anyway`."""
    found = wait(ctx, side, dag_ids, at_most=at_most)
    if found.drained:
        return
    if anyway:
        ctx.log(_("Going on all the same, as you asked."), "WARN")
        return
    raise WizardError(
        what=_("After {seconds} s not all of {name} is at rest.").format(seconds=at_most, name=sides.name(ctx, side)),
        where=found.words(),
        changed=changed,
        remedy=_("Go on to wait again, go on without waiting, or roll the batch back."),
        exit_code=EXIT_RESUMABLE,
    )
