"""The order of the pages, which class shows each, and what each still misses before the next one opens."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

    from .page import WizardPage

PAGES = ("connect", "source", "target", "settings", "tables", "logs", "policies", "review", "run", "summary")

# The class is named, not imported: the first screen must not load all pages.
_CLASSES = {
    "connect": "ConnectPage",
    "source": "SourcePage",
    "target": "TargetPage",
    "settings": "SettingsPage",
    "tables": "TablesPage",
    "logs": "LogsPage",
    "policies": "PoliciesPage",
    "review": "ReviewPage",
    "run": "RunPage",
    "summary": "SummaryPage",
}


def title_of(page: str) -> str:
    """The page's name in the rail."""
    return {
        "connect": _("Connect"),
        "source": _("Source"),
        "target": _("Target"),
        "settings": _("Settings"),
        "tables": _("Tables"),
        "logs": _("Logs"),
        "policies": _("Policies"),
        "review": _("Review"),
        "run": _("Run"),
        "summary": _("Summary"),
    }[page]


def page_class(page: str) -> type[WizardPage]:
    """The class of a page, imported on first use."""
    module = importlib.import_module(f"screens.{page}")
    return cast("type[WizardPage]", getattr(module, _CLASSES[page]))


def after(page: str) -> str | None:
    """The page that follows, None after the last."""
    index = PAGES.index(page) + 1
    return PAGES[index] if index < len(PAGES) else None


def before(page: str) -> str | None:
    """The page in front, None before the first."""
    index = PAGES.index(page)
    return PAGES[index - 1] if index else None


def _connect(session: Session) -> list[str]:
    reasons = []
    for side, label in (("source", _("source")), ("target", _("target"))):
        connection = session.source.connection if side == "source" else session.target.connection
        if not connection.region:
            reasons.append(_("Choose the region of the {side}.").format(side=label))
        elif not connection.account:
            reasons.append(_("The identity of the {side} is not known yet.").format(side=label))
    return reasons


def _source(session: Session) -> list[str]:
    source = session.source
    if not source.environment:
        return [_("Choose the environment to move.")]
    if source.airflow_version.startswith("3."):
        text = _("{name} runs Airflow {version}, whose tasks do not reach the metadata database: choose one that runs "
                 "2.x. MWAA upgrades 3.x in place.")  # fmt: skip
        return [text.format(name=clean(source.environment), version=clean(source.airflow_version))]
    return []


def _target(session: Session) -> list[str]:
    reasons = []
    if not session.target.environment:
        reasons.append(_("Name the new environment."))
    if not session.target.airflow_version:
        reasons.append(_("Choose its Airflow version."))
    same_place = (
        session.target.connection.account == session.source.connection.account
        and session.target.connection.region == session.source.connection.region
    )
    if same_place and session.target.environment and session.target.environment == session.source.environment:
        reasons.append(_("The new environment needs another name than the source: both are in one region."))
    return reasons


def _tables(session: Session) -> list[str]:
    chosen = session.tables.selected
    if chosen is not None and not chosen:
        return [_("Pick at least one table.")]
    problem = session.tables.problem()
    return [problem] if problem else []


def _nothing(_session: Session) -> list[str]:
    return []


_MISSING: dict[str, Callable[[Session], list[str]]] = {
    "connect": _connect,
    "source": _source,
    "target": _target,
    "tables": _tables,
}


def missing(page: str, session: Session) -> list[str]:
    """Why the page cannot be left forward, in plain words; empty when it can. Reads the session only."""
    return _MISSING.get(page, _nothing)(session)


@dataclass(frozen=True)
class Mark:
    """A line of the rail: glyph and word say the same."""

    page: str
    glyph: str
    word: str
    open: bool


def marks(session: Session, current: str) -> list[Mark]:
    """The rail: which pages are done, which one is shown, which are to do, which need mending again."""
    lines = []
    reachable = True
    for page in PAGES:
        done = page in session.page.done
        reasons = missing(page, session)
        if page == current:
            glyph, word = "▸", _("here")
        elif done and reasons:
            glyph, word = "!", _("to mend")
        elif done:
            glyph, word = "✔", _("done")
        else:
            glyph, word = "·", _("to do")
        lines.append(Mark(page, glyph, word, open=reachable and (done or page == current or reachable)))
        reachable = reachable and done and not reasons
    return lines


def open_page(session: Session, wanted: str) -> str:
    """`wanted` where every page in front of it is complete, otherwise the first one that is not."""
    for page in PAGES:
        if page == wanted or missing(page, session):
            return page
    return PAGES[0]
