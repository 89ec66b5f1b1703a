"""Sessions on disk: atomic writes, one lock a session, old versions migrated, damaged ones said to be so."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import fcntl
import json
import os
import re
import shutil
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from mwaa_wizard import paths
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.i18n import _
from mwaa_wizard.session.migrations import MIGRATIONS
from mwaa_wizard.session.model import SCHEMA_VERSION, Session
from mwaa_wizard.text import clean

# Ids become file names, tags and parts of bucket and policy names.
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def write_atomic(path: Path, text: str) -> None:
    """Replace `path` by `text` so that a crash leaves the old or the new file, never half of one (0600)."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def path_of(session_id: str) -> Path:
    """The file of a session. Raises WizardError for a text that is no id: it must never lead out of the folder."""
    return paths.sessions_dir() / f"{checked_id(session_id)}.json"


def checked_id(session_id: str) -> str:
    """`session_id` as it is, if it can be the name of a session. Raises WizardError (usage) where it cannot."""
    if not _ID.fullmatch(session_id):
        raise WizardError(
            what=_("“{id}” is not the id of a session.").format(id=clean(session_id, limit=60)),
            changed=_("Nothing was changed."),
            remedy=_("List the saved ones with: mwaa-wizard sessions"),
            exit_code=EXIT_USAGE,
        )
    return session_id


def save(session: Session) -> None:
    """Write a session, keeping the previous file as `.bak`."""
    session.updated_at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    path = path_of(session.id)
    if path.exists():
        _back_up(path)
    write_atomic(path, session.model_dump_json(indent=2) + "\n")


def _back_up(path: Path) -> None:
    """The file as it is becomes `.bak`, whole or not at all: a full disk must not take the last good copy."""
    fresh = path.with_name(f".{path.name}.bak")
    try:
        shutil.copyfile(path, fresh)
        os.chmod(fresh, 0o600)
        os.replace(fresh, path.with_suffix(".bak"))
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def load(session_id: str) -> Session:
    """Read a session by its id.

    Raises WizardError when there is none, when it is damaged (naming the backup), or when a newer program wrote it.
    """
    path = path_of(session_id)
    if not path.exists():
        raise WizardError(
            what=_("There is no session {id}.").format(id=session_id),
            changed=_("Nothing was changed."),
            remedy=_("List the saved ones with: mwaa-wizard sessions"),
        )
    try:
        text = path.read_bytes()
    except OSError as problem:
        raise WizardError(
            what=_("The session file cannot be read ({why}).").format(why=clean(problem.strerror or problem)),
            where=str(path),
            changed=_("Nothing was changed; the file is left as it is."),
            remedy=_("Give yourself access to it, then open the session again."),
        ) from None
    try:
        raw = json.loads(text.decode("utf-8"))
        if not isinstance(raw, dict):
            raise ValueError("not an object")
        version = int(raw.get("schema_version", 0))
    except (ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise _damaged(path, problem) from None
    if version > SCHEMA_VERSION:
        raise WizardError(
            what=_(
                "Session {id} was written by a newer mwaa-wizard (format {version}, this one knows {known})."
            ).format(id=session_id, version=version, known=SCHEMA_VERSION),
            where=str(path),
            changed=_("Nothing was changed; the file is left as it is."),
            remedy=_("Upgrade mwaa-wizard and open the session again."),
        )
    while version < SCHEMA_VERSION:
        step = MIGRATIONS.get(version)
        if step is None:
            raise _damaged(path, ValueError(f"format {version}"))
        raw, version = step(raw), version + 1
    try:
        session = Session.model_validate(raw)
    except ValidationError as problem:
        raise _invalid(path, problem) from None
    if session.id != session_id:
        # Journal, locks and names of buckets follow the id inside: a copied file would mix two sessions.
        raise _damaged(path, ValueError(f"id is {clean(session.id, limit=40)}"))
    return session


def _invalid(path: Path, problem: ValidationError) -> WizardError:
    """Which members of a hand-edited file are not what they must be; their values are not repeated."""
    told = [
        f"{'.'.join(map(str, row['loc']))}: {row['msg']}"
        for row in problem.errors(include_input=False, include_url=False, include_context=False)
    ]
    error = _damaged(path, problem)
    error.what = _("The session file has values that cannot be: {told}.").format(told=clean("; ".join(told), limit=600))
    error.remedy = _("Mend them in the file.") + " " + error.remedy
    return error


def _damaged(path: Path, problem: Exception) -> WizardError:
    backup = path.with_suffix(".bak")
    remedy = _("Delete it, or repair it by hand.")
    if backup.exists():
        remedy = _("Go back to the last good copy: cp {backup} {path}").format(backup=backup, path=path)
    return WizardError(
        what=_("The session file is damaged ({problem}).").format(problem=type(problem).__name__),
        where=str(path),
        changed=_("Nothing was changed; the file is left as it is."),
        remedy=remedy,
    )


@dataclass(frozen=True)
class Listed:
    """One line of the list of sessions; `problem` is set where the file cannot be read."""

    id: str
    session: Session | None
    problem: str = ""


def list_sessions() -> list[Listed]:
    """All saved sessions, the newest first; damaged ones are listed with their problem."""
    found = []
    for path in paths.sessions_dir().glob("*.json"):
        try:
            changed = path.stat().st_mtime
        except FileNotFoundError:
            continue  # deleted since the folder was read
        try:
            found.append((changed, Listed(path.stem, load(path.stem))))
        except WizardError as problem:
            found.append((changed, Listed(path.stem, None, problem.what)))
    return [listed for _mtime, listed in sorted(found, key=lambda pair: pair[0], reverse=True)]


# How long a deleted session can be brought back.
KEPT = dt.timedelta(days=30)


def delete(session_id: str) -> None:
    """Move a session's file and its backup to the trash, where they are kept for a while; its journal stays."""
    path, trash = path_of(session_id), paths.trash_dir()
    for file in (path.with_suffix(".bak"), path):
        if file.exists():
            os.replace(file, trash / file.name)
            os.utime(trash / file.name)  # from now on its age is counted
    purge()


def undelete(session_id: str) -> Session | None:
    """Bring a deleted session back; None where the file is there again but cannot be read.

    Raises WizardError where there is none in the trash, or one of that id is among the sessions.
    """
    path, trash = path_of(session_id), paths.trash_dir()
    if path.exists() or not (trash / path.name).exists():
        raise WizardError(
            what=_("There is no deleted session {id}.").format(id=session_id)
            if not path.exists()
            else _("The session {id} is not deleted.").format(id=session_id),
            changed=_("Nothing was changed."),
            remedy=_("Deleted ones are listed by: mwaa-wizard sessions --deleted (kept for {days} days)").format(
                days=KEPT.days
            ),
            exit_code=EXIT_USAGE,
        )
    for file in (path.with_suffix(".bak"), path):
        if (trash / file.name).exists():
            os.replace(trash / file.name, file)
    try:
        return load(session_id)
    except WizardError:
        return None


def deleted() -> list[tuple[str, dt.datetime, str]]:
    """(id, when it was deleted, title) of the sessions in the trash, the newest first."""
    purge()
    found = []
    for path in paths.trash_dir().glob("*.json"):
        try:
            when = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
            title = Session.model_validate(json.loads(path.read_text(encoding="utf-8"))).title()
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            title = ""
        found.append((path.stem, when, title))
    return sorted(found, key=lambda row: row[1], reverse=True)


def purge() -> None:
    """Remove for good what has been in the trash for longer than it is kept."""
    oldest = (dt.datetime.now(dt.UTC) - KEPT).timestamp()
    for path in paths.trash_dir().iterdir():
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()


def rename(session_id: str, name: str) -> Session:
    """Give a session a name of the user's own; an empty one goes back to source → target.

    Raises WizardError where it is open elsewhere or cannot be read.
    """
    with Lock(session_id):
        session = load(session_id)
        session.name = clean(name, limit=80).strip()
        save(session)
    return session


class Lock:
    """Held while a session is open; the kernel drops it when the process dies (flock, so not over old NFS)."""

    def __init__(self, session_id: str) -> None:
        self._id = session_id
        self.path = paths.sessions_dir() / f"{session_id}.lock"
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock or raise WizardError that says who holds it."""
        checked_id(self._id)
        file = open(self.path, "a+", encoding="utf-8")  # noqa: SIM115 - held open on purpose
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            if problem.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                file.close()  # a file system without locks: nobody holds it, and nobody can
                problem.filename = str(self.path)
                raise
            file.seek(0)
            holder = file.read().strip() or "?"
            file.close()
            raise WizardError(
                what=_("This session is already open ({holder}).").format(holder=holder),
                where=str(self.path),
                changed=_("Nothing was changed."),
                remedy=_("Close the other wizard, or go on there."),
            ) from None
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back; safe to call twice."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._file.close()
            self._file = None

    def __enter__(self) -> Lock:
        self.acquire()
        return self

    def __exit__(self, *exc: object) -> None:
        self.release()
