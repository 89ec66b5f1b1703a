"""What is shown where the terminal has no room for a page."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from mwaa_wizard.i18n import _

from .plain import Plain

MIN_COLUMNS, MIN_ROWS = 60, 15


def too_small(columns: int, rows: int) -> bool:
    """Whether a page does not fit."""
    return columns < MIN_COLUMNS or rows < MIN_ROWS


def cover(screen: Screen[Any], columns: int, rows: int) -> bool:
    """Whether the screen does not fit; then it says so and shows nothing else until it does."""
    small = too_small(columns, rows)
    if small:
        found = screen.query(TooSmall)
        told = found.first() if found else TooSmall()
        if not found:
            screen.mount(told)
        told.show(columns, rows)
    return small


class TooSmall(Plain):
    """Covers the page; enlarging the terminal brings it back as it was."""

    def __init__(self) -> None:
        super().__init__(id="too-small")

    def show(self, columns: int, rows: int) -> None:
        """Say how much is needed and how much there is."""
        self.say(
            _("mwaa-wizard needs at least {columns}x{rows}, now {now_columns}x{now_rows}").format(
                columns=MIN_COLUMNS, rows=MIN_ROWS, now_columns=columns, now_rows=rows
            )
            + "\n\n"
            + _("Make the window larger; ctrl+q quits.")
        )
