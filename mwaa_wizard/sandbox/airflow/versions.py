"""Which Airflow versions the sandbox can run, and with which Python of this machine.

The table is the folder of pin lists: `data/pins/airflow-<version>-py3NN.txt` exists only for a pair that was
installed, migrated and seen running a DAG.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from mwaa_wizard.i18n import _

PINS = Path(__file__).parent.parent / "data" / "pins"
ENV_PYTHON = "MWAA_WIZARD_AIRFLOW_PYTHON"
_FETCH_SECONDS = 180.0
_NAME = re.compile(r"airflow-(?P<version>\d+\.\d+\.\d+)-py3(?P<minor>\d+)\.txt")

# The Python that MWAA itself runs for a version (MWAA user guide: airflow-versions); preferred when several are here.
_MWAA_PYTHON_FROM = (((2, 11), 12), ((2, 7), 11), ((2, 4), 10), ((0, 0), 7))


def parse(version: str) -> tuple[int, int, int]:
    """`"2.10.3"` as `(2, 10, 3)`. Raises ValueError for anything but three numbers."""
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)


@cache
def supported() -> dict[str, tuple[int, ...]]:
    """Airflow version -> minor numbers of the Python 3 releases with a pin list, MWAA's own Python first."""
    table: dict[str, set[int]] = {}
    for path in PINS.glob("airflow-*.txt"):
        if match := _NAME.fullmatch(path.name):
            table.setdefault(match["version"], set()).add(int(match["minor"]))
    return {version: _ordered(version, table[version]) for version in sorted(table, key=parse)}


def _ordered(version: str, minors: Iterable[int]) -> tuple[int, ...]:
    own = next(minor for since, minor in _MWAA_PYTHON_FROM if parse(version)[:2] >= since)
    return tuple(sorted(minors, key=lambda minor: (minor != own, abs(minor - own))))


def pin_list(version: str, minor: int) -> Path:
    """The pin list of one Airflow version and Python 3 minor; the file may not exist."""
    return PINS / f"airflow-{version}-py3{minor}.txt"


def nearest(version: str, candidates: Iterable[str]) -> str:
    """The candidate closest to `version`: same major, then same minor, then newer before older.

    Raises ValueError when there are no candidates.
    """
    wanted = parse(version)

    def distance(candidate: str) -> tuple[int, int, int, bool]:
        have = parse(candidate)
        major, minor, patch = (abs(a - b) for a, b in zip(have, wanted, strict=True))
        return major, minor, patch, have < wanted

    ranked = sorted(candidates, key=distance)
    if not ranked:
        raise ValueError("no Airflow version to choose from")
    return ranked[0]


def python_for(version: str, *, download: bool = True, progress: Callable[[str], None] | None = None) -> Path | None:
    """An interpreter on this machine that `version` has a pin list for, or None.

    MWAA's own Python for that version comes first, unless $MWAA_WIZARD_AIRFLOW_PYTHON (such as `3.13`) asks for
    another. With `download`, uv fetches MWAA's as a last resort; that can fail within half a minute or take some.
    """
    minors = supported().get(version, ())
    if (wanted := os.environ.get(ENV_PYTHON, "")).startswith("3.") and wanted[2:].isdigit():
        minors = tuple(sorted(minors, key=lambda minor: minor != int(wanted[2:])))
    for minor in minors:
        if found := _local_python(minor):
            return found
    if download and minors:
        if progress is not None:
            progress(_("No Python for Airflow {version} is here; asking uv for 3.{minor} ...").format(
                version=version, minor=minors[0]
            ))  # fmt: skip
        return _fetch(minors[0])
    return None


def runnable() -> list[str]:
    """The supported versions this machine can run with the Pythons it already has, oldest first."""
    return [version for version in supported() if python_for(version, download=False)]


def minor_of(python: Path) -> int:
    """The Python 3 minor of an interpreter, asked of the interpreter itself."""
    code = "import sys; print(sys.version_info[1])"
    said = subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return int(said.stdout)


@cache
def _local_python(minor: int) -> Path | None:
    for candidate in _candidates(minor):
        try:
            if candidate.exists() and minor_of(candidate) == minor:
                return candidate
        except (OSError, ValueError, subprocess.SubprocessError):
            continue  # a pyenv shim without that version, a broken link: not a Python we can use
    return _uv_python(minor)


def _candidates(minor: int) -> Iterable[Path]:
    if sys.version_info[:2] == (3, minor):
        yield Path(getattr(sys, "_base_executable", "") or sys.executable)
    roots = [os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv")]
    for root in filter(None, roots):
        yield from sorted(Path(root).glob(f"versions/3.{minor}.*/bin/python"), reverse=True)
    if on_path := shutil.which(f"python3.{minor}"):
        yield Path(on_path)


def _fetch(minor: int) -> Path | None:
    """A Python from uv's own builds, if their site answers."""
    from mwaa_wizard.sandbox.airflow import uv_tool

    try:
        done = uv_tool.run_uv(["python", "install", "--no-bin", f"3.{minor}"], _FETCH_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return _uv_python(minor) if done.returncode == 0 else None


def _uv_python(minor: int) -> Path | None:
    from mwaa_wizard.sandbox.airflow import uv_tool

    try:
        said = uv_tool.run_uv(["python", "find", "--no-project", "--system", "--offline", f"3.{minor}"], 60)
        path = Path(said.stdout.strip().splitlines()[-1]) if said.returncode == 0 and said.stdout.strip() else None
        return path if path is not None and minor_of(path) == minor else None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
