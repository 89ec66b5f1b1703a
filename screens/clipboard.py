"""Copying from a page or a box: the text is sent to the terminal (OSC 52), and no more is said than can be known."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from mwaa_wizard.i18n import _

if TYPE_CHECKING:
    from textual.app import App


def send(app: App[Any], text: str, also: str = "") -> str:
    """Send the text; what can be said of it. `also`: a sentence that says where else the same text is."""
    app.copy_to_clipboard(text)
    return f"{sent()} {also}".rstrip()


def sent() -> str:
    """OSC 52 has no answer."""
    if os.environ.get("TMUX"):
        return _("Sent to the terminal; tmux passes it on only with set-clipboard on, and never tells whether it did.")
    return _("Sent to the terminal, which does not tell whether it took it.")
