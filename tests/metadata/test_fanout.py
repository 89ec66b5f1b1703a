"""One export or import spread over several tasks, each a process of its own, leaves the same as one task does."""

from __future__ import annotations

import gzip
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.metadata import bundle, catalogue, dagfile
from tests.metadata.lab import INSIDE, Bucket, Environment, Lab

pytestmark = pytest.mark.e2e
RUN = "mw-fanout"
HISTORY = [name for name in catalogue.names() if not catalogue.info(name).sealed]


@dataclass
class Spread:
    """A DAG file for several tasks, cut fine enough for a small database, and its run in the metadata database."""

    environment: Environment
    bucket: Bucket
    dag_id: str
    tasks: int

    def __post_init__(self) -> None:
        text = dagfile.render(self.dag_id, tasks=self.tasks).decode()
        assert text.count("UNIT_BYTES = 16 * 1024 * 1024") == (self.dag_id == "mwz_export")
        folder = self.environment.home / f"dags-{self.tasks}"
        folder.mkdir(exist_ok=True)
        self.path: Path = folder / f"{self.dag_id}.py"
        self.path.write_text(text.replace("UNIT_BYTES = 16 * 1024 * 1024", "UNIT_BYTES = 24 * 1024"))

    def order(self, **orders: Any) -> None:
        request = {"format": 1, "run_id": RUN, "environment": self.environment.name, "parallel": 2, **orders}
        self.bucket.put(bundle.request_key(self.dag_id), request)

    def states(self, **states: str) -> None:
        """The rows a scheduler would have made for the run's tasks."""
        self.environment.sql(
            f"DELETE FROM dag_run WHERE dag_id = '{self.dag_id}' AND run_id = '{RUN}';"  # a copied database may hold it
            "INSERT INTO dag_run (dag_id, run_id, execution_date, run_type, state, clear_number) VALUES"
            f" ('{self.dag_id}', '{RUN}', now(), 'manual', 'running', 0)"
        )
        for task_id, state in states.items():
            self.environment.sql(
                "INSERT INTO task_instance (dag_id, run_id, task_id, map_index, state, pool, pool_slots) VALUES"
                f" ('{self.dag_id}', '{RUN}', '{task_id}', -1, '{state}', 'default_pool', 1)"
            )

    def start(self, task_id: str) -> subprocess.Popen[str]:
        conf = {"bucket": self.bucket.name, "region": "us-east-1", "session": "s-0123abcd"}
        arguments = [str(INSIDE / "task.py"), str(self.path), task_id, json.dumps(conf), RUN]
        return self.environment.start("python", *arguments)

    def run(self, *task_ids: str) -> None:
        """The lead and some of the others, all at the same time, to their end."""
        processes = [self.start(task_id) for task_id in (*task_ids, "run")]
        try:
            for process in processes:
                out, _ = process.communicate(timeout=240)
                assert process.returncode == 0, out[-3000:]
        finally:
            for process in processes:
                process.kill()

    def done_by(self, share: int, stage: str) -> int:
        """Items a task reported."""
        begin = f"work/{self.dag_id}/{RUN}/share-{share}-{stage}-"
        return sum(len(self.bucket.json(key)["done"]) for key in self.bucket.keys() if key.startswith(begin))  # noqa: SIM118


def parts(bucket: Bucket) -> dict[str, list[dict[str, Any]]]:
    tables = bucket.json(bundle.MANIFEST)["tables"]
    return {name: tables[name]["parts"] for name in HISTORY if name in tables}


def contents(bucket: Bucket) -> dict[str, bytes]:
    """Key -> CSV of the parts that the manifest names; of an attempt before there may be more in the bucket."""
    keys = [part["key"] for table in bucket.json(bundle.MANIFEST)["tables"].values() for part in table["parts"]]
    return {key: gzip.decompress(bucket.read(key)) for key in keys if key.startswith("tables/")}


@pytest.fixture(scope="module")
def source(lab: Lab) -> Environment:
    found = lab.environment("source", "2.10.3")
    found.python("fill.py", "150")
    return found


@pytest.fixture(scope="module")
def alone(lab: Lab, source: Environment) -> Bucket:
    """The bundle of one task, of units as small as those of the others."""
    found = Spread(source, lab.bucket(), "mwz_export", 1)
    found.order(tables=HISTORY)
    found.run()
    return found.bucket


def test_eight_tasks_write_the_bundle_of_one(lab: Lab, source: Environment, alone: Bucket) -> None:
    assert len(parts(alone)["task_instance"]) >= 8
    spread = Spread(source, lab.bucket(), "mwz_export", 8)
    spread.order(tables=HISTORY)
    # Two work, one waits for a worker that never comes, one died, the others are not even there.
    spread.states(run="running", share_1="running", share_2="running", share_3="queued", share_4="failed")
    spread.run("share_1", "share_2")
    assert spread.done_by(1, "export") > 0
    assert spread.done_by(2, "export") > 0
    assert parts(spread.bucket) == parts(alone)
    assert contents(spread.bucket) == contents(alone)
    rows = sum(table.rows for table in bundle.Manifest.model_validate(alone.json(bundle.MANIFEST)).tables.values())
    progress = bundle.Progress.model_validate(spread.bucket.json(bundle.progress_key("mwz_export")))
    assert (progress.state, progress.done) == ("success", rows)


def test_a_cleared_run_takes_nothing_from_its_first_attempt(lab: Lab, source: Environment) -> None:
    """Cleared in the web server it has the same id, and its tasks find what the first attempt left in the bucket."""
    changing = lab.environment("source", "2.10.3", like=source)
    spread = Spread(changing, lab.bucket(), "mwz_export", 2)
    spread.order(tables=HISTORY)
    spread.states(run="running", share_1="running")
    spread.run("share_1")
    first = contents(spread.bucket)
    changing.sql("UPDATE task_instance SET unixname = 'someone' WHERE left(dag_id, 4) <> 'mwz_'")
    changing.sql("VACUUM FULL task_instance")  # as many blocks as before, so the units have the same names
    spread.run("share_1")
    fresh = Spread(changing, lab.bucket(), "mwz_export", 1)
    fresh.order(tables=HISTORY)
    fresh.run()
    assert contents(spread.bucket) == contents(fresh.bucket) != first


def test_several_tasks_import_what_one_does(lab: Lab, alone: Bucket) -> None:
    single = lab.environment("target", "2.10.3")
    assert single.quick(lab.bucket(like=alone), "mwz_import").state == "success"
    target = lab.environment("target", "2.10.3")
    spread = Spread(target, lab.bucket(like=alone), "mwz_import", 4)
    spread.order(tables=HISTORY)
    spread.states(run="running", share_1="running", share_2="failed")
    spread.run("share_1")
    assert spread.done_by(1, "task_instance") > 0
    assert target.python("facts.py") == single.python("facts.py")
    found = bundle.ImportResult.model_validate(spread.bucket.json(bundle.IMPORT_RESULT)).tables
    entries = bundle.Manifest.model_validate(alone.json(bundle.MANIFEST)).tables
    for name, table in found.items():
        assert table.read == entries[name].rows == table.inserted + table.present + table.rejected


def test_the_run_of_several_tasks_ends_as_its_lead_does(lab: Lab, source: Environment) -> None:
    """`airflow dags test` runs one task after the other: the lead does it all, the others find it over."""
    bucket = lab.bucket()
    path = source.home / "dags" / "mwz_export.py"
    text = dagfile.render("mwz_export", tasks=3)
    assert text.count(b"PATIENCE = 60.0") == 1
    # Here the lead comes last: the others need not wait a minute each to find that it has not begun.
    path.write_bytes(text.replace(b"PATIENCE = 60.0", b"PATIENCE = 2.0"))
    try:
        assert source.run(bucket, "mwz_export", tables=HISTORY).state == "success", source.output
        query = (
            "SELECT string_agg(task_id || ' ' || t.state, ', ' ORDER BY task_id) || '; ' || max(r.state) FROM"
            f" task_instance t JOIN dag_run r USING (dag_id, run_id) WHERE dag_id = 'mwz_export' AND run_id <> '{RUN}'"
        )
        assert source.sql(query) == "end success, run success, share_1 success, share_2 success; success"
    finally:
        path.write_bytes(dagfile.render("mwz_export"))


def test_a_failed_lead_sends_the_others_home(lab: Lab, source: Environment) -> None:
    spread = Spread(source, lab.bucket(), "mwz_export", 2)
    spread.order(tables=["variable"])  # without the target's key in the bucket
    with pytest.raises(AssertionError, match="public key"):
        spread.run()
    spread.order(tables=["no_such_table"])
    other = spread.start("share_1")
    out, _ = other.communicate(timeout=60)
    assert other.returncode != 0
    assert "These tables are not moved" in out
