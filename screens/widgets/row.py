"""One line of a form: a label, and what it labels beside it."""

from __future__ import annotations

from typing import Any

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget


class Row(Horizontal):
    """Draws its label itself, on its own ground: a widget for each was a tenth of a switch to Tables."""

    DEFAULT_CSS = """
    Row { height: auto; width: 1fr; color: $text-muted; }
    Row > .labelled { margin-left: 12; }
    Row Checkbox, Row RadioButton { color: $foreground; }
    """

    def __init__(self, label: str, *children: Widget, **options: Any) -> None:
        """`options`: those of every widget."""
        super().__init__(**options)
        self._label = Content(label)
        self._bare = True
        for child in children:
            self.compose_add_child(child)

    def compose_add_child(self, widget: Widget) -> None:
        """The first one makes room for the label."""
        if self._bare:
            self._bare = False
            widget.add_class("labelled", update=False)
        super().compose_add_child(widget)

    def render(self) -> Content:
        return self._label
