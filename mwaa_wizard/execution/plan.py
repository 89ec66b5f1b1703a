"""A session becomes an ordered list of steps: a pure function, so that the dry run and the review page are true."""

from __future__ import annotations

import importlib

from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.execution.step import Step
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.session.model import Session

# Enough to show real row counts before anything else is decided; a full run then finds these done.
INVENTORY_STEPS = ("read-source", "migration-bucket", "source-policy", "inventory")

# The module of `execution/routes/` that lists a route's steps.
_ROUTES = {
    "new-environment": "new_environment",
    "bridge": "bridge",
    "in-place": "in_place",
    "settings-only": "settings_only",
}


def plan_for(session: Session) -> list[Step]:
    """The steps of the session's route, in order. Raises WizardError for a route this program does not run."""
    name = _ROUTES.get(session.route)
    if name is None:
        raise WizardError(
            what=_("Route {route} is not run by this program.").format(route=session.route),
            changed=_("Nothing was changed."),
            remedy=_("Choose one of {routes}.").format(routes=listed(_ROUTES)),
            exit_code=EXIT_USAGE,
        )
    module = importlib.import_module(f"mwaa_wizard.execution.routes.{name}")
    found: list[Step] = module.steps(session)
    return found


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
        remedy=_("Its steps are: {steps}").format(steps=listed(step.id for step in plan_for(session))),
        exit_code=EXIT_USAGE,
    )
