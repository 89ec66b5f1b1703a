"""Route in-place: the environment itself changes its version; history, logs, name and URL stay."""

from __future__ import annotations

from mwaa_wizard.execution.step import Step
from mwaa_wizard.execution.steps.facts_before import FactsBefore
from mwaa_wizard.execution.steps.hold import Hold
from mwaa_wizard.execution.steps.preflight import Preflight
from mwaa_wizard.execution.steps.read_source import ReadSource
from mwaa_wizard.execution.steps.release import Release
from mwaa_wizard.execution.steps.upgrade import Upgrade
from mwaa_wizard.execution.steps.verify_upgrade import VerifyUpgrade
from mwaa_wizard.session.model import Session


def steps(session: Session) -> list[Step]:
    """What is done, in order; counts are taken while all DAGs are paused, so that they can be compared."""
    return [ReadSource(), Preflight(), Hold(), FactsBefore(), Upgrade(), VerifyUpgrade(), Release()]
