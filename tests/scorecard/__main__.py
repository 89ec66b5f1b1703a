"""`make scorecard`: run every test that the points name and write docs/scorecard.md.

`--report JUNIT.xml` takes the outcomes from a run that was made already (`make test ARGS=--junitxml=FILE`).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from .card import CARD, ROOT, WANTED, problems, render
from .points import POINTS


def outcomes(report: Path) -> dict[str, bool]:
    """Test -> whether all its cases passed; a skipped case is no proof."""
    found: dict[str, bool] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        module = case.get("classname", "").replace(".", "/") + ".py"
        name = f"{module}::{case.get('name', '').partition('[')[0]}"
        good = case.find("failure") is None and case.find("error") is None and case.find("skipped") is None
        found[name] = found.get(name, True) and good
    return found


def main() -> int:
    """Returns the exit code: 0 only where at least 58 points hold and nothing named is missing."""
    parser = argparse.ArgumentParser(prog="make scorecard")
    parser.add_argument("--report", type=Path, help="a JUnit report of a run that was made already")
    options = parser.parse_args()
    wrong = problems()
    tests = sorted({test for point in POINTS for test in point.tests})
    with tempfile.TemporaryDirectory() as folder:
        report = options.report or Path(folder) / "report.xml"
        if options.report is None:
            subprocess.run(
                [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *tests], cwd=ROOT, check=False
            )
        passed = outcomes(report)
    failed = frozenset(test for test in tests if not passed.get(test.partition("[")[0], False))
    wrong += [f"did not pass: {test}" for test in sorted(failed)]
    CARD.write_text(render(failed), encoding="utf-8")
    held = sum(point.held and not failed.intersection(point.tests) for point in POINTS)
    print("\n".join([*wrong, f"{held} of {len(POINTS)} points hold; {CARD.relative_to(ROOT)} is written"]))
    return 0 if held >= WANTED and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
