"""What is shown where the terminal has no room for a page."""

from __future__ import annotations

from mwaa_wizard.i18n import _

from .plain import Plain

MIN_COLUMNS, MIN_ROWS = 60, 15


def too_small(columns: int, rows: int) -> bool:
    """Whether a page does not fit."""
    return columns < MIN_COLUMNS or rows < MIN_ROWS


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
