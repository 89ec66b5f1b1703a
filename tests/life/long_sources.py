"""The life test again for older sources, each with a history that its own scheduler wrote.

Not part of `make test` for its length: `make life`.
"""

from __future__ import annotations

import pytest

from tests.life.choice import at_most
from tests.life.migration import Place
from tests.life.test_life import (
    Awake,
    lives_on,
    test_cleared_task_instances_run_again,
    test_no_run_is_made_twice_and_the_next_follows_the_last,
    test_nothing_of_it_made_a_process_stumble,
    test_pages_of_a_migrated_run,
    test_secrets_and_xcoms_read,
    test_the_api_lists_everything,
    test_the_schema_is_whole,
    test_the_source_really_has_a_history,
)

__all__ = [
    "test_cleared_task_instances_run_again",
    "test_no_run_is_made_twice_and_the_next_follows_the_last",
    "test_nothing_of_it_made_a_process_stumble",
    "test_pages_of_a_migrated_run",
    "test_secrets_and_xcoms_read",
    "test_the_api_lists_everything",
    "test_the_schema_is_whole",
    "test_the_source_really_has_a_history",
]

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module", params=["1.10.12", "2.0.2", "2.2.2", "2.7.2"])
def life(request: pytest.FixtureRequest, place: Place) -> Awake:
    place.end()  # the pair before: one Airflow fewer
    return lives_on(place, at_most(str(request.param)), at_most("2.11.2"))
