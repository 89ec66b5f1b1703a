"""One local AWS for the folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.logs.cloud import Cloud


@pytest.fixture(scope="session")
def _cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    made = Cloud(tmp_path_factory.mktemp("cloud"))
    yield made
    made.aws.stop()


@pytest.fixture
def cloud(_cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    for name, value in _cloud.environ().items():
        monkeypatch.setenv(name, value)
    _cloud.events.clear()
    return _cloud
