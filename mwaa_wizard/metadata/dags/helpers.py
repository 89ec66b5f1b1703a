"""Forked helpers of one task: psycopg2 takes Python's lock for every row, so two COPYs in threads wait for each other.

A helper is this process once more with its own connections; it takes the next number until none is left, sends what
came out through a pipe and leaves without running anybody's exit handlers. It dies with its parent.
"""

import ctypes
import gc
import json
import mmap
import os
import select
import signal
import struct
import sys
import threading
import time

DIES_WITH_PARENT = 1  # prctl(2): PR_SET_PDEATHSIG
LEFT_TIME = 30  # seconds a helper has to put down its work when another one failed


class Stopped(Exception):
    """Another helper failed, or the task is told to end."""


class Baton(object):
    """The next number, handed from process to process through a pipe, and a flag that tells all to stop."""

    def __init__(self, count):
        self.count = count
        self.reader, self.writer = os.pipe()
        os.write(self.writer, struct.pack("q", 0))
        self.shared = mmap.mmap(-1, 1)

    def take(self):
        """The next number, or None."""
        number = struct.unpack("q", os.read(self.reader, 8))[0]
        os.write(self.writer, struct.pack("q", number + 1))
        return number if number < self.count and self.shared[0:1] == b"\0" else None

    def stop(self):
        """Nobody takes a number any more; who copies ends at the next megabyte."""
        self.shared[0:1] = b"\1"

    def check(self):
        """Raise Stopped where stop() was called."""
        if self.shared[0:1] != b"\0":
            raise Stopped("stopped, as another part failed")

    def close(self):
        """Give the pipe back."""
        os.close(self.reader)
        os.close(self.writer)
        self.shared.close()


def own_engine():
    """Leave the parent's database connections alone: closing one here would end it there."""
    from airflow import settings

    settings.engine.pool = settings.engine.pool.recreate()


def child(baton, pipe, parent, begin, work):
    """All a helper does; never returns."""
    code = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGUSR1):
            signal.signal(number, signal.SIG_DFL)  # Airflow's handlers belong to the task's own process
        if sys.platform.startswith("linux"):
            ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
        LOG.disabled = True  # handlers may own threads that do not exist here; words go through the pipe
        own_engine()
        state = begin()
        number = baton.take()
        while number is not None:
            send(pipe, {"item": number, "result": work(state, number)})
            number = baton.take()
        state.close()
        send(pipe, {"end": True})
        code = 0
    except BaseException as error:
        send(pipe, {"error": first_line(error), "stopped": isinstance(error, Stopped)})
    finally:
        os._exit(code)


def send(pipe, document):
    """One line of JSON."""
    data = json.dumps(document).encode("utf-8") + b"\n"
    while data:
        data = data[os.write(pipe, data):]


class Helpers(object):
    """`count` helpers at work on numbers 0 ... items - 1.

    Args: begin: called in each helper; what it returns has close(). work(state, number): returns something JSON can
    hold. told(number, result): called here, from one thread. A failure of one stops all and is raised by join().
    """

    def __init__(self, job, count, items, begin, work, told):
        self.baton, self.told, self.error = Baton(items), told, None
        self.pipes, self.pids, self.ended = {}, [], set()
        # While nothing else of ours runs: a lock that another thread holds would stay locked in the child for ever.
        gc.freeze()  # what is here already is not looked at again, so the pages stay shared with the helpers
        with job.progress.writing, job.progress.lock:
            sys.stdout.flush()
            sys.stderr.flush()
            parent = os.getpid()
            for _ in range(max(1, min(count, items))):
                reader, writer = os.pipe()
                pid = os.fork()
                if pid == 0:
                    child(self.baton, writer, parent, lambda: begin(self.baton), work)
                os.close(writer)
                self.pipes[reader] = b""
                self.pids.append(pid)
        gc.unfreeze()
        self.thread = threading.Thread(target=self._listen)
        self.thread.daemon = True
        self.thread.start()

    def _listen(self):
        try:
            while self.pipes:
                for pipe in select.select(list(self.pipes), [], [])[0]:
                    self._read(pipe)
        except Exception as error:
            self._failed(error)

    def _read(self, pipe):
        data = os.read(pipe, 65536)
        lines = (self.pipes[pipe] + data).split(b"\n")
        self.pipes[pipe] = lines.pop()
        for line in lines:
            document = json.loads(line.decode("utf-8"))
            if "item" in document:
                self.told(document["item"], document["result"])
            elif "end" in document:
                self.ended.add(pipe)
            else:
                self.ended.add(pipe)
                if not document["stopped"]:
                    self._failed(Refused(document["error"]))
        if not data:
            if pipe not in self.ended:
                self._failed(Refused("a helper process ended unexpectedly (was memory short?)"))
            del self.pipes[pipe]
            os.close(pipe)

    def _failed(self, error):
        self.error = self.error or error
        self.baton.stop()

    def join(self):
        """Wait for all; raise the first failure. When this process itself is told to end, they end first."""
        try:
            while self.thread.is_alive():
                self.thread.join(1.0)
        finally:
            self.baton.stop()
            self._bury()
        if self.error is not None:
            raise self.error

    def _bury(self):
        end = time.time() + LEFT_TIME
        for pid in self.pids:
            while os.waitpid(pid, os.WNOHANG)[0] == 0:
                if time.time() > end:
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.01)
        self.pids = []
        self.thread.join(5.0)
        self.baton.close()
