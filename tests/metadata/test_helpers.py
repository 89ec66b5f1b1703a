"""Forked helpers: each with connections of its own, stopped by the first failure, gone with their parent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metadata.lab import Lab

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def seen(lab: Lab) -> dict[str, Any]:
    environment = lab.environment("source", "2.10.3")
    found: dict[str, Any] = environment.python("helping.py", str(environment.home / "dags" / "mwz_export.py"))
    return found


def test_every_number_is_taken_once_by_two_processes(seen: dict[str, Any]) -> None:
    assert seen["error"] == ""
    assert seen["numbers"] == list(range(20))
    assert len(seen["pids"]) == 2
    assert seen["mine"] not in seen["pids"]


def test_the_parents_connection_is_left_alone(seen: dict[str, Any]) -> None:
    assert len(seen["backends"]) == 2
    assert seen["backend"] not in seen["backends"]
    assert seen["same"]


def test_the_first_failure_stops_all(seen: dict[str, Any]) -> None:
    assert seen["failed"] == "number three is bad"


def test_a_killed_helper_is_a_failure(seen: dict[str, Any]) -> None:
    assert "ended unexpectedly" in seen["killed"]


def test_helpers_die_with_their_parent(seen: dict[str, Any]) -> None:
    assert seen["orphans"] == []
