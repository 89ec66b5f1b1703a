"""Where a typed line comes from: the terminal's own line discipline, or questionary where the terminal can edit.

questionary moves the cursor and paints its line anew at every key, with TERM=dumb too. So only a terminal that was not
said to be plain by its own environment gets it; screen readers, dumb terminals and pipes get lines as they are.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Protocol, TextIO


class Asker(Protocol):
    """One line in. Raises EOFError at the end of input and KeyboardInterrupt for Ctrl-C."""

    def line(self, prompt: str) -> str: ...
    def secret(self, prompt: str) -> str: ...


class Lines:
    """Reads standard input line by line; nothing but the prompt is written."""

    def __init__(self, source: TextIO | None = None, out: TextIO | None = None) -> None:
        self._in, self._out = source or sys.stdin, out or sys.stdout
        if isinstance(self._in, io.TextIOWrapper) and self._in.errors != "replace":
            # Bytes that are no text become a sign that no answer takes, and are refused like any other wrong answer.
            with contextlib.suppress(io.UnsupportedOperation):  # somebody has read from it before
                self._in.reconfigure(errors="replace")

    def line(self, prompt: str) -> str:
        self._out.write(prompt)
        self._out.flush()
        text = self._in.readline()
        if not text:
            raise EOFError
        if not self._in.isatty():
            # Nobody's terminal has echoed it, and a record of the run should be readable.
            self._out.write(text.rstrip("\n") + "\n")
        return text.rstrip("\r\n")

    def secret(self, prompt: str) -> str:
        if self._in.isatty():
            import getpass

            return getpass.getpass(prompt)
        self._out.write(prompt + "\n")
        self._out.flush()
        text = self._in.readline()
        if not text:
            raise EOFError
        return text.rstrip("\r\n")


class Prompts:
    """questionary, without its mark and colours: a line that can be edited."""

    def line(self, prompt: str) -> str:
        import questionary

        return str(questionary.text(prompt.rstrip(), qmark="", style=questionary.Style([])).unsafe_ask())

    def secret(self, prompt: str) -> str:
        import questionary

        return str(questionary.password(prompt.rstrip(), qmark="", style=questionary.Style([])).unsafe_ask())


def asker() -> Asker:
    """The one that fits this terminal."""
    from mwaa_wizard.commands.terminal import is_accessible, is_dumb

    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    if not terminal or is_dumb() or is_accessible() or os.environ.get("NO_COLOR") is not None:
        return Lines()
    return Prompts()
