"""A widget is styled when it comes on the screen, not before: Textual styles it once more for each class that its
constructor adds (`compact` is one), with all its parts. That was a sixth of a switch to Tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.css.model import RuleSet
from textual.widget import Widget

# Asked three hundred times for each widget that is styled; this is the same, without a call of Python.
RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]

if TYPE_CHECKING:
    _Base = Widget
else:
    _Base = object  # Textual takes a widget's style rules from its first base that is a widget


class StyledOnce(_Base):
    """Put before the widget class that is made compact."""

    def update_node_styles(self, animate: bool = True) -> None:
        """As Textual has it, but nothing while the widget is not on a screen yet."""
        if self.parent is not None:
            super().update_node_styles(animate)
