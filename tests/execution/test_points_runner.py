"""The outcome of a step is in the journal, on the disk, before the next one begins."""

from __future__ import annotations

import os

import pytest

from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.execution.step import Check
from mwaa_wizard.session.model import Session

from .test_runner import Act, a_runner, fails, nothing


class Looks(Act):
    """Notes what another reader finds in the journal when this step is first asked anything."""

    def __init__(self, step_id: str, found: list[str]) -> None:
        super().__init__(step_id, nothing)
        self.found = found

    def check(self, ctx: Context) -> Check:
        records = list(Journal(ctx.journal.path).records())
        self.found.append(f"{records[-1]['step']} {records[-1]['event']}" if records else "")
        return super().check(ctx)


def test_a_steps_end_is_on_the_disk_before_the_next_is_even_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    sync = os.fsync

    def counting(handle: int) -> None:
        synced.append(handle)
        sync(handle)

    monkeypatch.setattr(os, "fsync", counting)
    found: list[str] = []
    runner, _events, _clients = a_runner(Session(), *(Looks(name, found) for name in "abc"))
    assert runner.run().finished
    assert found == ["", "a done", "b done"]
    assert len(synced) == len(list(runner.journal.records())) == 6


def test_nothing_begins_after_a_step_that_failed_and_a_second_run_goes_on_there() -> None:
    session, found = Session(), list[str]()
    runner, _events, _clients = a_runner(session, Act("a", nothing), Act("b", fails("No.")), Looks("c", found))
    runner.run()
    assert found == []
    assert runner.journal.of_step("b", "failed")

    def never(_ctx: Context) -> None:
        raise AssertionError("done already")

    runner, _events, _clients = a_runner(session, Act("a", never), Act("b", nothing), Looks("c", found))
    assert runner.run().finished
    assert found == ["b done"]
    runner, _events, _clients = a_runner(session, *(Act(name, never) for name in "abc"))
    assert runner.run().finished, "a third time does nothing at all"
