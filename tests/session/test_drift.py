"""What changed while a session was closed: told side by side, secrets left out, nothing invented."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from mwaa_wizard.aws.factory import Identity
from mwaa_wizard.environments import lookups
from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import drift as looking
from mwaa_wizard.session import drift
from mwaa_wizard.session.model import Seen, Session

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
ENVIRONMENT: dict[str, Any] = {
    "Name": "analytics-prod",
    "Status": "AVAILABLE",
    "AirflowVersion": "2.8.1",
    "EnvironmentClass": "mw1.medium",
    "MaxWorkers": 10,
    "NetworkConfiguration": {"SubnetIds": ["subnet-a", "subnet-b"], "SecurityGroupIds": ["sg-1"]},
    "LoggingConfiguration": {"TaskLogs": {"Enabled": True, "LogLevel": "INFO"}},
    "AirflowConfigurationOptions": {"core.parallelism": "32", "smtp.smtp_password": "canary-hunter2"},
}


def seen(**changes: Any) -> Seen:
    return drift.picture({**ENVIRONMENT, **changes}, "111122223333", "arn:aws:sts::1:assumed-role/me", NOW)


def told(before: Seen, now: Seen) -> list[tuple[str, str, str]]:
    return [(row.label, row.before, row.now) for row in drift.compare("source", before, now)]


def test_the_same_picture_twice_is_no_drift() -> None:
    assert told(seen(), seen()) == []


def test_status_version_class_and_settings_are_told_with_before_and_now() -> None:
    now = seen(
        Status="UPDATING", AirflowVersion="2.10.3", EnvironmentClass="mw1.large", MaxWorkers=12,
        AirflowConfigurationOptions={"core.parallelism": "64", "core.new": "1"},
        LoggingConfiguration={"TaskLogs": {"Enabled": False, "LogLevel": "INFO"}},
    )  # fmt: skip
    assert told(seen(), now) == [
        ("status", "AVAILABLE", "UPDATING"),
        ("Airflow version", "2.8.1", "2.10.3"),
        ("class", "mw1.medium", "mw1.large"),
        ("Max workers", "10", "12"),
        ("Task logs", "INFO", "off"),
        ("core.parallelism", "32", "64"),
        ("core.new", "", "1"),
    ]


def test_another_account_is_told_before_all_else() -> None:
    other = drift.picture(ENVIRONMENT, "444455556666", "arn:aws:sts::4:assumed-role/me", NOW)
    assert told(seen(), other)[0] == ("account", "111122223333", "444455556666")


def test_an_environment_that_is_gone_is_one_line() -> None:
    gone = drift.picture(None, "111122223333", "arn:aws:sts::1:assumed-role/me", NOW)
    assert told(seen(), gone) == [("status", "AVAILABLE", "")]


def test_values_of_secret_options_are_neither_kept_nor_compared() -> None:
    assert "canary-hunter2" not in seen().model_dump_json()
    changed = seen(AirflowConfigurationOptions={"core.parallelism": "32", "smtp.smtp_password": "canary-other"})
    assert told(seen(), changed) == []


def test_a_session_from_before_is_compared_with_what_its_pages_noted() -> None:
    session = Session()
    session.source.connection.account, session.source.airflow_version = "111122223333", "2.7.2"
    rows = drift.compare("source", drift.remembered(session, "source"), seen())
    assert [(row.label, row.before, row.now) for row in rows] == [("Airflow version", "2.7.2", "2.8.1")]


def test_it_is_due_after_a_while_and_only_with_a_source() -> None:
    session = Session()
    session.updated_at = NOW - dt.timedelta(minutes=11)
    assert not drift.due(session, NOW)
    session.source.environment = "analytics-prod"
    assert drift.due(session, NOW)
    session.updated_at = NOW - dt.timedelta(minutes=3)
    assert not drift.due(session, NOW)


class Answers:
    """STS and GetEnvironment of both sides, or their refusal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.environments: dict[str, dict[str, Any] | WizardError] = {"analytics-prod": ENVIRONMENT}
        monkeypatch.setattr(lookups, "identity", self.identity)
        monkeypatch.setattr(lookups, "environment", self.environment)

    def identity(self, _clients: object, side: str) -> Identity:
        return Identity("111122223333", f"arn:aws:sts::111122223333:assumed-role/{side}", "aws", "us-east-1")

    def environment(self, _clients: object, _side: str, name: str) -> dict[str, Any]:
        found = self.environments.get(name, WizardError(what="none", code="ResourceNotFoundException"))
        if isinstance(found, WizardError):
            raise found
        return found


def opened() -> Session:
    session = Session()
    session.source.environment, session.target.environment = "analytics-prod", "analytics-v2"
    session.target.airflow_version = "2.11.2"
    session.last_result.state = "failed"
    return session


def test_both_sides_are_looked_at_and_remembered_for_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, session = Answers(monkeypatch), opened()
    first = looking.look(session)
    assert first.problems == []
    looking.remember(session, first)
    assert looking.look(session).differences == []
    answers.environments["analytics-v2"] = {**ENVIRONMENT, "AirflowVersion": "2.11.2"}
    del answers.environments["analytics-prod"]
    rows = looking.look(session).differences
    assert [(row.side, row.label, row.before, row.now) for row in rows] == [
        ("source", "status", "AVAILABLE", ""),
        ("target", "status", "", "AVAILABLE"),
    ]


def test_what_cannot_be_asked_is_a_problem_in_words_and_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, session = Answers(monkeypatch), opened()
    looking.remember(session, looking.look(session))
    answers.environments["analytics-prod"] = WizardError(what="The credentials have expired.", code="ExpiredToken")
    found = looking.look(session)
    assert [problem.what for problem in found.problems] == ["The credentials have expired."]
    assert found.differences == []
    before = session.last_seen.source
    looking.remember(session, found)
    assert session.last_seen.source == before


def test_the_version_that_the_own_run_brought_about_is_no_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, session = Answers(monkeypatch), opened()
    session.route = "in-place"
    looking.remember(session, looking.look(session))
    answers.environments["analytics-prod"] = {**ENVIRONMENT, "AirflowVersion": "2.11.2"}
    assert looking.look(session).differences == []


def test_what_the_pages_noted_of_the_source_follows_until_something_ran(monkeypatch: pytest.MonkeyPatch) -> None:
    Answers(monkeypatch)
    session = opened()
    session.source.airflow_version, session.last_result.state = "2.7.2", ""
    looking.remember(session, looking.look(session))
    assert (session.source.airflow_version, session.source.environment_class) == ("2.8.1", "mw1.medium")
    session.source.airflow_version, session.last_result.state = "2.7.2", "failed"
    looking.remember(session, looking.look(session))
    assert session.source.airflow_version == "2.7.2"


def test_reading_the_source_on_its_page_is_remembered_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    from mwaa_wizard.front.opened import Opened

    held = Opened.open(opened())
    held.environment = ENVIRONMENT
    held.save()
    held.close()
    seen = held.session.last_seen.source
    assert seen is not None
    assert seen.version == "2.8.1"
    assert "canary-hunter2" not in held.session.model_dump_json()
