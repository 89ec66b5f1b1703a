"""One line of a list in full, in a box that scrolls."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from mwaa_wizard.i18n import N_
from mwaa_wizard.text import clean
from screens import clipboard

from .modal import Box
from .plain import Plain


class FullText(Box[None]):
    """Paragraphs with an empty line between them; `y` copies all of it."""

    DEFAULT_CSS = """
    #detail-scroll { height: auto; max-height: 54vh; }
    #detail-text, #detail-told { height: auto; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "close", N_("close")),
        Binding("y", "copy", N_("copy")),
    ]

    def __init__(self, title: str, paragraphs: list[str] | Content) -> None:
        super().__init__(clean(title, limit=300))
        if not isinstance(paragraphs, Content):
            paragraphs = Content("\n\n".join(clean(part, keep_newlines=True) for part in paragraphs if part))
        self._text = paragraphs

    def inside(self) -> ComposeResult:
        with VerticalScroll(id="detail-scroll"):
            yield Plain(self._text, id="detail-text")
        yield Plain(id="detail-told")

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_copy(self) -> None:
        """The text to the clipboard, as far as the terminal takes it."""
        self.query_one("#detail-told", Plain).say(clipboard.send(self.app, self._text.plain))
