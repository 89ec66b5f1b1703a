"""Clean-up: what of ours is still there, and a yes that takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front import cleanup_text, engine_cleanup
from mwaa_wizard.i18n import _, ngettext

from . import running
from .looking import look
from .talk import Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_cleanup import Found
    from mwaa_wizard.front.opened import Opened

BUNDLE, SURE = "cleanup.bundle", "cleanup.sure"


def cleanup_page(talk: Talk, opened: Opened) -> None:
    """The page. Raises Back."""
    session = opened.session
    found = look(talk, _("Looking for everything of ours …"), lambda: engine_cleanup.found(session))
    _say(talk, found)
    talk.say(cleanup_text.never(session.source.environment, session.target.environment))
    if found.obstacle or not any(one.there for one in found.things):
        return
    bundle = None
    if any(one.id == "bundle" and one.there for one in found.things):
        bundle = talk.yes(_("Delete the exported bundle, too?"), BUNDLE, default=not session.keep_bundle)
    ids = engine_cleanup.chosen(session, found.things, bundle)
    if not ids:
        return
    question = ngettext("Take {count} thing away?", "Take {count} things away?", len(ids)).format(count=len(ids))
    if not talk.yes(question, SURE):
        return
    state = running.carry_out(
        talk, [("take-away", _("Clean up"))], lambda listen: engine_cleanup.make_runner(session, ids, listen)
    )
    if state.error is not None:
        talk.error(state.error)
    _say(talk, look(talk, _("Looking again …"), lambda: engine_cleanup.found(session)))


def _say(talk: Talk, found: Found) -> None:
    for one in found.things:
        seen = f" ({one.seen})" if one.seen else ""
        talk.say(f"{one.title}, {one.where}: {cleanup_text.state(one)[1]}{seen}. {one.meaning}")
    talk.say(cleanup_text.verdict(found))
    for kept in found.stays:
        talk.say(_("Stays, as the target needs it: {what}. {why}").format(what=kept.what, why=kept.why))
    if found.obstacle:
        talk.say(found.obstacle)
