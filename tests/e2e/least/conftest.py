"""One sandbox and one source for all of these runs, and two people who begin with no permission at all."""

from __future__ import annotations

import pytest

from mwaa_wizard.sandbox import control
from tests.e2e.least.people import People, Person, environment_of, narrow
from tests.e2e.routes.two_accounts import Side
from tests.e2e.world import SOURCE, World


@pytest.fixture(scope="package")
def here(world: World) -> Side:
    """The source's account as its administrator sees it; the source's role has the generated base policy only."""
    status = control.status()
    place = next(one for one in status.accounts if one.profile == status.profile)
    side = Side(world.home, world.source_version, world.target_version, place)
    narrow(side, environment_of(side, SOURCE))
    return side


@pytest.fixture(scope="package")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    """Everybody that a test makes."""
    return People(tmp_path_factory.mktemp("people"))


@pytest.fixture(scope="package")
def leaving(people: People, here: Side) -> Person:
    """Who works in the source's account for the source's side."""
    return people.person(here, "least-source")


@pytest.fixture(scope="package")
def arriving(people: People, here: Side) -> Person:
    """Who works in the same account for the target's side, as another role: under a path, which STS does not tell."""
    return people.person(here, "least-target", "/team/")
