"""Output that has no place for a sign: it is written another way, and nothing fails for it in the middle of a run."""

from __future__ import annotations

import codecs
import io
import sys

_NAME = "mwaa-wizard-signs"
# One for one, so that columns stay; none that means something in JSON.
_ALIKE = {
    "✔": "+", "✘": "x", "▸": ">", "→": ">", "←": "<", "…": "~", "·": "-", "–": "-", "—": "-", "−": "-", "×": "x",
    "“": "'", "”": "'", "‘": "'", "’": "'", "≈": "~", "○": "o", "■": "#",
}  # fmt: skip


def _another_way(problem: UnicodeError) -> tuple[str, int]:
    """A sign that looks alike, otherwise the character's number as JSON and Python write it."""
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    return "".join(map(_written, problem.object[problem.start : problem.end])), problem.end


def _written(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return _ALIKE.get(char) or "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def show_what_can_be() -> None:
    """Standard output and standard error take every text from now on, whatever their encoding."""
    codecs.register_error(_NAME, _another_way)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def can_draw() -> bool:
    """Whether the terminal's encoding has the signs that a full screen is made of."""
    try:
        "─│▸✔✘".encode(getattr(sys.stderr, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
