"""A field of one line: what is pasted loses its newlines, and what cannot be in it is told, not swallowed."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from .styled_once import StyledOnce


class Line(StyledOnce, Input):
    """`several`: pasted lines become values with commas between them; else the first line that is not empty counts."""

    class Restricted(Message):
        """Something was typed or pasted that no answer can hold."""

        def __init__(self, line: Line) -> None:
            super().__init__()
            self.line = line

        @property
        def control(self) -> Line:
            """Whose it is."""
            return self.line

    def __init__(
        self,
        value: str = "",
        *,
        id: str | None = None,
        classes: str | None = None,
        placeholder: str = "",
        restrict: str = "",
        longest: int = 0,
        password: bool = False,
        several: bool = False,
    ) -> None:
        # It has no validators of Textual's, whose first look at a value would add this class and style it once more.
        super().__init__(
            value, id=id, classes=f"-valid {classes or ''}", placeholder=placeholder, restrict=restrict or None,
            max_length=longest, password=password, compact=True,
        )  # fmt: skip
        self._several = several

    def render_line(self, y: int) -> Strip:
        # An empty field without a hint is drawn as far as its cursor only: it would not be seen.
        return super().render_line(y).extend_cell_length(self.scrollable_content_region.width + 1, self.rich_style)

    def on_paste(self, event: events.Paste) -> None:
        """Before Input's own handler, which would take the first line as it is, with its blanks."""
        event.prevent_default()
        event.stop()
        lines = [line.strip() for line in event.text.splitlines() if line.strip()]
        if not lines:
            return
        text = ", ".join(lines) if self._several else lines[0]
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)

    def restricted(self) -> None:
        super().restricted()
        self.post_message(self.Restricted(self))
