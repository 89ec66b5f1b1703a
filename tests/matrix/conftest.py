"""PostgreSQL and S3 for the pairs that every test run goes through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import SHARED_CACHE
from tests.matrix.world import World
from tests.services import aws_and_postgres


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("matrix")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MWAA_WIZARD_CACHE", SHARED_CACHE)
        with aws_and_postgres(root) as (postgres, endpoint):
            yield World(postgres, endpoint, root)
