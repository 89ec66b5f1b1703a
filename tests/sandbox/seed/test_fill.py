"""Fill a real Airflow 2.8.1 database and read it back with Airflow's own models."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from mwaa_wizard.sandbox.airflow.postgres import Postgres
from mwaa_wizard.sandbox.airflow.template import ensure_template, new_fernet_key
from mwaa_wizard.sandbox.airflow.venv import ensure_venv
from mwaa_wizard.sandbox.seed import CANARIES, SeedTarget, fill, task_log_group
from mwaa_wizard.sandbox.seed.catalogue import CATALOGUE
from mwaa_wizard.sandbox.seed.files import DAGS
from mwaa_wizard.sandbox.seed.secrets import CONNECTIONS, VARIABLES
from tests.airflows import near
from tests.conftest import SHARED_CACHE

_READ_BACK = """
import json, sys
from airflow import settings
from airflow.models import Connection, DagBag, DagModel, DagRun, Pool, TaskInstance, Variable, XCom
from airflow.jobs.job import Job
from airflow.models.log import Log
from airflow.models.taskfail import TaskFail
from airflow.models.slamiss import SlaMiss
from sqlalchemy import func, text
s = settings.Session()
models = (DagRun, TaskInstance, XCom, Job, Log, TaskFail, SlaMiss)
bag = DagBag(sys.argv[1], include_examples=False)
runs = s.query(DagRun).filter(DagRun.run_type == "manual").all()
pull = s.query(XCom).filter(XCom.dag_id == "partner_feed_jp").first()
ti = s.query(TaskInstance).filter(TaskInstance.map_index > 0).first()
print("\\n" + json.dumps({
    # without the line that `airflow users create` left in the event log
    "counts": {m.__tablename__: s.query(m).filter(m.dag_id.isnot(None) if m is Log else True).count()
               for m in models},
    "variables": {v.key: [v.val, v.is_encrypted, v.description] for v in s.query(Variable)},
    "connections": {c.conn_id: [c.password, c.extra, c.is_encrypted] for c in s.query(Connection)},
    "pools": sorted(p.pool for p in s.query(Pool)),
    "paused": sorted(d.dag_id for d in s.query(DagModel) if d.is_paused),
    "running": s.query(TaskInstance).filter(TaskInstance.state == "running").count(),
    "confs": [r.conf for r in runs], "notes": [r.note for r in runs if r.note],
    "templates": [s.execute(text(q)).scalar() for q in (
        "select min(log_template_id) from dag_run", "select max(log_template_id) from dag_run",
        "select max(id) from log_template")],
    "xcom": pull.value if isinstance(pull.value, dict) else XCom.deserialize_value(pull),
    "log_file": ti.get_dagrun(s).get_log_template(session=s).filename,
    "next_id": s.execute(text("select nextval('dag_run_id_seq')")).scalar(),
    "max_id": s.query(func.max(DagRun.id)).scalar(),
    "orphans": s.execute(text("select count(*) from task_instance where job_id not in (select id from job)")).scalar(),
    "import_errors": bag.import_errors,
    "dags": {d.dag_id: {t.task_id: [t.task_type, sorted(t.upstream_task_ids), t.retries, t.pool, t.queue,
             str(t.trigger_rule.value), t.priority_weight_total] for t in d.tasks} for d in bag.dags.values()},
}, default=str))
"""


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeedTarget]:
    folder = tmp_path_factory.mktemp("seed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MWAA_WIZARD_HOME", str(folder / "wizard"))
        patch.setenv("MWAA_WIZARD_CACHE", SHARED_CACHE)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        version = near("2.8.1")
        venv = ensure_venv(version, print)
        postgres = Postgres()
        postgres.start()
        database = f"seed_test_{os.getpid()}"
        try:
            postgres.create_database(database, ensure_template(postgres, version, venv, print))
            with mock_aws():
                environ = {
                    "PATH": os.environ["PATH"],
                    "AIRFLOW_HOME": str(folder),
                    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": postgres.uri(database),
                    "AIRFLOW__CORE__FERNET_KEY": new_fernet_key(),
                    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
                }
                logs: Any = boto3.client("logs", region_name="us-east-1")
                group = task_log_group("seeded")
                python = venv / "bin" / "python"
                yield SeedTarget("seeded", version, python, environ, "bucket", "dags", None, logs, group)
        finally:
            postgres.drop_database(database)
            postgres.stop()


def _read_back(target: SeedTarget) -> dict[str, Any]:
    command = [str(target.venv_python), "-c", _READ_BACK, str(DAGS)]
    environ = {**target.process_env, "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


@pytest.mark.e2e
def test_airflow_reads_back_what_was_filled(target: SeedTarget) -> None:
    said: list[str] = []
    before = datetime.now(UTC)
    summary = fill(target, "small", said.append, before)
    assert not summary.already_filled
    assert summary.streams > 800
    seen = _read_back(target)
    for table, count in seen["counts"].items():
        assert count == summary.rows[table], table
    assert seen["counts"]["dag_run"] >= 1_900
    assert seen["counts"]["task_instance"] >= 18_000
    for key, value, description in VARIABLES:
        assert seen["variables"][key] == [value, True, description]
    for fields in CONNECTIONS:
        password, extra, encrypted = seen["connections"][fields["conn_id"]]
        assert password == (fields.get("password") or None)  # Airflow stores no empty password
        assert (json.loads(extra) if extra else extra or None) == fields["extra"]
        assert bool(encrypted) == bool(fields.get("password"))
    assert len(seen["pools"]) == 6  # five of ours and default_pool
    assert seen["paused"] == sorted(dag.dag_id for dag in CATALOGUE if dag.paused)
    assert seen["running"] == 2
    assert len({json.dumps(conf, sort_keys=True) for conf in seen["confs"]}) > 5
    assert seen["notes"]
    assert len(set(seen["templates"])) == 1
    assert seen["log_file"].startswith("dag_id={{ ti.dag_id }}/run_id={{ ti.run_id }}/")
    assert seen["xcom"]["取引先"] == "山田商店"
    assert seen["next_id"] > seen["max_id"]
    assert seen["orphans"] == 0
    assert not [canary for canary in CANARIES if canary in " ".join(said) + repr(target) + repr(summary)]
    again = fill(target, "small", said.append, before)
    assert again.already_filled
    assert again.streams == 0
    assert _read_back(target)["counts"] == seen["counts"]
    _compare_with_catalogue(seen)


def _compare_with_catalogue(seen: dict[str, Any]) -> None:
    """The history is believable only if its tasks are those of the DAG files."""
    assert seen["import_errors"] == {}
    catalogued = {
        dag.dag_id: {
            t.task_id: [
                t.operator,
                sorted(t.upstream),
                t.retries,
                t.pool,
                t.queue,
                t.rule,
                len(dag.downstream(t.task_id)) + 1,
            ]
            for t in dag.tasks
        }
        for dag in CATALOGUE
    }
    assert seen["dags"] == catalogued


@pytest.mark.e2e
def test_a_broken_database_is_told_without_secrets(target: SeedTarget, tmp_path: Path) -> None:
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.sandbox.seed.messages import settings_message
    from mwaa_wizard.sandbox.seed.process import run_fill

    url = target.process_env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].rsplit("/", 1)[0] + "/postgres"
    environ = {**target.process_env, "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url, "AIRFLOW_HOME": str(tmp_path)}
    with pytest.raises(WizardError) as caught:
        run_fill(target.venv_python, environ, [settings_message()])
    assert caught.value.where
    assert not [canary for canary in CANARIES if canary in "\n".join(caught.value.lines())]
