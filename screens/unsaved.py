"""A session that cannot be written (a full disk): the window goes on, says so, and is not left without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front.words import worded
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.front.opened import Opened

    from .app import WizardApp


def why(problem: OSError) -> str:
    """What this machine said."""
    return clean(problem.strerror or problem)


def refused(problem: OSError) -> str:
    """What this machine refused, and how to mend it."""
    error = worded(problem)
    return f"{error.what} {error.where} {error.remedy}"


def tell(app: WizardApp, problem: OSError | None) -> None:
    """Say that it is not saved, or (None) that it is again; the top of the page says it as long as it holds."""
    if not app.is_running or app.opened is None:
        return
    from .widgets.identity import Identity  # brings the session's model, which the first screen is painted without

    if problem is not None:
        told = _("Not saved: {why}. The answers are in this window only; make room, the next one saves them all.")
        app.notify(told.format(why=why(problem)), markup=False, timeout=12, severity="error")
    else:
        app.notify(_("Saved again."), markup=False, timeout=4)
    for screen in app.screen_stack:
        for identity in screen.query(Identity):
            identity.show(app.opened.session)


def not_begun(app: WizardApp, problem: OSError) -> None:
    """A run that could not be written down is not begun."""
    told = _("The run was not begun: {why}. Nothing was changed. Make room, then start it again.")
    app.notify(told.format(why=why(problem)), markup=False, timeout=12, severity="error")


def words(opened: Opened) -> list[str]:
    """Once more: save. What the terminal says where that is not possible; empty where everything is saved."""
    if opened.unsaved is not None:
        opened.save()
    if opened.unsaved is None:
        return []
    on_disk = _("On disk are the answers from before; the journal has all that was done.")
    if not opened.saved_once:
        on_disk = _("Nothing of this window's answers is on disk; the journal has all that was done.")
    return [_("Not saved: {why}.").format(why=why(opened.unsaved)), on_disk]


def keeps(app: WizardApp, opened: Opened) -> bool:
    """Whether leaving now would lose answers, which is then said; somebody who quits again means it."""
    lost = words(opened)
    if lost:
        hint = _("Make room and leave then; quitting once more leaves without it.")
        app.notify(" ".join([*lost, hint]), markup=False, timeout=12, severity="error")
    return bool(lost)
