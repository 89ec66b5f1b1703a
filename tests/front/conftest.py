"""Fixtures: a state folder of the test's own and the engine's seam filled with in-memory answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.fakes import FakeEngine, home


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeEngine:
    """The engine as the front-ends see it."""
    home(monkeypatch, tmp_path)
    return FakeEngine().install(monkeypatch)
