"""The demo's source environment: started (or found running), with what points the wizard at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mwaa_wizard.i18n import _

SOURCE = "analytics-prod"
WANTED_SOURCE_VERSION = "2.8.1"
TARGET_VERSION = "2.11.2"


@dataclass(frozen=True)
class DemoInfo:
    """Names for a demo session; `environ` holds the variables that make boto3 find the sandbox."""

    source_name: str
    source_version: str
    target_version: str
    profile: str
    region: str
    environ: dict[str, str]


def source_version() -> str:
    """2.8.1, or the nearest version that a Python of this machine can run: older than the target if there is one.

    When the machine has no fitting Python at all, the target's own version, for which uv may fetch a Python (it is
    needed for the target in any case).
    """
    from mwaa_wizard.sandbox.airflow import versions

    target = versions.parse(TARGET_VERSION)
    found = [version for version in versions.runnable() if (2, 7, 2) <= versions.parse(version) <= target]
    older = [version for version in found if versions.parse(version) < target]
    return versions.nearest(WANTED_SOURCE_VERSION, older or found or [TARGET_VERSION])


def start_demo(progress: Callable[[str], None]) -> DemoInfo:
    """Bring up `analytics-prod` with small data. Raises WizardError when it cannot come up."""
    from mwaa_wizard.sandbox import control

    running = control.status()
    present = running.named(SOURCE) if running.running else None
    version = present.version if present is not None else source_version()
    if version != WANTED_SOURCE_VERSION and present is None:
        progress(_("No Python here runs Airflow {wanted}; the source will be {version}.").format(
            wanted=WANTED_SOURCE_VERSION, version=version
        ))  # fmt: skip
    result = control.up([(SOURCE, version)], "small", progress)
    return DemoInfo(SOURCE, version, TARGET_VERSION, result.profile, result.region, result.environ())
