"""Saved sessions on the first screen: how each reads, and keeping them in order."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from textual.screen import Screen

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front.words import account, ago, shorten, worded
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, fit, width

from .widgets.notice import Notice

if TYPE_CHECKING:
    from mwaa_wizard.session.model import Session
    from mwaa_wizard.session.store import Listed

    from .app import WizardApp

    _Base = Screen[None]
else:
    _Base = object


class SessionKeeping(_Base):
    """For the first screen: what its keys do with the session that is marked. Everything can be taken back."""

    deleted: list[str]

    if TYPE_CHECKING:

        @property
        def wizard(self) -> WizardApp: ...
        def chosen_session(self) -> Listed | None: ...
        def read(self) -> None: ...

    def refused(self, problem: WizardError | OSError) -> None:
        """Say what was refused: the session is open elsewhere, or this machine has no room for it."""
        self.query_one(Notice).error(worded(problem), retry=False)

    def action_duplicate(self) -> None:
        """A new session with the same choices and an empty journal."""
        found = self.chosen_session()
        if found is None or found.session is None:
            return
        from mwaa_wizard.session.copying import duplicate

        try:
            duplicate(found.session)
        except OSError as problem:
            self.refused(problem)
            return
        self.query_one(Notice).good(_("Duplicated: same choices, nothing run yet."))
        self.read()

    def action_delete(self) -> None:
        """Take the session out of the list; `u` brings it back. Its journal stays, and so does what is in AWS."""
        from mwaa_wizard.session import store

        found = self.chosen_session()
        if found is None:
            return
        try:
            with store.Lock(found.id):
                store.delete(found.id)
        except (WizardError, OSError) as problem:
            self.refused(problem)
            return
        self.deleted.append(found.id)
        self.query_one(Notice).good(
            _("Deleted from the list; in AWS nothing was changed. u brings it back, for {days} days also: "
              "mwaa-wizard sessions --undelete {id}").format(days=store.KEPT.days, id=found.id)
        )  # fmt: skip
        self.read()

    def action_undelete(self) -> None:
        """Bring back what was deleted last."""
        from mwaa_wizard.session import store

        if not self.deleted:
            return
        try:
            store.undelete(self.deleted[-1])
        except (WizardError, OSError) as problem:
            self.refused(problem)
            return
        self.deleted.pop()
        self.query_one(Notice).good(_("It is back in the list."))
        self.read()

    def action_rename(self) -> None:
        """Ask for a name of the user's own."""
        from .session_name import NameBox

        found = self.chosen_session()
        if found is None or found.session is None:
            return

        def answered(name: str | None) -> None:
            if name is not None:
                self._rename(found.id, name)

        self.app.push_screen(NameBox(found.session), answered)

    def _rename(self, session_id: str, name: str) -> None:
        from mwaa_wizard.session import store

        opened = self.wizard.opened
        try:
            if opened is not None and opened.session.id == session_id:
                # This window holds its lock, for a run that goes on.
                opened.session.name = clean(name, limit=80).strip()
                opened.save()
            else:
                store.rename(session_id, name)
        except (WizardError, OSError) as problem:
            self.refused(problem)
            return
        self.read()

    def action_export(self) -> None:
        """A file for others."""
        from .leaving import export

        found = self.chosen_session()
        if found is not None and found.session is not None:
            self.query_one(Notice).good(export(found.session))


def lines_of(listed: list[Listed], states: list[str], now: dt.datetime, cells: int) -> list[str]:
    """Sessions on a line each: who goes where, how far it is, how old that is; `states` word the second."""
    ages = [ago(one.session.updated_at, now) if one.session else "" for one in listed]
    states = [shorten(state, max(18, cells // 3)) for state in states]
    state_cells, age_cells = max(map(width, states), default=0), max(map(width, ages), default=0)
    titles = ["" if one.session is None else _title(one.session, cells) for one in listed]
    # No wider than the longest: on a wide terminal the state would be far from what it is of.
    longest = max([40, *map(width, titles)])
    gap = "  " if cells - state_cells - age_cells - 4 >= longest else " "
    room = max(8, min(cells - state_cells - age_cells - 2 * len(gap), longest))
    lines = []
    for one, title, state, age in zip(listed, titles, states, ages, strict=True):
        if one.session is None:
            lines.append(shorten(f"{one.id}  ✘ {clean(one.problem)}", cells))
        else:
            lines.append(f"{fit(title, room)}{gap}{fit(state, state_cells)}{gap}{fit(age, age_cells)}")
    return lines


def _title(session: Session, cells: int) -> str:
    """What it is called; where there is room, also who goes where."""
    title = clean(session.title()) if session.name or session.source.environment else _("New migration")
    if session.name and cells >= 100:
        title += "  " + clean(session.model_copy(update={"name": ""}).title())
    return title


def detail_of(session: Session, cells: int) -> str:
    """Both sides, who and where (once, where it is the same); below, when it ran last, and its id for the command
    line.
    """
    names = [clean(side.environment) or "…" for side in (session.source, session.target)]
    places = [
        f"{account(place.account)} {place.region}".strip()
        for place in (session.source.connection, session.target.connection)
    ]
    facts = []
    if session.last_result.at:
        when = session.last_result.at.astimezone().strftime("%Y-%m-%d %H:%M")
        facts.append(_("last run {when}").format(when=when))
    last = " · ".join([*facts, session.id])
    sides = [f"{name} {place}".strip() for name, place in zip(names, places, strict=True)]
    if places[0] == places[1]:
        lines = [" · ".join(filter(None, (" → ".join(names), places[0]))), last]
    elif width(" → ".join(sides)) + 2 <= cells:
        lines = [" → ".join(sides), last]
    else:
        # Where it goes matters more than when it ran, which stands in the list.
        lines = [sides[0], f"→ {sides[1]} · {session.id}"]
    return "\n".join(shorten(f"  {line}", cells) for line in lines)


def step_places(listed: list[Listed]) -> dict[str, str]:
    """Where in its plan each session that has run stands: `9/14`. Nothing for one whose plan cannot be made."""
    found = {}
    for one in listed:
        if one.session is None or not one.session.last_result.step:
            continue
        from mwaa_wizard.front import engine

        try:
            steps = [step.id for step in engine.plan(one.session)]
            found[one.id] = f"{steps.index(one.session.last_result.step) + 1}/{len(steps)}"
        except (WizardError, ValueError):
            continue
    return found


def state_of(session: Session, place: str = "") -> str:
    """Where a session stands, in a few words: the step of a run, its outcome, or the page reached."""
    from mwaa_wizard.front.flow import shown, title_of

    result = session.last_result
    step = " ".join(part for part in (place, clean(result.step) or "…") if part)
    words = {
        "verified": _("verified ✔"),
        "differs": _("done, differences"),
        "undone": _("undone"),
        "failed": _("failed: {step}"),
        "stopped": _("stopped: {step}"),
        "running": _("cut off: {step}"),
    }
    if result.state:
        return words[result.state].format(step=step)
    pages = shown(session)
    if session.page.name not in pages:
        return title_of(session.page.name)
    return _("{number}/{count} {page}").format(
        number=pages.index(session.page.name) + 1, count=len(pages), page=title_of(session.page.name)
    )
