"""The order of the pages, which a route leaves out, and what each still misses before the next one opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _, listed

from . import routing, stale

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session

PAGES = (
    "connect", "source", "route", "target", "settings", "entries", "tables", "logs", "policies", "preflight", "review",
    "run", "summary", "cutover", "cleanup",
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
        "preflight": _("Preflight"),
        "review": _("Review"),
        "run": _("Run"),
        "summary": _("Summary"),
        "cutover": _("Cut over"),
        "cleanup": _("Clean up"),
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
            "cutover": _("In place: there is one environment, and the run unpauses its DAGs again."),
            "cleanup": _("In place: the run puts nothing of its own into the environment."),
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
    if not session.target.environment:
        return [_("Name the new environment.")]
    from .questions.target import same_region

    if same_region(session) and session.target.environment == session.source.environment:
        return [_("The new environment needs another name than the source: both are in one region.")]
    return []


def _tables(session: Session) -> list[str]:
    from .question import problems
    from .questions import must

    chosen = session.tables.selected
    found = problems(session, must("tables.selected"), chosen) if chosen is not None else []
    problem = session.tables.problem()
    return found or ([problem] if problem else [])


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
    """A line of the rail: glyph and word say the same. `reason`: why the page is left out, blocked or stale."""

    page: str
    glyph: str
    word: str
    open: bool
    reason: str = ""


# In the order in which a legend tells them: what needs an explanation most comes first.
STATES = ("stale", "to-mend", "blocked", "left-out", "to-do", "done", "here")


def state_word(state: str) -> tuple[str, str]:
    """Glyph and word of a state."""
    return {
        "here": ("▸", _("here")),
        "done": ("✔", _("done")),
        "to-do": ("○", _("to do")),
        "blocked": ("·", _("blocked")),
        "to-mend": ("!", _("to mend")),
        "stale": ("↻", _("stale")),
        "left-out": ("–", _("left out")),
    }[state]


def marks(session: Session, current: str) -> list[Mark]:
    """The rail: which pages are done, which one is shown, which are to do, to mend or to look at again, which are
    blocked by one in front of them, and which are left out.
    """
    lines = []
    blocked = ""  # why what follows cannot be opened yet
    lacking = False  # whether that is an answer that is missing
    begun = bool(session.last_result.state)  # who mends an answer after a failure goes back to the run from there
    for page in pages(session):
        left = left_out(page, session)
        reasons = missing(page, session)
        done = page in session.page.done or (page == "route" and _chosen_before(session))
        look_again = stale.reason(page, session) if done else ""
        if page == current:
            state, said = "here", ""
        elif left:
            lines.append(Mark(page, *state_word("left-out"), open=False, reason=left))
            continue
        elif done and reasons:
            state, said = "to-mend", reasons[0]
        elif look_again:
            state, said = "stale", look_again
        elif done:
            state, said = "done", ""
        else:
            state, said = "blocked" if lacking else "to-do", blocked if lacking or not begun else ""
        lines.append(Mark(page, *state_word(state), open=not blocked or (begun and not lacking), reason=said))
        if not blocked and not (done and not reasons):
            blocked = _("First comes page {page}.").format(page=title_of(page))
            if reasons:
                blocked, lacking = f"{blocked} {reasons[0]}", True
    return lines


def legend(lines: list[Mark]) -> list[str]:
    """`✔ done` for each state that occurs, the least known first."""
    there = {mark.word for mark in lines}
    return [f"{glyph} {word}" for glyph, word in map(state_word, STATES) if word in there]


def position(page: str, session: Session) -> tuple[int, int]:
    """Which page of how many; those that are left out do not count."""
    order = shown(session)
    return (order.index(page) + 1 if page in order else 0), len(order)


def to_look_at(page: str, session: Session) -> list[str]:
    """Earlier pages that are stale, each with the reason."""
    told = []
    for one in shown(session):
        if one == page:
            break
        if words := stale.changed(one, session):
            told.append(_("{page}: look at it again, {names} changed since.").format(
                page=title_of(one), names=listed(words)))  # fmt: skip
    return told


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
