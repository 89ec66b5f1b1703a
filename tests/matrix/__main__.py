"""`make matrix`: all pairs, or those named (ARGS="1.10.12:2.5.1 2.10.3:3.3.1 2.2.2: :2.11.2"), two at a time."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from mwaa_wizard.sandbox.airflow.postgres import Postgres
from tests.matrix.pairs import chosen
from tests.matrix.run import lines, table, work
from tests.matrix.world import World

WORKERS = 2


def main() -> int:
    """Run the matrix; 0 when every cell passes."""
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # PostgreSQL must not outlive us
    pairs = chosen(sys.argv[1:])
    os.environ.setdefault("MWAA_WIZARD_CACHE", str(Path(__file__).parent.parent.parent / ".cache"))
    with tempfile.TemporaryDirectory(prefix="mwz-matrix-") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        postgres = Postgres(Path(folder) / "postgres")
        try:
            postgres.start()
            world = World(postgres, f"http://127.0.0.1:{port}", Path(folder))
            _wait(port)
            with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
                try:
                    outcomes = work(world, pairs, pool.submit, partial(print, flush=True))
                except BaseException:
                    pool.shutdown(cancel_futures=True)
                    raise
        finally:
            server.terminate()
            server.wait()
            postgres.wipe()
    print(table(outcomes))
    print(lines(outcomes, time.monotonic() - begun))
    return 0 if outcomes and all(outcome.passed for outcome in outcomes) else 1


def _wait(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the S3 of the tests does not answer")


if __name__ == "__main__":
    sys.exit(main())
