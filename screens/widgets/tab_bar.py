"""One line of tabs that fits its width: short titles where the long ones do not fit, a window where neither does."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message

from mwaa_wizard.text import clean, width

from .plain import Plain


class TabBar(Plain):
    """The active tab stands in brackets and reversed, so that it is seen without colour; a click chooses."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._titles: list[tuple[str, str]] = []
        self._active = 0
        self._places: list[tuple[int, int, int]] = []

    def show(self, titles: list[tuple[str, str]], active: int) -> None:
        """(title, short title) of each tab, and which one is open."""
        self._titles, self._active = titles, active
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        room = self.size.width or 200
        names = [clean(long) for long, _short in self._titles]
        if sum(width(name) + 2 for name in names) > room:
            names = [clean(short) for _long, short in self._titles]
        first = 0
        while first < self._active and sum(width(name) + 2 for name in names[first : self._active + 1]) > room - 2:
            first += 1
        parts, self._places, column = [Content("‹" if first else "")], [], int(bool(first))
        for index, name in enumerate(names[first:], first):
            cells = width(name) + 2
            if column + cells > room - (index < len(names) - 1):
                parts.append(Content("›"))
                break
            active = index == self._active
            parts.append(Content.styled(f"[{name}]", "bold reverse") if active else Content(f" {name} "))
            self._places.append((column, column + cells, index))
            column += cells
        self.say(Content("").join(parts))

    def on_click(self, event: events.Click) -> None:
        for start, end, index in self._places:
            if start <= event.x < end:
                self.post_message(self.Chosen(index))
