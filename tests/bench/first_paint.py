"""First paint of the wizard beside a bare Textual app, and `--version`, in one run: medians and ratios.

Each program starts in a pseudo terminal of 100x30; the time runs from fork to the first frame's own words.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = """
from textual.app import App, ComposeResult
from textual.widgets import Static
class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("bare-first-paint")
Bare().run()
"""
TURNS = 15


def first_frame(command: list[str], marker: bytes, environ: dict[str, str]) -> float:
    """Milliseconds until `marker` is drawn."""
    started = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environ)
    seen = b""
    try:
        while marker not in seen:
            ready, _w, _x = select.select([fd], [], [], 10)
            if not ready:
                raise SystemExit(f"{command}: {marker!r} was not drawn in 10 s")
            seen += os.read(fd, 65536)
        return (time.perf_counter() - started) * 1000
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def main() -> None:
    """Print one table; nothing is asserted here."""
    program = str(Path(sys.executable).parent / "mwaa-wizard")
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "MWAA_WIZARD_HOME": folder, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
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
    print(f"{'':<18}{'median':>9}{'min':>9}{'max':>9}   ms, {TURNS} turns")
    for name, times in (("bare Textual app", bare), ("mwaa-wizard", wizard), ("--version", version)):
        print(f"{name:<18}{statistics.median(times):>9.0f}{min(times):>9.0f}{max(times):>9.0f}")
    print(f"wizard / bare: {statistics.median(wizard) / statistics.median(bare):.2f}")


if __name__ == "__main__":
    main()
