"""Every test has its own state folder and sees no AWS profile, region or endpoint of the machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# The sandbox's Airflow installations are shared between tests and runs; everything else is each test's own.
SHARED_CACHE = os.environ.get("MWAA_WIZARD_CACHE", str(Path(__file__).parent.parent / ".cache"))

# Set in many containers; without byte code every Python that a test starts would compile all it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Seconds for one end-to-end test on two busy cores; some run the wizard thirty times.
_E2E_TIMEOUT = 1800


# Folders whose end-to-end tests share one sandbox or one PostgreSQL; the longest first.
_SHARING = ("e2e/routes", "e2e", "metadata", "matrix", "life")


def _group(nodeid: str) -> str:
    """What one worker runs by itself, in order: a folder that shares, otherwise a file."""
    path = nodeid.partition("::")[0].removeprefix("tests/")
    return next((folder for folder in _SHARING if path.startswith(f"{folder}/")), path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where several workers run the tests, what shares fixtures stays together."""
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class Groups(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return _group(nodeid)

    return Groups(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """More time for end-to-end tests; several workers begin with the long groups, so that none is left with one."""
    for item in items:
        if item.get_closest_marker("e2e") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(_E2E_TIMEOUT))
    if "PYTEST_XDIST_WORKER" in os.environ:
        order = {name: place for place, name in enumerate(_SHARING)}
        items.sort(key=lambda item: order.get(_group(item.nodeid), len(order)))


@pytest.fixture(autouse=True)
def _own_world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    if request.node.get_closest_marker("e2e"):
        # End-to-end tests share a sandbox and set up their own world (see tests/e2e/conftest.py).
        yield
        return
    for name in list(os.environ):
        if name.startswith("AWS_") and name != "AWS_CA_BUNDLE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("MWAA_WIZARD_HOME", str(tmp_path / "wizard"))
    monkeypatch.setenv("MWAA_WIZARD_CACHE", SHARED_CACHE)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "aws-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    yield
