"""Copies recent task logs, so that the target's UI shows them beside the migrated runs."""

from __future__ import annotations

from mwaa_wizard.execution import documents, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _
from mwaa_wizard.logs import copy, wanted
from mwaa_wizard.metadata import bundle
from mwaa_wizard.session.model import Session


class CopyLogs(Step):
    """Which tries exist comes from the bundle, so that exactly the migrated runs get their logs."""

    id = "logs"

    @property
    def title(self) -> str:
        return _("Task logs")

    def describe(self, session: Session) -> list[str]:
        which = _("failed tasks") if session.logs.failed_only else _("all tasks")
        return [
            _("Copy the task logs of the last {days} days ({which}) to {name}'s log group.").format(
                days=session.logs.days, which=which, name=session.target.environment
            )
        ]

    def check(self, ctx: Context) -> Check:
        return Check(sides.was_done(ctx, self.id))

    def run(self, ctx: Context) -> None:
        manifest = documents.need(ctx, bundle.MANIFEST, bundle.Manifest)
        if wanted.TABLE not in manifest.tables:
            ctx.log(_("Task instances were not chosen, so there is nothing to show logs beside."), "WARN")
            return
        instances = wanted.from_bundle(ctx, manifest)
        ctx.log(
            _("{count} task instances of the last {days} days.").format(
                count=len(instances), days=ctx.session.logs.days
            )
        )
        result = copy.copy_logs(ctx, instances)
        ctx.log(
            _("{streams} streams copied, {there} already there; {read} events read, {written} written.").format(
                streams=result.streams_copied,
                there=result.already_there,
                read=result.events_read,
                written=result.events_written,
            )
        )
        for reason, count in sorted(result.rejected.items()):
            ctx.log(_("{count} events were not taken: {reason}").format(count=count, reason=reason), "WARN")

    def skippable(self, session: Session) -> str:
        return _("Old task logs stay in the source's log group only; history, DAGs and secrets do not need them.")

    def undo(self, ctx: Context) -> None:
        if ctx.journal.live(copy.KIND):
            count = copy.remove_copies(ctx)
            ctx.log(_("Deleted {count} log streams from the target.").format(count=count))
