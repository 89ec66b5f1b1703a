"""An import that is interrupted anywhere comes to the same end when it runs again, and nothing is doubled."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from mwaa_wizard.metadata import bundle, catalogue
from tests.metadata.lab import INSIDE, Bucket, Environment, Lab

pytestmark = pytest.mark.e2e
TABLES = ["slot_pool", "dag_run", "task_instance", "task_fail", "xcom", "sla_miss", "log"]
# A row of the bundle, held by a transaction that never ends: who loads its part waits inside that part.
HOLD = """
import os, sys, time, psycopg2
connection = psycopg2.connect(os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", ""))
connection.cursor().execute(sys.argv[1])
print("held", flush=True)
time.sleep(120)
"""


@pytest.fixture(scope="module")
def whole(lab: Lab) -> tuple[Environment, Bucket]:
    """A target after an import nobody interrupted, and its bundle of many parts."""
    source, bucket = lab.environment("source", "2.10.3"), lab.bucket()
    source.python("fill.py", "60")
    assert source.quick(bucket, "mwz_export", tables=TABLES, part_rows=40).state == "success"
    target = lab.environment("target", "2.10.3")
    assert target.quick(bucket, "mwz_import").state == "success"
    return target, bucket


def content(environment: Environment) -> str:
    """A digest of all rows of the tables, numbers given out by the target left out."""
    out = []
    for table in TABLES:
        generated = (*catalogue.GENERATED.get(table, ()), "id", "dag_run_id")
        names = environment.sql(
            f"SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute WHERE attnum > 0 AND"
            f" NOT attisdropped AND attrelid = '{table}'::regclass AND attname <> ALL('{{{','.join(generated)}}}')"
        )
        rows = f"SELECT ROW({names})::text AS q FROM {table}"
        out.append(environment.sql(f"SELECT count(*), md5(string_agg(q, '|' ORDER BY q)) FROM ({rows}) x"))
    return "\n".join(out)


@contextmanager
def held(environment: Environment, statement: str) -> Iterator[None]:
    """Another session has done `statement` and keeps its transaction open."""
    process = environment.start("python", "-c", HOLD, statement)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
    finally:
        process.kill()
        process.communicate(timeout=30)


def begin(environment: Environment, bucket: Bucket) -> subprocess.Popen[str]:
    order = environment.order(bucket, "mwz_import", parallel=1)
    return environment.start("python", str(INSIDE / "call.py"), json.dumps([order]))


def wait_for(environment: Environment, process: subprocess.Popen[str], query: str) -> str:
    """The answer of a query as soon as there is one."""
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        if answer := environment.sql(query):
            return answer
        time.sleep(0.05)
    raise AssertionError("the import did not come to that point")


HELD_ROW = (
    "INSERT INTO task_instance (dag_id, run_id, task_id, map_index, pool, pool_slots) SELECT dag_id, run_id, 'first',"
    " -1, 'default_pool', 1 FROM dag_run WHERE dag_id = 'plain' AND state = 'success' ORDER BY run_id DESC LIMIT 1"
)
WAITS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    " AND wait_event = 'transactionid'"
)


def prepare(lab: Lab, whole: tuple[Environment, Bucket]) -> tuple[Environment, Bucket]:
    """A target with the runs alone, and a bucket of its own."""
    target, bucket = lab.environment("target", "2.10.3"), lab.bucket(like=whole[1])
    assert target.quick(bucket, "mwz_import", tables=["dag_run"]).state == "success"
    return target, bucket


def finish(whole: tuple[Environment, Bucket], target: Environment, bucket: Bucket) -> None:
    """A second run ends well and the target is as if nothing had happened; a third one inserts nothing."""
    for ended in target.several(*(target.order(bucket, "mwz_import") for _ in range(2))):
        assert ended.state == "success", ended.error
    assert content(target) == content(whole[0])
    found = bundle.ImportResult.model_validate(bucket.json(bundle.IMPORT_RESULT)).tables
    assert [table.inserted + table.rejected for table in found.values()] == [0] * len(found)


def test_killed_inside_a_part(lab: Lab, whole: tuple[Environment, Bucket]) -> None:
    target, bucket = prepare(lab, whole)
    with held(target, HELD_ROW):
        process = begin(target, bucket)
        wait_for(target, process, WAITS)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
    before = target.sql("SELECT count(*) FROM task_instance")
    assert content(target) != content(whole[0])
    assert before != whole[0].sql("SELECT count(*) FROM task_instance")
    finish(whole, target, bucket)


def test_killed_between_two_parts(lab: Lab, whole: tuple[Environment, Bucket]) -> None:
    """The lock on a part is what the import asks for first: held, it stops before a part of an unkeyed table."""
    target, bucket = prepare(lab, whole)
    parts = [part["key"] for part in bucket.json(bundle.MANIFEST)["tables"]["log"]["parts"]]
    assert len(parts) > 2
    number = zlib.crc32(parts[1].encode()) & 0x7FFFFFFF
    with held(target, f"SELECT pg_advisory_xact_lock({0x6D777A}, {number})"):
        process = begin(target, bucket)
        wait_for(target, process, WAITS.replace("transactionid", "advisory"))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
    assert int(target.sql("SELECT count(*) FROM log")) > 0
    assert content(target) != content(whole[0])
    finish(whole, target, bucket)


def test_a_cut_connection_to_the_database_is_made_anew(lab: Lab, whole: tuple[Environment, Bucket]) -> None:
    target, bucket = prepare(lab, whole)
    with held(target, HELD_ROW):
        process = begin(target, bucket)
        pid = wait_for(target, process, WAITS).splitlines()[0]
        target.sql(f"SELECT pg_terminate_backend({pid})")
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0, out
    ended = bundle.Progress.model_validate(bucket.json(bundle.progress_key("mwz_import")))
    assert ended.state == "success", ended.error
    assert any("trying again" in line for line in ended.log)
    assert content(target) == content(whole[0])


def test_a_cut_connection_to_s3_is_made_anew(lab: Lab, whole: tuple[Environment, Bucket]) -> None:
    target, bucket = prepare(lab, whole)
    key = bucket.json(bundle.MANIFEST)["tables"]["task_instance"]["parts"][0]["key"]
    kept = target.endpoint
    with cutting(kept, key) as (endpoint, cuts):
        target.endpoint = endpoint
        ended = target.quick(bucket, "mwz_import")
    target.endpoint = kept
    assert cuts() > 0
    assert ended.state == "success", ended.error
    assert content(target) == content(whole[0])


@contextmanager
def cutting(endpoint: str, key: str) -> Iterator[tuple[str, Callable[[], int]]]:
    """A door before S3 that shuts in the middle of the first answer about `key`; (its URL, how often it did)."""
    port = urlsplit(endpoint).port
    listener = socket.create_server(("127.0.0.1", 0))
    cuts: list[int] = []

    def carry(client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            while asked := client.recv(1 << 20):
                server.sendall(asked)
                server.settimeout(0.5)
                cut = asked.startswith(b"GET ") and key.encode() in asked.split(b"\r\n")[0] and not cuts
                try:
                    while answer := server.recv(1 << 16):
                        if cut:
                            cuts.append(1)
                            client.sendall(answer[:-40])
                            return
                        client.sendall(answer)
                except TimeoutError:
                    continue

    def loop() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=carry, args=(client,), daemon=True).start()

    threading.Thread(target=loop, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", lambda: len(cuts)
    finally:
        listener.close()


@pytest.mark.parametrize("wrong", [{"environment": "another"}, {"alembic_head": "0123456789ab"}])
def test_the_wrong_environment_is_refused_before_anything_is_written(
    lab: Lab, whole: tuple[Environment, Bucket], wrong: dict[str, str]
) -> None:
    target = lab.environment("target", "2.10.3")
    before = content(target)
    ended = target.quick(lab.bucket(like=whole[1]), "mwz_import", **wrong)
    assert ended.state == "failed"
    assert "Nothing was changed" in ended.error
    assert content(target) == before
