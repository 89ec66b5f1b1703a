"""One loopback AWS for the folder; every test sees it through a profile `cli` in files of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.cloud import Cloud


@pytest.fixture(scope="session")
def shared_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        cloud = Cloud(tmp_path_factory.mktemp("cloud"))
        yield cloud
        cloud.end()


@pytest.fixture
def cloud(shared_cloud: Cloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cloud:
    for name in ("config", "credentials"):
        shutil.copy(shared_cloud.folder / "aws" / name, tmp_path / f"aws-{name}")
    monkeypatch.setenv("AWS_ENDPOINT_URL", shared_cloud.url)
    return shared_cloud
