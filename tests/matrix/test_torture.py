"""The torture data hold what they promise, and are the same every time."""

from __future__ import annotations

import pytest

from tests.airflows import near
from tests.matrix import facts
from tests.matrix.expected import MOVED
from tests.matrix.facts import Facts
from tests.matrix.world import World

pytestmark = pytest.mark.e2e
VERSION = "2.10.3"


@pytest.fixture(scope="module")
def filled(world: World) -> Facts:
    return facts.read(world.postgres, world.source(near(VERSION)).home.name)


def test_the_awkward_is_there(filled: Facts) -> None:
    runs, tasks = filled.tables["dag_run"], filled.tables["task_instance"]
    names = {row["dag_id"] for row in runs} | {row["task_id"] for row in tasks}
    for letter in ("'", '"', "\n", ",", "|", "\\", "\U0001f680", "\u05e9", "\t", " ends "):
        assert any(letter in name for name in names), letter
    assert {"\\N", "\\.", "NULL"} <= names
    assert any(len(name) == 250 for name in names)
    ids = {row["run_id"] for row in runs}
    assert all(any(letter in run_id for run_id in ids) for letter in ":+ ,|\\")
    years = {row["execution_date"][:4] for row in runs}
    assert {"1970", "2099"} <= years
    assert any(row["execution_date"].endswith(".999999+00:00") for row in runs)
    assert sum(row["map_index"] >= 0 for row in tasks) == 1000
    assert {None, "running", "deferred", "queued", "success", "removed"} <= {row["state"] for row in tasks}
    assert any(row["trigger_id"] for row in tasks)
    assert any(row["try_number"] > 1 for row in tasks)
    assert {"", None} <= {row["hostname"] for row in tasks}
    assert all(filled.tables[table] for table in MOVED)


def test_xcoms_of_every_kind(world: World, filled: Facts) -> None:
    database = world.source(near(VERSION)).home.name
    assert int(world.postgres.sql("SELECT max(length(value)) FROM xcom", database)) > 1_000_000
    texts = [row["bytes"] for row in filled.tables["xcom"] if row["bytes"] is not None]
    assert any(text.startswith("\\x80") for text in texts)  # pickled
    assert "\\x" in texts  # empty
    assert any(text.startswith("\\x0001feff") for text in texts)  # binary
    assert any(text.startswith("\\x7b22") for text in texts)  # JSON
    assert any(row["value"] is None for row in filled.tables["xcom"])


def test_the_same_seed_makes_the_same_rows(world: World, filled: Facts) -> None:
    version = near(VERSION)
    again = world.clone(world.environment("again", version, "source", world.fresh(version)), version, "again")
    world.fill(version, again.home.name, True)
    other = facts.read(world.postgres, again.home.name)
    for table in MOVED:
        assert other.tables[table] == filled.tables[table], table
