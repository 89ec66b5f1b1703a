"""About: what somebody who helps needs to know, and where everything lies. Copied as text, saved nowhere."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from mwaa_wizard.front.words import shorten_middle
from mwaa_wizard.i18n import N_, _
from mwaa_wizard.text import clean, fit, width

from . import clipboard
from .widgets.modal import Box
from .widgets.plain import Plain


class AboutBox(Box[None]):
    """(name, value) lines; `y` copies them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", N_("copy")),
        Binding("enter", "close", show=False),
    ]

    def __init__(self, title: str, lines: list[tuple[str, str]]) -> None:
        super().__init__(title)
        self._lines = [(clean(name), clean(value)) for name, value in lines]

    def inside(self) -> ComposeResult:
        with VerticalScroll(id="help-scroll"):
            yield Plain(id="about-text")
        yield Plain(id="about-said")

    def on_mount(self) -> None:
        self.add_class("-roomy")
        self.query_one("#help-scroll").focus()

    def on_resize(self, event: events.Resize) -> None:
        names = max((width(name) for name, _value in self._lines), default=0) + 2
        cells = max(20, min(140, self.app.size.width * 96 // 100) - names - 6)
        rows = [
            Content.assemble((fit(name, names), "bold"), shorten_middle(value, cells)) for name, value in self._lines
        ]
        self.query_one("#about-text", Plain).say(Content("\n").join(rows))

    def action_copy(self) -> None:
        """To the terminal's clipboard; the command says the same."""
        text = "\n".join(f"{name}: {value}" for name, value in self._lines)
        also = _("This prints it: mwaa-wizard about")
        self.query_one("#about-said", Plain).say(clipboard.send(self.app, text, also))
