"""Gives every DAG the paused state it had before its environment changed its version, and proves it."""

from __future__ import annotations

from mwaa_wizard import paths
from mwaa_wizard.execution import pausing, reporting, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.upgrades import comparison, holding
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata.bundle import TableVerify, VerifyResult
from mwaa_wizard.session.model import Session

ROW = "paused states"


class Release(Step):
    """The end of an in-place upgrade."""

    id = "release"

    @property
    def title(self) -> str:
        return _("Unpause DAGs")

    def describe(self, session: Session) -> list[str]:
        return [_("Give every DAG of {name} its paused state back.").format(name=session.target.environment)]

    def check(self, ctx: Context) -> Check:
        return Check(sides.was_done(ctx, self.id) and not holding.held(ctx))

    def run(self, ctx: Context) -> None:
        pausing.restore_source(ctx, by=self.id)

    def verify(self, ctx: Context) -> None:
        """The states are a row of the report: what was unpaused is, and nothing else."""
        wanted, states = set(pausing.unpaused_before(ctx)), pausing.states_of(ctx, "source")
        now = {dag_id for dag_id, paused in states.items() if paused is False}
        notes = []
        if missing := sorted(wanted - now):
            notes.append(_("not unpaused: {names}").format(names=listed(missing[:10])))
        if more := sorted(now - wanted):
            notes.append(_("unpaused now: {names}").format(names=listed(more[:10])))
        row = TableVerify(source_rows=len(wanted), target_rows=len(now), same=wanted == now, notes=notes)
        ctx.log(_("Unpaused: {before} before, {now} now.").format(before=len(wanted), now=len(now)),
                "INFO" if row.same else "ERROR")  # fmt: skip
        path = paths.run_dir(ctx.session.id) / comparison.file_of(ctx)
        result = VerifyResult.model_validate_json(path.read_text(encoding="utf-8"))
        result.tables[ROW] = row
        comparison.save(ctx, result)
        reporting.write(ctx)
