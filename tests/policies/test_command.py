"""`policy`: names, forms, reasons on standard error, verdicts with an exit code, and users without a session."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mwaa_wizard.commands.policy import policy
from mwaa_wizard.front import engine_policies
from mwaa_wizard.policies.live import Checked
from mwaa_wizard.policies.simulated import Verdict
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session

from .combos import combo


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Session:
    """A saved session; AWS answers what the combination knows."""
    one = combo(key=True, far=True)
    store.save(one.session)
    made = engine_policies.Policies(one.found, True)
    monkeypatch.setattr(engine_policies, "asked", lambda _session: made)
    return one.session


def run(*words: str) -> Result:
    return CliRunner().invoke(policy, list(words))


@pytest.mark.parametrize("name", list(combo(key=True, far=True).found.pieces()))
def test_every_document_is_printed_as_pure_json(session: Session, name: str) -> None:
    done = run(session.id, "--for", name)
    assert done.exit_code == 0
    assert json.loads(done.stdout) == combo(key=True, far=True).found.pieces()[name].policy.document
    assert done.stderr == ""


def test_reasons_stand_beside_the_document_not_in_it(session: Session) -> None:
    done = run(session.id, "--for", "source-role", "--explain")
    json.loads(done.stdout)
    assert "WriteBundle: The inventory and export DAGs upload here" in done.stderr
    assert "of 10,240 characters" in done.stderr
    assert "✘" not in done.stderr


def test_an_unknown_name_lists_those_there_are(session: Session) -> None:
    done = run(session.id, "--for", "everybody")
    assert done.exit_code == 2
    for name in ("source-role", "operator-target-planning", "ui-viewer", "kms-key"):
        assert name in done.stderr


def test_a_key_is_added_to_and_never_replaced(session: Session) -> None:
    done = run(session.id, "--for", "kms-key", "--format", "terraform")
    assert done.exit_code == 2
    assert "JSON only" in done.stderr


@pytest.mark.parametrize(
    ("states", "code"),
    [(["allowed", "allowed"], 0), (["allowed", "unknown"], 0), (["allowed", "denied"], 1), (["unknown"], 1)],
)
def test_check_says_it_by_statement_and_by_exit_code(
    session: Session, monkeypatch: pytest.MonkeyPatch, states: list[Any], code: int
) -> None:
    verdicts = tuple(Verdict(f"S{number}", state, "s3:PutObject") for number, state in enumerate(states))
    monkeypatch.setattr(engine_policies, "checked", lambda _session, _piece: Checked("03:12:00Z", verdicts, "a note"))
    done = CliRunner().invoke(policy, [session.id, "--for", "source-role", "--check"], standalone_mode=False)
    assert done.return_value == code
    assert [line.split()[1] for line in done.stdout.splitlines()] == [one.sid for one in verdicts]
    assert "a note" in done.stderr
    assert "03:12:00Z" in done.stderr


@pytest.mark.parametrize(("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn")])
def test_users_of_any_environment_need_no_session(region: str, partition: str) -> None:
    done = run("--for", "ui-users", "--env", "etl", "--role", "Op", "--account", "123456789012", "--region", region)
    statement = json.loads(done.stdout)["Statement"][0]
    assert statement["Resource"] == f"arn:{partition}:airflow:{region}:123456789012:role/etl/Op"
    assert statement["Action"] == ["airflow:CreateWebLoginToken"]


def test_without_a_session_only_users_and_all_of_their_facts() -> None:
    for words in (["--for", "source-role"], ["--for", "ui-users", "--env", "etl"]):
        done = run(*words)
        assert done.exit_code == 2
        assert "Name a SESSION" in done.stderr
