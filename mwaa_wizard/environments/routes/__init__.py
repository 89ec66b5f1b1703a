"""Every way from one Airflow to another: which are possible, what survives, how long, at what cost, and why not."""

from __future__ import annotations

from mwaa_wizard.environments.routes.model import (
    ASSETS,
    KEEPABLE,
    KINDS,
    Reason,
    Request,
    Route,
    Routes,
    Step,
    Survival,
    Time,
)
from mwaa_wizard.environments.routes.planner import plan

__all__ = [
    "ASSETS", "KEEPABLE", "KINDS", "Reason", "Request", "Route", "Routes", "Step", "Survival", "Time", "plan",
]  # fmt: skip
