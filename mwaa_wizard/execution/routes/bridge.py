"""Route bridge: a new environment of 2.11.x with the history, verified there, then up to Airflow 3 in place."""

from __future__ import annotations

from mwaa_wizard.execution.routes import new_environment
from mwaa_wizard.execution.step import Step
from mwaa_wizard.execution.steps.clear_target import ClearTarget
from mwaa_wizard.execution.steps.facts_before import FactsBefore
from mwaa_wizard.execution.steps.upgrade import Upgrade
from mwaa_wizard.execution.steps.verify_upgrade import VerifyBridge
from mwaa_wizard.session.model import Session


def steps(session: Session) -> list[Step]:
    """The steps of a new environment, with the upgrade between its verification and the cut-over."""
    found = new_environment.steps(session)
    after = next(number for number, step in enumerate(found) if step.id == "verify") + 1
    upgrade: list[Step] = [ClearTarget(), FactsBefore(), Upgrade(), VerifyBridge()]
    return found[:after] + upgrade + found[after:]
