"""Base of the boxes that lie over a page."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from mwaa_wizard.i18n import N_

from .keys import Keys
from .plain import Plain
from .too_small import TooSmall, too_small

T = TypeVar("T")


class Box(ModalScreen[T | None]):
    """A centred box with a title and its own keys; Esc closes it without an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", N_("close"))]

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def inside(self) -> ComposeResult:
        """What the box holds."""
        yield from ()

    def compose(self) -> ComposeResult:
        yield TooSmall()
        with Vertical(id="box"):
            yield Plain(self._title, id="box-title")
            yield from self.inside()
            yield Keys()

    def on_resize(self, event: events.Resize) -> None:
        small = too_small(event.size.width, event.size.height)
        if small:
            self.query_one(TooSmall).show(event.size.width, event.size.height)
        self.set_class(small, "-too-small")

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
