"""The pages on the left: the glyph tells which are done, where we are, what is to do; F1 explains the glyphs."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import fit
from screens import flow


class Rail(OptionList):
    """Lists the pages; Enter or a click on an open one asks to go there."""

    class Chosen(Message):
        """The user wants another page."""

        def __init__(self, page: str) -> None:
            super().__init__()
            self.page = page

    def __init__(self) -> None:
        super().__init__(id="rail", compact=True)
        self.can_focus = True
        self._marks: list[flow.Mark] = []

    def show(self, session: Session, current: str) -> None:
        """Show the pages' marks as they are now."""
        marks = flow.marks(session, current)
        if marks == self._marks:
            return
        self._marks = marks
        self.clear_options()
        for mark in marks:
            text = f"{mark.glyph} {fit(flow.title_of(mark.page), 9)}"
            style = {"▸": "bold $text-accent", "!": "$text-warning", "·": "$text-muted"}.get(mark.glyph, "$text")
            self.add_option(Option(Content.styled(text, style), id=mark.page, disabled=not mark.open))
        self.highlighted = flow.PAGES.index(current)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id:
            self.post_message(self.Chosen(event.option_id))

    def on_focus(self) -> None:
        self.border_subtitle = _("enter opens")
