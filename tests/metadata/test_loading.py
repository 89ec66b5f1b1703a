"""What is there already, what does not fit, what hangs on nothing: parts merged into a real Airflow's tables."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.metadata.lab import Environment, Lab

pytestmark = pytest.mark.e2e

TAKEN = "another run of the target has its logical date"
NO_RUN = "its run is not in the target, or is active there"
NO_TASK = "its task instance is not in the target"
UNREADABLE = "{} cannot be read by the target's Airflow, so it is empty there"
NOT_JSON = "Airflow 3's own upgrade cannot convert this value, and would fail"


@pytest.fixture(scope="module")
def target(lab: Lab) -> Environment:
    return lab.environment("target", "2.11.2")


@pytest.fixture(scope="module")
def found(target: Environment) -> Any:
    return target.python("merge.py")


def counts(facts: Any) -> tuple[int, int, int]:
    return facts["inserted"], facts["present"], facts["updated"]


def test_runs_with_another_ones_date_or_without_a_name_are_rejected_and_kept(found: Any) -> None:
    runs = found["runs"]
    assert counts(runs) == (1, 2, 0)
    assert runs["rejected"] == {TAKEN: 1, "run_id does not fit (character varying(250), not empty)": 1}
    assert "taken" in runs["packed"]
    assert runs["compared"] == {"there": 3, "missing": runs["rejected"]}
    assert found["kept_state"] == "failed"


def test_a_conf_nobody_can_read_becomes_empty_and_is_kept(found: Any) -> None:
    assert found["runs"]["emptied"] == {UNREADABLE.format("conf"): 1}
    assert found["runs"]["packed"].splitlines()[0].startswith(f'"{UNREADABLE.format("conf")}",d,new,')


def test_replacing_leaves_active_runs_alone_and_keeps_the_old_rows(found: Any) -> None:
    assert found["clashes"] == [2, ["d active", "d same"]]
    assert counts(found["replaced"]) == (0, 3, 1)
    assert found["states"] == "active running, new success, same success, theirs success"
    assert ",failed," in found["replaced"]["replaced"]
    assert len(found["replaced"]["replaced"].splitlines()) == 1
    assert counts(found["replaced_again"]) == (0, 3, 0)
    assert found["replaced_again"]["replaced"] == ""


def test_tasks_need_their_run_and_values_that_fit(found: Any) -> None:
    tasks = found["tasks"]
    assert counts(tasks) == (2, 0, 0)
    assert tasks["rejected"] == {NO_RUN: 2, "pool does not fit (character varying(256), not empty)": 1}
    assert tasks["emptied"] == {UNREADABLE.format("executor_config"): 1}
    assert bytes.fromhex(found["config"]).startswith(b"\x80")
    assert (found["again"]["inserted"], found["again"]["present"], found["again"]["rejected"]) == (
        0, 2, tasks["rejected"],
    )  # fmt: skip
    assert found["again"]["emptied"] == tasks["emptied"]


def test_straight_into_the_table_only_where_nothing_is_computed_or_unpickled(found: Any) -> None:
    direct = found["direct"]
    assert direct["plain"][:2] == ["dag_id", "task_id"]
    assert (direct["unknown"], direct["guard"], direct["xcom"]) == (None, False, None)


def test_xcoms_are_rejected_only_on_the_way_to_airflow_3(found: Any) -> None:
    assert (found["xcoms"]["inserted"], found["xcoms"]["rejected"]) == (7, {NO_TASK: 1})
    assert (found["bridge"]["inserted"], found["bridge"]["rejected"]) == (4, {NO_TASK: 1, NOT_JSON: 3})
    assert found["numbers"] == '["NaN", 1]'


def test_what_airflow_3s_upgrade_would_take_for_a_number_within_a_text_is_hidden_from_it(found: Any) -> None:
    assert not re.search(r"([:,\[]\s*|^)(NaN|-?Infinity)(?=\s*[,}\]]|$)", found["told"])
    assert found["still_told"]


def test_airflow_3_gets_a_dictionary_for_every_conf(found: Any) -> None:
    words = "conf holds what Airflow 3's own upgrade cannot convert, so it is empty"
    assert found["confs"]["emptied"] == {words: 3}
    empty = "80047d942e"
    assert found["stored"] == [empty, empty, empty, empty, empty, {"ok": "\u00fc"}, empty]
    assert found["confs"]["compared"] == {"there": 7, "missing": {}}


def test_equal_rows_are_counted_not_dropped(found: Any) -> None:
    misfit = {"event does not fit (character varying(60))": 1}
    for name, inserted, present in (("logs", 4, 0), ("logs_again", 0, 4)):
        facts = found[name]
        assert (facts["inserted"], facts["present"], facts["rejected"]) == (inserted, present, misfit)
        assert facts["compared"] == {"there": 4, "missing": misfit}


def test_many_large_pickles_are_never_all_in_memory(target: Environment) -> None:
    """300 MB of different pickles in one part, a third of them unreadable and kept aside."""
    found = target.python("many_pickles.py")
    assert counts(found) == (150, 0, 0)
    assert found["emptied"] == {UNREADABLE.format("conf"): 50}
    assert found["kept"] == {"packed": 50}
    assert found["left"] > 100 * 2 * 1024 * 1024
    assert found["grown"] < 64  # MiB


def test_nothing_is_empty_that_airflow_3_needs(found: Any) -> None:
    assert (found["bare"]["inserted"], found["bare"]["rejected"]) == (2, {})
    assert found["numbers_of_tasks"] == ["0 -1", "3 4"]
    assert found["bare"]["compared"] == {"there": 2, "missing": {}}
    timeless = {"it has no time, and Airflow 3 answers for no page with such a row": 2}
    assert (found["undated"]["inserted"], found["undated"]["rejected"]) == (1, timeless)
    assert found["eventless"] == ["2025-01-01T00:00:00+00:00 ''"]


def test_straight_on_the_way_to_airflow_3_where_the_export_saw_every_number(found: Any) -> None:
    assert found["direct"]["numbered"][:2] == ["dag_id", "task_id"]
    assert found["direct"]["unnumbered"] is None
