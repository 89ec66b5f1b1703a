"""Takes everything of ours out of both environments and both roles, and proves by reading back that it is gone."""

from __future__ import annotations

from mwaa_wizard.airflow import dag_files
from mwaa_wizard.aws.errors import DENIED, code_of
from mwaa_wizard.aws.factory import SIDES, Side
from mwaa_wizard.errors import EXIT_RESUMABLE, WizardError
from mwaa_wizard.execution import kept_rows, pausing, policy_documents, reporting, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.execution.steps import key, role_policy
from mwaa_wizard.execution.unpausing import batches
from mwaa_wizard.i18n import _
from mwaa_wizard.resources import bucket as buckets
from mwaa_wizard.session.model import Session


class CleanUp(Step):
    """DAG files with all versions, DAG rows, key variable, inline policies and (unless kept) the bundle."""

    id = "clean-up"

    @property
    def title(self) -> str:
        return _("Clean up")

    def describe(self, session: Session) -> list[str]:
        lines = [
            _("Remove our DAG files and DAGs from both environments, and the key variable from the target."),
            _("Remove our inline policies from both execution roles."),
        ]
        if session.keep_bundle:
            return [*lines, _("Keep the bundle in {name}.").format(name=session.migration_bucket)]
        return [
            *lines,
            _("Delete {name} with everything in it; rows that could not be brought over are saved here first.").format(
                name=session.migration_bucket
            ),
        ]

    def check(self, ctx: Context) -> Check:
        return Check(sides.was_done(ctx, self.id) and not _journaled(ctx))

    def run(self, ctx: Context) -> None:
        present = _present(ctx)
        if not sides.was_done(ctx, "cut-over"):
            pausing.restore_source(ctx, by=self.id)
        if "target" in present:
            key.remove_variable(ctx)
        for side in present:
            dag_files.remove_files(ctx, side)
        # The policies go while the environments notice that the files are gone.
        for side in SIDES:
            # What stays is somebody else's, or to be taken away by somebody with more rights: no resume could do it.
            if role_policy.put_by_us(ctx, side):
                stays = role_policy.remove(ctx, side)
            else:
                stays = side in present and not role_policy.remove_pasted(ctx, side)
            ctx.memory[f"stays:{side}"] = stays
        dag_files.remove_rows(ctx, present)
        if ctx.session.keep_bundle:
            policy_documents.close_bucket_to_roles(ctx)
            ctx.log(
                _("The bundle stays in {name}; its objects expire by themselves.").format(
                    name=ctx.session.migration_bucket
                )
            )
        else:
            for record in ctx.journal.live("bucket"):
                if record["name"] == ctx.session.migration_bucket:
                    kept_rows.save(ctx)
                    buckets.remove(ctx, "source", record["name"])

    def verify(self, ctx: Context) -> None:
        left: list[str] = []
        for side in _present(ctx):
            name = sides.name(ctx, side)
            left += [f"{name}: {entry['Key']} {entry['VersionId']}" for entry in dag_files.leftovers(ctx, side)]
            left += [f"{name}: DAG {dag_id}" for dag_id in dag_files.present(ctx, side)]
            left += _policy_left(ctx, side)
            if side == "target" and sides.api(ctx, side).has_variable(key.variable_name(ctx.session)):
                left.append(f"{name}: {key.variable_name(ctx.session)}")
        bucket = ctx.session.migration_bucket
        if not ctx.session.keep_bundle and buckets.exists(ctx.client("source", "s3"), bucket):
            left.append(bucket)
        if left:
            raise WizardError(
                what=_("{count} things of ours are still there.").format(count=len(left)),
                where=" · ".join(left[:10]),
                remedy=_("Resume removes them again."),
                exit_code=EXIT_RESUMABLE,
            )
        if ctx.session.cut_over == "restore-source" and pausing.known(ctx) is not None:
            states = pausing.states_of(ctx, "source")
            moved = batches.of_dag(batches.live(ctx.journal))  # these were handed over since
            wanted = [dag_id for dag_id in pausing.unpaused_before(ctx) if dag_id in states and dag_id not in moved]
            pausing.demand_states(ctx, "source", wanted, paused=False)
        reporting.write(ctx)
        ctx.log(_("Read back: no policy, no DAG file, no DAG, no variable of ours is left."))


def _present(ctx: Context) -> tuple[Side, ...]:
    return tuple(side for side in SIDES if sides.find_environment(ctx, side, fresh=False) is not None)


def _journaled(ctx: Context) -> bool:
    kinds = ("dag-file", "inline-policy", "variable")
    return any(ctx.journal.live(kind) for kind in kinds)


def _policy_left(ctx: Context, side: Side) -> list[str]:
    if ctx.memory.get(f"stays:{side}"):
        return []
    try:
        found = role_policy.read(ctx, side)
    except Exception as problem:
        if code_of(problem) not in DENIED:
            raise
        ctx.log(
            _("The {side}'s role may not be read by you; have {policy} removed from it.").format(
                side=_(side), policy=ctx.session.policy_name(side)
            ),
            "WARN",
        )
        return []
    return [f"{sides.role_arn(ctx, side)}: {ctx.session.policy_name(side)}"] if found is not None else []
