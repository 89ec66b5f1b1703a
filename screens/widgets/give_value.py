"""The box in which a value is given that no API returns: typed once, never shown, never in the session."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Input

from mwaa_wizard.front.question import Question
from mwaa_wizard.i18n import N_

from .line import Line
from .modal import Box
from .plain import Plain


class GiveValue(Box[str]):
    """Dismisses with what was typed (empty: take it back); None where it was closed."""

    WIDGET_KEYS: ClassVar[dict[str, str]] = {"enter": N_("keep it")}

    def __init__(self, asked: Question) -> None:
        super().__init__(asked.label)
        self._asked = asked

    def inside(self) -> ComposeResult:
        yield Plain(self._asked.help, id="box-text")
        yield Plain(classes="gap")
        yield Line(password=True, id="give-value")

    def on_mount(self) -> None:
        self.query_one(Line).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)
