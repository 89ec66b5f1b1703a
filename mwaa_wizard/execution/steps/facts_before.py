"""Counts what an environment holds before it changes its version, so that the same can be asked of it afterwards."""

from __future__ import annotations

from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.upgrades import facts, jumps
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session

# The steps after which nothing runs any more: what was counted before them does not count.
_STILL = ("hold", "clear-target")


class FactsBefore(Step):
    """Reads DAGs, run counts, names and import errors through Airflow's REST API."""

    id = "facts"

    @property
    def title(self) -> str:
        return _("Count before")

    def describe(self, session: Session) -> list[str]:
        text = _("Count the runs and task instances of every DAG of {name} through its REST API; nothing is changed.")
        return [text.format(name=session.target.environment)]

    def check(self, ctx: Context) -> Check:
        there = facts.load(ctx.session.id, facts.BEFORE) is not None
        if jumps.made(ctx) and there and self._counts(ctx):
            return Check(True, _("counted before the version changed"))
        return Check(False)

    def _counts(self, ctx: Context) -> bool:
        """Whether it was done after the last time that the DAGs were brought to rest."""
        done = False
        for record in ctx.journal.records():
            if record.get("step") in _STILL and record["event"] == "done":
                done = False
            elif record.get("step") == self.id and record["event"] in ("done", "undone"):
                done = record["event"] == "done"
        return done

    def run(self, ctx: Context) -> None:
        found = facts.read(ctx)
        facts.save(ctx, facts.BEFORE, found)
        runs = sum(dag.runs or 0 for dag in found.dags.values())
        tasks = sum(dag.task_instances or 0 for dag in found.dags.values())
        ctx.log(_("Airflow {version}: {dags} DAGs, {runs} runs, {tasks} task instances.").format(
            version=found.airflow_version, dags=len(found.dags), runs=runs, tasks=tasks))  # fmt: skip
        for error in found.import_errors:
            ctx.log(_("Cannot be imported already: {file}: {message}").format(file=error.file, message=error.message),
                    "WARN")  # fmt: skip
        for what, why in found.unknown.items():
            ctx.log(_("Not known: {what} ({why}).").format(what=what, why=why), "WARN")

    def undo(self, ctx: Context) -> None:
        facts.forget(ctx.session.id, facts.BEFORE)
