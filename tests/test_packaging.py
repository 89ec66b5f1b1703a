"""The wheel holds every file the program reads beside its code, and nothing of the tests."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("mwaa_wizard", "screens")


def build(kind: str, folder: Path) -> Path:
    """A distribution built with the installed hatchling, without the network."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)],
        cwd=ROOT, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return next(folder.iterdir())


def files_of(package: str) -> set[str]:
    """What the source tree has, byte code excepted."""
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    with zipfile.ZipFile(build("wheel", tmp_path_factory.mktemp("wheel"))) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_both_packages(wheel: set[str]) -> None:
    wanted = files_of("mwaa_wizard") | files_of("screens")
    assert wanted - wheel == set()
    for suffix in (".tcss", ".json", ".txt", ".pth", "py.typed", ".airflowignore", ".mo"):
        assert [name for name in wheel if name.endswith(suffix)], f"no {suffix} at all"


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    others = {name for name in wheel if not name.startswith(tuple(f"{package}/" for package in PACKAGES))}
    assert all(".dist-info/" in name for name in others), others
    assert not [name for name in wheel if "__pycache__" in name or name.endswith(".pyc")]
    assert [name for name in others if name.endswith("entry_points.txt")]
    assert [name for name in others if name.endswith("licenses/LICENSE")]


def test_the_source_distribution_can_be_tested(tmp_path: Path) -> None:
    with tarfile.open(build("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for needed in ("Makefile", "README.md", "LICENSE", "pyproject.toml", "requirements.lock", "tests/conftest.py"):
        assert needed in names
    assert files_of("mwaa_wizard") | files_of("screens") <= names
