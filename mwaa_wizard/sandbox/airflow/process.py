"""Start, watch and end the processes of one environment, leaving none behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from mwaa_wizard.sandbox.airflow.settings import MARK_HOME

GRACE_SECONDS = 5.0
_PORTS_LOCK = threading.Lock()
_GIVEN_OUT: set[int] = set()


class ManagedProcess:
    """One long-running process in its own session, its output appended to a log file."""

    def __init__(self, name: str, argv: list[str], log: Path) -> None:
        self.name = name
        self.argv = argv
        self.log = log
        self._popen: subprocess.Popen[bytes] | None = None
        self.restarts = 0

    def start(self, env: dict[str, str], cwd: Path) -> None:
        """Start it; OSError when the program cannot be run."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(
                self.argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int | None:
        """Process id, or None before the first start."""
        return self._popen.pid if self._popen else None

    def alive(self) -> bool:
        """Is it running?"""
        return self._popen is not None and self._popen.poll() is None

    def reap(self) -> None:
        """Collect the exit status of a process that was told to end."""
        if self._popen is not None:
            self._popen.wait(timeout=GRACE_SECONDS)

    def exit_code(self) -> int | None:
        """How it ended; None while it runs or before it was started."""
        return self._popen.poll() if self._popen else None

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of its log."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as handle:
            handle.seek(max(0, self.log.stat().st_size - 20_000))
            text = handle.read().decode(errors="replace")
        return "\n".join(text.splitlines()[-lines:])


def end(processes: Iterable[ManagedProcess], home: Path) -> None:
    """End the processes with all they started: TERM to each leader, KILL to whatever is left after 5 s.

    Leaders only at first: a scheduler ends its own workers in order. Airflow's task supervisor puts each task into a
    group of its own, so groups are not enough: descendants and every process that carries this environment's mark are
    ended as well.
    """
    processes = list(processes)
    leaders = [process.pid for process in processes if process.pid and process.alive()]
    doomed = {process.pid: process for process in [*_descendants(leaders), *marked(home)]}
    for pid, victim in doomed.items():
        if pid in leaders or not leaders:  # without a leader these are orphans of a killed sandbox
            _quietly(victim, "terminate")
    psutil.wait_procs(list(doomed.values()), timeout=GRACE_SECONDS)
    for pid in leaders:
        _kill_group(pid)
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := [*_running(doomed.values()), *marked(home)]) and time.monotonic() < deadline:
        for survivor in left:
            _quietly(survivor, "kill")
        time.sleep(0.05)
    for managed in processes:
        managed.reap()


def marked(home: Path) -> list[psutil.Process]:
    """Every process whose environment names `home` as its Airflow environment, ourselves excepted."""
    found = []
    for process in psutil.process_iter():
        try:
            zombie = process.status() == psutil.STATUS_ZOMBIE
            if process.pid != os.getpid() and not zombie and process.environ().get(MARK_HOME) == str(home):
                found.append(process)
        except (psutil.Error, OSError):
            continue  # ended meanwhile, or another user's
    return found


def free_ports(count: int) -> list[int]:
    """Distinct TCP ports that are free on 127.0.0.1 now; none is given out twice by this process."""
    probes: list[socket.socket] = []
    ports: list[int] = []
    with _PORTS_LOCK:
        try:
            while len(ports) < count:
                probe = socket.socket()
                probes.append(probe)
                probe.bind(("127.0.0.1", 0))
                port = int(probe.getsockname()[1])
                if port not in _GIVEN_OUT:  # its owner may not have bound it yet
                    ports.append(port)
                    _GIVEN_OUT.add(port)
        finally:
            for probe in probes:
                probe.close()
    return ports


def _descendants(leaders: Iterable[int]) -> list[psutil.Process]:
    found = []
    for pid in leaders:
        try:
            leader = psutil.Process(pid)
            found += [leader, *leader.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
    return found


def _running(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    found = []
    for process in processes:
        try:
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue  # ended between two looks
    return found


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass  # the whole group has ended already


def _quietly(process: psutil.Process, action: str) -> None:
    try:
        getattr(process, action)()
    except psutil.Error:
        pass  # it ended between look and signal
