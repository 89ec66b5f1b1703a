"""`mwaa-wizard routes`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mwaa_wizard.cli import COMMANDS
from mwaa_wizard.commands.routes import routes
from mwaa_wizard.environments.routes import Request, plan, render
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.text import width
from tests.environments.routes.table import VERSIONS


def say(*words: str) -> str:
    found = CliRunner().invoke(routes, list(words), standalone_mode=False, catch_exceptions=False)
    assert found.return_value == 0
    return found.output


def test_the_command_is_there() -> None:
    assert COMMANDS["routes"] == "mwaa_wizard.commands.routes:routes"


def test_the_example_of_the_help() -> None:
    said = say("1.10.12", "3.3.1", "--keep", "history,logs")
    lines = said.splitlines()
    assert lines[0].startswith("MWAA 1.10.12 → MWAA 3.3.1")
    assert lines[1] == "To keep: history, task logs"
    assert "▸ bridge: recommended" in said
    for kind in ("in-place", "new-environment", "settings-only"):
        assert f"✘ {kind}: blocked" in said
    assert "2026-09-01" in said


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(VERSIONS), st.sampled_from(VERSIONS), st.booleans(), st.booleans(), st.sampled_from([60, 80, 120])
)
def test_it_fits_the_screen(source: str, target: str, own: bool, away: bool, columns: int) -> None:
    found = plan(Request(source, target, self_managed=own, elsewhere=away, keep=frozenset({"history", "name"})))
    text = render.to_text(found, columns)
    assert max(width(line) for line in text.splitlines()) <= columns
    assert text.endswith("\n")
    assert "{" not in text


def test_80_columns_where_the_terminal_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    assert max(width(line) for line in say("2.8.1", "3.3.1").splitlines()) == 80


def test_json_holds_everything() -> None:
    found = json.loads(
        say("2.8.1", "3.3.1", "--json", "--keep", "name", "--class", "mw1.large", "--region", "sa-east-1")
    )
    assert found["request"]["keep"] == ["name"]
    assert [(route["kind"], route["possible"]) for route in found["routes"]] == [
        ("in-place", True), ("bridge", True), ("settings-only", True), ("new-environment", False),
    ]  # fmt: skip
    assert found["routes"][1]["overlap"]["target_hour"] == pytest.approx(0.99 * 1.72, abs=1e-4)
    assert found["routes"][1]["lost"] == ["name"]
    assert found["routes"][3]["blocked"][0]["source"]


def test_self_managed_and_hours() -> None:
    said = say("1.10.15", "2.11.2", "--self-managed", "--hours", "2")
    assert said.startswith("self-managed Airflow 1.10.15")
    assert "$0.98 in 2 hours" in said
    assert "What the source costs meanwhile is not known here." in said


def test_a_month_of_both() -> None:
    said = say("2.8.1", "2.11.2", "--class", "mw1.medium", "--source-class", "mw1.small")
    assert "A month of the target: $540.20; of the source: $357.70 (+$182.50)" in said
    smaller = say("2.8.1", "2.11.2", "--class", "mw1.micro", "--source-class", "mw1.small")
    assert "(-$146.00)" in smaller
    own = say("2.8.1", "2.11.2", "--self-managed", "--class", "mw1.medium")
    assert "A month of the target: $540.20; without" in own
    assert "A month" not in say("2.8.1", "2.11.2", "--class", "mw9.none")


def test_unknown_versions_need_other() -> None:
    said = say("2.8.1", "3.4.0", "--other")
    assert "⚠ Airflow 3.4.0 is not in our table" in said


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["2.8.1", "9.9.9"], "MWAA is not known to have Airflow 9.9.9."),
        (["nonsense", "2.11.2"], "is not an Airflow version"),
        (["2.8.1", "2.11.2", "--keep", "history,dogs"], "--keep knows no dogs."),
    ],
)
def test_plain_errors(words: list[str], told: str) -> None:
    with pytest.raises(WizardError) as caught:
        say(*words)
    assert told in caught.value.what
    assert caught.value.remedy
    assert caught.value.exit_code == EXIT_USAGE
