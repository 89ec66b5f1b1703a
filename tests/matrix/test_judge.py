"""The oracle itself: it must see what is missing, changed, too much, and what nobody asked to touch."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.matrix.expected import run_type
from tests.matrix.facts import Facts, Row
from tests.matrix.judge import Judge
from tests.matrix.pairs import POLICIES, Pair, chosen, every

_RUN: Row = {
    "id": 1, "dag_id": "d", "run_id": "scheduled__1", "execution_date": "2024-01-01T00:00:00+00:00",
    "state": "success", "conf": None,
}  # fmt: skip
_TASK: Row = {
    "dag_id": "d", "task_id": "t", "state": "failed", "duration": 1.5, "hostname": "", "executor_config": None,
}  # fmt: skip
_DATED: Row = {**_TASK, "execution_date": _RUN["execution_date"]}
_LOG: Row = {"id": 5, "dag_id": None, "event": "x", "extra": "same"}
_SECRETS: dict[str, dict[str, Any]] = {"variable": {"v": {"val": "1"}}, "connection": {}}


def side(tables: dict[str, list[Row]], columns: dict[str, list[str]], secrets: dict[str, dict[str, Any]]) -> Facts:
    return Facts({"xcom": [], **copy.deepcopy(tables)}, columns, secrets)


COLUMNS = {
    "dag_run": ["id", "dag_id", "run_id", "execution_date", "state", "run_type", "conf", "clear_number"],
    "task_instance": ["dag_id", "task_id", "run_id", "map_index", "state", "duration", "hostname", "executor_config",
                      "pool_slots", "trigger_id"],
    "log": ["id", "dag_id", "event", "extra"],
}  # fmt: skip
OLD = {"dag_run": list(_RUN), "task_instance": list(_DATED), "log": list(_LOG)}


def judged(change: Any = None) -> list[str]:
    """The oracle's words on a right import that `change(tables, secrets)` spoiled."""
    return judge(change).run()


def judge(change: Any = None, spoil: Any = None, policy: str = "keep") -> Judge:
    """The oracle over an import into a target where `spoil(tables, secrets)` put something before."""
    source = side({"dag_run": [_RUN, {**_RUN, "id": 2, "run_id": "r2", "state": "running", "execution_date": "2"}],
                   "task_instance": [_DATED, {**_DATED, "execution_date": "2"}], "log": [_LOG, _LOG]}, OLD,
                  {"variable": {"v": {"val": "1"}, "broken": "unreadable"}, "connection": {}})  # fmt: skip
    nothing: dict[str, list[Row]] = {"dag_run": [], "task_instance": [], "log": [], "trigger": []}
    before = side(nothing, COLUMNS, {"variable": {}, "connection": {}})
    task = {**_TASK, "run_id": "scheduled__1", "map_index": -1, "pool_slots": 1, "trigger_id": None}
    tables: dict[str, list[Row]] = {
        "dag_run": [{**_RUN, "id": 77, "run_type": "scheduled", "clear_number": 0}],
        "task_instance": [task],
        "log": [{**_LOG, "id": 8}, {**_LOG, "id": 9}],
        "trigger": [],
    }
    after = side(tables, COLUMNS, copy.deepcopy(_SECRETS))
    if change:
        change(after.tables, after.secrets)
    if spoil:
        spoil(before.tables, before.secrets)
    return Judge(source, before, after, {"conf": {}, "executor_config": {}}, policy=policy)


def test_a_right_import_is_right() -> None:
    assert judged() == []


def _set(table: str, column: str, value: Any) -> Any:
    return lambda tables, secrets: tables[table][0].update({column: value})


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda tables, secrets: tables["task_instance"].clear(), "task_instance: missing"),
        (lambda tables, secrets: tables["log"].pop(), "log: missing"),
        (lambda tables, secrets: tables["log"].append({**_LOG, "id": 10}), "log: not in the source"),
        (lambda tables, secrets: tables["dag_run"].append({**tables["dag_run"][0], "run_id": "2"}), "dag_run: not in"),
        (lambda tables, secrets: tables["trigger"].append({"id": 1}), "trigger: is no history"),
        (lambda tables, secrets: secrets["variable"].update(v={"val": "2"}), "variable: other values"),
        (lambda tables, secrets: secrets["variable"].clear(), "variable: missing"),
        (_set("task_instance", "hostname", None), "hostname"),
        (_set("task_instance", "duration", 1.4), "duration"),
        (_set("task_instance", "map_index", 0), "task_instance: missing"),
        (_set("task_instance", "trigger_id", 4), "trigger_id"),
        (_set("dag_run", "run_type", "manual"), "run_type"),
        (_set("dag_run", "clear_number", None), "clear_number"),
    ],
)
def test_every_kind_of_loss_is_seen(change: Any, word: str) -> None:
    assert any(word in problem for problem in judged(change))


@pytest.mark.parametrize(
    ("run_id", "kind"),
    [("scheduled__2024", "scheduled"), ("backfill_2024", "backfill"), ("manual__1", "manual"), ("mine", "manual"),
     ("scheduled", "manual")],
)  # fmt: skip
def test_run_types_are_those_of_airflows_own_upgrade(run_id: str, kind: str) -> None:
    assert run_type(run_id) == kind


def test_the_matrix_holds_every_supported_pair() -> None:
    pairs = every()
    assert len(pairs) == len(set(pairs))
    fresh = [pair for pair in pairs if ">" not in pair.source + pair.target and not (pair.after or pair.policies)]
    assert len(fresh) == 2 * 12 + 12 * 13 // 2
    assert sum(bool(pair.after) for pair in pairs) == (14 + 2) * 3
    assert [(pair.source, pair.target) for pair in pairs if pair.policies] == list(POLICIES)
    assert chosen(["2.10.3:3.3.1"]) == [Pair("2.10.3", "2.11.2", "3.3.1")]
    with pytest.raises(ValueError, match="no supported pair"):
        chosen(["2.11.2:2.10.3"])


def test_the_oracle_knows_the_policies() -> None:
    there = {**_TASK, "run_id": "scheduled__1", "map_index": -1, "pool_slots": 1, "trigger_id": None, "duration": 9.5}

    def spoil(tables: Any, secrets: Any) -> None:
        tables["task_instance"].append(dict(there))
        secrets["variable"]["v"] = {"val": "other"}

    def kept(tables: Any, secrets: Any) -> None:
        tables["task_instance"][0]["duration"] = 9.5
        secrets["variable"]["v"] = {"val": "other"}

    keeps, replaces = judge(kept, spoil), judge(None, spoil, "replace")
    assert (keeps.run(), replaces.run()) == ([], [])
    assert keeps.differ["task_instance"] == [("d", "t", "scheduled__1", -1)]
    assert (replaces.differ["task_instance"], replaces.updated) == (
        [], {"dag_run": 0, "task_instance": 1, "variable": 1, "connection": 0},
    )  # fmt: skip
    assert any("task_instance: other values" in words for words in judge(None, spoil).run())
    assert any("variable: other values" in words for words in judge(kept, spoil, "replace").run())
