"""The first line of a page: the question on the left, a short fact on the right."""

from __future__ import annotations

from mwaa_wizard.text import fit, width

from .plain import Plain


class Heading(Plain):
    """Made for the width it has, now and whenever that changes; on two lines where one has no room for both."""

    def __init__(self) -> None:
        super().__init__(id="heading")
        self._parts = ("", "")

    def show(self, left: str, right: str) -> None:
        """Another question or fact."""
        self._parts = (left, right)
        cells = self.size.width
        if cells and right and width(left) + 2 + width(right) > cells:
            self.say(f"{left}\n{right}")
            return
        self.say(fit(left, max(0, cells - width(right))) + right if cells else left)

    def on_resize(self) -> None:
        self.show(*self._parts)
