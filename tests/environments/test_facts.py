"""The dated data files, and the user's own values on top of them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard.environments import cost, facts, rules, versions
from mwaa_wizard.errors import EXIT_USAGE, WizardError


def own(name: str, document: Any) -> Path:
    path = facts.user_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", facts.NAMES)
def test_every_file_says_when_and_from_where(name: str) -> None:
    data = facts.load(name)
    assert dt.date(2026, 1, 1) <= dt.date.fromisoformat(data["as_of"]) <= dt.date(2026, 12, 31)
    assert len(data["source"]) > 10
    assert facts.as_of(name) == f"{data['as_of']} ({data['source']})"


def test_no_file_lies_in_the_folder_that_nobody_loads() -> None:
    folder = Path(facts.__file__).parent / "data"
    assert {path.stem for path in folder.iterdir()} == set(facts.NAMES)


@pytest.mark.parametrize(
    ("version", "python", "since", "ended"),
    [
        ("3.3.1", "3.12", "2026-09-01", ""),
        ("2.11.0", "3.12", "2026-01-07", ""),
        ("2.10.3", "3.11", "2024-12-18", ""),
        ("2.6.3", "3.10", "", "2025-12-30"),
        ("2.2.2", "3.7", "", "2024-06-27"),
        ("1.10.12", "3.7", "", "2024-02-21"),
    ],
)  # MWAA user guide: airflow-versions
def test_facts_of_versions(version: str, python: str, since: str, ended: str) -> None:
    row = versions.find(version)
    assert row is not None
    assert (row.python, row.since, row.end_of_support, row.creatable) == (python, since, ended, not ended)


@pytest.mark.parametrize(
    ("name", "schedulers", "webservers"),
    [("mw1.micro", (1, 1, 1), (1, 1, 1)), ("mw1.small", (2, 5, 2), (2, 5, 2)), ("mw1.2xlarge", (2, 5, 2), (2, 5, 2))],
)  # MWAA user guide: environment-class
def test_counts_of_classes(name: str, schedulers: tuple[int, int, int], webservers: tuple[int, int, int]) -> None:
    row = versions.find_class(name)
    assert row is not None
    assert (row.schedulers.min, row.schedulers.max, row.schedulers.default) == schedulers
    assert (row.webservers.min, row.webservers.max, row.webservers.default) == webservers
    assert row.schedulers.fixed is (name == "mw1.micro")


def test_quotas() -> None:
    assert {row.name: (row.value, row.adjustable) for row in versions.quotas()} == {
        "environments": (10, True), "workers": (25, True), "webservers": (5, True), "schedulers": (5, False),
    }  # fmt: skip


def test_a_users_row_changes_one_value_and_leaves_the_others() -> None:
    before = versions.find_class("mw1.small")
    path = own("classes", {"as_of": "2027-01-15", "classes": [{"name": "mw1.small", "price_per_hour": 0.51}]})
    after = versions.find_class("mw1.small")
    assert before is not None
    assert after is not None
    assert after.price_per_hour == 0.51
    assert (after.dags, after.schedulers) == (before.dags, before.schedulers)
    assert [row.name for row in versions.classes()][:2] == ["mw1.micro", "mw1.small"]
    assert facts.as_of("classes").startswith("2027-01-15")
    assert str(path) in facts.as_of("classes")
    path.unlink()
    assert versions.find_class("mw1.small") == before


def test_a_new_version_takes_its_place_and_is_used() -> None:
    own("versions", {"versions": [{"version": "2.11.4", "python": "3.12"}, {"version": "2.7.2", "creatable": False}]})
    found = [row.version for row in versions.known()]
    assert found[found.index("3.0.6") + 1] == "2.11.4"
    assert versions.newest_of_2() == "2.11.4"
    assert versions.creatable()[-1] == "2.8.1"
    assert rules.problems({"AirflowVersion": "2.11.4"}) == {}
    assert versions.unlisted_version("2.11.4") == ""


def test_a_change_of_the_users_file_is_seen() -> None:
    import os

    path = own("prices", {"overlap_hours": 48})
    assert cost.overlap_hours() == 48
    own("prices", {"overlap_hours": 12})
    os.utime(path, ns=(1, 1))
    assert cost.overlap_hours() == 12


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("versions", "{"),
        ("versions", "[]"),
        ("versions", '{"versions": [{"python": "3.12"}]}'),
        ("versions", '{"versions": [{"version": "newest"}]}'),
        ("versions", '{"versions": {"3.4.0": true}}'),
        ("classes", '{"classes": [{"name": "mw1.small", "price_per_hour": "cheap"}]}'),
        ("classes", '{"classes": [{"name": "mw2.huge", "dags": 9}]}'),
        ("prices", '{"regions": [{"name": "eu-west-1", "factor": -1}]}'),
        ("prices", '{"regions": [{"name": "eu-west-1"}]}'),
        ("quotas", '{"quotas": [{"name": "workers", "value": true}]}'),
    ],
)
def test_a_users_file_that_does_not_fit_is_named(name: str, text: str) -> None:
    path = own(name, text)
    with pytest.raises(WizardError) as caught:
        facts.load(name)
    assert caught.value.where == str(path)
    assert caught.value.exit_code == EXIT_USAGE
    assert "delete" in caught.value.remedy


def test_other_values_are_taken_with_a_warning() -> None:
    assert "3.4.0" in versions.unlisted_version("3.4.0")
    assert "mw2.huge" in versions.unlisted_class("mw2.huge")
    assert "\x1b" not in versions.unlisted_version("3\x1b[31m")
    assert versions.unlisted_version("3.3.1") == versions.unlisted_class("mw1.large") == ""
    assert rules.problems({"AirflowVersion": "2.11.9", "EnvironmentClass": "mw2.huge"}) == {}


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"EnvironmentClass": "mw1.micro", "Schedulers": 1}, set()),
        ({"EnvironmentClass": "mw1.micro", "Schedulers": 2}, {"Schedulers"}),
        ({"EnvironmentClass": "mw1.small", "Schedulers": 2, "MinWebservers": 5, "MaxWebservers": 5}, set()),
        ({"EnvironmentClass": "mw1.small", "Schedulers": 1}, {"Schedulers"}),
        ({"EnvironmentClass": "mw1.small", "Schedulers": 6}, {"Schedulers"}),
        ({"EnvironmentClass": "mw1.large", "MinWebservers": 1, "MaxWebservers": 5}, {"MinWebservers"}),
        ({"EnvironmentClass": "mw1.large", "MinWebservers": 2, "MaxWebservers": 6}, {"MaxWebservers"}),
    ],
)
def test_counts_just_inside_and_just_outside(settings: dict[str, object], wrong: set[str]) -> None:
    assert set(rules.problems(settings)) == wrong
