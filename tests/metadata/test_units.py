"""What an export is cut into, and who takes which unit."""

from __future__ import annotations

import ast
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mwaa_wizard.metadata import dagfile
from tests.metadata.inline import functions

EXPORT: Any = functions("mwz_export")
MEBI = 1024 * 1024


@given(st.integers(0, 3_000_000), st.integers(0, 10**12))
def test_ranges_cover_every_block_once(blocks: int, size: int) -> None:
    ranges = EXPORT.block_ranges(blocks, size)
    if not ranges:
        assert size <= EXPORT.UNIT_BYTES or blocks < 2
        return
    assert ranges[0][0] == 0
    assert ranges[-1][1] is None  # rows that came since the size was read are not in the snapshot, but need no rule
    for (_, end), (following, _) in pairwise(ranges):
        assert end == following
    assert all(first < end for first, end in ranges[:-1])
    assert len(ranges) <= blocks


def test_a_large_table_has_units_of_equal_length_in_fours() -> None:
    ranges = EXPORT.block_ranges(43_650, 43_650 * 8192)
    assert len(ranges) == 24
    lengths = [end - first for first, end in ranges[:-1]]
    assert max(lengths) - min(lengths) <= 1


def test_values_out_of_line_make_smaller_ranges() -> None:
    """Ten megabytes of rows with ten gigabytes of TOAST are no single unit."""
    assert len(EXPORT.block_ranges(1280, 10 * MEBI)) == 0
    assert len(EXPORT.block_ranges(1280, 10 * 1024 * MEBI)) == 640


def test_ranges_read_as_sql() -> None:
    assert EXPORT.range_rule(5, 9) == "t.ctid >= '(5,0)'::tid AND t.ctid < '(9,0)'::tid"
    assert EXPORT.range_rule(9, None) == "t.ctid >= '(9,0)'::tid"


class Cursor:
    """A server with sizes, as far as plan_units() asks."""

    def __init__(self, version: int, sizes: dict[str, int]) -> None:
        self.connection, self.server_version, self.sizes = self, version, sizes
        self.found = (0, 0)

    def execute(self, statement: str, values: tuple[str]) -> None:
        size = self.sizes[values[0].strip('"')]
        self.found = (size // 8192, size)

    def fetchone(self) -> tuple[int, int]:
        return self.found


SIZES = {"task_instance": 64 * MEBI, "xcom": 3 * MEBI, "log": 900 * MEBI, "dag_run": 20 * MEBI}


def test_tables_without_a_key_stay_whole_and_come_first() -> None:
    units = EXPORT.plan_units(Cursor(160000, SIZES), list(SIZES))
    assert units[0] == ["log", None, None, None]
    assert [unit[1] for unit in units if unit[0] == "task_instance"] == [0, 1, 2, 3]
    assert [unit[0] for unit in units if unit[1] is None] == ["log", "xcom"]


def test_older_servers_get_one_stream_per_table() -> None:
    """Before PostgreSQL 14 a range of blocks costs as much as the whole table."""
    units = EXPORT.plan_units(Cursor(130012, SIZES), list(SIZES))
    assert sorted(unit[0] for unit in units) == sorted(SIZES)
    assert all(unit[1] is None for unit in units)


@given(st.lists(st.integers(), max_size=50), st.integers(1, 8))
def test_every_item_is_in_one_share(items: list[int], tasks: int) -> None:
    parted = EXPORT.shares(items, tasks)
    assert len(parted) == tasks
    assert sorted(item for share in parted for item in share) == sorted(items)
    assert max(map(len, parted)) - min(map(len, parted)) <= 1


@pytest.mark.parametrize("dag_id", ["mwz_export", "mwz_import"])
@pytest.mark.parametrize(("wanted", "made"), [(0, 1), (1, 1), (5, 5), (8, 8), (99, 8)])
def test_the_file_is_written_for_a_number_of_tasks(dag_id: str, wanted: int, made: int) -> None:
    text = dagfile.render(dag_id, tasks=wanted).decode()
    assert text.count(f"\nTASKS = {made}  # ") == 1
    ast.parse(text, feature_version=(3, 7))


def test_the_other_files_have_one_task() -> None:
    for dag_id in ("mwz_inventory", "mwz_key", "mwz_verify"):
        assert dagfile.render(dag_id, tasks=8) == dagfile.render(dag_id)
