"""The pairs every test run migrates for real; `make matrix` does all of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mwaa_wizard.sandbox.airflow.versions import parse
from tests.airflows import near
from tests.matrix.cells import Outcome
from tests.matrix.pairs import BRIDGE, Pair
from tests.matrix.run import work
from tests.matrix.world import World

pytestmark = pytest.mark.e2e

PAIRS = (
    ("1.10.12", "2.5.1", ""),
    ("1.10.12", "2.11.2", ""),
    ("2.2.2", "2.11.2", ""),
    ("2.5.1", "2.10.3", ""),
    ("2.10.3", "2.11.2", ""),
    ("2.10.3", BRIDGE, "3.3.1"),
)


def possible(source: str, target: str, after: str) -> Pair:
    """The pair with the Airflows this machine can run, the target never older than the source."""
    older, newer = sorted((near(source), near(target)), key=parse)
    return Pair(older, newer, near(after) if after else "")


def changed() -> Pair:
    """A pair whose target has the rows already, some with other values."""
    return replace(possible("2.10.3", "2.11.2", ""), policies=True)


@pytest.fixture(scope="module")
def outcomes(world: World) -> dict[Pair, Outcome]:
    pairs = list(dict.fromkeys([*(possible(*names) for names in PAIRS), changed()]))
    with ThreadPoolExecutor(2) as pool:
        return {outcome.pair: outcome for outcome in work(world, pairs, pool.submit, print)}


@pytest.mark.parametrize("names", PAIRS, ids=["-".join(filter(None, names)) for names in PAIRS])
def test_every_row_arrives_or_is_told(outcomes: dict[Pair, Outcome], names: tuple[str, str, str]) -> None:
    outcome = outcomes[possible(*names)]
    assert outcome.problems == []
    assert outcome.same
    assert outcome.second == 0
    assert outcome.inserted > 2000


def test_what_the_target_has_with_other_values_is_kept_replaced_or_a_refusal(outcomes: dict[Pair, Outcome]) -> None:
    outcome = outcomes[changed()]
    assert outcome.problems == []
    assert outcome.second == 0
    assert outcome.inserted > 500  # of those that had gone, and of those that had other values
