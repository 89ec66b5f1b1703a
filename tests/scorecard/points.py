"""The points in the project's own words; each names the tests that prove it, or what of it does not hold."""

from __future__ import annotations

from .groups import answers, before, run, sessions, sharing, terminal, ways
from .point import Point

GROUPS: tuple[tuple[str, tuple[Point, ...]], ...] = (
    ("Ways through", ways.POINTS),
    ("Answers", answers.POINTS),
    ("Before anything is changed", before.POINTS),
    ("The run", run.POINTS),
    ("Help and sharing", sharing.POINTS),
    ("Sessions", sessions.POINTS),
    ("The terminal", terminal.POINTS),
)

POINTS: tuple[Point, ...] = tuple(point for _title, points in GROUPS for point in points)
