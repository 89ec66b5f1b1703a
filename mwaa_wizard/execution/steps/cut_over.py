"""Gives work back to the source, or hands it to the target; a DAG that was paused is never unpaused."""

from __future__ import annotations

from mwaa_wizard.execution import pausing, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.unpausing import work
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.session.model import Session


class CutOver(Step):
    """Restores the source's pause states, or unpauses on the target exactly what was unpaused on the source."""

    id = "cut-over"

    @property
    def title(self) -> str:
        return _("Cut over")

    def describe(self, session: Session) -> list[str]:
        if session.cut_over == "switch":
            return [
                _("Leave the DAGs of {name} paused.").format(name=session.source.environment),
                _("Unpause in {name} the DAGs that were unpaused on the source.").format(
                    name=session.target.environment
                ),
            ]
        return [
            _("Give every DAG of {source} its paused state back; {target}'s DAGs stay paused.").format(
                source=session.source.environment, target=session.target.environment
            )
        ]

    def check(self, ctx: Context) -> Check:
        return Check(sides.was_done(ctx, self.id), ctx.session.cut_over)

    def run(self, ctx: Context) -> None:
        if ctx.session.cut_over == "restore-source":
            pausing.hold_target(ctx)
            pausing.restore_source(ctx, by=self.id)
            return
        wanted, name = pausing.unpaused_before(ctx), pausing.record_name(ctx, "target")
        # One side at a time: nothing may run twice, so the source has to be still before the target starts.
        pausing.set_states(ctx, "source", wanted, paused=True)
        pausing.demand_states(ctx, "source", wanted, paused=True)
        if not any(record["name"] == name for record in ctx.journal.live("dag-pause")):
            states = pausing.states_of(ctx, "target")
            before = {"paused": sorted(dag_id for dag_id in wanted if states.get(dag_id))}
            ctx.changed("dag-pause", name, before, side="target")
        unknown = pausing.set_states(ctx, "target", wanted, paused=False)
        if unknown:
            ctx.log(_("Not in the target, so not unpaused: {dags}").format(dags=listed(unknown)), "WARN")
        pausing.demand_states(ctx, "target", [d for d in wanted if d not in unknown], paused=False)

    def undo(self, ctx: Context) -> None:
        work.take_all_back(ctx)
        for record in ctx.journal.live("dag-pause"):
            if record.get("side") != "target":
                continue
            if sides.find_environment(ctx, "target") is not None:
                pausing.set_states(ctx, "target", list(record["before"]["paused"]), paused=True)
            ctx.removed("dag-pause", record["name"], side="target", by="undo")
