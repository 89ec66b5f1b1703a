"""Peak memory of a program and all it started: the largest RSS of one process, and the sum of their PSS.

PSS counts a page that forked processes share once, divided among them (Linux: /proc/PID/smaps_rollup).
"""

from __future__ import annotations

import threading

import psutil

EVERY = 0.15  # seconds


class Peak:
    """Samples the tree of a process until stop()."""

    def __init__(self, pid: int) -> None:
        self.rss = self.pss = 0
        self._over = threading.Event()
        self._root = psutil.Process(pid)
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def _loop(self) -> None:
        while not self._over.wait(EVERY):
            total = 0
            try:
                tree = [self._root, *self._root.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            for process in tree:
                try:
                    facts = process.memory_full_info()
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
                self.rss = max(self.rss, facts.rss)
                total += getattr(facts, "pss", facts.uss)
            self.pss = max(self.pss, total)

    def stop(self) -> None:
        """No more samples."""
        self._over.set()
        self._thread.join(5)
