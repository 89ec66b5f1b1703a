"""What runs inside the pseudo terminal: one measurement, its figures written to a file as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.captures.world import install

from . import measures
from .watched import Watched


def main() -> None:
    """`inside WHAT ANSWER WORDS...`"""
    what, answer, *words = sys.argv[1:]
    measure: Callable[..., Awaitable[Any]] = getattr(measures, what)
    engine = install(pytest.MonkeyPatch())
    figures: list[Any] = []

    async def run(app: Watched) -> None:
        figures.append(await measure(app, engine, *words))

    app = Watched(run)
    app.run()
    engine.release.set()
    if figures:
        Path(answer).write_text(json.dumps(figures[0]))


if __name__ == "__main__":
    main()
