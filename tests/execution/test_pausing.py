"""Pause states: noted once, restored exactly, never more unpaused than before."""

from __future__ import annotations

import pytest

from mwaa_wizard.execution import pausing
from mwaa_wizard.execution.steps.cut_over import CutOver
from tests.execution.fakes import Rig


@pytest.fixture(autouse=True)
def _target(rig: Rig) -> None:
    airflow = rig.mwaa.add("new", "new-bucket-of-nobody", "arn:aws:iam::111122223333:role/new")
    airflow.dags.update({"daily": True, "hourly": True, "resting": True})
    rig.mwaa._sync = lambda name: None  # type: ignore[method-assign]


def pause_all(rig: Rig) -> None:
    pausing.remember(rig.context("export"))
    for dag_id in rig.mwaa.airflows["old"].dags:
        rig.mwaa.airflows["old"].dags[dag_id] = True


def test_what_was_unpaused_is_noted_once(rig: Rig) -> None:
    pause_all(rig)
    pausing.remember(rig.context("export"))  # a second export sees everything paused
    assert pausing.unpaused_before(rig.context()) == ["daily", "hourly"]


def test_restore_gives_the_source_its_states_back(rig: Rig) -> None:
    pause_all(rig)
    CutOver().run(rig.context("cut-over"))
    assert rig.mwaa.airflows["old"].dags == {"daily": False, "hourly": False, "resting": True}
    assert rig.mwaa.airflows["new"].dags == {"daily": True, "hourly": True, "resting": True}
    assert rig.context().journal.live("dag-pause") == []


def test_switch_unpauses_exactly_those_on_the_target(rig: Rig) -> None:
    rig.session.cut_over = "switch"
    pause_all(rig)
    CutOver().run(rig.context("cut-over"))
    assert set(rig.mwaa.airflows["old"].dags.values()) == {True}
    assert rig.mwaa.airflows["new"].dags == {"daily": False, "hourly": False, "resting": True}


def test_undo_of_a_switch_pauses_the_target_again_and_then_restores_the_source(rig: Rig) -> None:
    rig.session.cut_over = "switch"
    rig.mwaa.airflows["new"].dags["hourly"] = False  # somebody unpaused it there before us: stays so
    pause_all(rig)
    CutOver().run(rig.context("cut-over"))
    CutOver().undo(rig.context("cut-over"))
    assert rig.mwaa.airflows["new"].dags == {"daily": True, "hourly": False, "resting": True}
    pausing.restore_source(rig.context("export"), by="undo")
    assert rig.mwaa.airflows["old"].dags == {"daily": False, "hourly": False, "resting": True}
    assert pausing.known(rig.context()) is None, "after undo a new run notes the states anew"


def test_a_dag_that_is_gone_is_told_and_not_an_error(rig: Rig) -> None:
    pause_all(rig)
    del rig.mwaa.airflows["old"].dags["hourly"]
    CutOver().run(rig.context("cut-over"))
    assert "Gone from the source since: hourly" in rig.lines()
    assert rig.mwaa.airflows["old"].dags == {"daily": False, "resting": True}


def test_what_the_user_paused_after_cut_over_stays_paused(rig: Rig) -> None:
    pause_all(rig)
    CutOver().run(rig.context("cut-over"))
    rig.mwaa.airflows["old"].dags["daily"] = True
    pausing.restore_source(rig.context("export"), by="undo")
    assert rig.mwaa.airflows["old"].dags["daily"] is True
    assert pausing.known(rig.context()) is None


def test_environments_of_one_name_in_two_regions_are_told_apart(rig: Rig) -> None:
    assert pausing.record_name(rig.context(), "source") != pausing.record_name(rig.context(), "target")
    rig.session.target.environment = "old"
    assert pausing.record_name(rig.context(), "source") != pausing.record_name(rig.context(), "target")


def test_a_dag_that_is_not_listed_for_now_is_tried_all_the_same(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    pause_all(rig)
    listed = pausing.states_of
    monkeypatch.setattr(
        pausing, "states_of", lambda ctx, side: {d: p for d, p in listed(ctx, side).items() if d != "daily"}
    )
    pausing.restore_source(rig.context("export"), by="undo")
    assert rig.mwaa.airflows["old"].dags == {"daily": False, "hourly": False, "resting": True}
