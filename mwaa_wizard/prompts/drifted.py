"""What changed in AWS since a saved session was last open: said before it goes on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import drift
from mwaa_wizard.front.words import ago
from mwaa_wizard.i18n import _

from .talk import Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened


def say_drift(talk: Talk, opened: Opened) -> None:
    """Look at both sides again where the session was left for a while. What AWS refuses to tell does not stop it."""
    from mwaa_wizard.session import drift as session_drift

    session, now = opened.session, dt.datetime.now(dt.UTC)
    if not session_drift.due(session, now):
        return
    left = ago(session.updated_at, now)
    talk.say(_("This session was left {when}. Looking at what changed since …").format(when=left))
    try:
        found = drift.look(session)
    except WizardError as problem:
        talk.error(problem)
        return
    sides = {"source": _("source"), "target": _("target")}
    nothing = _("(nothing)")
    for one in found.differences:
        words = _("Changed since: {side}, {label}: was {before}, is {now}")
        before, after = one.before or nothing, one.now or nothing
        talk.say(words.format(side=sides.get(one.side, one.side), label=one.label, before=before, now=after))
    for refused in found.problems:
        talk.error(refused)
    if not found.differences and not found.problems:
        talk.say(_("Nothing changed."))
    drift.remember(session, found)
    opened.save()
