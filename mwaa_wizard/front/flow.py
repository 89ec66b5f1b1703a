"""The order of the pages, which a route leaves out, and what each still misses before the next one opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _

from . import routing

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

PAGES = (
    "connect", "source", "route", "target", "settings", "entries", "tables", "logs", "policies", "review", "run",
    "summary",
)  # fmt: skip


def title_of(page: str) -> str:
    """The page's name in the rail."""
    return {
        "connect": _("Connect"),
        "source": _("Source"),
        "route": _("Route"),
        "target": _("Target"),
        "settings": _("Settings"),
        "entries": _("Entries"),
        "tables": _("Tables"),
        "logs": _("Logs"),
        "policies": _("Policies"),
        "review": _("Review"),
        "run": _("Run"),
        "summary": _("Summary"),
    }.get(page, page)


# Pages that do not apply to a route


def pages(session: Session) -> tuple[str, ...]:
    """The pages of the session's route in order, those that are left out among them; Entries is of one route only."""
    return PAGES if session.route == "settings-only" else tuple(page for page in PAGES if page != "entries")


def left_out(page: str, session: Session) -> str:
    """Why the session's route has no such page; empty where it has."""
    if session.route == "in-place":
        return {
            "target": _("In place: the environment keeps its name and its URL."),
            "tables": _("In place: Airflow upgrades its own database, so all history stays where it is."),
            "logs": _("In place: the log groups carry the environment's name, and that stays."),
            "policies": _("In place: nothing is exported, so no role needs a policy more."),
        }.get(page, "")
    if session.route == "settings-only":
        return {
            "tables": _("Settings only: no history is moved."),
            "logs": _("Settings only: task logs belong to history, which is not moved."),
        }.get(page, "")
    return ""


def shown(session: Session) -> list[str]:
    """The pages that are gone through."""
    return [page for page in pages(session) if not left_out(page, session)]


def after(page: str, session: Session) -> str | None:
    """The page that follows, None after the last; pages that are left out are passed over."""
    order = pages(session)
    return next((one for one in order[order.index(page) + 1 :] if not left_out(one, session)), None)


def before(page: str, session: Session) -> str | None:
    """The page in front, None before the first."""
    order = pages(session)
    return next((one for one in reversed(order[: order.index(page)]) if not left_out(one, session)), None)


# What is missing


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
    return [] if session.source.environment else [_("Choose the environment to move.")]


def _target(session: Session) -> list[str]:
    reasons = []
    if not session.target.environment:
        reasons.append(_("Name the new environment."))
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
    "route": routing.problems,
    "target": _target,
    "tables": _tables,
}


def missing(page: str, session: Session) -> list[str]:
    """Why the page cannot be left forward, in plain words; empty when it can. Reads the session only."""
    if left_out(page, session):
        return []
    return _MISSING.get(page, _nothing)(session)


@dataclass(frozen=True)
class Mark:
    """A line of the rail: glyph and word say the same. `reason`: why the page is left out."""

    page: str
    glyph: str
    word: str
    open: bool
    reason: str = ""


def marks(session: Session, current: str) -> list[Mark]:
    """The rail: which pages are done, which one is shown, which are to do or to mend again, and which are left out."""
    lines = []
    reachable = True
    for page in pages(session):
        reason = left_out(page, session)
        if reason and page != current:
            lines.append(Mark(page, "–", _("left out"), open=False, reason=reason))
            continue
        reasons = missing(page, session)
        done = page in session.page.done or (page == "route" and _chosen_before(session))
        if page == current:
            glyph, word = "▸", _("here")
        elif done and reasons:
            glyph, word = "!", _("to mend")
        elif done:
            glyph, word = "✔", _("done")
        else:
            glyph, word = "·", _("to do")
        lines.append(Mark(page, glyph, word, open=reachable))
        reachable = reachable and done and not reasons
    return lines


def _chosen_before(session: Session) -> bool:
    """Sessions from before the page had its choice made by page Target."""
    return "target" in session.page.done


def open_page(session: Session, wanted: str) -> str:
    """`wanted` where every page in front of it is complete, otherwise the first one that is not. A page that is left
    out stands for the next one that is not.
    """
    order = pages(session)
    if wanted not in order:
        behind = PAGES[PAGES.index(wanted) :] if wanted in PAGES else order
        wanted = next(page for page in behind if page in order)
    if left_out(wanted, session):
        wanted = after(wanted, session) or order[0]
    for page in order:
        if page == wanted or missing(page, session):
            return page
    return order[0]
