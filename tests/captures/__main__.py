"""`make captures`: take all captures anew; `--check` compares instead, `--pictures FOLDER` draws them as PNG."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

from .files import compare, render, write
from .scenes import SCENES
from .shoot import COLOURS, LANGUAGES, SIZES, shots


async def _run(options: argparse.Namespace) -> int:
    wanted = [scene for scene in SCENES if not options.only or any(word in scene.name for word in options.only)]
    wanted = wanted[:: options.every]
    taken = []
    for language in options.languages:
        for colour in options.colours:
            began = time.monotonic()
            async for shot in shots(language, colour, wanted, options.sizes):
                taken.append((language, colour, shot))
                if options.pictures:
                    from .picture import draw

                    name = f"{shot.scene}-{shot.size[0]}x{shot.size[1]}-{colour}-{language}.png"
                    draw(shot.cells, options.pictures / name)
            print(f"{language} {colour}: {time.monotonic() - began:.0f} s", flush=True)
    if options.pictures:
        return 0
    made = render(taken)
    if not options.check:
        write(made, all_of_them=not options.only and options.languages == list(LANGUAGES))
        print(f"{len(taken)} captures in {len(made)} files")
        return 0
    problems = compare(made)
    print("\n".join(problems) or f"{len(taken)} captures are as kept")
    return 1 if problems else 0


def _size(text: str) -> tuple[int, int]:
    columns, rows = text.split("x")
    return int(columns), int(rows)


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(prog="make captures")
    parser.add_argument("--check", action="store_true", help="compare with what is kept; write nothing")
    parser.add_argument("--pictures", type=Path, help="draw PNG files there instead")
    parser.add_argument("--only", nargs="*", default=[], help="parts of the scenes' names")
    parser.add_argument("--every", type=int, default=1, help="every so-many-th scene")
    parser.add_argument("--languages", nargs="*", default=list(LANGUAGES))
    parser.add_argument("--colours", nargs="*", default=list(COLOURS))
    parser.add_argument("--sizes", nargs="*", type=_size, default=list(SIZES))
    options = parser.parse_args()
    whole = (options.every, len(options.colours), len(options.sizes)) == (1, 3, 3)
    if not (options.check or options.pictures or whole):
        parser.error("a file holds every size and every way of colouring: give none of them, or --check")
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_run(options))


if __name__ == "__main__":
    sys.exit(main())
