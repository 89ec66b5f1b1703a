"""Database folders below /var/tmp whose cache was deleted by hand: found, proved to be ours, and removed.

Only root has such folders (PostgreSQL then runs as another user, who cannot walk into root's home). Each carries the
path of the cache it belongs to; it is a stray when that path is gone.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psutil

from mwaa_wizard.sandbox.airflow import postgres_binaries

_SIGN = "belongs-to"
_GRACE_SECONDS = 20.0


def sign(base: Path, private: Path) -> None:
    """Write into the folder `base` which cache folder it belongs to."""
    (base / _SIGN).write_text(str(private))


def sweep(mine: Path) -> list[Path]:
    """Remove what deleted caches left beside `mine`; returns what was removed.

    A server that still runs there is ended: without its cache nobody has its password.
    """
    removed = []
    for base in mine.parent.glob(f"{postgres_binaries.SHARED_PREFIX}*"):
        if base == mine or not _is_stray(base):
            continue
        for data in base.glob("data-*"):
            if (server := postmaster(data)) is not None:
                _end(server)
        shutil.rmtree(base, ignore_errors=True)
        removed.append(base)
    return removed


def postmaster(data: Path) -> psutil.Process | None:
    """The PostgreSQL server running on a data folder, by its own `postmaster.pid`."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        ours = len(lines) > 3 and "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if ours else None


def lives(pid: int) -> bool:
    """Is there such a process, and not only its exit status that nobody has collected?"""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _is_stray(base: Path) -> bool:
    """Ours by owner and by name (the name is made of the path it names), and that path is gone."""
    try:
        about = base.lstat()
        owner = Path((base / _SIGN).read_text())
    except (OSError, ValueError):
        return False
    own_folder = base.is_dir() and not base.is_symlink() and about.st_uid == os.geteuid()
    return own_folder and base.name == postgres_binaries.shared_name(owner) and not owner.exists()


def _end(server: psutil.Process) -> None:
    try:
        server.terminate()
        server.wait(_GRACE_SECONDS)
    except psutil.TimeoutExpired:
        server.kill()
    except psutil.Error:
        pass  # it ended meanwhile
