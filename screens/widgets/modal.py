"""Base of the boxes that lie over a page."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from mwaa_wizard.i18n import N_

from .keys import Keys
from .plain import Plain
from .too_small import cover

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
        with Vertical(id="box"):
            yield Plain(self._title, id="box-title")
            yield from self.inside()
            yield Keys()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(cover(self, event.size.width, event.size.height), "-too-small")
        self.set_class(event.size.height < 20, "-short")
        for part in self._flexible():
            part.styles.max_height = None  # what the styles say
        self.call_after_refresh(self._fit)

    def _flexible(self) -> list[Widget]:
        """What can be scrolled in the box, the highest first."""
        parts = [one for one in self.query("#box VerticalScroll, #box OptionList") if one.display]
        return sorted(parts, key=lambda one: -one.size.height)

    def _fit(self) -> None:
        """Where the box is higher than it may be, what can be scrolled gives way, so that its keys stay in sight."""
        if not self.is_attached or self.has_class("-too-small"):
            return
        over = self.query_one(Keys).region.bottom + 1 - self.query_one("#box").region.bottom
        for part in self._flexible():
            less = min(over, part.size.height - 1)
            if less > 0:
                part.styles.max_height = part.size.height - less
                over -= less

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
