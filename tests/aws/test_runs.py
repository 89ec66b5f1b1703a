"""Retries and logins as a run meets them: told in the step's log, and gone on with after a login."""

from __future__ import annotations

from pathlib import Path

import pytest

from mwaa_wizard.aws import waits
from mwaa_wizard.aws.factory import Clients
from mwaa_wizard.execution.context import Context
from mwaa_wizard.execution.events import Event, Line
from mwaa_wizard.execution.runner import Runner
from mwaa_wizard.execution.step import Check, Step
from mwaa_wizard.session.model import Connection, Session, Source, Target
from tests.aws.conftest import Server, Told, good, refusal


class Listing(Step):
    """Asks both sides for their environments."""

    id = "listing"

    @property
    def title(self) -> str:
        return "Listing"

    def describe(self, session: Session) -> list[str]:
        return []

    def check(self, ctx: Context) -> Check:
        return Check(False)

    def run(self, ctx: Context) -> None:
        for side in ("source", "target"):
            ctx.log(str(ctx.client(side, "mwaa").list_environments()["Environments"]))


def _session() -> Session:
    return Session(
        source=Source(connection=Connection(profile="from", region="us-east-1"), environment="prod"),
        target=Target(connection=Connection(profile="to", region="eu-west-1"), environment="next"),
    )


def _run(session: Session, clients: Clients) -> tuple[bool, list[str]]:
    events: list[Event] = []
    outcome = Runner(session, [Listing()], events.append, clients).run()
    return outcome.finished, [f"{e.level} {e.step} {e.text}" for e in events if isinstance(e, Line)]


def test_a_throttled_call_is_in_the_steps_log(server: Server, told: Told) -> None:
    server.answers = [good(), refusal("ThrottlingException", 429), good()]
    finished, lines = _run(_session(), told.clients)
    assert finished
    assert "WARN listing airflow:ListEnvironments throttled, try 2 of 5 in 1.0 s (target, eu-west-1)" in lines


def test_after_a_run_its_log_hears_no_more(server: Server, told: Told) -> None:
    """Look-ups of the screens use the same clients before and after."""
    server.answers = [good()]
    finished, lines = _run(_session(), told.clients)
    assert finished
    server.answers = [refusal("ThrottlingException", 429), good()]
    told.clients.client("source", "mwaa").list_environments()
    assert len(told.lines) == 1
    assert not [line for line in lines if "throttled" in line]


def test_after_a_login_the_same_run_goes_on(server: Server, told: Told, tmp_path: Path) -> None:
    """The front-end keeps its clients between the run that failed and the one that goes on."""
    session = _session()
    server.answers = [good(), refusal("ExpiredTokenException", 403), good()]
    finished, lines = _run(session, told.clients)
    assert not finished
    assert any("credentials of profile to have expired" in line for line in lines)
    keys = "[{0}]\naws_access_key_id = AKIANEW{1}\naws_secret_access_key = s\n"
    (tmp_path / "aws-credentials").write_text(keys.format("from", 1) + keys.format("to", 2))
    finished, lines = _run(session, told.clients)
    assert finished
    assert server.keys == ["AKIAFROM", "AKIATO", "AKIAFROM", "AKIANEW2"], "only the side that had expired is renewed"


def test_a_call_that_is_long_without_an_answer_is_in_the_steps_log(
    server: Server, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waits, "FIRST", 0.05)
    monkeypatch.setattr(waits, "THEN", 0.05)
    server.slow, server.answers = 0.4, [good()]
    finished, lines = _run(_session(), told.clients)
    assert finished
    said = [line for line in lines if "has no answer after" in line]
    assert "INFO listing airflow:ListEnvironments has no answer after 0 s; still waiting (source, us-east-1)" in said
    assert any(line.endswith("(target, eu-west-1)") for line in said)
    assert len(said) > 2, "said again while it goes on"
    server.slow = 0.0
    finished, lines = _run(_session(), told.clients)
    assert not [line for line in lines if "has no answer after" in line]
