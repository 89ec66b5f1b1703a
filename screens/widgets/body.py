"""What a page has of its own, between its heading and its last line."""

from __future__ import annotations

from textual.containers import Vertical
from textual.message import Message


class Body(Vertical):
    """Tells when everything in it was given its place anew: then texts can be made for the widths there are."""

    class Sized(Message):
        """Another width or height."""

    def __init__(self) -> None:
        super().__init__(id="body")

    def on_resize(self) -> None:
        self.post_message(self.Sized())
