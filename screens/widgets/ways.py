"""Ways on in one line (more where it is narrow): arrows choose, Enter takes, and each has its own key."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from mwaa_wizard.i18n import N_
from mwaa_wizard.text import width

from .plain import Plain


class Ways(Plain, can_focus=True):
    """(id, key, label) of each way; the first is the default."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "tab(-1)", N_("the way before"), show=False),
        Binding("right", "tab(1)", N_("the next way"), show=False),
        Binding("enter", "choose", N_("take it"), show=False),
    ]

    class Chosen(Message):
        """Enter, or a click on a way."""

        def __init__(self, way: str) -> None:
            super().__init__()
            self.way = way

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._ways: list[tuple[str, str, str]] = []
        self._at = 0
        self.rows = 1

    def offer(self, ways: list[tuple[str, str, str]]) -> None:
        """Show other ways; the first is marked."""
        if ways != self._ways:
            self._ways, self._at = ways, 0
            self._draw()

    def _draw(self, focused: bool | None = None) -> None:
        focused = self.has_focus if focused is None else focused
        lines: list[list[Content]] = [[]]
        used, room = 0, max(20, self.size.width or self.app.size.width - 4)
        for number, (_way, key, label) in enumerate(self._ways):
            text = f" {key} {label} "
            if used and used + width(text) + 1 > room:
                lines.append([])
                used = 0
            used += width(text) + 1
            style = ("bold reverse" if focused else "bold underline") if number == self._at else ""
            lines[-1].append(Content.styled(text, style))
        self.rows = len(lines)
        self.say(Content("\n").join(Content(" ").join(line) for line in lines))

    def on_resize(self) -> None:
        self._draw()

    def on_focus(self) -> None:
        self._draw(True)

    def on_blur(self) -> None:
        self._draw(False)

    def on_click(self, event: events.Click) -> None:
        at = 0
        row, column = 0, 0
        room = max(20, self.size.width)
        for number, (_way, key, label) in enumerate(self._ways):
            size = width(f" {key} {label} ")
            if column and column + size + 1 > room:
                row, column = row + 1, 0
            if row == event.y and column <= event.x < column + size:
                at = number
                self._at = at
                self._draw()
                self.action_choose()
                return
            column += size + 1

    def action_tab(self, step: int) -> None:
        """Mark another way."""
        if self._ways:
            self._at = (self._at + step) % len(self._ways)
            self._draw()

    def action_choose(self) -> None:
        """Take the marked way."""
        if self._ways:
            self.post_message(self.Chosen(self._ways[self._at][0]))
