"""The scorecard names tests and captures that exist, is in step, and at least 58 points hold."""

from __future__ import annotations

from pathlib import Path

from tests.scorecard import __main__ as command
from tests.scorecard.card import CARD, WANTED, exists, problems, render
from tests.scorecard.points import POINTS


def test_every_point_has_a_proof_that_exists_or_a_reason() -> None:
    assert problems() == []


def test_what_is_lacking_is_said_and_does_not_hold() -> None:
    for point in POINTS:
        assert not (point.lacking and point.held)
        if point.lacking:
            assert f"| {point.number} | {point.words} | ✘ |" in render()
            assert point.lacking in render()


def test_at_least_58_hold() -> None:
    assert sum(point.held for point in POINTS) >= WANTED


def test_the_page_is_in_step() -> None:
    assert CARD.read_text(encoding="utf-8") == render(), "make scorecard"


def test_a_name_that_is_none_is_found_out() -> None:
    assert not exists("tests/scorecard/test_scorecard.py::test_that_is_not_there")
    assert not exists("tests/no_file.py::test_x")


def test_a_test_that_failed_or_was_skipped_proves_nothing(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite><testcase classname="tests.a.test_x" name="test_one[1]"/>'
        '<testcase classname="tests.a.test_x" name="test_one[2]"><failure/></testcase>'
        '<testcase classname="tests.a.test_x" name="test_two"><skipped/></testcase>'
        '<testcase classname="tests.a.test_x" name="test_three"/></testsuite></testsuites>'
    )
    assert command.outcomes(report) == {
        "tests/a/test_x.py::test_one": False,
        "tests/a/test_x.py::test_two": False,
        "tests/a/test_x.py::test_three": True,
    }
    failed = POINTS[0].tests[0]
    assert "| 1 | " in render(frozenset({failed}))
    assert render(frozenset({failed})) != render()
