"""The pane at the right of wide terminals: why the page asks, and what AWS says about it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

from .plain import Plain


class Why(VerticalScroll, can_focus=False):
    """Shown from 120 columns on; F1 shows the same text everywhere."""

    def __init__(self) -> None:
        super().__init__(id="why")
        self._text = Plain(id="why-text")

    def compose(self) -> ComposeResult:
        yield self._text

    def show(self, paragraphs: list[str]) -> None:
        """Show the reasons, one paragraph each."""
        parts = [Content.styled(_("Why"), "bold")] + [Content(clean(text)) for text in paragraphs]
        self._text.say(Content("\n\n").join(parts))
