"""The dated data files: versions, classes, options."""

from __future__ import annotations

import datetime as dt

import pytest

from mwaa_wizard.environments import rules, versions


@pytest.mark.parametrize("name", ["versions", "classes", "options"])
def test_every_data_file_says_when_and_from_where(name: str) -> None:
    data = versions.load(name)
    assert dt.date.fromisoformat(data["as_of"]) <= dt.date(2026, 12, 31)
    assert data["source"]


def test_versions_are_sorted_and_creatable_ones_begin_at_2_7_2() -> None:
    every = [versions.parse(row.version) for row in versions.known()]
    assert every == sorted(every, reverse=True)
    assert versions.creatable()[-1] == "2.7.2"
    assert "2.6.3" not in versions.creatable()


@pytest.mark.parametrize(
    ("version", "python"), [("2.7.2", "3.11"), ("2.11.2", "3.12"), ("1.10.12", "3.7"), ("9.9.9", None)]
)
def test_python_of_a_version(version: str, python: str | None) -> None:
    assert versions.python_of(version) == python


@pytest.mark.parametrize(
    ("source", "target", "hop"),
    [("2.8.1", "2.11.2", None), ("2.8.1", "3.3.1", "2.11.2"), ("2.11.2", "3.0.6", "2.11.2"), ("3.0.6", "3.3.1", None)],
)
def test_history_enters_airflow_3_by_way_of_2(source: str, target: str, hop: str | None) -> None:
    assert versions.needs_hop(source, target) == hop


def test_prices_are_those_of_the_price_list() -> None:
    assert versions.price_per_month("mw1.small") == 357.70
    assert versions.price_per_month("mw1.medium") == 540.20
    assert versions.price_per_month("mw2.huge") is None


@pytest.mark.parametrize(("text", "parts"), [("2.10.3", (2, 10, 3)), ("", ()), ("x", ()), ("2.10.3rc1", (2, 10, 3))])
def test_parse(text: str, parts: tuple[int, ...]) -> None:
    assert versions.parse(text) == parts


@pytest.mark.parametrize(
    ("key", "version", "word"),
    [
        ("core.executor", "2.11.2", "MWAA sets"),
        ("core.dag_concurrency", "3.0.6", "core.max_active_tasks_per_dag"),
        ("core.check_slas", "3.0.6", "no such option"),
        ("core.multi_team", "3.3.1", "does not support"),
    ],
)
def test_options_a_version_does_not_take(key: str, version: str, word: str) -> None:
    assert word in rules.option_problems(key, version)[0]
    assert rules.option_problems("core.parallelism", version) == []
