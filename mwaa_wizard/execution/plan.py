"""A session becomes an ordered list of steps: a pure function, so that the dry run and the review page are true."""

from __future__ import annotations

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.execution.step import Step
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session

# Enough to show real row counts before anything else is decided; a full run then finds these done.
INVENTORY_STEPS = ("read-source", "migration-bucket", "source-policy", "inventory")


def plan_for(session: Session) -> list[Step]:
    """The steps of the session's route, in order. Raises WizardError for a route this program does not have."""
    if session.route != "new-environment":
        raise WizardError(
            what=_("There is no route {route}.").format(route=session.route),
            changed=_("Nothing was changed."),
            remedy=_("Choose the route new-environment."),
            exit_code=EXIT_USAGE,
        )
    return _new_environment(session)


def inventory_plan(session: Session) -> list[Step]:
    """The steps that the tables page runs ahead."""
    return [step for step in plan_for(session) if step.id in INVENTORY_STEPS]


def step_by_id(session: Session, step_id: str) -> Step:
    """One step of the session's plan. Raises WizardError where it has none of that id."""
    for step in plan_for(session):
        if step.id == step_id:
            return step
    raise WizardError(
        what=_("The plan has no step {step}.").format(step=step_id),
        changed=_("Nothing was changed."),
        remedy=_("Its steps are: {steps}").format(steps=", ".join(step.id for step in plan_for(session))),
        exit_code=EXIT_USAGE,
    )


def _new_environment(session: Session) -> list[Step]:
    from mwaa_wizard.execution.steps.clean_up import CleanUp
    from mwaa_wizard.execution.steps.create_target import CreateTarget
    from mwaa_wizard.execution.steps.cut_over import CutOver
    from mwaa_wizard.execution.steps.execution_role import ExecutionRole
    from mwaa_wizard.execution.steps.export import Export
    from mwaa_wizard.execution.steps.import_ import Import
    from mwaa_wizard.execution.steps.inventory import InventoryStep
    from mwaa_wizard.execution.steps.key import Key
    from mwaa_wizard.execution.steps.logs import CopyLogs
    from mwaa_wizard.execution.steps.migration_bucket import MigrationBucket
    from mwaa_wizard.execution.steps.preflight import Preflight
    from mwaa_wizard.execution.steps.read_source import ReadSource
    from mwaa_wizard.execution.steps.resources import Resources
    from mwaa_wizard.execution.steps.role_policy import SourcePolicy, TargetPolicy
    from mwaa_wizard.execution.steps.verify import Verify

    steps: list[Step] = [ReadSource(), Preflight(), MigrationBucket()]
    if session.target.create_role:
        steps.append(ExecutionRole())
    steps += [Resources(), CreateTarget(), SourcePolicy(), TargetPolicy(), InventoryStep(), Key(), Export(), Import()]
    if session.logs.copy_logs:
        steps.append(CopyLogs())
    return [*steps, Verify(), CutOver(), CleanUp()]
