"""Route new-environment: a new environment of Airflow 2, with the history."""

from __future__ import annotations

from mwaa_wizard.execution.step import Step
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
from mwaa_wizard.session.model import Session


def steps(session: Session) -> list[Step]:
    """What is done, in order."""
    found: list[Step] = [ReadSource(), Preflight(), MigrationBucket()]
    if session.target.create_role:
        found.append(ExecutionRole())
    found += [Resources(), CreateTarget(), SourcePolicy(), TargetPolicy(), InventoryStep(), Key(), Export(), Import()]
    if session.logs.copy_logs:
        found.append(CopyLogs())
    return [*found, Verify(), CutOver(), CleanUp()]
