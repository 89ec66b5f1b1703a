"""A real terminal for tests: tmux where it is installed, else a pseudo terminal read by pyte. Same interface."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol


class Terminal(Protocol):
    """What a scripted walk needs: keys in, text out."""

    def send(self, *keys: str) -> None: ...
    def type(self, text: str) -> None: ...
    def text(self) -> str: ...
    def resize(self, columns: int, rows: int) -> None: ...
    def alive(self) -> bool: ...
    def close(self) -> None: ...


def open_terminal(command: Sequence[str], environ: Mapping[str, str], columns: int = 80, rows: int = 24) -> Terminal:
    """Start `command` in a terminal of that size."""
    if shutil.which("tmux"):
        return TmuxTerminal(command, environ, columns, rows)
    return PtyTerminal(command, environ, columns, rows)


def wait_for(terminal: Terminal, pattern: str, timeout: float = 30, keep: Path | None = None) -> str:
    """Poll until the screen matches `pattern` (regex, multi-line) and return it; keeps the capture in `keep`."""
    end = time.monotonic() + timeout
    while True:
        screen = terminal.text()
        if re.search(pattern, screen, re.MULTILINE):
            if keep is not None:
                keep.write_text(screen, encoding="utf-8")
            return screen
        if time.monotonic() > end or not terminal.alive():
            raise AssertionError(f"{pattern!r} did not appear in {timeout} s; the screen is:\n{screen}")
        time.sleep(0.1)


class TmuxTerminal:
    """tmux on a private socket, with no configuration of the user's."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], columns: int, rows: int) -> None:
        self._folder = tempfile.mkdtemp(prefix="wizard-tmux-")
        self._socket = os.path.join(self._folder, "s")
        script = os.path.join(self._folder, "run.sh")
        Path(script).write_text("#!/bin/sh\nexec " + subprocess.list2cmdline(list(command)) + "\n")
        os.chmod(script, 0o700)
        self._tmux(
            "-f", "/dev/null", "new-session", "-d", "-s", "w", "-x", str(columns), "-y", str(rows), script,
            environ=dict(environ),
        )  # fmt: skip
        self._tmux("set-option", "-g", "remain-on-exit", "on")

    def _tmux(self, *words: str, environ: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *words], env=environ, capture_output=True, text=True, timeout=20, check=True
        )
        return done.stdout

    def send(self, *keys: str) -> None:
        """Keys by tmux's names: Enter, Escape, Tab, BTab, Up, Down, Space, C-n, F1, a ..."""
        self._tmux("send-keys", "-t", "w", *keys)

    def type(self, text: str) -> None:
        """Text as it is, no key names."""
        self._tmux("send-keys", "-t", "w", "-l", text)

    def text(self) -> str:
        return self._tmux("capture-pane", "-p", "-t", "w")

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", "-t", "w", "-x", str(columns), "-y", str(rows))

    def pid(self) -> int:
        """The program's process."""
        return int(self._tmux("list-panes", "-t", "w", "-F", "#{pane_pid}").strip())

    def alive(self) -> bool:
        with contextlib.suppress(subprocess.SubprocessError):
            return self._tmux("list-panes", "-t", "w", "-F", "#{pane_dead}").strip() == "0"
        return False

    def close(self) -> None:
        with contextlib.suppress(subprocess.SubprocessError):
            self._tmux("kill-server")
        shutil.rmtree(self._folder, ignore_errors=True)


_KEYS = {
    "Enter": "\r", "Escape": "\x1b", "Tab": "\t", "BTab": "\x1b[Z", "Space": " ", "Up": "\x1b[A", "Down": "\x1b[B",
    "Right": "\x1b[C", "Left": "\x1b[D", "F1": "\x1bOP", "BSpace": "\x7f", "End": "\x1b[F", "Home": "\x1b[H",
    "PPage": "\x1b[5~", "NPage": "\x1b[6~",
}  # fmt: skip


class PtyTerminal:
    """A pseudo terminal whose output a thread feeds to pyte."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], columns: int, rows: int) -> None:
        import pyte

        self._screen: Any = pyte.Screen(columns, rows)
        self._stream: Any = pyte.ByteStream(self._screen)
        self._lock = threading.Lock()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.execvpe(command[0], list(command), {**environ, "TERM": "xterm-256color", "ID": uuid.uuid4().hex})
        self._size(columns, rows)
        threading.Thread(target=self._read, daemon=True).start()

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(self._fd, 65536):
                with self._lock:
                    self._stream.feed(data)

    def send(self, *keys: str) -> None:
        for key in keys:
            if key.startswith("C-"):
                self.type(chr(ord(key[2:].upper()) - 64))
            else:
                self.type(_KEYS.get(key, key))

    def type(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def text(self) -> str:
        with self._lock:
            return "\n".join(line.rstrip() for line in self._screen.display)

    def resize(self, columns: int, rows: int) -> None:
        with self._lock:
            self._screen.resize(rows, columns)
        self._size(columns, rows)

    def pid(self) -> int:
        """The program's process."""
        return self._pid

    def alive(self) -> bool:
        with contextlib.suppress(ChildProcessError):
            return os.waitpid(self._pid, os.WNOHANG)[0] == 0
        return False

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._pid, 0)
        with contextlib.suppress(OSError):
            os.close(self._fd)
