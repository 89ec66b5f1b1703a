"""`make captures`: take all captures anew; `--check` compares instead, `--pictures FOLDER` draws them as PNG."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from .files import compare, render, write
from .scenes import SCENES
from .shoot import COLOURS, LANGUAGES, SIZES, Shot, look_at

Size = tuple[int, int]


def _names(options: argparse.Namespace) -> list[str]:
    wanted = [one.name for one in SCENES if not options.only or any(word in one.name for word in options.only)]
    return wanted[:: options.every]


def _looks(options: argparse.Namespace) -> Iterator[tuple[str, str, Shot]]:
    """Each look in a process of its own, three at a time: they wait more than they work, and nothing that one keeps is
    seen in another.
    """
    looks = [(language, colour) for language in options.languages for colour in options.colours]
    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        begun: list[Future[tuple[list[Shot], float]]] = [
            pool.submit(look_at, *look, _names(options), options.sizes) for look in looks
        ]
        for (language, colour), future in zip(looks, begun, strict=True):
            taken, seconds = future.result()
            print(f"{language} {colour}: {seconds:.0f} s", flush=True)
            yield from ((language, colour, shot) for shot in taken)


def _run(options: argparse.Namespace) -> int:
    taken = list(_looks(options))
    if options.pictures:
        from .picture import draw

        for language, colour, shot in taken:
            draw(shot.cells, options.pictures / f"{shot.scene}-{shot.size[0]}x{shot.size[1]}-{colour}-{language}.png")
        return 0
    made = render(taken)
    if not options.check:
        write(made, all_of_them=not options.only and options.languages == list(LANGUAGES))
        print(f"{len(taken)} captures in {len(made)} files")
        return 0
    problems = compare(made)
    if problems:
        # A busy machine was seen to show one in the middle of a change; what is really other is so again.
        print("\n".join(["Not as kept, looked at again:", *problems]), flush=True)
        problems = compare(render(_looks(options)))
    print("\n".join(problems) or f"{len(taken)} captures are as kept")
    return 1 if problems else 0


def _size(text: str) -> Size:
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
    return _run(options)


if __name__ == "__main__":
    sys.exit(main())
