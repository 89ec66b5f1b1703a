"""The pages on the left: glyph and word tell which are done, where we are, what is to do, and what is out of date."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.front import flow
from mwaa_wizard.i18n import _, sentence, sentences
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import fit

from .toned import Toned

_STYLES = {"▸": "bold $text-accent", "!": "$text-warning", "↻": "$text-warning", "·": "$text-muted",
           "–": "$text-muted"}  # fmt: skip
NAME, WORD = 10, 9  # cells of a page's name and of the word behind it
WORDS_FROM = 140  # columns of a terminal with room for the words beside the names; below, a legend says them


class Rail(Toned):
    """Lists the pages; Enter or a click on an open one asks to go there."""

    class Chosen(Message):
        """The user wants another page."""

        def __init__(self, page: str) -> None:
            super().__init__()
            self.page = page

    class LeftOut(Message):
        """The user wants a page that the session's route has not, or not yet."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self) -> None:
        super().__init__(id="rail", compact=True)
        self.can_focus = True
        self._marks: list[flow.Mark] = []
        self._words = False

    def show(self, session: Session, current: str) -> None:
        """Show the pages' marks as they are now."""
        marks, words = flow.marks(session, current), self.app.size.width >= WORDS_FROM
        if isinstance(self.parent, RailPane):
            self.parent.show(session, current, marks, words=words)
        if (marks, words) == (self._marks, self._words):
            return
        self._marks, self._words = marks, words
        kept = self.highlighted_page if self.has_focus else current
        self.clear_options()
        self.add_options(self._option(mark) for mark in marks)
        self.highlighted = next((index for index, mark in enumerate(marks) if mark.page == kept), 0)

    def _option(self, mark: flow.Mark) -> Option:
        text = f"{mark.glyph} {fit(flow.title_of(mark.page), NAME)}"
        text += fit(" " + mark.word, WORD) if self._words else ""
        # One that cannot be opened can be asked why.
        closed = not (mark.open or mark.reason)
        return Option(Content.styled(text, _STYLES.get(mark.glyph, "$text")), id=mark.page, disabled=closed)

    @property
    def highlighted_page(self) -> str:
        """The page under the cursor."""
        index = self.highlighted
        return self._marks[index].page if index is not None and index < len(self._marks) else ""

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        mark = next((mark for mark in self._marks if mark.page == event.option_id), None)
        if mark is not None:
            self.post_message(self.Chosen(mark.page) if mark.open else self.LeftOut(mark.reason))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self.has_focus and isinstance(self.parent, RailPane):
            self.parent.explain(next((mark for mark in self._marks if mark.page == event.option_id), None))

    def on_focus(self) -> None:
        self.border_subtitle = _("enter opens")
        self.screen.refresh_bindings()

    def on_blur(self) -> None:
        if isinstance(self.parent, RailPane):
            self.parent.explain(None)
        self.screen.refresh_bindings()


class RailPane(Vertical):
    """The rail with how far one is above it, and below it what its glyphs mean; both are drawn here, on its ground."""

    def __init__(self) -> None:
        super().__init__(id="rail-pane")
        self.rail = Rail()
        self._count = ""
        self._legend: list[str] = []
        self._shown: list[str] = []  # of the legend, as far as there is room

    def compose(self) -> ComposeResult:
        yield self.rail

    def render(self) -> Content:
        above = [] if self.screen.has_class("-short") else [self._count]
        air = self.content_size.height - len(above) - len(self._shown)
        lines = [*above, *[""] * air, *self._shown]
        return Content("\n".join(fit(line, self.content_size.width) for line in lines))

    def show(self, session: Session, current: str, marks: list[flow.Mark], *, words: bool) -> None:
        """Counter and legend as they are now."""
        self.set_class(words, "-words")
        number, count = flow.position(current, session)
        text = _("Page {number} of {all}") if words else _("{number} of {all}")
        self._count = text.format(number=number, all=count) if number else ""
        self._legend = [] if words else flow.legend(marks)
        self._show_legend(len(marks))

    def _show_legend(self, pages: int) -> None:
        room = self.size.height - pages - 2  # the counter, and a line of air
        self._shown = self._legend[: max(0, room)]
        self.rail.styles.margin = (int(not self.screen.has_class("-short")), 0, len(self._shown), 0)
        self.refresh()

    def on_resize(self) -> None:
        self._show_legend(self.rail.option_count)

    def explain(self, mark: flow.Mark | None) -> None:
        """Say the state of the page under the cursor where the page says everything else."""
        from .notice import Notice

        if mark is None:
            return
        said = f"{flow.title_of(mark.page)}: {mark.glyph} {mark.word}"
        self.screen.query_one(Notice).hint(sentences((sentence(said), mark.reason)) if mark.reason else said)
