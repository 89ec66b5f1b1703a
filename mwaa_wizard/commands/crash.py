"""What is left when the program itself fails: a file without values of variables, and one line that names it."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import platform
import re
import sys
import traceback
from types import TracebackType

from mwaa_wizard import __version__, paths
from mwaa_wizard.errors import EXIT_FAILED
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

_SECRETS = re.compile(
    r"(?i)(AKIA|ASIA)[A-Z0-9]{16}|(://[^/\s:@]+:)[^@\s]+(@)|"
    r"((?:password|passwd|secret|token|key)[\"']?\s*[=:]\s*[\"']?)[^\s\"',;]+"
)


def redact(text: str) -> str:
    """`text` without access keys, passwords in URLs, or values that follow a secret-looking name."""
    return _SECRETS.sub(lambda m: (m[2] or m[4] or "") + "[redacted]" + (m[3] or ""), text)


def write_crash_file(problem: BaseException, trace: TracebackType | None = None) -> str:
    """Write the traceback (no locals, values redacted) below the log folder and return its path."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
    path = paths.log_dir() / f"crash-{stamp}-{os.getpid()}.txt"
    frames = traceback.format_exception(type(problem), problem, trace or problem.__traceback__)
    head = [
        f"mwaa-wizard {__version__}",
        f"python {platform.python_version()} on {platform.system()} {platform.release()}",
        f"TERM={os.environ.get('TERM', '')} argv0={os.path.basename(sys.argv[0])}",
        "",
    ]
    text = "\n".join(head) + clean(redact("".join(frames)), keep_newlines=True, limit=200_000)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return str(path)


def whereabouts(session_id: str = "") -> str:
    """What somebody who helps asks for first: which version, which session file, where the logs lie."""
    words = [f"mwaa-wizard {__version__}"]
    # A folder that cannot even be looked up may be why it crashed.
    with contextlib.suppress(OSError):
        if session_id:
            words.append(_("session {path}").format(path=paths.sessions_dir() / f"{session_id}.json"))
        words.append(_("logs {path}").format(path=paths.log_dir()))
    return " · ".join(words)


def report_crash(problem: BaseException) -> int:
    """Tell the user that the program failed, where the details are and how to go on; returns the exit code."""
    try:
        path = write_crash_file(problem)
    except OSError as refused:
        path = _("none, it could not be written ({why})").format(why=refused.strerror)
    print(_("mwaa-wizard itself failed ({kind}).").format(kind=type(problem).__name__), file=sys.stderr)
    print(_("Details, without secrets: {path}").format(path=path), file=sys.stderr)
    print(_("Your session is saved. Go on with: mwaa-wizard resume"), file=sys.stderr)
    print(whereabouts(), file=sys.stderr)
    return EXIT_FAILED
