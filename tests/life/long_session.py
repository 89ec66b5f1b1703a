"""A whole session through the engine with the oldest source: MWAA 1.10.12, which has no REST API, to 2.11.2.

Not part of `make test` for its length: `make life`. The history is what a real 1.10 scheduler wrote meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from mwaa_wizard import paths
from mwaa_wizard.airflow.cli_endpoint import run_cli
from mwaa_wizard.metadata.bundle import ImportResult, Manifest, VerifyResult
from mwaa_wizard.session import store
from tests.conftest import SHARED_CACHE
from tests.e2e.world import World
from tests.life.airflow import wait
from tests.life.choice import at_most, exactly
from tests.life.migration import dag_file

pytestmark = pytest.mark.e2e

OLD, NEW = "reports-old", "reports-new"
MOVED = ("life_daily", "life_often", "life_manual")


# Runs inside the old environment's Airflow.
LEFT = """
import json
from airflow.models import DagModel
from airflow.settings import Session
rows = Session().query(DagModel).all()
print("JSON:" + json.dumps({
    "ours": [row.dag_id for row in rows if row.dag_id.startswith("mwz_")],
    "unpaused": [row.dag_id for row in rows if not row.is_paused],
}))
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A running sandbox with the old environment in it; ends with every process gone."""
    from mwaa_wizard.sandbox import control, leftovers

    home = tmp_path_factory.mktemp("wizard")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("AWS_") and name != "AWS_CA_BUNDLE":
                patch.delenv(name)
        patch.setenv("MWAA_WIZARD_HOME", str(home))
        patch.setenv("MWAA_WIZARD_CACHE", SHARED_CACHE)
        patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        try:
            version = exactly("1.10.12")
            status = control.up([(OLD, version)], "none", lambda line: print(line, flush=True))
            for name, value in status.environ().items():
                patch.setenv(name, value)
            yield World(Path(home), version, at_most("2.11.2"))
        finally:
            control.down()
            left = leftovers.find(paths.sandbox_dir())
            assert left == [], f"the sandbox left processes behind: {left}"


@pytest.fixture(scope="module")
def lived(world: World) -> None:
    """The old environment has run its DAGs for a while."""
    mwaa = world.client("mwaa")
    bucket = mwaa.get_environment(Name=OLD)["Environment"]["SourceBucketArn"].rsplit(":", 1)[1]
    world.client("s3").put_object(Bucket=bucket, Key="dags/life.py", Body=dag_file().encode())

    def command(*words: str) -> str:
        answer = run_cli(mwaa, OLD, list(words))
        return answer.stdout if answer.ok else ""

    for dag_id in MOVED:
        wait(f"{dag_id} unpaused", partial(command, "unpause", dag_id), 60, every=2)
    assert command("trigger_dag", "-r", "order_1", "-c", '{"order": 1}', "life_manual")
    wait("four daily runs", lambda: command("list_dag_runs", "life_daily").count("| success ") == 4, 240, every=5)


def test_a_session_from_1_10_to_the_end(world: World, lived: None) -> None:
    session = world.new_session(NEW, keep_bundle=True)
    session.source.environment = OLD
    store.save(session)
    done = world.wizard("run", session.id, "--yes", timeout=1200)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]

    kept = paths.run_dir(session.id)
    manifest = Manifest.model_validate_json((kept / "manifest.json").read_text())
    assert manifest.dag_counts["life_daily"]["runs"] == 4
    assert sorted(manifest.unpaused_before) == sorted(MOVED)
    assert VerifyResult.model_validate_json((kept / "verify.json").read_text()).same
    imported = ImportResult.model_validate_json((kept / "import.json").read_text())
    assert imported.tables["task_instance"].inserted == manifest.tables["task_instance"].rows > 20
    page = world.rest(NEW, "/dags/life_daily/dagRuns", limit=10)
    assert page["total_entries"] == 4
    assert all(world.paused(NEW).values())
    left = world.inside(OLD, LEFT)
    assert left["ours"] == [], "rows of our own DAGs"
    assert sorted(left["unpaused"]) == sorted(MOVED)
