"""Where a page begins: with the mark on its way on, so that Enter goes on, until the mark is moved into the page.

Enter does what is marked, here as everywhere. Nothing dangerous is on this way: the run has the target's name typed.
"""

from __future__ import annotations

from typing import ClassVar

from textual.screen import Screen
from textual.widget import Widget

from .widgets.keys import Keys


class Onward(Screen[None]):
    """For a page: `ONWARD` where the answers it comes with may do."""

    ONWARD: ClassVar[bool] = False
    # The list that is covered while its first answer is out.
    LOADED: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        # Where the page is answered, while the mark it began with is still on the way on.
        self.behind: Widget | None = None

    def by_hand(self) -> bool:
        """Whether something has to be answered here before the way on can be the default."""
        return False

    def begin(self) -> None:
        """Mark the way on where nothing has to be answered by hand; arrows, Tab and Space go into the page."""
        if not self.is_attached or not self.query(Keys) or not self.ONWARD or self.by_hand():
            return
        # A list that waits for AWS takes no focus.
        there = self.focused or (self.query_one(self.LOADED) if self.LOADED else None)
        if there is not None:
            if not isinstance(there, Keys):
                self.behind = there
            self.set_focus(self.query_one(Keys))
            self.refresh_bindings()

    def answer(self) -> None:
        """The mark from the way on to where the page is answered."""
        if self.behind is not None and self.behind.focusable:
            behind, self.behind = self.behind, None
            self.set_focus(behind)

    def settle(self) -> None:
        """Where something turns out to be given by hand, the mark goes there."""
        if self.behind is not None and self.by_hand():
            self.answer()

    def on_descendant_focus(self) -> None:
        # Not the event's widget: that of a focus that was moved on at once comes late.
        if self.behind is not None and not isinstance(self.focused, Keys) and not self.has_class("-too-small"):
            self.behind = None
            self.refresh_bindings()
