"""Looks for a string in every place a migration writes to."""

from __future__ import annotations

import gzip
import subprocess
import threading
import time

import psutil

from mwaa_wizard import paths
from mwaa_wizard.session.model import Session
from tests.e2e.world import SOURCE, World


class ProcessWatch:
    """Collects the arguments of every process while it is open."""

    def __init__(self) -> None:
        self._lines: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> ProcessWatch:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._thread.join(timeout=10)

    def _watch(self) -> None:
        while not self._stop.is_set():
            for process in psutil.process_iter(["cmdline"]):
                self._lines.add("\0".join(process.info["cmdline"] or []))
            time.sleep(0.2)

    def seen(self) -> list[str]:
        """All argument lists, each joined by NUL."""
        return sorted(self._lines)


def places_of(word: str, world: World, session: Session) -> list[str]:
    """Files, S3 objects (all versions), DAG run confs and task logs of the migration that hold `word`."""
    return [*files_of(word), *objects_of(word, world), *_confs(word, world, session), *_task_logs(word, world, session)]


def files_of(word: str) -> list[str]:
    """Files below the state, log, sandbox and cache folders, but for the packages that Airflows were installed from.

    The word goes in by stdin: argv is looked at too.
    """
    folders = {paths.state_dir(), paths.log_dir(), paths.sandbox_dir(), paths.cache_dir()}
    done = subprocess.run(
        ["grep", "-rlaF", "--exclude-dir=site-packages", "-f", "-", *map(str, sorted(folders))],
        input=word + "\n",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    # A file that PostgreSQL or Airflow deleted meanwhile is no trouble; anything else left unread would be.
    unread = [line for line in done.stderr.splitlines() if not line.endswith("No such file or directory")]
    assert not unread, unread[:10]
    return done.stdout.splitlines()


def objects_of(word: str, world: World) -> list[str]:
    s3, found = world.client("s3"), []
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket["Name"]):
            for version in page.get("Versions", []):
                body = s3.get_object(Bucket=bucket["Name"], Key=version["Key"], VersionId=version["VersionId"])
                if _holds(body["Body"].read(), word):
                    found.append(f"s3://{bucket['Name']}/{version['Key']}")
    return found


def _confs(word: str, world: World, session: Session) -> list[str]:
    found = []
    for environment in (SOURCE, session.target.environment):
        page = world.rest(environment, "/dags/~/dagRuns", limit=100, order_by="-start_date")
        assert page["dag_runs"]
        found += [run["dag_run_id"] for run in page["dag_runs"] if word in str(run)]
    return found


def _task_logs(word: str, world: World, session: Session) -> list[str]:
    logs, found, events = world.client("logs"), [], 0
    for environment in (SOURCE, session.target.environment):
        group = f"airflow-{environment}-Task"
        for page in logs.get_paginator("describe_log_streams").paginate(
            logGroupName=group, logStreamNamePrefix="dag_id=mwz_"
        ):
            for stream in page["logStreams"]:
                answer = logs.get_log_events(
                    logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True
                )
                events += len(answer["events"])
                found += [stream["logStreamName"] for event in answer["events"] if word in event["message"]]
    assert events > 0, "our own DAGs' task logs were not found"
    return found


def _holds(data: bytes, word: str) -> bool:
    if word.encode() in data:
        return True
    if data[:2] == b"\x1f\x8b":
        return word.encode() in gzip.decompress(data)
    return False
