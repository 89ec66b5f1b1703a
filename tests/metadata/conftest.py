"""One PostgreSQL and one S3 for all end-to-end tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import SHARED_CACHE
from tests.metadata.lab import Lab
from tests.services import aws_and_postgres


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("metadata")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MWAA_WIZARD_CACHE", SHARED_CACHE)
        with aws_and_postgres(root) as (postgres, endpoint):
            yield Lab(postgres, endpoint, root)
