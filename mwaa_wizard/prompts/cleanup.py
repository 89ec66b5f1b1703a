"""Clean-up: what of ours is still there, and a yes that takes it away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.errors import EXIT_FAILED, EXIT_RESUMABLE, WizardError
from mwaa_wizard.front import after_run, cleanup_text, engine_cleanup
from mwaa_wizard.i18n import _, listed, ngettext, sentence, sentences

from . import running
from .looking import look
from .talk import Leave, Talk

if TYPE_CHECKING:
    from mwaa_wizard.front.engine_cleanup import Found
    from mwaa_wizard.front.opened import Opened
    from mwaa_wizard.front.run_state import RunState

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
    _take_away(talk, opened, ids)


def by_file(talk: Talk, opened: Opened, bundle: bool | None) -> None:
    """Take away what is left, as an answers file says. Raises WizardError where something stays, Leave on a failure."""
    session = opened.session
    found = look(talk, _("Looking for everything of ours …"), lambda: engine_cleanup.found(session))
    _say(talk, found)
    if found.obstacle:
        raise WizardError(what=found.obstacle, changed=_("Nothing was changed."))
    if ids := engine_cleanup.chosen(session, found.things, bundle):
        state, found = _take_away(talk, opened, ids)
        if state.outcome == "stopped":
            raise Leave(EXIT_RESUMABLE)
        if state.error is not None:
            raise Leave(state.error.exit_code or EXIT_FAILED)
        if stays := after_run.left(session, found, ids):
            raise stays


def _take_away(talk: Talk, opened: Opened, ids: list[str]) -> tuple[RunState, Found]:
    """Take these away, and look again."""
    session = opened.session
    state = running.carry_out(
        talk, [("take-away", _("Clean up"))], lambda listen: engine_cleanup.make_runner(session, ids, listen)
    )
    if state.error is not None:
        talk.error(state.error)
    found = look(talk, _("Looking again …"), lambda: engine_cleanup.found(session))
    _say(talk, found)
    return state, found


def _say(talk: Talk, found: Found) -> None:
    for one in found.things:
        seen = f" ({one.seen})" if one.seen else ""
        said = f"{listed((one.title, one.where))}: {cleanup_text.state(one)[1]}{seen}"
        talk.say(sentences((sentence(said), one.meaning)))
    talk.say(cleanup_text.verdict(found))
    for kept in found.stays:
        talk.say(_("Stays, as the target needs it: {what} ({why})").format(what=kept.what, why=kept.why))
    if found.obstacle:
        talk.say(found.obstacle)
