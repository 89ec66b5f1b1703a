"""Control sequences, direction marks and markup in names, logs and errors: what reaches a terminal is inert."""

from __future__ import annotations

from pathlib import Path

from .planted import HOSTILE, SEQUENCES, VISIBLE, sequences_in
from .terminal import drawn_by, environ_of


def test_the_search_would_find_each_of_them() -> None:
    assert sequences_in(HOSTILE.encode()) == list(SEQUENCES)


def test_hostile_text_reaches_the_terminal_inert(tmp_path: Path) -> None:
    code, drawn = drawn_by(["tests.canary.tour", "HOSTILE"], environ_of(tmp_path))
    assert code == 0, drawn[-3000:].decode(errors="replace")
    assert sequences_in(drawn) == []
    # It was shown, and its square brackets are what they were.
    assert drawn.count(b"evil") > 20
    assert drawn.count(VISIBLE.encode()) > 5
