"""The pages on the left: the glyph tells which are done, where we are, what is to do; F1 explains the glyphs."""

from __future__ import annotations

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.front import flow
from mwaa_wizard.i18n import _
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import fit

_STYLES = {"▸": "bold $text-accent", "!": "$text-warning", "·": "$text-muted", "–": "$text-muted"}


class Rail(OptionList):
    """Lists the pages; Enter or a click on an open one asks to go there."""

    class Chosen(Message):
        """The user wants another page."""

        def __init__(self, page: str) -> None:
            super().__init__()
            self.page = page

    class LeftOut(Message):
        """The user wants a page that the session's route has not."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

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
            style = _STYLES.get(mark.glyph, "$text")
            # One that is left out can be asked why.
            self.add_option(Option(Content.styled(text, style), id=mark.page, disabled=not (mark.open or mark.reason)))
        self.highlighted = next(index for index, mark in enumerate(marks) if mark.page == current)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        mark = next((mark for mark in self._marks if mark.page == event.option_id), None)
        if mark is not None:
            self.post_message(self.LeftOut(mark.reason) if mark.reason else self.Chosen(mark.page))

    def on_focus(self) -> None:
        self.border_subtitle = _("enter opens")
