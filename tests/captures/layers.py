"""A screen as text, and its colours as a layer of letters: small, and a changed colour is a changed line."""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.color import Color
from rich.style import Style

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True)
class Cells:
    """What one screen showed: each row a list of (text, style)."""

    columns: int
    rows: tuple[tuple[tuple[str, str], ...], ...]

    @property
    def text(self) -> list[str]:
        """The rows without colour."""
        return ["".join(text for text, _style in row).rstrip() for row in self.rows]

    def layer(self) -> list[str]:
        """A legend, then one line a row that has more than the commonest style: `row: a12 b3 ...`."""
        order: dict[str, int] = {}
        for row in self.rows:
            for text, style in row:
                order[style] = order.get(style, 0) + len(text)
        styles = sorted(order, key=lambda one: (-order[one], one))
        letters = [*_LETTERS, *(f"<{place}>" for place in range(len(_LETTERS), len(styles)))]
        names = dict(zip(styles, letters, strict=False))
        lines = [f"{name} = {style}" for style, name in names.items()]
        for number, row in enumerate(self.rows, 1):
            merged = [(names[style], sum(len(text) for text, _s in run)) for style, run in _by_style(row)]
            if [name for name, _count in merged] != ["a"]:
                lines.append(f"{number}: " + " ".join(f"{name}{count}" for name, count in merged))
        return lines

    def digest(self) -> str:
        """The layer in eight characters, for sizes that are not shown in full."""
        return hashlib.sha256("\n".join(self.layer()).encode()).hexdigest()[:8]


def _by_style(row: tuple[tuple[str, str], ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(style, list(run)) for style, run in groupby(row, key=lambda part: part[1])]


def taken(app: Any) -> Cells:
    """What the app shows now."""
    width, height = app.size
    rows = []
    assert app.screen._compositor.size == app.size, (app.screen, app.size)
    # As the app itself draws it: with the screens that lie behind a box.
    drawn: Any = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens, simplify=True)
    for line in drawn.strips[:height]:
        segments = [segment for strip in line for segment in strip if segment.text]
        rows.append(tuple((segment.text, described(segment.style)) for segment in segments))
    return Cells(width, tuple(rows))


def described(style: Style | None) -> str:
    """`#d5d8da on #16191d bold`; names of the terminal's own colours stay names."""
    if style is None:
        return "-"
    words = [f"{_colour(style.color)} on {_colour(style.bgcolor)}"]
    for name in ("bold", "dim", "italic", "underline", "reverse", "strike"):
        if getattr(style, name):
            words.append(name)
    return " ".join(words)


def _colour(colour: Color | None) -> str:
    if colour is None:
        return "-"
    return colour.name
