"""Which class shows each page."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from .page import WizardPage

# The class is named, not imported: the first screen must not load all pages.
_CLASSES = {
    "connect": "ConnectPage",
    "source": "SourcePage",
    "route": "RoutePage",
    "target": "TargetPage",
    "settings": "SettingsPage",
    "entries": "EntriesPage",
    "tables": "TablesPage",
    "logs": "LogsPage",
    "policies": "PoliciesPage",
    "preflight": "PreflightPage",
    "review": "ReviewPage",
    "run": "RunPage",
    "summary": "SummaryPage",
    "cutover": "CutoverPage",
    "cleanup": "CleanupPage",
}


def page_class(page: str) -> type[WizardPage]:
    """The class of a page, imported on first use."""
    module = importlib.import_module(f"screens.{page}")
    return cast("type[WizardPage]", getattr(module, _CLASSES[page]))
