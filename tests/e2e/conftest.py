"""One sandbox for all end-to-end tests: a source with history, real Airflow, real PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SHARED_CACHE
from tests.e2e.world import SOURCE, World
from tests.policies.minimal import fresh


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a wizard and a sandbox of their own; what the tests start there is gone at the end."""
    from mwaa_wizard import paths
    from mwaa_wizard.sandbox import control, leftovers

    found = tmp_path_factory.mktemp("wizard")
    before = dict(os.environ)
    for name in list(os.environ):
        if name.startswith("AWS_") and name != "AWS_CA_BUNDLE":
            del os.environ[name]
    os.environ.update(
        MWAA_WIZARD_HOME=str(found),
        MWAA_WIZARD_CACHE=SHARED_CACHE,
        MWAA_WIZARD_SANDBOX_LEDGER="1",
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        TEXTUAL_ANIMATIONS="none",
        COLORTERM="truecolor",
    )
    try:
        yield Path(found)
    finally:
        rows = _asked_for()
        control.down()
        left = leftovers.find(paths.sandbox_dir())
        os.environ.clear()
        os.environ.update(before)
        assert left == [], f"the sandbox left processes behind: {left}"
        told = "asked for and in no record of tests/policies/minimal (anew: MWAA_WIZARD_RECORD=1 make least)"
        assert (new := fresh.unknown(rows)) == [], f"{told}: {new}"


def _asked_for() -> list[dict[str, Any]]:
    """Every permission that was asked for in the sandbox since it was started."""
    from mwaa_wizard.errors import WizardError
    from mwaa_wizard.sandbox import control

    try:
        return control.ledger()
    except WizardError:
        return []  # it does not run any more


@pytest.fixture(scope="package")
def world(home: Path) -> World:
    """A running sandbox with the source."""
    from mwaa_wizard.sandbox import control
    from mwaa_wizard.sandbox.demo import TARGET_VERSION, source_version

    version = source_version()
    status = control.up([(SOURCE, version)], "small", lambda line: print(line, flush=True))
    os.environ.update(status.environ())
    return World(home, version, TARGET_VERSION)
