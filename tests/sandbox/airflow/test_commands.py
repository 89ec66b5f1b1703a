"""The command lines of 1.10, 2.x and 3.x, without secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from mwaa_wizard.sandbox.airflow import commands

VENV = Path("/venv")


@pytest.mark.parametrize(
    ("release", "fresh", "later"),
    [
        ((1, 10, 12), ["initdb"], ["upgradedb"]),
        ((2, 0, 2), ["db", "init"], ["db", "upgrade"]),
        ((2, 6, 3), ["db", "init"], ["db", "upgrade"]),
        ((2, 7, 2), ["db", "migrate"], ["db", "migrate"]),
        ((3, 0, 6), ["db", "migrate"], ["db", "migrate"]),
    ],
)
def test_database_commands(release: tuple[int, ...], fresh: list[str], later: list[str]) -> None:
    assert commands.initialise(release) == fresh
    assert commands.upgrade(release) == later


def test_processes_of_2() -> None:
    parts = dict(commands.components((2, 10, 3), VENV, 8123))
    assert parts.keys() == {"scheduler", "webserver"}
    assert parts["scheduler"] == ["/venv/bin/airflow", "scheduler"]
    assert "127.0.0.1:8123" in parts["webserver"]
    assert "airflow.www.app:cached_app()" in parts["webserver"]


def test_processes_of_3() -> None:
    parts = dict(commands.components((3, 0, 6), VENV, 8123))
    assert parts.keys() == {"api-server", "scheduler", "dag-processor"}
    assert parts["api-server"][-6:] == ["--host", "127.0.0.1", "--port", "8123", "--workers", "1"]


def test_the_admin_is_created_without_a_password_in_argv() -> None:
    for release in ((1, 10, 15), (2, 2, 2), (2, 11, 2), (3, 0, 6)):
        args = commands.create_admin(release)
        assert "--password" not in args
        assert "-p" not in args
        assert args[-1].replace("_", "-") == "--use-random-password"


def test_api_paths() -> None:
    assert commands.api_prefix((2, 4, 3)) == "/api/v1"
    assert commands.api_prefix((3, 0, 6)) == "/api/v2"
    assert commands.health_path((2, 4, 3)) == "/health"
    assert commands.health_path((3, 0, 6)) == "/api/v2/monitor/health"
