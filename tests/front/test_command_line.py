"""`new`, `set` and `show`: answers as options, refused in the screens' words, and the command that repeats a page."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from click.testing import CliRunner

from mwaa_wizard import secrets
from mwaa_wizard.commands.answer import new, set_, show
from mwaa_wizard.errors import EXIT_USAGE, WizardError
from mwaa_wizard.front import command_line, engine, flow, questions
from mwaa_wizard.front.question import give, problems
from mwaa_wizard.session import store
from mwaa_wizard.session.model import Session
from tests.screens.fakes import FakeEngine, ready_session

real_edit, real_reset = engine.edit_setting, engine.reset_setting
COMMANDS = {"new": new, "set": set_, "show": show}


@pytest.fixture
def home(fake: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Settings are edited for real: their rules need no AWS."""
    monkeypatch.setattr(engine, "edit_setting", real_edit)
    monkeypatch.setattr(engine, "reset_setting", real_reset)
    return fake


def call(*words: str) -> str:
    result = CliRunner().invoke(COMMANDS[words[0]], list(words[1:]), standalone_mode=False, catch_exceptions=False)
    return result.stdout


def refusal(*words: str) -> WizardError:
    with pytest.raises(WizardError) as caught:
        call(*words)
    assert caught.value.exit_code == EXIT_USAGE
    return caught.value


def made(*words: str) -> Session:
    return store.load(call("new", *words).strip())


def test_new_asks_aws_what_follows_and_saves_a_session_ready_for_review(home: FakeEngine, monkeypatch: Any) -> None:
    monkeypatch.setattr(engine, "source_environment", lambda session: {
        "Name": session.source.environment, "Status": "AVAILABLE", "AirflowVersion": "2.8.1",
        "EnvironmentClass": "mw1.medium"})  # fmt: skip
    session = made("--source-profile", "prod", "--source-environment", "analytics-prod", "--tables", "log,dag_run")
    assert (session.source.connection.profile, session.target.connection.profile) == ("prod", "prod")
    assert all((session.source.connection.account, session.target.connection.account))
    assert (session.source.airflow_version, session.target.airflow_version) == ("2.8.1", "2.11.2")
    assert session.target.environment == "analytics-v2", "the suggested name"
    assert session.tables.selected == ["dag_run", "log"], "in the order they are imported"
    assert (session.page.name, flow.missing("tables", session)) == ("review", [])


def test_refused_answers_have_the_words_of_the_screens_and_nothing_is_kept(home: FakeEngine) -> None:
    session = ready_session()
    store.save(session)
    asked = questions.must("logs.days")
    told = refusal("set", session.id, "--offline", "--log-days", "14", "--keep-bundle").what
    assert told == f"--log-days: {problems(session, asked, 14)[0]}"
    assert store.load(session.id).keep_bundle is False
    assert "write the day as YYYY-MM-DD" in refusal("set", session.id, "--offline", "--since", "soon").what
    assert "Give a whole number" in refusal("set", session.id, "--offline", "--workers", "two").what
    assert "another name" in refusal("set", session.id, "--offline", "--target-name", "analytics-prod").what
    assert "MaxWorkers: Give a whole number." in refusal("set", session.id, "--setting", "MaxWorkers=x").what
    assert "There is no setting Nope" in refusal("set", session.id, "--setting", "Nope=1").what


def test_a_page_that_the_route_leaves_out_takes_no_answer(home: FakeEngine) -> None:
    session = ready_session(route="settings-only")
    store.save(session)
    assert "no history is moved" in refusal("set", session.id, "--offline", "--workers", "2").what


def test_settings_and_options_are_set_and_reset(home: FakeEngine) -> None:
    session = ready_session()
    store.save(session)
    call("set", session.id, "--offline", "--setting", "MaxWorkers=5", "--airflow-option", "core.parallelism=64")
    found = store.load(session.id).target
    assert (found.settings, found.airflow_options) == ({"MaxWorkers": 5}, {"core.parallelism": "64"})
    call("set", session.id, "--offline", "--reset", "MaxWorkers")
    assert store.load(session.id).target.settings == {}
    call("set", session.id, "--offline", "--setting", "MinWorkers=2", "--reset", "all")
    found = store.load(session.id).target
    assert (found.settings, found.airflow_options) == ({"MinWorkers": 2}, {})
    assert "is not edited" in refusal("set", session.id, "--offline", "--reset", "MaxWorkers").what


def test_secrets_are_no_options(home: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr(secrets, "remember", lambda *args: kept.append(args[-1]))
    session = ready_session()
    store.save(session)
    for option in ("core.fernet_key=canary", "celery.broker_url=redis://me:canary@host"):
        problem = refusal("set", session.id, "--offline", "--airflow-option", option)
        assert "secret" in problem.what
        assert "canary" not in " ".join(problem.lines())
    assert kept == []
    words = {word for question in questions.all_questions() for word in command_line.option_words(question, session)}
    assert not {word for word in words if "password" in word or "secret-value" in word}


def test_show_prints_every_answer_and_no_secret(home: FakeEngine) -> None:
    session = ready_session(name="mine")
    session.target.secret_options = ["core.fernet_key"]
    session.target.airflow_options = {"core.parallelism": "64"}
    store.save(session)
    rows = {row["name"]: row["value"] for row in json.loads(call("show", session.id, "--json"))}
    assert rows["options.core.fernet_key"] == "(secret, not shown)"
    assert (rows["options.core.parallelism"], rows["target.name"]) == ("64", "analytics-v2")
    asked = {question.name for page in flow.shown(session) for question in questions.of_page(page, session)}
    assert asked <= set(rows)
    assert "target.name                   analytics-v2" in call("show", session.id)


def test_the_command_of_a_page_gives_its_answers_again(home: FakeEngine) -> None:
    """What F4 shows, played on a new session, gives the same answers."""
    session = ready_session(cut_over="switch")
    for name, answer in (
        ("tables.since", "2025-01-01"), ("tables.dag_patterns", ["etl_*", "daily_?"]), ("tables.workers", 3),
        ("logs.copy", False), ("review.name", "it's mine; rm -rf ~"), ("route.keep", ["history"]),
    ):  # fmt: skip
        assert give(session, questions.must(name), answer) == []
    session.target.settings = {"MaxWorkers": 5, "KmsKey": None}
    session.target.airflow_options = {"core.parallelism": "64", "core.x": None}
    store.save(session)
    other = Session()
    store.save(other)
    for page in flow.shown(session):
        for line in command_line.equivalent(page, session).splitlines():
            words = shlex.split(line, comments=True)
            if words[1:2] == ["set"]:
                call("set", other.id, "--offline", *words[3:])
    again = store.load(other.id)
    for page in flow.shown(session):
        for question in questions.of_page(page, session):
            assert question.read(again) == question.read(session), question.name
    assert again.target.settings == session.target.settings
    assert again.target.airflow_options == session.target.airflow_options
    assert store.load(made(*shlex.split(command_line.as_new(session))[2:], "--offline").id).name == session.name


def test_a_hostile_name_stays_one_quoted_word(home: FakeEngine) -> None:
    session = ready_session(name="\x1b]52;c;ZXZpbA==\x07$(reboot)")
    line = command_line.equivalent("review", session).splitlines()[0]
    assert not {"\x1b", "\x07"} & set(line)
    assert any("$(reboot)" in word for word in shlex.split(line)[1:])
    assert "'" in line


def test_every_page_has_a_command(home: FakeEngine) -> None:
    for route in ("new-environment", "settings-only", "in-place"):
        session = ready_session(route=route)
        for page in flow.PAGES:
            lines = command_line.equivalent(page, session).splitlines()
            assert any(line.startswith("mwaa-wizard ") for line in lines), page


def test_help_lists_every_question() -> None:
    text = call("new", "--help")
    assert all(question.option in text for question in questions.all_questions())
