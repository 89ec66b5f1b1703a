"""Compares variables, pools and connections of both sides, and looks whether the target has the source's DAGs."""

from __future__ import annotations

from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.entries import compare, result, work
from mwaa_wizard.entries.result import EntriesResult
from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution import pausing, reporting, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import clean

# Seconds. A new file is parsed within dag_processor.refresh_interval, 300 s by default (Airflow configuration).
DAGS_AT_MOST = 600.0
QUIET = 90.0


class VerifyEntries(Step):
    """Reads both sides again; values are compared by digest and leave no trace."""

    id = "verify"

    @property
    def title(self) -> str:
        return _("Verify")

    def describe(self, session: Session) -> list[str]:
        return [
            _("Read back what {name} has and compare it with the source; wait for its DAGs; write the report.").format(
                name=session.target.environment
            )
        ]

    def check(self, ctx: Context) -> Check:
        return Check(sides.was_done(ctx, self.id) and bool(result.load(ctx.session.id).same))

    def run(self, ctx: Context) -> None:
        found = result.load(ctx.session.id)
        found.airflow_version = str(sides.environment(ctx, "target", fresh=True).get("AirflowVersion", ""))
        try:
            self._compare(ctx, found)
        except RestUnavailable as problem:
            raise work.unreachable(ctx, "target", problem) from None
        self._dags(ctx, found)
        found.same = not found.dags_missing and not any(kind.differs for kind in found.kinds.values())
        result.save(ctx.session.id, found)
        ctx.memory["verified"] = found.same
        self._tell(ctx, found)
        for path in reporting.write(ctx):
            ctx.log(_("Report: {path}").format(path=path))

    def _compare(self, ctx: Context, found: EntriesResult) -> None:
        entries, target = ctx.session.entries, work.reader(ctx, "target")
        if entries.variables:
            compare.variables(found.of("variable"), work.source_variables(ctx), target.variables())
        if entries.pools:
            compare.pools(found.of("slot_pool"), work.reader(ctx, "source").pools(), target.pools())
        ctx.safe_point()
        compare.connections(ctx, found.of("connection"), work.connection_states(ctx))
        compare.secret_variables(ctx, found.of("secret-variable"))

    def _dags(self, ctx: Context, found: EntriesResult) -> None:
        """Wait until the target lists the source's DAGs: their files came along with the bucket."""
        wanted = set(pausing.states_of(ctx, "source"))
        found.dags = len(wanted)
        missing, since = wanted, 0.0
        for elapsed in ctx.poll(every=5.0, at_most=DAGS_AT_MOST):
            left = wanted - set(pausing.states_of(ctx, "target"))
            if left != missing:
                missing, since = left, elapsed
            ctx.progress(len(wanted) - len(missing), len(wanted), _("DAGs"))
            if not missing:
                break
            if elapsed - since > QUIET and sides.api(ctx, "target").import_errors():
                break  # nothing new has come for long, and there are files that Airflow cannot read
        found.dags_missing = sorted(missing)
        pausing.hold_target(ctx)

    def _tell(self, ctx: Context, found: EntriesResult) -> None:
        for name, kind in found.kinds.items():
            ctx.log(
                f"{name}: {kind.found} → {len(kind.written)} + {len(kind.kept)}"
                + (" ✘" if kind.differs else " ✔")
                + (f" · {len(kind.not_moved)} " + _("not moved") if kind.not_moved else ""),
                "ERROR" if kind.differs else "INFO",
            )
            for entry, why in kind.differs.items():
                ctx.log(f"{name} {entry}: {why}", "ERROR")
        if found.dags_missing:
            ctx.log(
                _("Not in the target: {dags}").format(dags=listed(found.dags_missing[:20])),
                "ERROR",
            )
            for file, trace in sides.api(ctx, "target").import_errors()[:20]:
                ctx.log(f"{file}: {clean(trace.strip().splitlines()[-1] if trace.strip() else '', limit=300)}", "ERROR")

    def verify(self, ctx: Context) -> None:
        """A difference stops the run only where the target would take over, as with history."""
        found = result.load(ctx.session.id)
        if found.same:
            ctx.log(_("No difference."))
            return
        differs = [f"{name} {entry}" for name, kind in found.kinds.items() for entry in kind.differs]
        differs += found.dags_missing
        if ctx.session.cut_over == "switch":
            raise WizardError(
                what=_("The target differs from the source: {names}.").format(names=listed(differs[:10])),
                where=_("see the report"),
                changed=_("The target's DAGs are paused; the source works as before."),
                remedy=_("Choose to restore the source on page Review and resume, or mend the difference and resume."),
            )
        ctx.log(_("The target differs from the source: {names}.").format(names=listed(differs[:10])), "ERROR")
