"""Two minutes of each Airflow 3 on a history that was moved to 2.11.2 and upgraded by Airflow's own `db migrate`.

Not part of `make test` for its length: `make bridge`.
"""

from __future__ import annotations

import pytest

from tests.life import acts, history
from tests.life.choice import at_most, three
from tests.life.migration import MANUAL_RUN, Migrated, Place, migrate

pytestmark = pytest.mark.e2e

TWO_MINUTES = 120.0


@pytest.fixture(scope="module")
def moved(place: Place) -> Migrated:
    """The target has gone on for a while, and is stopped."""
    done = migrate(place, at_most("2.5.1"), at_most("2.11.2"))
    acts.wake(done)
    done.target.stop()
    return done


@pytest.mark.parametrize("version", ["3.0.6", "3.2.1", "3.3.1"])
def test_two_minutes(place: Place, moved: Migrated, version: str) -> None:
    before = history.read(moved.target)
    upgraded = place.airflow("bridge_" + version.replace(".", "_"), three(version))
    try:
        acts.bridge(moved.target, upgraded)
        assert history.missing(before, history.served(upgraded)) == []
        acts.stay(upgraded, TWO_MINUTES)
        acts.see_new_runs(upgraded, before, 2)
        served = history.served(upgraded)
        assert history.missing(before, served) == []
        assert acts.runs_twice(before, served, upgraded.release) == []
        acts.clear(upgraded, "life_manual", MANUAL_RUN, "settings")
        acts.clear(upgraded, "life_told", "told", "first", "second", "third")
        acts.stay(upgraded, 10)
    finally:
        upgraded.stop()
