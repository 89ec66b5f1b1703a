"""Takes away what was chosen, and looks a second time whether it is gone."""

from __future__ import annotations

from collections.abc import Sequence

from mwaa_wizard.airflow import dag_files
from mwaa_wizard.aws.factory import SIDES, Side
from mwaa_wizard.errors import EXIT_RESUMABLE, EXIT_USAGE, WizardError
from mwaa_wizard.execution import kept_rows, pausing, policy_documents, reporting
from mwaa_wizard.execution.belongings import find
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.steps import key, role_policy
from mwaa_wizard.i18n import _
from mwaa_wizard.resources import bucket as buckets
from mwaa_wizard.session.model import Session


class TakeAway(Step):
    """Removes the chosen belongings (their ids), in the order in which nothing is cut off from what it needs."""

    id = "take-away"

    def __init__(self, chosen: Sequence[str]) -> None:
        self.chosen = tuple(chosen)

    @property
    def title(self) -> str:
        return _("Clean up")

    def describe(self, session: Session) -> list[str]:
        words = {
            "paused": _("Unpause in {name} the DAGs that the export paused.").format(name=session.source.environment),
            "dags:source": _("Remove our DAG files and DAGs from {name}.").format(name=session.source.environment),
            "dags:target": _("Remove our DAG files and DAGs from {name}.").format(name=session.target.environment),
            "variable": _("Delete the key variable from {name}.").format(name=session.target.environment),
            "policy:source": _("Take inline policy {name} off the source's role.").format(
                name=session.policy_name("source")
            ),
            "policy:target": _("Take inline policy {name} off the target's role.").format(
                name=session.policy_name("target")
            ),
            find.BUNDLE: _("Delete {name} with everything in it; rows that could not be brought over are saved here "
                           "first.").format(name=session.migration_bucket),
        }  # fmt: skip
        return [words[name] for name in words if name in self.chosen]

    def check(self, ctx: Context) -> Check:
        return Check(False)

    def run(self, ctx: Context) -> None:
        if why := find.obstacle(ctx):
            raise WizardError(what=why, changed=_("Nothing was changed."), exit_code=EXIT_USAGE)
        chosen = set(self.chosen)
        if "paused" in chosen:
            pausing.restore_source(ctx, by=self.id)
        if "variable" in chosen:
            key.remove_variable(ctx)
        with_dags: tuple[Side, ...] = tuple(side for side in SIDES if f"dags:{side}" in chosen)
        for side in with_dags:
            ctx.safe_point()
            dag_files.remove_files(ctx, side)
        for side in SIDES:
            if f"policy:{side}" in chosen:
                # Chosen by somebody who was told whether it was changed since: the journal keeps such a text.
                if role_policy.put_by_us(ctx, side):
                    role_policy.remove(ctx, side, edited=True)
                else:
                    role_policy.remove_pasted(ctx, side)
        if with_dags:
            dag_files.remove_rows(ctx, with_dags)
        ctx.safe_point()
        if find.BUNDLE in chosen:
            kept_rows.save(ctx)
            buckets.remove(ctx, "source", ctx.session.migration_bucket)
        elif "policy:target" in chosen:
            policy_documents.close_bucket_to_roles(ctx)

    def verify(self, ctx: Context) -> None:
        """Everything that was chosen is looked for again."""
        found = {one.id: one for one in find.find(ctx)}
        left = [found[name] for name in self.chosen if name in found and found[name].there is not False]
        if left:
            raise WizardError(
                what=_("{count} things of ours are still there, or could not be looked at.").format(count=len(left)),
                where=" · ".join(f"{one.title} {one.where}: {one.seen}" for one in left[:10]),
                remedy=_("Try again; what you are not allowed to remove has to be removed by somebody who is."),
                exit_code=EXIT_RESUMABLE,
            )
        reporting.write(ctx)
        ctx.log(_("Looked again: all that was chosen is gone."))
