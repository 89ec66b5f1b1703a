"""A list of choices that have colours of their own."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widgets import OptionList

from .styled_once import StyledOnce


class Toned(StyledOnce, OptionList):
    """Without colours, or with sixteen, no paper suits every ink: the marked line has one ink and one paper, changed
    over. (Textual leaves `reverse` out of the style of an option.)
    """

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        swapped = self.has_focus and (self.app.no_color or self.app.native_ansi_color)
        # One line each.
        if swapped and self.scroll_offset.y + y == self.highlighted:
            marked = self.get_component_rich_style("option-list--option-highlighted") + Style(reverse=True)
            return Strip([Segment(text, _found(style, marked)) for text, style, _control in line], line.cell_length)
        return line


def _found(style: Style | None, marked: Style) -> Style:
    """What a search has found, changed over already, is underlined in the marked line."""
    return marked + Style(underline=True) if style is not None and style.reverse else marked
