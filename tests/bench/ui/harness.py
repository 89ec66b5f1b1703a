"""Starts a program in a pseudo terminal, keeps reading what it draws, and takes its figures from a file."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import struct
import sys
import tempfile
import termios
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Row:
    """One line of the table; `wanted` is the most that is allowed, None where nothing is promised."""

    name: str
    value: float
    unit: str
    wanted: float | None
    note: str = ""

    @property
    def held(self) -> bool:
        """Whether it is as promised."""
        return self.wanted is None or self.value <= self.wanted


def spawn(command: Sequence[str], environ: Mapping[str, str], size: tuple[int, int]) -> tuple[int, int]:
    """Start in a pseudo terminal of `size` (columns, rows); (process id, our end of the terminal)."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execvpe(command[0], list(command), dict(environ))
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    return pid, fd


def inside(what: str, *words: str, size: tuple[int, int] = (120, 40), seconds: float = 180) -> Any:
    """Run `tests.bench.ui.inside WHAT WORDS` in a pseudo terminal and return the figures that it leaves."""
    with tempfile.TemporaryDirectory(prefix="bench-ui-") as folder:
        answer = Path(folder) / "answer.json"
        environ = {
            **os.environ, "MWAA_WIZARD_HOME": folder, "TERM": "xterm-256color", "COLORTERM": "truecolor",
            "TEXTUAL_ANIMATIONS": "none", "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            environ.pop(name, None)
        pid, fd = spawn([sys.executable, "-m", "tests.bench.ui.inside", what, str(answer), *words], environ, size)
        drawn = bytearray()

        def read() -> None:
            with contextlib.suppress(OSError):
                while data := os.read(fd, 262_144):
                    drawn[:] = (drawn + data)[-20_000:]

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        timer = threading.Timer(seconds, lambda: os.kill(pid, 9))
        timer.start()
        os.waitpid(pid, 0)
        timer.cancel()
        reader.join(2)
        os.close(fd)
        if not answer.exists():
            crash = "".join(path.read_text() for path in Path(folder, "log").glob("crash-*.txt"))
            raise SystemExit(f"{what} {words} left no figures:\n{crash or drawn.decode(errors='replace')[-2000:]}")
        return json.loads(answer.read_text())


def table(rows: Sequence[Row]) -> str:
    """All rows with what is wanted beside them."""
    lines = [f"{'':<48}{'median':>10}      {'wanted':>8}"]
    for row in rows:
        value = f"{row.value:,.2f}" if row.unit == "x" else f"{row.value:,.0f}"
        wanted = "" if row.wanted is None else f"<= {row.wanted:g}"
        verdict = "" if row.wanted is None else "ok" if row.held else "MISSED"
        lines.append(f"{row.name:<48}{value:>10} {row.unit:<4} {wanted:>8}  {verdict:<7} {row.note}".rstrip())
    return "\n".join(lines)
