"""What the journal says of batches: which DAGs each has, what they were before, how far it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mwaa_wizard.execution.journal import Journal

KIND = "dag-batch"
STEP = "batch"

# A kill leaves a batch in any of them; only the last is an end (beside being rolled back).
Phase = Literal["pausing", "draining", "unpausing", "rolling-back", "done"]


@dataclass(frozen=True)
class Batch:
    """`moves` were unpaused on the source when it began, `rests` were paused there and stay so on both sides."""

    number: int
    moves: tuple[str, ...]
    rests: tuple[str, ...]
    phase: Phase
    at: str
    rolled_back: bool = False

    @property
    def dags(self) -> tuple[str, ...]:
        """All of it, in order."""
        return tuple(sorted({*self.moves, *self.rests}))

    @property
    def half(self) -> bool:
        """Whether it was begun and has come to no end: the DAGs may run on neither side now."""
        return not self.rolled_back and self.phase != "done"

    @property
    def live(self) -> bool:
        """Whether its DAGs are the target's now, or on the way there or back."""
        return not self.rolled_back


def all_of(journal: Journal) -> list[Batch]:
    """Every batch of the session that an undo did not take back as part of the whole, the oldest first."""
    found: dict[str, Batch] = {}
    for record in journal.records():
        if record.get("kind") != KIND:
            continue
        name, event = str(record.get("name", "")), record.get("event")
        if event == "changed":
            before = record["before"]
            found[name] = Batch(
                int(name), tuple(before["unpaused"]), tuple(before["paused"]), "pausing", str(record.get("at", ""))
            )
        elif name in found and event == "entered":
            found[name] = _with(found[name], phase=record["phase"])
        elif name in found and event == "removed":
            found[name] = _with(found[name], rolled_back=True)
    return list(found.values())


def live(journal: Journal) -> list[Batch]:
    """Those that are not taken back."""
    return [batch for batch in all_of(journal) if batch.live]


def half_done(journal: Journal) -> Batch | None:
    """The batch that was begun and has come to no end, if any: there is one at most."""
    return next((batch for batch in live(journal) if batch.half), None)


def numbered(journal: Journal, number: int) -> Batch | None:
    """A batch by its number."""
    return next((batch for batch in all_of(journal) if batch.number == number), None)


def of_dag(journal_batches: list[Batch]) -> dict[str, Batch]:
    """dag id -> the live batch that has it."""
    return {dag_id: batch for batch in journal_batches if batch.live for dag_id in batch.dags}


def _with(batch: Batch, *, phase: Phase | None = None, rolled_back: bool | None = None) -> Batch:
    return Batch(
        batch.number, batch.moves, batch.rests, phase or batch.phase, batch.at,
        batch.rolled_back if rolled_back is None else rolled_back,
    )  # fmt: skip
