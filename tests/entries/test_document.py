"""A connection's secret, from what is listed and what is given."""

from __future__ import annotations

import json

import pytest

from mwaa_wizard.entries.document import LARGEST, NotEnough, name_problem, parses, secret_of
from mwaa_wizard.entries.model import Connection

LISTED = Connection("db", "postgres", "h", "me", "s", 5432, '{"sslmode": "require"}', "hidden")
HIDDEN = Connection("db", "gcp", extra='{"key": "***"}', password="hidden", extra_hidden=True)


def test_a_password_completes_what_is_listed() -> None:
    assert json.loads(secret_of(LISTED, "p@ss\nword é")) == {
        "conn_type": "postgres", "host": "h", "login": "me", "schema": "s", "port": 5432,
        "extra": {"sslmode": "require"}, "password": "p@ss\nword é",
    }  # fmt: skip


@pytest.mark.parametrize("given", ['{"not": "members"}', '{"broken', "{}", '["x"]', "12"])
def test_what_is_no_connection_in_json_is_a_password(given: str) -> None:
    assert json.loads(secret_of(LISTED, given))["password"] == given


def test_json_stands_in_front_of_what_is_listed() -> None:
    found = json.loads(secret_of(LISTED, '{"password": "x", "host": "other", "extra": {"a": 1}}'))
    assert (found["host"], found["password"], found["extra"], found["login"]) == ("other", "x", {"a": 1}, "me")


def test_a_uri_stands_for_the_whole() -> None:
    assert secret_of(HIDDEN, " postgresql://u:p%40@h:5/s ") == "postgresql://u:p%40@h:5/s"


def test_what_is_missing_is_said() -> None:
    with pytest.raises(NotEnough, match="password"):
        secret_of(LISTED, None)
    with pytest.raises(NotEnough, match="extra"):
        secret_of(HIDDEN, "only a password")
    with pytest.raises(NotEnough, match="password"):
        secret_of(HIDDEN, '{"extra": {"key": "k"}}')
    assert json.loads(secret_of(HIDDEN, '{"extra": {"key": "k"}, "password": ""}'))["extra"] == {"key": "k"}


def test_a_connection_without_secrets_needs_nothing() -> None:
    listed = Connection("hive", "hiveserver2", "h", password="none")
    assert json.loads(secret_of(listed, None)) == {"conn_type": "hiveserver2", "host": "h"}
    with pytest.raises(NotEnough, match="conn_type"):
        secret_of(Connection("x", "", password="none"), None)


def test_a_secret_holds_64_kb() -> None:
    assert secret_of(LISTED, "x" * 1000)
    with pytest.raises(NotEnough, match="64 KB"):
        secret_of(LISTED, "x" * LARGEST)


@pytest.mark.parametrize(("name", "fits"), [("a/b_+=.@-9", True), ("é", False), ("a b", False), ("x" * 512, True),
                                            ("x" * 513, False), ("", False)])  # fmt: skip
def test_names_that_secrets_manager_takes(name: str, fits: bool) -> None:
    assert bool(name_problem(name)) != fits


@pytest.mark.parametrize(("value", "right"), [('{"conn_type": "x"}', True), ("http://h", True), ("[]", False),
                                              ("{", False), ("password", False)])  # fmt: skip
def test_what_airflow_reads_as_a_connection(value: str, right: bool) -> None:
    assert parses(value) == right
