"""Static text that is never read as markup."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from screens import wrapping

wrapping.install()


class Plain(Static):
    """A Static for data and prose alike: square brackets stay what they are."""

    def __init__(self, text: str | Content = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(text, id=id, classes=classes, markup=False)

    def say(self, text: str | Content) -> None:
        """Show another text; nothing happens where it is the same."""
        new = text if isinstance(text, Content) else Content(text)
        # Contents are equal where their texts are; another style alone has to be drawn, too.
        if not (isinstance(self.content, Content) and self.content.is_same(new)):
            # Textual keeps a height by the layouts that were asked for, and one that is asked for already is not
            # counted again: what was measured meanwhile, with the text before, would be taken for this one's.
            self._layout_required = False
            self.update(new)
