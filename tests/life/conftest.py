"""One PostgreSQL and one S3 for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import SHARED_CACHE
from tests.life import migration


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[migration.Place]:
    root = tmp_path_factory.mktemp("life")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MWAA_WIZARD_CACHE", SHARED_CACHE)
        patch.setenv("MWAA_WIZARD_SANDBOX", str(root))
        with migration.place(root) as found:
            yield found
