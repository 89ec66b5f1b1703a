"""The guide's three policies and ours: they differ in what is written down with a reason, and in nothing else."""

from __future__ import annotations

import fnmatch

from tests.policies import guide


def test_the_guide_has_three_blocks_and_the_wizard_a_document_for_each() -> None:
    assert set(guide.blocks()) == {"source-role", "target-role", "secrets"}
    assert set(guide.blocks()) <= set(guide.case().found.pieces())


def test_every_difference_is_listed_with_its_reason_and_nothing_else_is() -> None:
    listed = {row.key(): (row.guide, row.ours) for row in guide.rows()}
    assert listed == {row.key(): (row.guide, row.ours) for row in guide.computed()}
    assert len(listed) == len(guide.rows())
    assert all(row.why.endswith(".") for row in guide.rows())


def test_nothing_is_granted_on_more_than_the_guide_grants_but_what_is_said_to_be_more() -> None:
    """Each of our resources lies within one of the guide's for the action, or the guide has no such action at all."""
    for row in guide.rows():
        if row.guide and row.ours:
            assert all(any(fnmatch.fnmatchcase(ours, one) for one in row.guide) for ours in row.ours), row.key()


def test_what_another_document_has_instead_is_in_it() -> None:
    pieces = guide.case().found.pieces()
    moved = [row for row in guide.rows() if row.instead]
    assert {row.action for row in moved} == {"logs:DescribeLogStreams", "logs:GetLogEvents"}
    for row in moved:
        there = guide.granted(pieces[row.instead].policy.document)[row.action]
        assert not row.ours
        assert all(any(fnmatch.fnmatchcase(arn, one) for one in row.guide) for arn in there), row.key()


def test_the_table_in_the_manual_is_these_differences() -> None:
    page = guide.DOCUMENT.read_text(encoding="utf-8")
    assert page.split(guide.BEGIN)[1].split(guide.END)[0].strip() == guide.table()
