"""In-memory answers for preflight, the cut-over board and the clean-up, and runners that change them."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from mwaa_wizard.execution.belongings.find import Belonging, Kept
from mwaa_wizard.execution.events import Event, Progress, RunFinished, RunStarted, StepChanged
from mwaa_wizard.execution.unpausing.batches import Batch
from mwaa_wizard.execution.unpausing.board import Board, Line
from mwaa_wizard.execution.unpausing.forecast import Forecast
from mwaa_wizard.execution.unpausing.step import Order
from mwaa_wizard.front import engine_cleanup, engine_cutover, engine_preflight
from mwaa_wizard.front.engine_cleanup import Found
from mwaa_wizard.front.engine_preflight import Result, Row
from mwaa_wizard.session.model import Session

PASSES = [
    Row("credentials", "pass", "source: arn:aws:iam::111122223333:user/me"),
    Row("source bucket", "pass", "old-dags is versioned and private"),
]
WARNS = Row("target quota of workers", "warn", "could not be looked at: servicequotas:ListServiceQuotas is refused",
            "Grant servicequotas:ListServiceQuotas to yourself and run again.")  # fmt: skip
FAILS = Row("target subnets", "fail", "subnet-1 has no way out", "Give its route table a NAT gateway.")
CERTAIN = Row("target name", "fail", "analytics-v2 is taken", "Choose another name on page Target.", certain=True)


def line(dag_id: str, *, paused: bool = False, **more: Any) -> Line:
    """A DAG that the source runs."""
    known: dict[str, Any] = {
        "before": paused, "source": paused, "target": True, "on_source": True, "on_target": True, "runs": 0,
        "batch": None, "place": "resting" if paused else "source", **more,
    }  # fmt: skip
    return Line(dag_id, **known)


def thing(name: str, there: bool | None = True, **more: Any) -> Belonging:
    """Something of ours."""
    titles = {"bundle": "Migration bucket", "variable": "Key variable", "policy:source": "Inline policy"}
    known: dict[str, Any] = {"where": f"place of {name}", "seen": "3 objects, 2.0 MiB" if name == "bundle" else "",
                             "meaning": f"{name} is missed by nobody", **more}  # fmt: skip
    return Belonging(name, titles.get(name, name), known.pop("where"), there, known.pop("seen"),
                     known.pop("meaning"), **known)  # fmt: skip


@dataclass
class _Runner:
    """Plays one step; `held` keeps it from its end until the test lets it go."""

    owner: FakeBoards
    step: str
    listener: Callable[[Event], None]
    change: Callable[[], None]
    cancel: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.context = SimpleNamespace(ask=None, cancel=self.cancel)

    def run(self) -> None:
        self.listener(RunStarted(steps=(self.step,)))
        self.listener(StepChanged(step=self.step, state="running"))
        self.listener(Progress(step=self.step, done=1, total=2, unit="DAGs", detail="daily"))
        while self.owner.held.is_set() and not self.cancel.wait(0.02):
            pass
        if self.cancel.is_set():
            self.listener(StepChanged(step=self.step, state="stopped"))
            self.listener(RunFinished(outcome="stopped", failed_step=self.step))
            return
        self.change()
        self.listener(StepChanged(step=self.step, state="done"))
        self.listener(RunFinished(outcome="done"))

    def undo(self) -> None:
        raise AssertionError("a board undoes nothing")

    def stop(self) -> None:
        self.cancel.set()


@dataclass
class FakeBoards:
    """What the three pages are told; tests change the members they are about."""

    rows: list[Row] = field(default_factory=lambda: list(PASSES))
    asked: int = 0
    lines: list[Line] = field(default_factory=lambda: [line("daily"), line("hourly"), line("resting", paused=True)])
    batches: list[Batch] = field(default_factory=list)
    obstacle: str = ""
    at_once: dict[str, int] = field(default_factory=lambda: {"daily": 4})
    orders: list[Order] = field(default_factory=list)
    things: list[Belonging] = field(default_factory=lambda: [thing("variable"), thing("bundle")])
    stays: list[Kept] = field(default_factory=lambda: [Kept("environment analytics-v2", "the target runs with it")])
    taken: list[str] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the answers in place of the engine's."""
        monkeypatch.setattr(engine_preflight, "_kept", {})
        monkeypatch.setattr(engine_preflight, "look", self.look)
        monkeypatch.setattr(engine_cutover, "_kept", {})
        monkeypatch.setattr(engine_cutover, "board", self.board)
        monkeypatch.setattr(engine_cutover, "forecasts", self.forecasts)
        monkeypatch.setattr(engine_cutover, "make_runner", self.batch_runner)
        monkeypatch.setattr(engine_cleanup, "found", self.found)
        monkeypatch.setattr(engine_cleanup, "make_runner", self.cleanup_runner)

    def look(self, session: Session, tell: Callable[[Row], object], _cancel: threading.Event | None = None) -> Result:
        self.asked += 1
        for row in self.rows:
            tell(row)
        result = Result(tuple(self.rows), dt.datetime.now(dt.UTC), engine_preflight.answers_of(session))
        engine_preflight._kept[session.id] = result
        return result

    def board(self, _session: Session) -> Board:
        return Board(tuple(self.lines), tuple(self.batches), self.obstacle)

    def forecasts(
        self, _session: Session, dag_ids: Sequence[str], tell: Callable[[Forecast], object], _cancel: Any = None
    ) -> int:
        for dag_id in dag_ids:
            runs = self.at_once.get(dag_id, 0)
            tell(Forecast(dag_id, "@daily", True, "2026-11-18", "2026-11-19", "2026-11-20", runs, 0, 1))
        return len(list(dag_ids))

    def batch_runner(self, _session: Session, order: Order, listener: Callable[[Event], None]) -> _Runner:
        self.orders.append(order)
        return _Runner(self, "batch", listener, lambda: self._carry_out(order))

    def _carry_out(self, order: Order) -> None:
        if order.what == "begin":
            self.batches.append(Batch(len(self.batches) + 1, order.dags, (), "done", ""))
        elif order.what == "roll-back":
            self.batches = [replace(one, rolled_back=one.number == order.number or one.rolled_back)
                            for one in self.batches]  # fmt: skip
        else:
            self.batches = [replace(one, phase="done") if one.number == order.number else one for one in self.batches]
        taken = {dag_id: one for one in self.batches if one.live for dag_id in one.moves}
        self.lines = [
            replace(one, source=True, target=False, place="target", batch=taken[one.dag_id]) if one.dag_id in taken
            else line(one.dag_id, paused=bool(one.before)) for one in self.lines
        ]  # fmt: skip

    def found(
        self, _session: Session, tell: Callable[[Belonging], object] = lambda one: None, _cancel: Any = None
    ) -> Found:
        for one in self.things:
            tell(one)
        return Found(tuple(self.things), tuple(self.stays), self.obstacle)

    def cleanup_runner(self, _session: Session, ids: Sequence[str], listener: Callable[[Event], None]) -> _Runner:
        def take() -> None:
            self.taken += ids
            gone = "2026-11-23T03:16:00+00:00"
            self.things = [replace(one, there=False, gone=gone) if one.id in ids else one for one in self.things]

        return _Runner(self, "take-away", listener, take)
