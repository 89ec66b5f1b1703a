"""Minimal: without any one part of a generated policy a recorded call is refused, or a mark says why none can be.

Removing a whole statement removes its last action and its last resource, so that they stand for it.
"""

from __future__ import annotations

import pytest

from tests.policies.minimal import proof, record, table
from tests.policies.minimal.marks import MARKS, Mark
from tests.policies.minimal.record import Record

RUNS = {
    "new-environment-china", "settings-only-china", "settings-only-china-plan",
    "bridge-two-accounts", "in-place-key", "in-place-key-plan", "new-environment", "new-environment-key",
    "new-environment-plan", "settings-only-key", "settings-only-key-plan", "settings-only-key-undo",
    "settings-only-two-accounts", "ui-users",
    "begun-elsewhere", "settings-only-3", "settings-only-3-private", "settings-only-3-private-plan",
    "settings-only-3-undo", "ui-users-3",
    "old-in-place-plan", "old-settings-only", "old-source", "old-source-plan",
}  # fmt: skip


def test_every_route_and_option_is_among_the_records() -> None:
    assert {one.name for one in record.recorded()} >= RUNS


@pytest.mark.parametrize("one", record.recorded(), ids=lambda one: one.name)
def test_every_recorded_call_is_allowed_by_the_policies_of_today(one: Record) -> None:
    assert [f"{one.label(row)}: {row['action']} {row['resource']} {row['context']}" for row in proof.refused(one)] == []


def test_every_part_is_shown_to_be_needed_or_marked() -> None:
    assert [str(part) for part in table.unmarked()] == []


@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: f"{mark.piece} {mark.sid} {mark.value}")
def test_no_mark_says_more_than_cannot_be_shown(mark: Mark) -> None:
    named = {part for part in table.generated() if mark.names(part)}
    assert named, "it names nothing that is generated"
    assert sorted(f"{part}: {table.proven()[part]}" for part in named & set(table.proven())) == []
    assert mark.reason.endswith(".")


def test_the_table_for_people_is_of_today() -> None:
    told = "write it anew: python -m tests.policies.minimal"
    assert table.FILE.read_text(encoding="utf-8") == table.render(), told
