"""Web servers that are reached from here or not; task logs that are on or off, and what is left of others."""

from __future__ import annotations

import socket

from mwaa_wizard.preflight import logs, webserver
from tests.execution.fakes import Rig
from tests.preflight.world import make_group, one, tell


def test_a_private_web_server_is_tried(furnished: Rig) -> None:
    old = furnished.mwaa.environments["old"]
    one(furnished, webserver.source, "pass")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        old.update(WebserverAccessMode="PRIVATE_ONLY", WebserverUrl=f"127.0.0.1:{port}")
        assert "answers here" in one(furnished, webserver.source, "pass").evidence
    assert "not reached" in one(furnished, webserver.source, "warn").evidence
    old["WebserverUrl"] = ""
    one(furnished, webserver.source, "warn")


def test_a_private_target_is_a_warning(furnished: Rig) -> None:
    one(furnished, webserver.target, "pass")
    furnished.session.target.settings["WebserverAccessMode"] = "PRIVATE_ONLY"
    assert "inside its VPC" in one(furnished, webserver.target, "warn").evidence


def test_task_logs_that_are_off_are_told(furnished: Rig) -> None:
    one(furnished, logs.source, "pass")
    one(furnished, logs.target, "pass")
    furnished.mwaa.environments["old"]["LoggingConfiguration"]["TaskLogs"]["Enabled"] = False
    one(furnished, logs.source, "warn")
    one(furnished, logs.target, "warn")
    furnished.session.target.settings["LoggingConfiguration.TaskLogs"] = {"Enabled": True, "LogLevel": "INFO"}
    one(furnished, logs.target, "pass")


def test_a_deleted_log_group_is_told(furnished: Rig) -> None:
    furnished.clients.client("source", "logs").delete_log_group(logGroupName="airflow-old-Task")
    assert "airflow-old-Task" in one(furnished, logs.source, "warn").evidence


def test_log_groups_of_a_former_environment_are_told(furnished: Rig) -> None:
    furnished.session.target.environment = name = f"again-{furnished.session.id}"
    make_group(furnished, f"airflow-{name}-2-Task")  # another environment's, with a longer name
    one(furnished, logs.target_leftovers, "pass")
    make_group(furnished, f"airflow-{name}-Task")
    told = one(furnished, logs.target_leftovers, "warn")
    assert told.evidence.endswith(f": airflow-{name}-Task")
    furnished.mwaa.add(name, "b", "r")
    assert tell(furnished, logs.target_leftovers) == []
