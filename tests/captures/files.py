"""Where captures are kept: one file for a scene in a language, with every size and every way of colouring."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from .layers import Cells
from .shoot import Shot
from .world import without_folder

SNAPSHOTS = Path(__file__).parent / "snapshots"
# The colours of this size are kept cell by cell, those of the others as a digest.
_IN_FULL = (80, 24)


def render(taken: Iterable[tuple[str, str, Shot]]) -> dict[str, str]:
    """File name -> text."""
    grouped: dict[tuple[str, str], dict[tuple[int, int], dict[str, Cells]]] = {}
    for language, colour, shot in taken:
        sizes = grouped.setdefault((shot.scene, language), {})
        sizes.setdefault(shot.size, {})[colour] = shot.cells
    return {f"{language}/{scene}.txt": _file(sizes) for (scene, language), sizes in sorted(grouped.items())}


def _file(sizes: dict[tuple[int, int], dict[str, Cells]]) -> str:
    lines: list[str] = []
    for (columns, rows), looks in sizes.items():
        first = next(iter(looks.values()))
        lines += [f"=== {columns}x{rows}", *first.text]
        for colour, cells in looks.items():
            if _shown(cells) != _shown(first):
                lines += [f"--- {colour}: other text", *cells.text]
            lines.append(f"--- {colour}: {cells.digest()}")
            if (columns, rows) == _IN_FULL:
                lines += cells.layer()
    return without_folder("\n".join(lines)) + "\n"


def _shown(cells: Cells) -> str:
    return without_folder("\n".join(cells.text))


def write(made: dict[str, str], *, all_of_them: bool) -> None:
    """Keep these; what is no longer made goes."""
    for name, text in made.items():
        path = SNAPSHOTS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if all_of_them:
        for path in SNAPSHOTS.glob("*/*.txt"):
            if str(path.relative_to(SNAPSHOTS)) not in made:
                path.unlink()


def compare(made: dict[str, str]) -> list[str]:
    """What differs from what is kept, as diffs; sections that were not taken now are not compared."""
    problems = []
    for name, text in made.items():
        path = SNAPSHOTS / name
        if not path.exists():
            problems.append(f"{name} is not kept: make captures")
            continue
        kept, now = sections(path.read_text(encoding="utf-8")), sections(text)
        for head, body in now.items():
            if kept.get(head) != body:
                diff = difflib.unified_diff(kept.get(head, []), body, f"kept {head}", "now", lineterm="", n=1)
                problems.append("\n".join([f"{name} {head}", *list(diff)[:60]]))
    return problems


def sections(text: str) -> dict[str, list[str]]:
    """`80x24`, `80x24 colour` ... -> lines."""
    found: dict[str, list[str]] = {}
    size, head = "", ""
    for line in text.splitlines():
        if line.startswith("=== "):
            size = head = line[4:]
            found[head] = []
        elif line.startswith("--- "):
            colour, _colon, rest = line[4:].partition(": ")
            head = f"{size} {colour}"
            found.setdefault(head, []).append(rest)
        elif head:
            found[head].append(line)
    return found
