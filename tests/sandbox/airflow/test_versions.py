"""The version table is what lies in data/pins, and every list there is complete."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from mwaa_wizard.sandbox.airflow import versions

LISTS = sorted(versions.PINS.glob("*.txt"))
# What MWAA offers today and the demo's source; each must run with the Pythons that version allows.
WANTED = {
    "2.7.2": {11}, "2.8.1": {11}, "2.9.2": {11, 12}, "2.10.1": {11, 12}, "2.10.3": {11, 12},
    "2.11.0": {11, 12}, "2.11.2": {11, 12, 13},
}  # fmt: skip


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_pin_list_holds_only_pins_of_its_own_version(path: Path) -> None:
    match = re.fullmatch(r"airflow-(\d+\.\d+\.\d+)-py3(\d+)", path.stem)
    assert match, path.name
    names = {}
    for line in path.read_text().splitlines():
        pin = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9][A-Za-z0-9.+!]*)", line)
        assert pin, f"{path.name}: {line!r} is no pin"
        name = re.sub(r"[-_.]+", "-", pin[1]).lower()
        assert name not in names, f"{path.name} pins {name} twice"
        names[name] = pin[2]
    assert names["apache-airflow"] == match[1]
    for needed in ("boto3", "watchtower", "psycopg2-binary"):
        assert needed in names, f"{path.name} lacks {needed}"
    if versions.parse(match[1]) >= (2, 0, 0):
        assert "apache-airflow-providers-amazon" in names
    if versions.parse(match[1]) >= (3, 0, 0):
        assert {"apache-airflow-providers-fab", "asyncpg"} <= names.keys()


def test_every_wanted_pair_is_there() -> None:
    table = versions.supported()
    missing = {v: minors - set(table.get(v, ())) for v, minors in WANTED.items() if minors - set(table.get(v, ()))}
    assert missing == {}


def test_mwaas_own_python_comes_first() -> None:
    table = versions.supported()
    assert table["2.8.1"][0] == 11
    assert table["2.11.2"][0] == 12
    assert table["3.0.6"][0] == 12
    assert table["2.4.3"] == (10,)


@pytest.mark.parametrize(
    ("wanted", "candidates", "expected"),
    [
        ("2.8.1", ["2.7.2", "2.8.1", "2.9.2"], "2.8.1"),
        ("2.8.1", ["2.7.2", "2.9.2"], "2.9.2"),
        ("2.10.2", ["2.10.1", "2.10.3"], "2.10.3"),
        ("2.8.1", ["2.11.2", "3.0.6"], "2.11.2"),
        ("3.1.0", ["2.11.2", "3.0.6"], "3.0.6"),
    ],
)
def test_nearest(wanted: str, candidates: list[str], expected: str) -> None:
    assert versions.nearest(wanted, candidates) == expected


def test_nearest_of_nothing() -> None:
    with pytest.raises(ValueError, match="no Airflow version"):
        versions.nearest("2.8.1", [])


def test_this_python_is_found_for_a_version_that_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    minor = sys.version_info[1]
    version = next((v for v, minors in reversed(versions.supported().items()) if minor in minors), None)
    if version is None:
        assert minor not in {minor for minors in versions.supported().values() for minor in minors}
        return
    monkeypatch.setenv(versions.ENV_PYTHON, f"3.{minor}")
    python = versions.python_for(version, download=False)
    assert python is not None
    assert versions.minor_of(python) == minor
    assert version in versions.runnable()


def test_a_version_without_a_list_has_no_python() -> None:
    assert versions.python_for("2.3.4", download=False) is None
