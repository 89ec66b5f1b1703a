"""The last question before something that cannot be taken back: its name is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input

from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean

from .line import Line
from .modal import Box
from .plain import Plain


class TypeName(Box[str]):
    """Dismisses with "y" once the name of what goes is typed; Esc leaves everything as it is."""

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("do it")}

    def __init__(self, title: str, text: str, prompt: str, name: str) -> None:
        super().__init__(title)
        self._text, self._prompt, self._name = text, prompt, name

    def inside(self) -> ComposeResult:
        with VerticalScroll(id="box-scroll", can_focus=False):
            yield Plain(self._text, id="box-text")
        yield Plain(self._prompt)
        yield Line(id="typed-name")
        yield Plain(id="edit-problem")

    def on_mount(self) -> None:
        self.query_one(Line).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self._name:
            self.dismiss("y")
            return
        told = _("Nothing was done: the name is {name}.").format(name=clean(self._name))
        self.query_one("#edit-problem", Plain).say(told)
