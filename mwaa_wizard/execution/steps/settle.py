"""The last two steps of route settings-only: who runs the DAGs from now on, and what is forgotten."""

from __future__ import annotations

from mwaa_wizard.entries import result, survey
from mwaa_wizard.execution import pausing, reporting, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.steps.cut_over import CutOver
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session


class SettingsCutOver(CutOver):
    """As after a migration with history, but nothing was paused before: the source's states are noted only now."""

    def describe(self, session: Session) -> list[str]:
        if session.cut_over == "switch":
            return [
                _("Pause the DAGs of {name}; note which were unpaused.").format(name=session.source.environment),
                _("Unpause in {name} exactly these; they start without their history.").format(
                    name=session.target.environment
                ),
            ]
        return [
            _("Leave {source} as it is; {target}'s DAGs stay paused.").format(
                source=session.source.environment, target=session.target.environment
            )
        ]

    def run(self, ctx: Context) -> None:
        if ctx.session.cut_over == "switch":
            pausing.remember(ctx)
        super().run(ctx)

    def undo(self, ctx: Context) -> None:
        super().undo(ctx)
        pausing.restore_source(ctx, by="undo")


class SettingsCleanUp(Step):
    """This route puts nothing of ours into either environment but what is to stay: values given by hand go."""

    id = "clean-up"

    @property
    def title(self) -> str:
        return _("Clean up")

    def describe(self, session: Session) -> list[str]:
        return [_("Forget the values that were given for connections: they are in Secrets Manager now.")]

    def check(self, ctx: Context) -> Check:
        return Check(sides.was_done(ctx, self.id))

    def run(self, ctx: Context) -> None:
        for name in result.load(ctx.session.id).of("connection").written:
            survey.take_back(ctx.session, name)

    def verify(self, ctx: Context) -> None:
        reporting.write(ctx)
        ctx.log(_("Nothing of the migration is left in either environment."))
