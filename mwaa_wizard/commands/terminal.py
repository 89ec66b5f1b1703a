"""What kind of terminal this is, and whether the full-screen wizard can be drawn on it."""

from __future__ import annotations

import os
import sys

from mwaa_wizard.commands.encoding import can_draw
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _


def in_browser() -> bool:
    """Whether `serve` started this process: textual-serve reads and draws through pipes then."""
    return os.environ.get("TEXTUAL_DRIVER", "").startswith("textual.drivers.web_driver")


def has_terminal() -> bool:
    """Textual reads stdin and draws on stderr: both must be a terminal."""
    try:
        return sys.stdin.isatty() and sys.stderr.isatty()
    except (AttributeError, ValueError):
        return False


def is_dumb() -> bool:
    """Whether the terminal itself says that it can only print lines."""
    return os.environ.get("TERM", "") in ("", "dumb", "unknown")


def is_accessible() -> bool:
    """Whether the user asks every program for plain lines (ACCESSIBLE, any value but an empty one and 0)."""
    return os.environ.get("ACCESSIBLE", "").strip() not in ("", "0")


def wants_plain() -> bool:
    """Whether this terminal is to be asked line by line: it is one, and it cannot show more, or is not meant to."""
    try:
        return sys.stdin.isatty() and sys.stdout.isatty() and (is_dumb() or is_accessible() or not can_draw())
    except (AttributeError, ValueError):
        return False


def require_terminal() -> None:
    """Raise WizardError (exit code 2) where the wizard cannot be drawn, naming the commands that can be used."""
    why = ""
    if in_browser():
        return
    if not has_terminal():
        why = _("Standard input or standard error is not a terminal, so the wizard cannot be drawn.")
    elif os.environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        why = _("This terminal (TERM={term}) cannot show a full screen.").format(term=os.environ.get("TERM", ""))
    if why:
        raise WizardError(
            what=why,
            changed=_("Nothing was changed."),
            remedy=_(
                "Without a screen use: mwaa-wizard --plain · mwaa-wizard --plain --answers FILE · "
                "mwaa-wizard sessions · mwaa-wizard run SESSION --yes · mwaa-wizard resume SESSION --headless · "
                "mwaa-wizard demo --headless"
            ),
            exit_code=EXIT_USAGE,
        )


def measure_terminal() -> None:
    """Let the terminal itself say how large it is: COLUMNS and LINES, where somebody exported them, are of another
    window or of another time, and do not follow a resize.
    """
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
