"""Look-ups that take seconds: said before, tried again where AWS refuses and somebody is there to mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import retrying
from mwaa_wizard.i18n import _

from .talk import Back, Leave, Talk

T = TypeVar("T")


def look(talk: Talk, what: str, call: Callable[[], T]) -> T:
    """The call's answer. Raises Back or Leave where the user gives up, WizardError where nobody is there."""
    while True:
        talk.say(what)
        retrying.listen(talk.say)
        try:
            return call()
        except WizardError as problem:
            if not talk.there():
                raise
            talk.error(problem)
        finally:
            retrying.listen(_silent)
        ways = [("again", _("ask again")), ("back", _("back")), ("quit", _("quit; everything is saved"))]
        answer = talk.choose(_("What now"), ways)
        if answer == "back":
            raise Back
        if answer == "quit":
            raise Leave


def _silent(_text: str) -> None:
    """Nobody waits for this any more."""
