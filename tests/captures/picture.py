"""A capture as a PNG, drawn cell by cell, so that a person can look at it. Needs Pillow, which nothing else does."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from rich.color import ANSI_COLOR_NAMES, Color
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from .layers import Cells

_NARROW = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
_NARROW_BOLD = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf"
_WIDE = "/usr/share/fonts/truetype/fonts-japanese-gothic.ttf"
_HIGH, _BROAD = 18, 9


@cache
def _font(path: str) -> Any:
    from PIL import ImageFont  # type: ignore[import-not-found,unused-ignore]

    return ImageFont.truetype(path, 15)


def _rgb(name: str, *, back: bool) -> tuple[int, int, int]:
    if name in ("-", "default"):
        return (0x10, 0x10, 0x10) if back else (0xDD, 0xDD, 0xDD)
    if name in ANSI_COLOR_NAMES and not name.startswith("#"):
        return tuple(Color.parse(name).get_truecolor(DEFAULT_TERMINAL_THEME))  # type: ignore[return-value]
    return tuple(Color.parse(name).get_truecolor())  # type: ignore[return-value]


def draw(cells: Cells, path: Path) -> None:
    """Write the picture."""
    from PIL import Image, ImageDraw  # type: ignore[import-not-found,unused-ignore]

    image = Image.new("RGB", (cells.columns * _BROAD, len(cells.rows) * _HIGH), (0x10, 0x10, 0x10))
    pen = ImageDraw.Draw(image)
    for y, row in enumerate(cells.rows):
        x = 0
        for text, style in row:
            words = style.split()
            fore, back = (words[0], words[2]) if len(words) >= 3 else ("-", "-")
            front, ground = _rgb(fore, back=False), _rgb(back, back=True)
            if "reverse" in words:
                front, ground = ground, front
            if "dim" in words:
                red, green, blue = ((2 * ink + paper) // 3 for ink, paper in zip(front, ground, strict=True))
                front = red, green, blue
            for char in text:
                wide = 2 if unicodedata.east_asian_width(char) in "WF" else 1
                box = (x * _BROAD, y * _HIGH, (x + wide) * _BROAD - 1, y * _HIGH + _HIGH - 1)
                pen.rectangle(box, fill=ground)
                if not char.isspace():
                    font = _font(_WIDE if wide == 2 else _NARROW_BOLD if "bold" in words else _NARROW)
                    pen.text((x * _BROAD, y * _HIGH), char, font=font, fill=front)
                if "underline" in words:
                    foot = y * _HIGH + _HIGH - 2
                    pen.line((box[0], foot, box[2], foot), fill=front)
                x += wide
    image.save(path)
