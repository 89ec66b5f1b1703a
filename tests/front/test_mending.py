"""Which page mends a failure, and what is known of one step."""

from __future__ import annotations

import pytest

from mwaa_wizard.errors import WizardError
from mwaa_wizard.execution.journal import Journal
from mwaa_wizard.front import mending, step_facts
from mwaa_wizard.session.model import Session


def a_session(route: str) -> Session:
    session = Session(route=route)  # type: ignore[arg-type]
    session.source.environment, session.target.environment = "old", "new"
    session.source.airflow_version = session.target.airflow_version = "2.11.2"
    return session


@pytest.mark.parametrize(
    ("code", "step", "route", "page"),
    [
        ("AccessDenied", "export", "new-environment", "policies"),
        ("AccessDeniedException", "source-policy", "new-environment", "policies"),
        ("ExpiredToken", "export", "new-environment", "connect"),
        ("UnauthorizedSSOTokenError", "verify", "in-place", "connect"),
        ("", "create-target", "new-environment", "settings"),
        ("", "logs", "new-environment", "logs"),
        ("", "logs", "in-place", ""),
        ("AccessDenied", "upgrade", "in-place", "policies"),
        ("", "connections", "settings-only", "entries"),
        ("", "no-such-step", "new-environment", ""),
    ],
)
def test_the_page_is_one_of_the_route_and_fits_the_code(code: str, step: str, route: str, page: str) -> None:
    assert mending.page_for(WizardError(what="No.", code=code), step, a_session(route)) == page


def test_a_failure_may_name_its_page_itself() -> None:
    error = WizardError(what="No.", code="AccessDenied", page="tables")
    assert mending.page_for(error, "export", a_session("new-environment")) == "tables"
    assert mending.page_for(error, "export", a_session("settings-only")) != "tables"


def test_the_facts_of_a_step_come_from_plan_and_journal() -> None:
    session = a_session("new-environment")
    journal = Journal.of(session.id)
    journal.write("create-target", "started")
    journal.write("create-target", "made", kind="environment", name="new\x1b]0;x\x07")
    journal.write("create-target", "answered", call="airflow:CreateEnvironment", request_id="req-1")
    journal.write("create-target", "failed", what="No.", where="GetEnvironment: no", request_id="req-2", retries=3)
    journal.write("create-target", "started")
    journal.write("export", "started")
    found = step_facts.facts(session, "create-target")
    assert (found.attempts, found.retries) == (2, 3)
    assert found.things == [("made", "environment", "new")]
    assert found.requests == [("airflow:CreateEnvironment", "req-1"), ("GetEnvironment: no", "req-2")]
    assert any("new" in line for line in found.does)
    assert "MWAA goes on making new" in found.while_away
    assert found.skippable == ""
    assert found.log.name == "create-target.log"
    assert "task logs" in step_facts.skippable(session, "logs")
    assert "mwz_export" in step_facts.while_away(session, "export")
    assert step_facts.while_away(session, "read-source") == ""
