"""The terminal's own title says how a run stands, so that it is seen from another window or tab.

OSC 2 (xterm control sequences: "Set Text Parameters"), with the title before kept by the terminal (CSI 22;2t, 23;2t).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean, fit

if TYPE_CHECKING:
    from mwaa_wizard.front.runs import Run

    from .app import WizardApp

_GLYPHS = {"running": "▸", "done": "✔", "failed": "✘", "stopped": "■"}
_LONGEST = 80
# These draw the sequence, or have no title to set.
_WITHOUT = ("linux", "dumb", "vt", "cons", "ansi")


class TerminalTitle:
    """One for the app. Nothing is written twice, nothing where the terminal has no title, nothing to a browser."""

    def __init__(self, app: WizardApp) -> None:
        self._app = app
        self._said = ""

    def tell(self, run: Run) -> None:
        """How this run stands, after the bell or when it begins."""
        opened = self._app.opened
        glyph = _GLYPHS.get(run.state.outcome, "")
        if opened is None or not glyph:
            return
        what = {
            "full": _("undo") if run.state.undoing else _("migration"),
            "inventory": _("count"),
            "batch": _("cut over"),
            "cleanup": _("clean up"),
        }[run.kind]
        word = {"running": _("running"), "done": _("done"), "failed": _("failed"), "stopped": _("stopped")}
        title = opened.session.title()
        self._set(f"{glyph} {word[run.state.outcome]}: {what} {title}")

    def give_back(self) -> None:
        """The title that the terminal had before."""
        if self._said:
            self._write("\x1b[23;2t")
            self._said = ""

    def _set(self, text: str) -> None:
        text = fit(clean(text), _LONGEST).rstrip()
        if text == self._said or not self._can():
            return
        self._write(("" if self._said else "\x1b[22;2t") + f"\x1b]2;{text}\x07")
        self._said = text

    def _can(self) -> bool:
        term = os.environ.get("TERM", "")
        return bool(term) and not term.startswith(_WITHOUT) and not self._app.is_web

    def _write(self, text: str) -> None:
        driver = self._app._driver
        if driver is not None:
            driver.write(text)
            driver.flush()
