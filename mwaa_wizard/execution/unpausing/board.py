"""The board: one line per DAG, what it is on both sides, and in which batch. Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from mwaa_wizard.execution import pausing, sides
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.unpausing import batches, drain, work
from mwaa_wizard.execution.unpausing.batches import Batch
from mwaa_wizard.i18n import _

# Who runs a DAG now. `resting`: paused before, so on both sides; `neither`: unpaused before, and now on no side.
Place = Literal["source", "target", "resting", "neither", "both", "no-target", "no-source"]


@dataclass(frozen=True)
class Line:
    """`before`, `source`, `target`: is it paused there; None where it is not known or the DAG is not there.

    `runs`: unfinished runs on the source, None where Airflow does not tell. `batch` is the live one that has it.
    """

    dag_id: str
    before: bool | None
    source: bool | None
    target: bool | None
    on_source: bool
    on_target: bool
    runs: int | None
    batch: Batch | None
    place: Place

    @property
    def movable(self) -> bool:
        """Whether a batch may take it: it is on both sides and in no batch."""
        return self.on_source and self.on_target and self.batch is None


@dataclass(frozen=True)
class Board:
    """`obstacle`: why no batch can begin; `batches`: all, those that were rolled back too."""

    lines: tuple[Line, ...]
    batches: tuple[Batch, ...]
    obstacle: str

    @property
    def half(self) -> Batch | None:
        """The batch that has come to no end."""
        return next((batch for batch in self.batches if batch.half), None)

    def count(self, *places: Place) -> int:
        """How many DAGs are in one of these places."""
        return sum(self._places[place] for place in places)

    @cached_property
    def _places(self) -> Counter[Place]:
        return Counter(line.place for line in self.lines)


def read(ctx: Context) -> Board:
    """Look at both sides. Raises WizardError where one of them cannot be asked, or the target is not there."""
    if why := work.left_out(ctx.session):
        return Board((), (), why)
    all_batches = tuple(batches.all_of(ctx.journal))
    taken = batches.of_dag(list(all_batches))
    obstacle = work.obstacle(ctx)
    if sides.find_environment(ctx, "target") is None:
        return Board((), all_batches, obstacle or _gone(ctx))
    source, target = pausing.states_of(ctx, "source"), pausing.states_of(ctx, "target")
    noted = pausing.known(ctx)
    before = _before(noted)
    unpaused = work.unpaused_now(ctx, source)
    runs = drain.unfinished(ctx, "source")
    lines = []
    for dag_id in sorted({*source, *target}, key=lambda one: (one.casefold(), one)):
        batch = taken.get(dag_id)
        paused = source.get(dag_id)
        if paused is None and dag_id in source and not obstacle:
            paused = dag_id not in unpaused if (noted is not None or batch is not None) else None
        was = before.get(dag_id)
        if batch is not None:
            was = dag_id not in batch.moves
        elif was is None:
            was = paused
        here, there = dag_id in source, dag_id in target
        place = _place(paused, target.get(dag_id), was, here, there)
        count = runs.get(dag_id, 0) if runs is not None and here else None
        lines.append(Line(dag_id, was, paused, target.get(dag_id), here, there, count, batch, place))
    return Board(tuple(lines), all_batches, obstacle)


def _before(noted: dict[str, list[str]] | None) -> dict[str, bool]:
    if noted is None:
        return {}
    return {**dict.fromkeys(noted.get("paused", []), True), **dict.fromkeys(noted.get("unpaused", []), False)}


def _place(source: bool | None, target: bool | None, was: bool | None, here: bool, there: bool) -> Place:
    if not there:
        return "no-target"
    if not here:
        return "no-source"
    if source is False and target is False:
        return "both"
    if source is False:
        return "source"
    if target is False:
        return "target"
    return "neither" if was is False else "resting"


def _gone(ctx: Context) -> str:
    return _("There is no environment {name} any more.").format(name=ctx.session.target.environment)
