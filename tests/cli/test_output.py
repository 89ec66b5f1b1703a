"""What programs read: JSON lines, exit codes, policies, reports; and that a dry run and a closed pipe harm nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.cli import COMMANDS
from mwaa_wizard.errors import EXIT_FAILED, EXIT_RESUMABLE, EXIT_USAGE
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.plan import plan_for
from mwaa_wizard.session import store
from tests.cli.cloud import Cloud, edit, new_session, wizard


def lines(text: str) -> list[dict[str, Any]]:
    """Every line of standard output as the object it must be."""
    found = [json.loads(line) for line in text.splitlines()]
    assert all(isinstance(row, dict) and row["event"] and row["at"] for row in found)
    return found


def test_json_of_a_run_that_fails(cloud: Cloud) -> None:
    session = new_session()
    edit(session, lambda raw: raw["source"].update(environment="gone"))
    said = wizard("run", session.id, "--yes", "--json")
    events = lines(said.out)
    assert events[0]["event"] == "RunStarted"
    assert events[0]["steps"] == [step.id for step in plan_for(session)]
    last = events[-1]
    assert (last["event"], last["outcome"], last["failed_step"]) == ("RunFinished", "failed", "read-source")
    assert last["error"]["what"].startswith("There is no environment gone")
    assert last["error"]["remedy"]
    assert said.code == last["error"].get("exit_code", EXIT_FAILED)


def test_json_of_an_error_before_the_run() -> None:
    for words, code in (
        (["run", "0000beef", "--yes", "--json"], EXIT_FAILED),
        (["run", new_session().id, "--json"], EXIT_USAGE),
        (["resume", "../x", "--json"], EXIT_USAGE),
        (["undo", "0000beef", "--json"], EXIT_FAILED),
    ):
        said = wizard(*words)
        (only,) = lines(said.out)
        assert only["outcome"] == "failed"
        assert f"What: {only['error']['what']}" in said.err
        assert said.code == code, said.text


def test_dry_run_needs_no_aws_and_changes_nothing(cloud: Cloud) -> None:
    session = new_session()
    before = cloud.picture()
    said = wizard("run", session.id, "--dry-run", AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_CONFIG_FILE="/nowhere")
    assert said.code == 0, said.text
    for step in plan_for(session):
        for line in step.describe(session):
            assert line in said.out
    assert cloud.picture() == before
    assert list(Journal.of(session.id).records()) == []
    assert store.load(session.id).last_result.state == ""
    events = lines(wizard("run", session.id, "--dry-run", "--json").out)
    assert events[0]["dry_run"] is True
    assert events[-1]["outcome"] == "done"
    assert {event["state"] for event in events if event["event"] == "StepChanged"} == {"waiting"}


@pytest.mark.parametrize("which", ["source-role", "target-role"])
def test_policy_is_what_the_wizard_shows(cloud: Cloud, which: Any) -> None:
    from mwaa_wizard.policies.build import for_session
    from mwaa_wizard.policies.render import to_json

    session = new_session()
    said = wizard("policy", session.id, "--for", which)
    assert said.code == 0, said.text
    assert said.out == to_json(for_session(session, which, session.clients()))
    assert json.loads(said.out)["Version"] == "2012-10-17"


def test_sessions_as_json() -> None:
    assert json.loads(wizard("sessions", "--json").out) == []
    session = new_session("zürich-🙂")
    edit(session, lambda raw: raw.update(last_result={"state": "failed", "step": "export", "at": None}))
    (row,) = json.loads(wizard("sessions", "--json").out)
    assert (row["id"], row["state"], row["step"]) == (session.id, "failed", "export")
    assert "zürich-🙂" in row["title"]
    assert session.id in wizard("sessions").out
    assert "zürich-🙂" in wizard("sessions", PYTHONIOENCODING="utf-8", LC_ALL="C").out


def test_reports_of_a_session_never_run_and_partly_run(cloud: Cloud) -> None:
    session = new_session()
    for form in ("text", "markdown", "html"):
        said = wizard("report", session.id, "--format", form)
        assert said.code == 0, said.text
        assert f"mwaa-wizard run {session.id}" in said.out.replace("\\-", "-")
    document = json.loads(wizard("report", session.id, "--format", "json").out)
    assert (document["state"], document["steps"]) == ("not-verified", [])

    edit(session, lambda raw: raw["target"].update(airflow_version="2.6.3"))
    assert wizard("run", session.id, "--yes").code == EXIT_FAILED
    for form in ("text", "markdown", "html"):
        said = wizard("report", session.id, "--format", form)
        assert said.code == 0, said.text
        assert f"mwaa-wizard resume {session.id}" in said.out.replace("\\-", "-")
        assert "preflight" in said.out
    document = json.loads(wizard("report", session.id, "--format", "json").out)
    assert [(step["step"], step["state"]) for step in document["steps"]] == [
        ("read-source", "done"),
        ("preflight", "failed"),
    ]


def test_locate_names_folders_that_are_there() -> None:
    said = wizard("locate")
    folders = [Path(line[18:].strip()) for line in said.out.splitlines()]
    assert len(folders) == 8
    assert paths.sessions_dir() in folders
    assert all(str(folder).startswith("/") for folder in folders)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str) -> None:
    for flag in ("-h", "--help"):
        said = wizard(*command.split(), flag)
        assert said.code == 0, said.text
        assert said.out.startswith(f"Usage: mwaa-wizard {command}".rstrip()), said.out
        assert said.err == ""
        for line in said.out.splitlines():
            assert len(line) <= 100, line
        if not command:
            rows = said.out.split("Commands:")[1]
            assert all(f"  {name}" in rows for name in COMMANDS)
            assert "..." not in rows, "a command's help is cut off"


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mwaa_wizard", *words],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def slow(cloud: Cloud) -> Any:
    """A run that waits for its target; `go()` lets the target come up."""
    gate = threading.Event()
    cloud.plan.hold["create"] = gate
    yield gate
    gate.set()
    cloud.plan.hold.pop("create", None)


def waiting(session_id: str) -> None:
    end = time.monotonic() + 60
    while Journal.of(session_id).last("create-target", "answered") is None:
        assert time.monotonic() < end, "the run never came to create-target"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_first_signal_stops_where_resume_goes_on(cloud: Cloud, slow: threading.Event, number: signal.Signals) -> None:
    session = new_session(f"stopped-{number.name.lower()}")
    with start("run", session.id, "--yes") as process:
        waiting(session.id)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == EXIT_RESUMABLE, out + err
    assert "Traceback" not in out + err
    assert "Stopped at a safe point." in out
    assert f"mwaa-wizard resume {session.id}" in err
    assert Journal.of(session.id).last("create-target", "stopped") is not None
    assert store.load(session.id).last_result.state == "stopped"
    slow.set()
    assert cloud.environment(session.target.environment).done.wait(20)
    made = [r for r in Journal.of(session.id).of_step("create-target", "made") if r["kind"] == "environment"]
    assert len(made) == 1
    assert wizard("undo", session.id, "--yes").code == 0
    assert session.target.environment not in cloud.client("mwaa").list_environments()["Environments"]


def test_a_closed_pipe_stops_the_run_and_nothing_is_lost(cloud: Cloud, slow: threading.Event) -> None:
    session = new_session("piped")
    with start("run", session.id, "--yes") as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        process.stdout.close()
        process.wait(timeout=60)
        err = process.stderr.read() if process.stderr else ""
    assert process.returncode == 141, err
    assert "Traceback" not in err
    assert "Exception ignored" not in err
    assert store.load(session.id).last_result.state == "stopped"
    assert wizard("undo", session.id, "--yes").code == 0


@pytest.mark.parametrize("words", [["sessions"], ["sessions", "--json"], ["--help"], ["locate"]])
def test_short_output_into_a_closed_pipe_is_quiet(words: list[str]) -> None:
    for number in range(3):
        new_session(f"target-{number}")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "mwaa_wizard", *words], stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_full_device_as_output_is_told() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mwaa_wizard", "locate"], stdout=full, stderr=subprocess.PIPE, text=True,
            timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == EXIT_RESUMABLE
    assert "What: There is no room left" in done.stderr
    assert "Exception ignored" not in done.stderr
