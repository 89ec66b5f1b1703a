"""Source: the environment that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaa_wizard.front import engine, routing
from mwaa_wizard.front.question import Answer, Choice, Question
from mwaa_wizard.i18n import _
from mwaa_wizard.text import clean

if TYPE_CHECKING:
    from mwaa_wizard.front.engine import EnvironmentLine
    from mwaa_wizard.session.model import Session

# Only an environment that answers can be worked with (MWAA user guide: environment status).
USABLE = ("AVAILABLE", "UPDATE_FAILED")


def questions() -> tuple[Question, ...]:
    """One."""
    return (
        Question(
            name="source.environment", page="source", kind="choice", option="--source-environment",
            label=_("Environment to move"),
            help=_("Looking changes nothing. It has to be AVAILABLE (or UPDATE_FAILED) to be moved."),
            read=lambda session: session.source.environment, write=_write, check=_check, choices=_choices,
            slow=True, free=True, needed=True, longest=80,
        ),
    )  # fmt: skip


def problem_of(line: EnvironmentLine) -> str:
    """Why an environment of the list cannot be moved; empty where it can."""
    if line.problem:
        return line.problem
    if line.status not in USABLE:
        return _("{name} is {status}; only an environment that is AVAILABLE can be moved.").format(
            name=clean(line.name), status=clean(line.status)
        )
    return ""


def choose(session: Session, line: EnvironmentLine) -> None:
    """Take an environment of the list with all that is known of it. One of another region moves the source's side
    there, and a target that was in the same region moves along.
    """
    source, target = session.source, session.target
    here, there = source.connection, target.connection
    if line.region and line.region != here.region:
        if (here.profile, here.region) == (there.profile, there.region):
            there.region = line.region
        here.region = line.region
    source.environment, source.airflow_version = line.name, line.version
    source.environment_class = line.environment_class
    routing.source_changed(session)


def _choices(session: Session) -> list[Choice]:
    found = []
    for line in engine.environments(session):
        words = "  ".join(part for part in (line.version, line.status, line.environment_class) if part)
        found.append(Choice(line.name, words, problem_of(line)))
    return found


def _check(_session: Session, answer: Answer) -> list[str]:
    return engine.name_problems(str(answer)) if answer else []


def _write(session: Session, answer: Answer) -> None:
    source = session.source
    if answer != source.environment:
        source.environment, source.airflow_version, source.environment_class = str(answer or ""), "", ""
        routing.source_changed(session)
