"""One line says how it ended, the same on the page and in plain lines; what was rejected is part of it."""

from __future__ import annotations

import pytest

from mwaa_wizard.front.shown import ReportText
from mwaa_wizard.front.verdict import signed, verdict
from tests.screens.fakes import ready_session


@pytest.mark.parametrize(
    ("route", "same", "rejected", "line"),
    [
        ("new-environment", True, 0, "✔ VERIFIED: the target has all that was chosen"),
        ("new-environment", True, 1, "✔ VERIFIED: the target has all that was chosen but 1 rejected row"),
        ("bridge", True, 12_000, "✔ VERIFIED: the target has all that was chosen but 12,000 rejected rows"),
        ("in-place", True, 0, "✔ VERIFIED: it runs the new version, and all is there"),
        ("new-environment", False, 3, "✘ Verification found differences"),
        ("settings-only", None, 0, "Not verified"),
    ],
)
def test_the_line(route: str, same: bool | None, rejected: int, line: str) -> None:
    session = ready_session()
    session.route = route  # type: ignore[assignment]
    found = ReportText("", (), (), same, rejected)
    assert signed(found) + verdict(session, found) == line
