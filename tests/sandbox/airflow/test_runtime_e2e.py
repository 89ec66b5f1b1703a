"""One environment's life on real Airflow: created, used, updated, moved to another version, deleted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.sandbox.airflow import versions
from mwaa_wizard.sandbox.airflow.postgres import Postgres
from mwaa_wizard.sandbox.airflow.process import marked
from mwaa_wizard.sandbox.airflow.runtime import AirflowRuntime
from mwaa_wizard.sandbox.airflow.spec import LOG_MODULES, RuntimeSpec
from tests.sandbox.airflow.specs import spec

DAG = """
from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator


def speak():
    import boto3

    print("buckets seen by the role:", [b["Name"] for b in boto3.client("s3").list_buckets()["Buckets"]])
    try:
        import cowsay
        print("cowsay", cowsay.__version__)
    except ImportError:
        print("no cowsay")


with DAG("speaker", start_date=datetime(2024, 1, 1), schedule=None, catchup=False):
    PythonOperator(task_id="speak", python_callable=speak)
"""


def until(what: Callable[[], Any], seconds: float = 120.0) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < deadline:
        time.sleep(0.3)
    assert found
    return found


def run(runtime: AirflowRuntime, run_id: str) -> str:
    """Trigger and wait; the run's last state."""
    until(lambda: runtime.rest("GET", "/dags/speaker").status == 200)
    assert runtime.rest("PATCH", "/dags/speaker", body={"is_paused": False}).status == 200
    assert runtime.rest("POST", "/dags/speaker/dagRuns", body={"dag_run_id": run_id}).status == 200

    def ended() -> str | None:
        state = runtime.rest("GET", f"/dags/speaker/dagRuns/{run_id}").body["state"]
        return str(state) if state in ("success", "failed") else None

    return str(until(ended))


def task_log(logs: Any, run_id: str) -> str:
    """What the task wrote to CloudWatch Logs, under MWAA's group and stream names."""
    group, stream = "airflow-prod-Task", f"dag_id=speaker/run_id={run_id.replace(':', '_')}/task_id=speak/attempt=1.log"

    def read() -> str:
        found = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=stream)["logStreams"]
        if not found:
            return ""
        events = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)["events"]
        text = "\n".join(event["message"] for event in events)
        return text if "cowsay" in text else ""

    return str(until(read))


@pytest.mark.e2e
def test_life_of_an_environment(tmp_path: Path, endpoint: str, aws: Callable[[str], Any], postgres: Postgres) -> None:
    local = [v for v in versions.runnable() if (2, 7) <= versions.parse(v) < (3, 0)]
    first, second = versions.nearest("2.8.1", local), versions.nearest("2.10.3", local)
    s3, logs = aws("s3"), aws("logs")
    s3.create_bucket(Bucket="prod-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="prod-bucket", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="prod-bucket", Key="dags/speaker.py", Body=DAG.encode())
    for module in LOG_MODULES:
        logs.create_log_group(logGroupName=f"airflow-prod-{module}")
    keys = {"AWS_ACCESS_KEY_ID": "AKIATEST", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
    start: RuntimeSpec = spec(first, endpoint_url=endpoint)
    home = tmp_path / "homes" / "prod"
    said: list[str] = []
    runtime = AirflowRuntime(start, home, postgres, lambda: keys, said.append)
    try:
        runtime.create()
        assert runtime.healthy()
        assert run(runtime, "manual:one") == "success"
        text = task_log(logs, "manual:one")
        assert "buckets seen by the role: ['prod-bucket']" in text
        assert "no cowsay" in text

        put = s3.put_object(Bucket="prod-bucket", Key="requirements.txt", Body=b"cowsay==6.1\n")
        wanted = replace(start, requirements_s3_path="requirements.txt", requirements_version=put["VersionId"])
        runtime.update(wanted)
        assert run(runtime, "two") == "success"
        assert "cowsay 6.1" in task_log(logs, "two")
        streams = logs.describe_log_streams(
            logGroupName="airflow-prod-Scheduler", logStreamNamePrefix="requirements_install_"
        )["logStreams"]
        assert len(streams) == 1

        runtime.snapshot()
        assert not runtime.healthy()
        runtime.update(replace(wanted, version=second))
        assert runtime.cli(["version"]).stdout.strip() == second
        assert run(runtime, "three") == "success"
        listed = runtime.rest("GET", "/dags/speaker/dagRuns").body["dag_runs"]
        assert {item["dag_run_id"] for item in listed} == {"manual:one", "two", "three"}
        secret_words = [runtime.admin_login()[1], runtime.environment()["AIRFLOW__CORE__FERNET_KEY"]]
        for process in marked(home):
            assert not any(word in " ".join(process.cmdline()) for word in secret_words)
        database = runtime.database_uri.rsplit("/", 1)[1]
    finally:
        runtime.delete()
    assert marked(home) == []
    assert not home.exists()
    assert not postgres.has_database(database)
