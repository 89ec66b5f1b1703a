"""A list of choices that have colours of their own."""

from __future__ import annotations

from rich.style import Style
from textual.strip import Strip
from textual.widgets import OptionList


class Toned(OptionList):
    """Without colours, or with sixteen, no paper suits every ink: the marked line has both changed over. (Textual
    leaves `reverse` out of the style of an option.)
    """

    def render_line(self, y: int) -> Strip:
        line = super().render_line(y)
        swapped = self.has_focus and (self.app.no_color or self.app.native_ansi_color)
        # One line each.
        if swapped and self.scroll_offset.y + y == self.highlighted:
            return line.apply_style(Style(reverse=True))
        return line
