"""The thread that keeps an environment alive: DAG sync, fresh role credentials, dead processes started again."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mwaa_wizard.sandbox.airflow.dag_sync import INTERVAL_SECONDS, DagSync
from mwaa_wizard.sandbox.airflow.process import ManagedProcess
from mwaa_wizard.sandbox.airflow.role import RoleCredentials
from mwaa_wizard.sandbox.airflow.spec import RuntimeSpec

MAX_RESTARTS = 5


class Keeper:
    """Ticks every two seconds between `start()` and `stop()`."""

    def __init__(
        self, spec: Callable[[], RuntimeSpec], role: RoleCredentials, sync: DagSync, log: logging.Logger
    ) -> None:
        self._spec = spec
        self._role = role
        self._sync = sync
        self._log = log
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._processes: Sequence[ManagedProcess] = ()
        self._launch: tuple[dict[str, str], Path] = ({}, Path())

    def start(self, processes: Sequence[ManagedProcess], env: dict[str, str], cwd: Path) -> None:
        """Watch these processes; they are restarted with `env` in `cwd`."""
        self._processes, self._launch = processes, (env, cwd)
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name=f"keeper-{self._spec().name}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; call before ending the processes, or it would start them again."""
        self._stopping.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=60)
        self._thread = None

    def _run(self) -> None:
        while not self._stopping.wait(INTERVAL_SECONDS):
            self.tick()

    def tick(self) -> None:
        """One round. Whatever goes wrong is logged and tried again: an environment outlives its AWS's hiccups."""
        try:
            self._role.refresh()
        except Exception as error:
            self._log.warning("the execution role's credentials could not be renewed: %s", error)
        try:
            self._sync.sync(self._spec())
        except Exception:
            self._log.exception("DAG sync failed")
        for process in self._processes:
            if not process.alive() and not self._stopping.is_set() and process.restarts < MAX_RESTARTS:
                process.restarts += 1
                self._log.warning(
                    "%s ended with %s and is started again (%d of %d)",
                    process.name, process.exit_code(), process.restarts, MAX_RESTARTS,
                )  # fmt: skip
                process.start(*self._launch)
                time.sleep(0.2)
