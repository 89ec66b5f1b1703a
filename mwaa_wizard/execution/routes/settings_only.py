"""Route settings-only: a new environment of any version, without history, with variables, pools and connections."""

from __future__ import annotations

from mwaa_wizard.execution.step import Step
from mwaa_wizard.execution.steps.connections import Connections
from mwaa_wizard.execution.steps.create_target import CreateTarget
from mwaa_wizard.execution.steps.entries import Entries
from mwaa_wizard.execution.steps.execution_role import ExecutionRole
from mwaa_wizard.execution.steps.preflight import Preflight
from mwaa_wizard.execution.steps.read_source import ReadSource
from mwaa_wizard.execution.steps.resources import Resources
from mwaa_wizard.execution.steps.secrets_policy import SecretsPolicy
from mwaa_wizard.execution.steps.settle import SettingsCleanUp, SettingsCutOver
from mwaa_wizard.execution.steps.verify_entries import VerifyEntries
from mwaa_wizard.session.model import Session


def steps(session: Session) -> list[Step]:
    """What is done, in order. Secrets come first: the target can read them from its first minute on."""
    found: list[Step] = [ReadSource(), Preflight()]
    if session.target.create_role:
        found.append(ExecutionRole())
    if session.entries.connections == "secrets-manager":
        found.append(SecretsPolicy())
    found += [Connections(), Resources(), CreateTarget(), Entries(), VerifyEntries()]
    return [*found, SettingsCutOver(), SettingsCleanUp()]
