"""Compares what the environment holds after its version changed with what it held before, through its REST API."""

from __future__ import annotations

from mwaa_wizard import paths
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import reporting, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.upgrades import comparison, facts
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.metadata.bundle import VerifyResult
from mwaa_wizard.session.model import Session


class VerifyUpgrade(Step):
    """Same DAGs, runs, task instances, names, and no new import error; writes the report."""

    id = "verify"

    @property
    def title(self) -> str:
        return _("Verify")

    def describe(self, session: Session) -> list[str]:
        text = _("Ask {name}'s REST API again for every DAG's runs and task instances, compare, and write the report.")
        return [text.format(name=session.target.environment)]

    def check(self, ctx: Context) -> Check:
        return Check(sides.was_done(ctx, self.id) and _result(ctx) is not None)

    def run(self, ctx: Context) -> None:
        before = facts.load(ctx.session.id, facts.BEFORE)
        if before is None:
            raise WizardError(
                what=_("What the environment held before is not known: {file} is gone.").format(file=facts.BEFORE),
                changed=_("The environment is as the upgrade left it."),
                remedy=_("Put the file back from a backup of the run folder; without it nothing can be compared."),
                exit_code=EXIT_RESUMABLE,
            )
        after = facts.read(ctx)
        facts.save(ctx, facts.AFTER, after)
        result = comparison.compare(before, after)
        comparison.save(ctx, result)
        for name, row in result.tables.items():
            told = f"{name}: {row.source_rows} → {row.target_rows}" + (" ✔" if row.same else " ✘ " + _("differs"))
            ctx.log(told, "INFO" if row.same else "ERROR")
            for text in row.notes:
                ctx.log(f"{name}: {text}", "WARN")
        for dag_id, why in result.dags_differ.items():
            ctx.log(f"{dag_id}: {why}", "ERROR")
        for path in reporting.write(ctx):
            ctx.log(_("Report: {path}").format(path=path))

    def verify(self, ctx: Context) -> None:
        """A difference stops a bridge only where the target would take over; in place there is nothing to go back to
        by itself, so it is told and the DAGs get their states back.
        """
        result = _result(ctx)
        if result is None or result.same:
            ctx.log(_("No difference."))
            return
        differs = [name for name, table in result.tables.items() if not table.same] + sorted(result.dags_differ)[:5]
        text = _("{name} differs from what it was before: {names}.").format(
            name=sides.name(ctx, "target"), names=listed(differs)
        )
        if ctx.session.route == "bridge" and ctx.session.cut_over == "switch":
            raise WizardError(
                what=text,
                where=_("see the report"),
                changed=_("All DAGs are paused on both sides."),
                remedy=_("Choose to restore the source on page Review and resume, or mend the difference and resume."),
            )
        ctx.log(text, "ERROR")

    def undo(self, ctx: Context) -> None:
        facts.forget(ctx.session.id, facts.AFTER)
        facts.forget(ctx.session.id, comparison.file_of(ctx))


class VerifyBridge(VerifyUpgrade):
    """The same at the end of a bridge, which has a step "verify" of its own before the upgrade."""

    id = "verify-upgrade"

    @property
    def title(self) -> str:
        return _("Verify upgrade")


def _result(ctx: Context) -> VerifyResult | None:
    try:
        text = (paths.run_dir(ctx.session.id) / comparison.file_of(ctx)).read_text(encoding="utf-8")
        return VerifyResult.model_validate_json(text)
    except (OSError, ValueError):
        return None
