"""Preflight before a run: the same checks, through a context that cannot change anything; what is certain to fail."""

from __future__ import annotations

import threading

import pytest

from mwaa_wizard import paths
from mwaa_wizard.errors import Cancelled
from mwaa_wizard.execution import preflight
from mwaa_wizard.execution.looking import looking
from mwaa_wizard.front import engine_preflight
from mwaa_wizard.front.engine_preflight import Row
from tests.execution.fakes import Rig
from tests.preflight.world import furnish


@pytest.fixture(autouse=True)
def _network(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(rig)
    monkeypatch.setattr("mwaa_wizard.front.retrying.clients", lambda session: rig.clients)


def look(rig: Rig) -> engine_preflight.Result:
    return engine_preflight.look(rig.session, lambda row: None)


def test_the_rows_are_those_of_the_run_and_nothing_is_written(rig: Rig) -> None:
    told: list[Row] = []
    result = engine_preflight.look(rig.session, told.append)
    expected = [(one.name, one.verdict) for one in preflight.findings(rig.context("preflight"))]
    assert [(row.name, row.verdict) for row in told] == expected
    assert result.rows == tuple(told)
    assert engine_preflight.kept(rig.session) is result
    assert not (paths.run_dir(rig.session.id) / "journal.jsonl").exists()
    assert not (paths.run_dir(rig.session.id) / "preflight.json").exists()


def test_only_what_an_answer_mends_is_certain(rig: Rig) -> None:
    rig.mwaa.environments["old"]["Status"] = "UPDATING"  # over by itself until the run begins
    rig.mwaa.add("new", "b", "r")  # the name is taken
    result = look(rig)
    assert result.count("fail") >= 2
    assert [row.evidence for row in result.certain] == ["new exists already (AVAILABLE)"]


def test_a_check_that_breaks_is_a_failure_and_not_a_certain_one(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_ctx: object) -> None:
        raise RuntimeError("no route to host")

    monkeypatch.setattr(preflight, "checks", lambda session: [("target name", broken)])
    (row,) = look(rig).rows
    assert (row.verdict, row.certain) == ("fail", False)


def test_a_look_that_is_given_up_keeps_the_last_result(rig: Rig) -> None:
    before = look(rig)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        engine_preflight.look(rig.session, lambda row: None, cancel)
    assert engine_preflight.kept(rig.session) is before


def test_a_check_cannot_journal_what_it_sees(rig: Rig) -> None:
    with pytest.raises(AssertionError, match="wanted to journal"):
        looking(rig.session, rig.clients).changed("dag-pause", "x", {})
