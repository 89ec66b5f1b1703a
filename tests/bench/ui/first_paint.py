"""First paint of the wizard beside a bare Textual app, and `--version`: from fork to the first frame's own words."""

from __future__ import annotations

import os
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .harness import Row, spawn

BARE = """
from textual.app import App, ComposeResult
from textual.widgets import Static
class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("bare-first-paint")
Bare().run()
"""
TURNS = 11


def first_frame(command: list[str], marker: bytes, environ: dict[str, str]) -> float:
    """Milliseconds until `marker` is drawn."""
    started = time.perf_counter()
    pid, fd = spawn(command, environ, (100, 30))
    seen = b""
    try:
        while marker not in seen:
            ready, _w, _x = select.select([fd], [], [], 20)
            if not ready:
                raise SystemExit(f"{command}: {marker!r} was not drawn in 20 s")
            seen += os.read(fd, 65536)
        return (time.perf_counter() - started) * 1000
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def measure() -> list[Row]:
    """Turn by turn, side by side, so that a busy machine slows all of them."""
    program = str(Path(sys.executable).parent / "mwaa-wizard")
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "MWAA_WIZARD_HOME": folder, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
        environ.pop("PYTHONPATH", None)
        environ.pop("LANG", None)
        bare_file = Path(folder) / "bare.py"
        bare_file.write_text(BARE)
        bare, wizard, version = [], [], []
        for turn in range(TURNS + 2):
            b = first_frame([sys.executable, str(bare_file)], b"bare-first-paint", environ)
            w = first_frame([program], b"Migrate", environ)
            started = time.perf_counter()
            subprocess.run([program, "--version"], check=True, capture_output=True, env=environ)
            v = (time.perf_counter() - started) * 1000
            if turn >= 2:  # the first turns warm the caches
                bare.append(b)
                wizard.append(w)
                version.append(v)
    ratio = statistics.median(one / other for one, other in zip(wizard, bare, strict=True))
    spread = f"{statistics.median(wizard):.0f} ms beside {statistics.median(bare):.0f} ms; {TURNS} pairs"
    return [
        Row("first paint / bare Textual app", ratio, "x", 2.0, spread),
        Row("mwaa-wizard --version", statistics.median(version), "ms", None, f"{TURNS} turns"),
    ]
