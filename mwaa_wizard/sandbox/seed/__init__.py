"""Seeded data: what makes a sandbox environment look like one that has been in production for months."""

from mwaa_wizard.sandbox.seed.control import fill, put_files, seed
from mwaa_wizard.sandbox.seed.naming import task_log_group, task_log_stream
from mwaa_wizard.sandbox.seed.secrets import CANARIES
from mwaa_wizard.sandbox.seed.target import SeedFiles, SeedSummary, SeedTarget, Size

__all__ = [
    "CANARIES",
    "SeedFiles",
    "SeedSummary",
    "SeedTarget",
    "Size",
    "fill",
    "put_files",
    "seed",
    "task_log_group",
    "task_log_stream",
]
