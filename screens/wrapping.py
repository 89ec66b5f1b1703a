"""Lines of Japanese break between characters. Textual breaks lines at spaces only, which Japanese hardly has: a long
sentence would begin a line of its own and leave the one before it half empty.
"""

from __future__ import annotations

from rich._wrap import divide_line as at_spaces
from rich.cells import cell_len, chop_cells
from textual import content

from mwaa_wizard.text import has_wide, pieces


def divide_line(text: str, width: int, fold: bool = True) -> list[int]:
    """Where `text` is cut into lines of `width` cells; as Rich does it where no character takes two."""
    if not has_wide(text):
        return at_spaces(text, width, fold)
    cuts: list[int] = []
    used, parts = 0, pieces(text)
    for number, (start, end) in enumerate(parts):
        start = start if number else 0
        wanted = cell_len(text[start:end])
        after = parts[number + 1][0] if number + 1 < len(parts) else len(text)
        if used + wanted <= width:
            used += cell_len(text[start:after])
        elif wanted > width > 1 and fold:
            for chopped in chop_cells(text[start:end], width):
                cuts += [start] if start else []
                start, used = start + len(chopped), cell_len(chopped)
            used += cell_len(text[end:after])
        else:
            cuts += [start] if start and used else []
            used = cell_len(text[start:after])
    return cuts


def install() -> None:
    """Let Textual's texts be cut here: there is no setting for it."""
    vars(content)["divide_line"] = divide_line
