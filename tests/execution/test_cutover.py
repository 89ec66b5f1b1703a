"""Batches: one side at a time, exactly what was unpaused, resumable from wherever a kill left them, and taken back."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from mwaa_wizard.errors import Cancelled, WizardError
from mwaa_wizard.execution import pausing
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.steps.cut_over import CutOver
from mwaa_wizard.execution.unpausing import batches, board, drain, work
from mwaa_wizard.execution.unpausing.batches import Batch
from mwaa_wizard.execution.unpausing.step import BatchStep, Order
from tests.execution.fakes import Rig, client_error


@pytest.fixture(autouse=True)
def _migrated(rig: Rig) -> None:
    """The run is through: the source has its states back, the target's DAGs are paused."""
    airflow = rig.mwaa.add("new", "new-bucket-of-nobody", "arn:aws:iam::111122223333:role/new")
    airflow.dags.update({"daily": True, "hourly": True, "resting": True})
    rig.mwaa._sync = lambda name: None  # type: ignore[method-assign]
    pausing.remember(rig.context("export"))
    rig.context("cut-over").journal.write("cut-over", "done")
    pausing.restore_source(rig.context("cut-over"), by="cut-over")


def old(rig: Rig) -> dict[str, bool]:
    return rig.mwaa.airflows["old"].dags


def new(rig: Rig) -> dict[str, bool]:
    return rig.mwaa.airflows["new"].dags


def hand_over(rig: Rig, *dags: str, **more: Any) -> Batch:
    ctx = rig.context(batches.STEP)
    batch = work.begin(ctx, dags)
    work.go_on(ctx, batch, at_most=more.pop("at_most", 0), **more)
    return batch


def the_batch(rig: Rig, number: int = 1) -> Batch:
    found = batches.numbered(rig.context().journal, number)
    assert found is not None
    return found


def test_a_batch_pauses_there_and_unpauses_here(rig: Rig) -> None:
    hand_over(rig, "daily")
    assert old(rig) == {"daily": True, "hourly": False, "resting": True}
    assert new(rig) == {"daily": False, "hourly": True, "resting": True}
    assert not the_batch(rig).half


def test_a_dag_that_was_paused_stays_paused_on_both_sides(rig: Rig) -> None:
    hand_over(rig, "daily", "resting")
    assert old(rig)["resting"] is True
    assert new(rig)["resting"] is True
    assert the_batch(rig).rests == ("resting",)


def test_only_paused_dags_are_no_batch(rig: Rig) -> None:
    with pytest.raises(WizardError, match="never unpaused"):
        work.begin(rig.context(batches.STEP), ["resting"])
    assert batches.all_of(rig.context().journal) == []


def test_what_the_target_lacks_is_not_taken_from_the_source(rig: Rig) -> None:
    del new(rig)["hourly"]
    with pytest.raises(WizardError, match="Not in the target"):
        work.begin(rig.context(batches.STEP), ["daily", "hourly"])
    assert old(rig)["hourly"] is False


def test_a_batch_that_is_rolled_back_runs_on_the_source_only(rig: Rig) -> None:
    batch = hand_over(rig, "daily", "hourly")
    work.roll_back(rig.context(batches.STEP), batch, at_most=0)
    assert old(rig) == {"daily": False, "hourly": False, "resting": True}
    assert set(new(rig).values()) == {True}
    assert the_batch(rig).rolled_back
    assert batches.live(rig.context().journal) == []


def test_the_next_batch_after_a_roll_back_has_a_number_of_its_own(rig: Rig) -> None:
    work.roll_back(rig.context(batches.STEP), hand_over(rig, "daily"), at_most=0)
    assert hand_over(rig, "daily").number == 2
    assert new(rig)["daily"] is False


def test_nothing_is_unpaused_here_while_a_task_runs_there(rig: Rig) -> None:
    rig.mwaa.airflows["old"].busy = [{"dag_id": "daily", "dag_run_id": "r1", "task_id": "load", "state": "running"}]
    with pytest.raises(WizardError, match="not all of old is at rest") as caught:
        hand_over(rig, "daily")
    assert "daily r1 load (running)" in caught.value.where
    assert (old(rig)["daily"], new(rig)["daily"]) == (True, True), "at rest on both sides"
    assert the_batch(rig).phase == "draining"

    rig.mwaa.airflows["old"].busy = []
    work.go_on(rig.context(batches.STEP), the_batch(rig), at_most=0)
    assert (old(rig)["daily"], new(rig)["daily"]) == (True, False)


def test_tasks_of_other_dags_do_not_hold_a_batch_up(rig: Rig) -> None:
    rig.mwaa.airflows["old"].busy = [{"dag_id": "hourly", "dag_run_id": "r1", "task_id": "load", "state": "running"}]
    hand_over(rig, "daily")
    assert new(rig)["daily"] is False


def test_who_says_so_goes_on_in_spite_of_running_tasks(rig: Rig) -> None:
    rig.mwaa.airflows["old"].busy = [{"dag_id": "daily", "dag_run_id": "r1", "task_id": "load", "state": "running"}]
    hand_over(rig, "daily", anyway=True)
    assert new(rig)["daily"] is False
    assert "1 task still runs" in rig.lines()


def test_the_wait_for_tasks_can_be_stopped(rig: Rig) -> None:
    rig.mwaa.airflows["old"].busy = [{"dag_id": "daily", "dag_run_id": "r1", "task_id": "load", "state": "running"}]
    ctx = rig.context(batches.STEP)
    batch = work.begin(ctx, ["daily"])
    threading.Timer(0.05, ctx.cancel.set).start()
    with pytest.raises(Cancelled):
        work.go_on(ctx, batch, at_most=60)
    assert (old(rig)["daily"], new(rig)["daily"]) == (True, True)
    assert the_batch(rig).half


@pytest.mark.parametrize("calls", range(1, 9))
def test_killed_at_any_call_it_never_runs_twice_and_can_be_ended_both_ways(rig: Rig, calls: int) -> None:
    """The process dies at its n-th call to an Airflow that changes something; a new one goes on, or rolls back."""
    for end in ("go-on", "roll-back"):
        number = _die_at(rig, calls)
        assert not [dag_id for dag_id in old(rig) if old(rig)[dag_id] is False and new(rig).get(dag_id) is False]
        batch = the_batch(rig, number)
        if end == "go-on":
            if batch.half:
                work.go_on(rig.context(batches.STEP), batch, at_most=0)
            assert new(rig) == {"daily": False, "hourly": False, "resting": True}
            assert set(old(rig).values()) == {True}
        work.roll_back(rig.context(batches.STEP), the_batch(rig, number), at_most=0)
        assert old(rig) == {"daily": False, "hourly": False, "resting": True}
        assert set(new(rig).values()) == {True}


def _die_at(rig: Rig, calls: int) -> int:
    class Killed(BaseException):
        pass

    left, invoke = [calls], rig.mwaa.invoke_rest_api

    def dying(**request: Any) -> dict[str, Any]:
        if request["Method"] == "PATCH":
            left[0] -= 1
            if left[0] == 0:
                raise Killed
        return invoke(**request)

    rig.mwaa.invoke_rest_api = dying  # type: ignore[method-assign, assignment]
    ctx = rig.context(batches.STEP)
    batch = work.begin(ctx, ["daily", "hourly", "resting"])
    try:
        work.go_on(ctx, batch, at_most=0)
    except Killed:
        pass
    finally:
        rig.mwaa.invoke_rest_api = invoke  # type: ignore[method-assign]
    return batch.number


def test_a_half_batch_keeps_others_from_beginning(rig: Rig) -> None:
    work.begin(rig.context(batches.STEP), ["daily"])
    with pytest.raises(WizardError, match="half done"):
        work.begin(rig.context(batches.STEP), ["hourly"])


def test_a_roll_back_that_was_begun_is_only_ended(rig: Rig) -> None:
    batch = hand_over(rig, "daily")
    rig.mwaa.airflows["new"].busy = [{"dag_id": "daily", "dag_run_id": "r1", "task_id": "load", "state": "running"}]
    with pytest.raises(WizardError, match="not all of new is at rest"):
        work.roll_back(rig.context(batches.STEP), batch, at_most=0)
    assert (old(rig)["daily"], new(rig)["daily"]) == (True, True), "the source waits for the target's task"
    with pytest.raises(WizardError, match="only be ended"):
        work.go_on(rig.context(batches.STEP), the_batch(rig), at_most=0)
    rig.mwaa.airflows["new"].busy = []
    work.roll_back(rig.context(batches.STEP), the_batch(rig), at_most=0)
    assert old(rig)["daily"] is False


def test_undo_of_the_session_takes_every_batch_back(rig: Rig) -> None:
    hand_over(rig, "daily")
    hand_over(rig, "hourly")
    CutOver().undo(rig.context("cut-over"))
    assert old(rig) == {"daily": False, "hourly": False, "resting": True}
    assert set(new(rig).values()) == {True}
    assert batches.live(rig.context().journal) == []


def test_undo_without_a_target_gives_the_source_its_dags(rig: Rig) -> None:
    hand_over(rig, "daily")
    del rig.mwaa.environments["new"]
    CutOver().undo(rig.context("cut-over"))
    assert old(rig)["daily"] is False


def test_what_the_user_paused_on_the_source_since_is_not_unpaused_here(rig: Rig) -> None:
    old(rig)["hourly"] = True
    hand_over(rig, "daily", "hourly")
    assert new(rig) == {"daily": False, "hourly": True, "resting": True}


def test_before_the_run_is_through_no_batch_begins(rig: Rig) -> None:
    rig.context().journal.write("cut-over", "undone")
    with pytest.raises(WizardError, match="step Cut over"):
        work.begin(rig.context(batches.STEP), ["daily"])


def test_a_session_that_switched_has_nothing_to_hand_over(rig: Rig) -> None:
    rig.session.cut_over = "switch"
    assert "switched all DAGs over" in work.obstacle(rig.context())


def test_in_place_has_one_side_only(rig: Rig) -> None:
    rig.session.route = "in-place"
    found = board.read(rig.context())
    assert found.lines == ()
    assert "one environment" in found.obstacle


def test_the_step_goes_on_with_its_own_batch_when_it_runs_again(rig: Rig) -> None:
    step = BatchStep(Order("begin", dags=("daily",), wait=0))
    rig.mwaa.airflows["old"].busy = [{"dag_id": "daily", "dag_run_id": "r1", "task_id": "load", "state": "running"}]
    with pytest.raises(WizardError):
        step.run(rig.context(batches.STEP))
    rig.mwaa.airflows["old"].busy = []
    step.run(rig.context(batches.STEP))
    assert [batch.number for batch in batches.all_of(rig.context().journal)] == [1]
    assert new(rig)["daily"] is False


# The board


def test_the_board_says_who_runs_each_dag(rig: Rig) -> None:
    hand_over(rig, "daily")
    new(rig)["only_new"] = True
    old(rig)["only_old"] = False
    rig.mwaa.airflows["old"].unfinished = ["hourly", "hourly"]
    found = board.read(rig.context())
    assert {line.dag_id: line.place for line in found.lines} == {
        "daily": "target", "hourly": "source", "resting": "resting", "only_new": "no-source", "only_old": "no-target",
    }  # fmt: skip
    by_name = {line.dag_id: line for line in found.lines}
    assert by_name["hourly"].runs == 2
    assert by_name["daily"].batch is not None
    assert by_name["daily"].before is False, "what it was before its batch"
    assert not by_name["only_old"].movable


def test_the_board_shows_a_half_batch_and_dags_that_run_nowhere(rig: Rig) -> None:
    ctx = rig.context(batches.STEP)
    work.begin(ctx, ["daily"])
    pausing.set_states(ctx, "source", ["daily"], paused=True)
    found = board.read(rig.context())
    assert found.half is not None
    assert {line.dag_id: line.place for line in found.lines}["daily"] == "neither"


def test_the_board_tells_what_runs_on_both_sides(rig: Rig) -> None:
    new(rig)["daily"] = False
    assert {line.dag_id: line.place for line in board.read(rig.context()).lines}["daily"] == "both"


def test_the_board_without_a_target_says_so(rig: Rig) -> None:
    del rig.mwaa.environments["new"]
    assert "no environment new" in board.read(rig.context()).obstacle


# An Airflow that lists no states


class Flat:
    """Airflow 1.10 as the command line has it: DAGs from their files, no states, runs only."""

    major = 1

    def __init__(self, rig: Rig) -> None:
        self.dags_there, self.running = old(rig), dict[str, list[str]]()

    def dags(self) -> Any:
        from mwaa_wizard.airflow.cli_airflow import Dag

        return [Dag(dag_id, None) for dag_id in self.dags_there]

    def set_paused(self, dag_id: str, paused: bool) -> bool:
        self.dags_there[dag_id] = paused
        return True

    def ask(self, *_words: Any, **_more: Any) -> Any:
        from mwaa_wizard.airflow.rest import RestUnavailable

        raise RestUnavailable("no REST before 2.4")

    def unfinished_runs(self, dag_id: str) -> list[str]:
        return self.running.get(dag_id, [])


def flat(rig: Rig) -> tuple[Context, Flat]:
    ctx = rig.context(batches.STEP)
    api = ctx.memory["api:source"] = Flat(rig)
    return ctx, api


def test_of_an_airflow_without_states_only_what_was_noted_is_handed_over(rig: Rig) -> None:
    ctx, _api = flat(rig)
    batch = work.begin(ctx, ["daily", "resting"])
    assert (batch.moves, batch.rests) == (("daily",), ("resting",))
    work.go_on(ctx, batch, at_most=0)
    assert new(rig) == {"daily": False, "hourly": True, "resting": True}
    lines = {line.dag_id: line for line in board.read(ctx).lines}
    assert (lines["daily"].source, lines["hourly"].source, lines["resting"].source) == (True, False, True)
    assert lines["hourly"].runs is None, "its command line tells runs of one DAG a call"


def test_of_an_airflow_without_rest_unfinished_runs_are_waited_for_and_told_as_such(rig: Rig) -> None:
    ctx, api = flat(rig)
    api.running["daily"] = ["scheduled__1"]
    found = drain.at_work(ctx, "source", ["daily"])
    assert (found.by_runs, found.drained) == (True, False)
    assert "1 run is unfinished: daily scheduled__1" in found.words()


def test_where_nothing_can_be_asked_it_is_not_taken_for_rest(rig: Rig) -> None:
    ctx, api = flat(rig)

    def refuse(_dag_id: str) -> list[str]:
        raise WizardError(what="refused", where="list_dag_runs")

    api.unfinished_runs = refuse  # type: ignore[method-assign, assignment]
    assert not drain.at_work(ctx, "source", ["daily"]).drained


def test_a_refused_change_leaves_a_batch_that_can_be_gone_on_with(rig: Rig) -> None:
    invoke = rig.mwaa.invoke_rest_api

    def refusing(**request: Any) -> dict[str, Any]:
        if request["Method"] == "PATCH" and request["Name"] == "new":
            raise client_error("ThrottlingException")
        return invoke(**request)

    rig.mwaa.invoke_rest_api = refusing  # type: ignore[method-assign, assignment]
    with pytest.raises(Exception, match="Throttling"):
        hand_over(rig, "daily")
    rig.mwaa.invoke_rest_api = invoke  # type: ignore[method-assign]
    assert the_batch(rig).half
    work.go_on(rig.context(batches.STEP), the_batch(rig), at_most=0)
    assert new(rig)["daily"] is False
