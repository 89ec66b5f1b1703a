"""The report as data; every text in it is cleaned already."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

State = Literal["verified", "differs", "not-verified"]


@dataclass(frozen=True)
class TableLine:
    """One table: rows chosen on the source, rows found on the target, rows refused there."""

    name: str
    source: int
    target: int
    rejected: int
    same: bool
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ImportLine:
    """What the import did with a table's rows: read = inserted + present + rejected; `updated` are among `present`."""

    name: str
    read: int
    inserted: int
    present: int
    updated: int
    rejected: int


@dataclass(frozen=True)
class Count:
    """How many rows of a table have a reason: not exported, refused by the target, emptied.

    `examples`: names of a few of them. `kept`: where the rows are, a key of the bundle or a file; empty where they
    are in the source only.
    """

    table: str
    reason: str
    rows: int
    examples: list[str] = field(default_factory=list)
    kept: str = ""


@dataclass(frozen=True)
class EntryLine:
    """Variables, pools or connections that were moved one by one: found on the source, written by this session, there
    before and kept; `not_moved`, `doubtful` and `differs` are name -> reason. `unread`: not even named. `unlisted`:
    nothing lists this kind on the source. `anew`: values that are the same JSON in Airflow's own spacing.
    """

    name: str
    found: int
    written: int
    kept: int
    unread: int = 0
    unlisted: bool = False
    anew: int = 0
    not_moved: dict[str, str] = field(default_factory=dict)
    doubtful: dict[str, str] = field(default_factory=dict)
    differs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LogLine:
    """What the log step counted."""

    streams_found: int
    streams_copied: int
    already_there: int
    events_read: int
    events_written: int
    rejected: dict[str, int]
    missing: int


@dataclass(frozen=True)
class StepTime:
    """How a step ended last and how long that took, in seconds (None: not known)."""

    step: str
    state: str
    seconds: float | None


@dataclass(frozen=True)
class Thing:
    """Something the wizard made or changed that is still so."""

    kind: str
    name: str
    detail: str = ""


@dataclass(frozen=True)
class Report:
    """Everything the renderers show. `source` and `target` are name and version, the places account and region."""

    session_id: str
    title: str
    state: State
    source: str
    target: str
    source_place: str
    target_place: str
    made_at: str
    tables: list[TableLine]
    dags_compared: int
    dags_differ: dict[str, str]
    imported: list[ImportLine]
    rejected: list[Count]
    emptied: list[Count]
    kept: list[Count]
    not_exported: list[Count]
    left_out: list[Count]
    logs: LogLine | None
    paused: str
    steps: list[StepTime]
    exists: list[Thing]
    next: list[str]
    entries: list[EntryLine] = field(default_factory=list)
