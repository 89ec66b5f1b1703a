"""A copy of a session begins in front of its run, wherever the original stands."""

from __future__ import annotations

import pytest

from mwaa_wizard.session import copying
from tests.screens.fakes import ready_session


@pytest.mark.parametrize("page", ["run", "summary", "cutover", "cleanup"])
def test_a_copy_has_had_no_run(page: str) -> None:
    session = ready_session()
    session.page.name = page
    session.page.done = [*session.page.done, "review", "run", "summary", "cutover"]
    copy = copying.duplicate(session)
    assert copy.page.name == "review"
    assert copy.page.done == ["connect", "source", "target", "settings", "tables", "logs", "policies"]
