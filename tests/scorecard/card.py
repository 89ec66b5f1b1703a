"""The scorecard as Markdown, and what is wrong with it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from .point import Point
from .points import GROUPS, POINTS

ROOT = Path(__file__).parents[2]
CARD = ROOT / "docs" / "scorecard.md"
SNAPSHOTS = ROOT / "tests" / "captures" / "snapshots"
WANTED = 58


def render(failed: frozenset[str] = frozenset()) -> str:
    """The whole page. `failed`: names of tests that did not pass; what they prove does not hold."""
    held = sum(_holds(point, failed) for point in POINTS)
    lines = [
        "# Scorecard",
        "",
        "What the screens are judged by, point by point, and the test or capture that proves each. Made by "
        "`make scorecard`,",
        "which runs every test named here; a test of `make test` keeps this page in step with its points.",
        "",
        f"**{held} of {len(POINTS)} hold.**",
    ]
    for title, points in GROUPS:
        lines += ["", f"## {title}", "", "| # | point | holds | proof |", "|---|---|---|---|"]
        for point in points:
            named = [*(f"`{test}`" for test in point.tests), *(f"capture `{name}`" for name in point.captures)]
            proof = "<br>".join(named)
            for told in (point.lacking, point.reason):
                if told:
                    proof += ("<br>" if proof else "") + told
            lines.append(f"| {point.number} | {point.words} | {'✔' if _holds(point, failed) else '✘'} | {proof} |")
    return "\n".join(lines) + "\n"


def _holds(point: Point, failed: frozenset[str]) -> bool:
    return point.held and not any(test in failed for test in point.tests)


def problems() -> list[str]:
    """Tests and captures that are named and are not there, points without proof or reason."""
    told = []
    if [point.number for point in POINTS] != list(range(1, 62)):
        told.append("the points are not 1 to 61")
    for point in POINTS:
        told += [f"{point.number}: there is no {test}" for test in point.tests if not exists(test)]
        told += [f"{point.number}: no capture {name}" for name in point.captures if not (SNAPSHOTS / name).exists()]
        if not point.held and not point.lacking:
            told.append(f"{point.number}: neither proof nor what is lacking")
    return told


def exists(test: str) -> bool:
    """Whether a file of tests has a function of that name."""
    path, _colons, name = test.partition("::")
    return name.partition("[")[0] in _functions(ROOT / path)


@cache
def _functions(path: Path) -> frozenset[str]:
    if not path.exists():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
