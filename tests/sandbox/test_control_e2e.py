"""One real environment from `up` to `down`: Airflow 2.10.3 behind the MWAA API, and a daemon killed on the way."""

from __future__ import annotations

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.exceptions import ClientError

from mwaa_wizard import paths
from mwaa_wizard.sandbox import control, leftovers, state
from tests.airflows import near
from tests.conftest import SHARED_CACHE

pytestmark = pytest.mark.e2e
NAME = "e2e-prod"


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[control.Status]:
    before = dict(os.environ)
    os.environ["MWAA_WIZARD_CACHE"] = SHARED_CACHE
    os.environ["MWAA_WIZARD_HOME"] = str(tmp_path_factory.mktemp("sandbox"))
    try:
        yield control.up([(NAME, near("2.10.3"))], "none", lambda line: print(line, flush=True))
    finally:
        control.down()
        os.environ.clear()
        os.environ.update(before)


def client(service: str, current: control.Status) -> Any:
    os.environ.update(current.environ())
    return boto3.session.Session(profile_name=current.profile).client(service)


def test_up_answers_on_every_side(up: control.Status) -> None:
    found = up.named(NAME)
    assert found is not None
    assert found.status == "AVAILABLE"
    mwaa = client("mwaa", up)
    view = mwaa.get_environment(Name=NAME)["Environment"]
    assert view["AirflowVersion"] == near("2.10.3")
    assert f"http://{view['WebserverUrl']}" == found.webserver_url
    health = mwaa.invoke_rest_api(Name=NAME, Path="/health", Method="GET")["RestApiResponse"]
    assert health["scheduler"]["status"] == "healthy"
    with pytest.raises(ClientError) as info:
        mwaa.invoke_rest_api(Name=NAME, Path="/dags/absent", Method="GET")
    assert info.value.response["RestApiStatusCode"] == 404
    assert "AccessDenied" not in json.dumps(mwaa.list_environments()["Environments"])


def test_cli_and_web_login(up: control.Status) -> None:
    mwaa = client("mwaa", up)
    token = mwaa.create_cli_token(Name=NAME)
    connection = http.client.HTTPConnection(token["WebServerHostname"], timeout=120)
    bearer = {"Authorization": f"Bearer {token['CliToken']}", "Content-Type": "text/plain"}
    connection.request("POST", "/aws_mwaa/cli", "version", bearer)
    answer = json.loads(connection.getresponse().read())
    assert base64.b64decode(answer["stdout"]).decode().strip() == near("2.10.3")
    web = mwaa.create_web_login_token(Name=NAME)
    connection.request("POST", "/aws_mwaa/login", f"token={web['WebToken']}")
    login = connection.getresponse()
    cookie = str(login.headers["Set-Cookie"]).split(";")[0]
    login.read()
    connection.request("GET", "/api/v1/pools", headers={"Cookie": cookie})
    pools = json.loads(connection.getresponse().read())
    assert [pool["name"] for pool in pools["pools"]] == ["default_pool"]
    connection.close()


def test_a_dag_file_put_into_the_bucket_appears(up: control.Status) -> None:
    found = up.named(NAME)
    assert found is not None
    start = "start_date=pendulum.datetime(2024, 1, 1)"
    body = f"from airflow import DAG\nimport pendulum\ndag = DAG('hello', {start}, schedule=None)\n"
    client("s3", up).put_object(Bucket=found.bucket, Key="dags/hello.py", Body=body.encode())
    mwaa = client("mwaa", up)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        listed = mwaa.invoke_rest_api(Name=NAME, Path="/dags", Method="GET")["RestApiResponse"]["dags"]
        if listed:
            break
        time.sleep(0.5)
    assert [(dag["dag_id"], dag["is_paused"]) for dag in listed] == [("hello", True)]


def test_up_again_from_the_command_line_keeps_what_runs(up: control.Status) -> None:
    code = "from mwaa_wizard.sandbox.commands import sandbox; sandbox()"
    spec = f"{NAME}={near('2.10.3')}"
    again = subprocess.run(
        [sys.executable, "-c", code, "up", spec], capture_output=True, text=True, timeout=120, check=True
    )
    assert "left as it is" in again.stderr
    assert up.named(NAME) == control.status().named(NAME)


def test_a_killed_daemon_leaves_nothing_that_down_cannot_end(up: control.Status) -> None:
    known = state.read()
    assert known is not None
    os.kill(known.pid, signal.SIGKILL)
    while leftovers.alive(known.pid, known.started):
        time.sleep(0.05)
    root = paths.sandbox_dir()
    assert leftovers.find(root, known.sessions)
    assert not control.status().running
    control.down()
    assert leftovers.find(root, known.sessions) == []
    marks = [process for process in psutil.process_iter() if _marked(process, root)]
    assert [process.name() for process in marks if not process.name().startswith("postgres")] == []


def _marked(process: psutil.Process, root: Path) -> bool:
    try:
        return bool(process.environ().get(state.MARK) == str(root))
    except (psutil.Error, OSError):
        return False
