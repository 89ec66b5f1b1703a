"""Every refusal of test_refusals.py, where `make test` has one a step."""

from __future__ import annotations

import pytest

from mwaa_wizard.session.model import Session
from tests.e2e.test_refusals import STAGES, Operator, refused, stops_at_each
from tests.e2e.world import World

pytestmark = pytest.mark.e2e

__all__ = ["refused"]  # the fixture


def test_every_refusal_stops_at_its_step_and_the_run_goes_on(world: World, refused: tuple[Operator, Session]) -> None:
    stops_at_each(world, refused, STAGES)
