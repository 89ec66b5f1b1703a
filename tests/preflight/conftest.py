"""The loopback AWS of the steps' tests, with an environment that every check passes."""

from __future__ import annotations

import pytest

from tests.execution.conftest import endpoint, make_client, rig
from tests.execution.fakes import Rig
from tests.preflight.world import furnish

__all__ = ["endpoint", "make_client", "rig"]


@pytest.fixture
def furnished(rig: Rig) -> Rig:
    """A rig in which nothing is wrong."""
    furnish(rig)
    return rig
