"""The terminal's own cursor follows the focus: braille displays and speech read the line it is on.

Textual moves it for text fields only. Lists, tables and buttons are followed here, by what they send when they change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.geometry import Offset, Region
from textual.widget import Widget
from textual.widgets import DataTable, Input, OptionList, TextArea

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object


def place_of(widget: Widget) -> Offset:
    """Where on the screen the line is that keys act on."""
    region = widget.content_region
    if isinstance(widget, OptionList):
        line = _line(widget) - widget.scroll_offset.y
    elif isinstance(widget, DataTable):
        line = widget.cursor_row - widget.scroll_offset.y + (widget.header_height if widget.show_header else 0)
    else:
        # The lists of our own tell it themselves.
        line = getattr(widget, "cursor_line", 0)
    return Offset(region.x, region.y + max(0, min(line, region.height - 1)))


def _line(options: OptionList) -> int:
    """The line of the highlighted option; an option may have several."""
    marked = options.highlighted or 0
    if options.virtual_size.height == options.option_count:
        return marked
    prompts = (str(options.get_option_at_index(index).prompt) for index in range(marked))
    return sum(prompt.count("\n") + 1 for prompt in prompts)


class Following(_Base):
    """For the app: whatever gets the focus, or moves its mark, takes the cursor along."""

    def _follow(self) -> None:
        if not self.screen_stack:
            return
        focused = self.focused
        # Text fields tell by themselves, to the column.
        if focused is not None and not isinstance(focused, Input | TextArea):
            place = place_of(focused)
            if place != self.cursor_position:
                self.cursor_position = place
                # It is sent with the next thing that is drawn, so one cell is.
                focused.refresh(Region(0, 0, 1, 1))

    def _follow_soon(self) -> None:
        # Where things are is known after the next layout only.
        self.call_after_refresh(self._follow)

    def on_descendant_focus(self) -> None:
        self._follow_soon()

    def on_option_list_option_highlighted(self) -> None:
        self._follow_soon()

    def on_selection_list_selection_highlighted(self) -> None:
        self._follow_soon()

    def on_data_table_row_highlighted(self) -> None:
        self._follow_soon()

    def on_data_table_cell_highlighted(self) -> None:
        self._follow_soon()

    def on_long_list_highlighted(self) -> None:
        self._follow_soon()

    def on_row_list_marked(self) -> None:
        self._follow_soon()
