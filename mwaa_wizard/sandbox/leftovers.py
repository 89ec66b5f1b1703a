"""Finds and ends the processes of a sandbox, whether or not its daemon still lives.

Every child carries MWAA_WIZARD_SANDBOX=<data root> and leads a session of its own. A process whose environment cannot
be read any more (setproctitle overwrites it) is known by its session. PostgreSQL may serve several sandboxes, so it
is left to its own leases.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import psutil

from mwaa_wizard.sandbox.state import CACHE_MARK, MARK

GRACE_SECONDS = 6.0
_CLOCK_SLACK = 1.0


def alive(pid: int, started: float) -> bool:
    """Is that very process (not a later one with its number) running?"""
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - started) < _CLOCK_SLACK
        return bool(same and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _mark_of(process: psutil.Process) -> str | None:
    try:
        value = process.environ().get(MARK)
        return str(value) if value else None
    except (psutil.Error, OSError):
        return None


def _session_of(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except OSError:
        return None


def _ours(process: psutil.Process) -> bool:
    """Not us, not our parents, not the shared database server, not yet dead."""
    try:
        family = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
        dead = process.status() == psutil.STATUS_ZOMBIE
        return process.pid not in family and not dead and not process.name().startswith("postgres")
    except psutil.Error:
        return False


def find(root: Path, sessions: Iterable[tuple[int, float]] = ()) -> list[psutil.Process]:
    """All processes of the sandbox at `root`; `sessions` are those its state file names."""
    everyone = list(psutil.process_iter())
    marked = [process for process in everyone if _mark_of(process) == str(root)]
    recorded = {sid for sid, began in sessions if not psutil.pid_exists(sid) or alive(sid, began)}
    # A session counts as ours through its leader: a user's shell that exports the mark must not lose its other jobs.
    led = {process.pid for process in marked if _session_of(process) == process.pid}
    mine = recorded | led
    found = {process.pid: process for process in marked}
    for process in everyone:
        if _session_of(process) in mine:
            found[process.pid] = process
    for process in list(found.values()):
        try:
            found.update({child.pid: child for child in process.children(recursive=True)})
        except psutil.Error:
            continue  # it ended between the two looks
    return [process for process in found.values() if _ours(process)]


def roots_sharing(cache: Path, besides: Path) -> set[str]:
    """Data roots of other sandboxes whose daemons, alive now, use the same cache (named in their environment)."""
    found = set()
    for process in psutil.process_iter():
        try:
            if "mwaa_wizard.sandbox.daemon" not in process.cmdline():
                continue
            environ = process.environ()
        except (psutil.Error, OSError):
            continue
        root = environ.get(MARK)
        if root and root != str(besides) and environ.get(CACHE_MARK) == str(cache):
            found.add(root)
    return found


def end(root: Path, sessions: Iterable[tuple[int, float]] = (), spare: frozenset[int] = frozenset()) -> int:
    """TERM, then KILL after 6 s, until none is left; returns how many processes there were."""
    sessions = list(sessions)
    seen: set[int] = set()
    for action in ("terminate", "kill", "kill"):
        doomed = [process for process in find(root, sessions) if process.pid not in spare]
        if not doomed:
            break
        for process in doomed:
            seen.add(process.pid)
            try:
                getattr(process, action)()
            except psutil.Error:
                continue  # ended meanwhile
        psutil.wait_procs(doomed, timeout=GRACE_SECONDS)
    return len(seen)
