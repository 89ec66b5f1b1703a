"""What Airflow 2 and 3 show of variables and connections, and how the rest is come by or named."""

from __future__ import annotations

from typing import Any

import pytest

from mwaa_wizard.airflow.cli_endpoint import CliAnswer
from mwaa_wizard.airflow.rest import RestUnavailable
from mwaa_wizard.entries import command_line, model, read
from mwaa_wizard.entries.paging import Turns
from mwaa_wizard.errors import WizardError
from tests.entries.fakes import FakeRest, Sides, variable
from tests.execution.fakes import client_error

VALUES = {
    "plain": "production",
    "挨拶": "こんにちは、世界",
    "release": "1.10",
    "count": "4",
    "flags": '{"new":  true}',
    "api_token": "s3cr*t\nsecond line",
    "service_password": '{"user": "svc", "password": "hidden-one"}',
    "stars": "rated ***",
    "empty": "",
}


class Cli:
    """Airflow's command line over the values; `noise` comes before what it prints."""

    def __init__(self, values: dict[str, str], noise: str = "") -> None:
        self.values, self.noise, self.words = values, noise, list[list[str]]()

    def __call__(self, client: Any, environment: str, words: list[str]) -> CliAnswer:
        self.words.append(words)
        if words[1] == "list":
            import json

            rows = [{"key": key, "val": value} for key, value in self.values.items()]
            return CliAnswer(True, "[2026] INFO - began\n" + json.dumps(rows), "")
        if "--default" in words:
            return CliAnswer(True, f"{self.noise}{words[3]}\n", "")
        return CliAnswer(True, f"{self.noise}{self.values[words[-1]]}\n", "")


def _reader(version: str, values: dict[str, str] = VALUES) -> read.Reader:
    client = FakeRest(version)
    client.rows["variables"] = [variable(key, value, f"about {key}") for key, value in values.items()]
    return read.Reader(Sides({("source", "mwaa"): client}), "source", "old", version, sleep=_no_sleep, turns=Turns(1e9))


def _source(reader: read.Reader) -> FakeRest:
    found: FakeRest = reader.rest._client()
    return found


def _no_sleep(seconds: float) -> None:
    """Time is nobody's here."""


def _values(found: list[model.Variable]) -> dict[str, str | None]:
    return {variable.key: variable.value for variable in found}


def _no_cli(client: Any, environment: str, words: list[str]) -> CliAnswer:
    raise WizardError(what="The web server of old cannot be reached.")


def test_airflow_2_gives_every_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "run_cli", _no_cli)
    found = _reader("2.10.3").variables()
    assert _values(found) == VALUES
    assert {variable.description for variable in found} == {f"about {key}" for key in VALUES}
    assert all(variable.exact and not variable.why for variable in found)


def test_what_airflow_3_masks_or_writes_anew_comes_from_its_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    cli = Cli(VALUES)
    monkeypatch.setattr(command_line, "run_cli", cli)
    found = _reader("3.0.6").variables()
    assert _values(found) == VALUES | {"flags": '{"new": true}'}
    assert [words[-1] for words in cli.words[1:]] == ["release", "api_token", "service_password", "stars"]
    assert [variable.key for variable in found if not variable.exact] == ["flags"]


def test_a_later_airflow_3_lists_all_values_in_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    cli = Cli(VALUES)
    monkeypatch.setattr(command_line, "run_cli", cli)
    found = _reader("3.2.1").variables()
    assert _values(found) == VALUES
    assert all(variable.exact for variable in found)
    assert len(cli.words) == 1


def test_before_invoke_rest_api_variables_come_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    cli = Cli(VALUES)
    monkeypatch.setattr(command_line, "run_cli", cli)
    reader = _reader("2.2.2")
    assert _values(reader.variables()) == VALUES
    assert not reader.lists
    assert reader.pools() == []
    assert reader.connections() == []
    assert _source(reader).calls == []
    monkeypatch.setattr(command_line, "run_cli", _no_cli)
    with pytest.raises(RestUnavailable, match="cannot be reached"):
        _reader("2.2.2").variables()


def test_without_the_command_line_masked_values_are_named_and_not_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "run_cli", _no_cli)
    reader = _reader("3.0.6")
    found = {variable.key: variable for variable in reader.variables()}
    lost = {key for key, variable in found.items() if variable.value is None}
    assert lost == {"api_token", "service_password", "stars"}
    assert "cannot be reached" in found["api_token"].why
    assert found["release"].value == "1.1"
    assert "1.10" in found["release"].why


def test_a_caller_without_cli_permission_still_gets_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(client: Any, environment: str, words: list[str]) -> CliAnswer:
        raise client_error("AccessDeniedException")

    monkeypatch.setattr(command_line, "run_cli", denied)
    found = {variable.key: variable for variable in _reader("3.0.6").variables()}
    assert found["plain"].value == "production"
    assert "airflow:CreateCliToken" in found["api_token"].why


def test_a_command_line_that_prints_more_than_the_value_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "run_cli", Cli(VALUES, noise="plugin loaded\n"))
    found = {variable.key: variable for variable in _reader("3.0.6").variables()}
    assert found["api_token"].value is None
    assert "prints more" in found["api_token"].why


def test_what_does_not_fit_the_masked_value_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = VALUES | {"service_password": "a log line", "stars": "another"}
    monkeypatch.setattr(command_line, "run_cli", Cli(wrong))
    found = _values(_reader("3.0.6").variables())
    assert found["service_password"] is None
    assert found["stars"] is None


def test_listing_only_asks_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "run_cli", _no_cli)
    assert set(_values(_reader("3.2.1").variables(listed_only=True))) == set(VALUES)


def test_a_key_like_an_option_is_no_option(monkeypatch: pytest.MonkeyPatch) -> None:
    cli = Cli({"--token": "x"})
    monkeypatch.setattr(command_line, "run_cli", cli)
    assert _values(_reader("3.0.6", {"--token": "x"}).variables()) == {"--token": "x"}
    assert cli.words[-1] == ["variables", "get", "--", "--token"]


def test_no_value_is_in_a_repr() -> None:
    canary = "canary-" + "in-a-repr"
    kept = [
        model.Variable("k", canary, canary),
        model.connection({"connection_id": "c", "conn_type": "t", "host": canary, "login": canary, "schema": canary,
                          "extra": canary}, newer=True),
    ]  # fmt: skip
    assert canary not in repr(kept)


ROW = {
    "connection_id": "warehouse", "conn_type": "postgres", "description": None, "host": "h", "login": "l",
    "schema": "s", "port": 5432, "extra": '{"sslmode": "require"}', "password": "pw",
}  # fmt: skip


@pytest.mark.parametrize(("version", "password"), [("2.10.3", "unknown"), ("3.0.6", "hidden")])
def test_connections_come_without_passwords(version: str, password: str) -> None:
    reader = _reader(version, {})
    _source(reader).rows["connections"] = [ROW, {**ROW, "connection_id": "open", "password": None}]
    first, second = reader.connections()
    assert (first.conn_id, first.port, first.extra, first.password) == ("warehouse", 5432, ROW["extra"], password)
    assert second.password == ("none" if version == "3.0.6" else "unknown")


def test_an_extra_that_is_masked_or_cannot_be_asked_for_is_hidden() -> None:
    newer = _reader("3.0.6", {})
    _source(newer).rows["connections"] = [{**ROW, "extra": '{"private_key": "***"}'}]
    assert newer.connections()[0].extra_hidden
    older = _reader("2.10.3", {})
    _source(older).rows["connections"] = [{**ROW, "connection_id": "c" * 60}]
    assert older.connections()[0].extra_hidden


def test_waiting_for_airflow_is_told() -> None:
    client = FakeRest()
    clients = Sides({("source", "mwaa"): client})
    heard: list[str] = []
    clients.on_retry = lambda retry: heard.append(retry.text())
    client.moods = [client_error("RestApiClientException", RestApiStatusCode=429, RestApiResponse={})]
    reader = read.Reader(clients, "source", "old", "3.0.6", sleep=_no_sleep, turns=Turns(1e9))
    assert len(reader.pools()) == 1
    assert heard == ["airflow:InvokeRestApi answered 429, try 2 of 4 in 2.0 s (source, us-east-1)"]
