"""Check boxes, radio buttons and a picker whose state is a character, not a colour."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import Checkbox, RadioButton, SelectionList

from .styled_once import StyledOnce

ON, OFF = "[✔]", "[ ]"


class Check(StyledOnce, Checkbox):
    """`[✔]` or `[ ]`."""

    BUTTON_LEFT = BUTTON_RIGHT = ""
    BUTTON_INNER = OFF

    def __init__(self, label: str, *, id: str) -> None:
        super().__init__(label, id=id, compact=True)

    def watch_value(self) -> None:
        self.BUTTON_INNER = ON if self.value else OFF
        super().watch_value()
        self.refresh(layout=True)


class Radio(StyledOnce, RadioButton):
    """`(●)` or `( )`."""

    BUTTON_LEFT = BUTTON_RIGHT = ""
    BUTTON_INNER = "( )"

    def __init__(self, label: str, *, id: str) -> None:
        super().__init__(label, id=id, compact=True)

    def watch_value(self) -> None:
        self.BUTTON_INNER = "(●)" if self.value else "( )"
        super().watch_value()
        self.refresh(layout=True)


class Picker(StyledOnce, SelectionList[str]):
    """A SelectionList of one-line prompts with `[✔]` and `[ ]` in front."""

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        index = self.scroll_offset.y + y
        if index >= self.option_count:
            return line
        mark = ON if self.get_option_at_index(index).value in self.selected else OFF
        rest = list(line.crop(3))
        style = rest[-1].style if rest else None
        return Strip([Segment(mark, style), *rest])
