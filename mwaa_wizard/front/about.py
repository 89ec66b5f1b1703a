"""What somebody who helps needs to know of this program and this terminal; no secret, no account."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys

from mwaa_wizard import __version__, i18n, paths, preferences, readonly
from mwaa_wizard.front.words import shown_path
from mwaa_wizard.i18n import _, listed
from mwaa_wizard.text import clean

# Of the environment only what says how a terminal draws; never a dump of it.
_VARIABLES = ("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "TEXTUAL_THEME", "TEXTUAL_ANIMATIONS", "TMUX", "SSH_TTY")


def facts(session_id: str = "", columns: int = 0, rows: int = 0, theme: str = "") -> list[tuple[str, str]]:
    """(name, value) lines of About; the front-end adds its size and theme."""
    lines = [
        (_("version"), f"mwaa-wizard {__version__}"),
        ("Python", f"{platform.python_version()} · {platform.system()} {platform.release()} {platform.machine()}"),
        (_("libraries"), listed(f"{name} {_version(name)}" for name in ("textual", "boto3", "pydantic"))),
    ]
    if session_id:
        lines += [
            (_("session"), shown_path(paths.sessions_dir() / f"{session_id}.json")),
            (_("journal"), shown_path(paths.run_dir(session_id))),
        ]
    size = shutil.get_terminal_size()
    lines += [
        (_("sessions"), shown_path(paths.sessions_dir())),
        (_("logs, crash files"), shown_path(paths.log_dir())),
        (_("settings"), shown_path(paths.preferences_file())),
        (_("terminal"), f"{columns or size.columns}x{rows or size.lines} · {_terminal()}"),
        (_("language"), f"{i18n.languages().get(i18n.language(), '')} ({i18n.language()}) · {_encoding()}"),
        (_("theme"), theme or preferences.read().theme or "dark"),
        (_("read only"), _("yes") if readonly.on() else _("no")),
    ]
    return lines


def places() -> list[tuple[str, str]]:
    """(name, path) of everything the wizard writes; `mwaa-wizard locate` prints the same."""
    return [
        (_("sessions"), str(paths.sessions_dir())),
        (_("deleted sessions"), str(paths.trash_dir())),
        (_("journals, reports"), str(paths.state_dir() / "runs")),
        (_("exports"), str(paths.exports_dir())),
        (_("logs, crash files"), str(paths.log_dir())),
        (_("settings"), str(paths.preferences_file())),
        (_("cache"), str(paths.cache_dir())),
        (_("sandbox"), str(paths.sandbox_dir())),
    ]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "?"


def _encoding() -> str:
    # Textual puts something in the place of standard output that has none.
    return str(getattr(sys.stdout, "encoding", "") or getattr(sys.__stdout__, "encoding", ""))


def _terminal() -> str:
    said = []
    for name in _VARIABLES:
        if name in os.environ:
            # Of sockets and devices only that they are there.
            value = "" if name in ("TMUX", "SSH_TTY") else f"={clean(os.environ[name], limit=40)}"
            said.append(name + value)
    return " ".join(said) or _("nothing known of it")
