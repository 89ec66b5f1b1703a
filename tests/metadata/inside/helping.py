"""Forked helpers at work, failing, killed, and left alone: helping.py DAG_FILE; prints what came of each."""
# Runs inside an Airflow of any version, without types.
# mypy: ignore-errors
# ruff: noqa

import importlib.util
import json
import os
import signal
import sys
import threading
import time
import types

spec = importlib.util.spec_from_file_location("mwz_export", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
job = types.SimpleNamespace(progress=types.SimpleNamespace(writing=threading.Lock(), lock=threading.Lock()))


class State:
    def __init__(self, baton):
        self.baton, self.connection = baton, module.open_database(True)

    def close(self):
        module.close_database(self.connection[0])


def sql(cursor):
    cursor.execute("SELECT pg_backend_pid()")
    return cursor.fetchone()[0]


def run(work, items=20):
    told = {}
    helpers = module.Helpers(job, 2, items, State, work, lambda number, result: told.update({number: result}))
    try:
        helpers.join()
    except Exception as error:
        return told, str(error)
    return told, ""


def at_work(state, number):
    time.sleep(0.02)
    return [os.getpid(), sql(state.connection[1])]


def failing(state, number):
    if number == 3:
        raise module.Refused("number three is bad")
    for _ in range(200):  # the others are told to stop in the middle of their work
        state.baton.check()
        time.sleep(0.05)
    return number


def killed(state, number):
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


mine, cursor = module.open_database(True)
before = sql(cursor)
told, error = run(at_work)
out = {"mine": os.getpid(), "numbers": sorted(told), "pids": sorted({pid for pid, _ in told.values()}), "error": error,
       "backends": sorted({backend for _, backend in told.values()}), "same": before == sql(cursor), "backend": before}
begun = time.time()
told, out["failed"] = run(failing)
out["failed_after"] = time.time() - begun
told, out["killed"] = run(killed)
# A parent that dies takes its helpers with it.
reader, writer = os.pipe()
parent = os.fork()
if parent == 0:
    helpers = module.Helpers(job, 2, 2, lambda baton: types.SimpleNamespace(close=lambda: None),
                             lambda state, number: (os.write(writer, b"%d\n" % os.getpid()), time.sleep(60))[1], None)
    helpers.join()
    os._exit(0)
orphans = []
while len(orphans) < 2:
    orphans += [int(word) for word in os.read(reader, 64).split()]
os.kill(parent, signal.SIGKILL)
os.waitpid(parent, 0)
time.sleep(0.5)
def lives(pid):
    try:
        return open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
out["orphans"] = [pid for pid in orphans if lives(pid)]
print(json.dumps(out))
