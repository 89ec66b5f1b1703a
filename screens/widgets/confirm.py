"""Questions with a few answers; the safe one is the default."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mwaa_wizard.i18n import N_, _

from .modal import Box
from .plain import Plain


class Choose(Box[str]):
    """One of a few answers, each a key and a sentence; the first is the default."""

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("choose")}

    def __init__(self, title: str, text: str, answers: list[tuple[str, str]]) -> None:
        super().__init__(title)
        self._text, self._answers = text, answers

    def inside(self) -> ComposeResult:
        with VerticalScroll(id="box-scroll", can_focus=False):
            yield Plain(self._text, id="box-text")
        yield OptionList(
            *(Option(f"{key}  {label}", id=key) for key, label in self._answers), markup=False, compact=True
        )

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.focus()
        options.highlighted = 0

    def reword(self, title: str, text: str, answers: list[tuple[str, str]]) -> None:
        """What it was opened for has changed: other words and, with the first one marked again, other answers."""
        self.query_one("#box-title", Plain).say(title)
        self.query_one("#box-text", Plain).say(text)
        if answers != self._answers:
            self._answers = answers
            options = self.query_one(OptionList)
            options.clear_options()
            options.add_options([Option(f"{key}  {label}", id=key) for key, label in answers])
            options.highlighted = 0

    def on_key(self, event: events.Key) -> None:
        if event.key in (answer for answer, _label in self._answers):
            event.stop()  # the page below has keys of the same letters
            self.dismiss(event.key)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)


class Confirm(Choose):
    """Dismisses with "y" or "n"."""

    def __init__(self, title: str, text: str, yes: str, no: str) -> None:
        super().__init__(title, text, [("n", no), ("y", yes)])


class RunAsks(Choose):
    """A question of a running step; the safe answer stops the run where nothing is half-done."""

    def __init__(self, question: object, title: str, text: str) -> None:
        super().__init__(title, text, [("n", _("no: stop here, safely; r goes on later")), ("y", _("yes: go on"))])
        self.question = question
