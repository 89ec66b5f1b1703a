"""Every member of a session that a person can answer is asked by exactly one declaration, or has its reason here."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from mwaa_wizard.front.question import Question, give
from mwaa_wizard.front.questions import all_questions
from mwaa_wizard.session.model import Session
from tests.screens.fakes import FakeEngine, ready_session

ASKED = {
    "source.connection.profile": "connect.source.profile",
    "source.connection.region": "connect.source.region",
    "target.connection.profile": "connect.target.profile",
    "target.connection.region": "connect.target.region",
    "target.same_place": "connect.same_place",
    "source.environment": "source.environment",
    "target.airflow_version": "route.version",
    "route": "route.route",
    "keep": "route.keep",
    "target.environment": "target.name",
    "tables.selected": "tables.selected",
    "tables.since": "tables.since",
    "tables.until": "tables.until",
    "tables.dag_patterns": "tables.dag_patterns",
    "tables.conflict.history": "tables.conflict.history",
    "tables.conflict.variable": "tables.conflict.variable",
    "tables.conflict.connection": "tables.conflict.connection",
    "tables.conflict.slot_pool": "tables.conflict.slot_pool",
    "tables.drain_seconds": "tables.drain_seconds",
    "tables.workers": "tables.workers",
    "logs.copy_logs": "logs.copy",
    "logs.days": "logs.days",
    "logs.failed_only": "logs.failed_only",
    "entries.variables": "entries.variables",
    "entries.pools": "entries.pools",
    "entries.connections": "entries.connections",
    "entries.left": "entries.left",
    "entries.prefix": "entries.prefix",
    "entries.conflict": "entries.replace",
    "cut_over": "review.cut_over",
    "keep_bundle": "review.keep_bundle",
    "name": "review.name",
}
NOT_ASKED = {
    "schema_version": "of the program",
    "id": "random: names of what is made and the journal follow it",
    "created_at": "a clock",
    "updated_at": "a clock",
    "migration_bucket": "random: S3's names are shared by all the world",
    "source.connection.account": "STS answers it",
    "source.connection.arn": "STS answers it",
    "source.connection.partition": "STS answers it",
    "target.connection.account": "STS answers it",
    "target.connection.arn": "STS answers it",
    "target.connection.partition": "STS answers it",
    "source.airflow_version": "GetEnvironment answers it",
    "source.environment_class": "GetEnvironment answers it",
    "target.upgrade_to": "follows from version and route (routing)",
    "target.settings": "one question a setting: settings_questions",
    "target.airflow_options": "one question an option: settings_questions",
    "target.secret_options": "one secret question an option: settings_questions",
    "target.create_role": "follows from settings.ExecutionRoleArn: empty means that the wizard makes one",
    "target.create_bucket": "follows from settings.SourceBucketArn: empty means that the wizard makes one",
    "page.name": "where the user was",
    "page.done": "where the user was",
    "page.basis": "digests of the answers a page was done with",
    "last_result.state": "how the last run ended",
    "last_result.step": "how the last run ended",
    "last_result.at": "how the last run ended",
    "last_seen.source": "AWS answers it",
    "last_seen.target": "AWS answers it",
}  # fmt: skip

ANSWERS: dict[str, Any] = {
    "connect.source.profile": "prod", "connect.source.region": "eu-west-1", "connect.target.profile": "prod",
    "connect.target.region": "eu-west-1", "connect.same_place": False, "source.environment": "billing",
    "route.version": "2.10.3", "route.route": "settings-only", "route.keep": ["logs"], "target.name": "other",
    "tables.selected": ["dag_run"], "tables.since": "2025-01-01", "tables.until": "2025-02-01",
    "tables.dag_patterns": ["etl_*"], "tables.conflict.history": "fail", "tables.conflict.variable": "replace",
    "tables.conflict.connection": "fail", "tables.conflict.slot_pool": "replace", "tables.drain_seconds": 5,
    "tables.workers": 3, "logs.copy": False, "logs.days": 3, "logs.failed_only": True, "entries.variables": False,
    "entries.pools": False, "entries.connections": "leave", "entries.left": ["a"], "entries.prefix": "x/y",
    "entries.replace": True, "review.cut_over": "switch", "review.keep_bundle": True, "review.name": "mine",
}  # fmt: skip


def _leaves(part: BaseModel, before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in type(part).model_fields:
        value = getattr(part, name)
        found |= _leaves(value, f"{before}{name}.") if isinstance(value, BaseModel) else {before + name: value}
    return found


def test_every_member_of_the_session_is_asked_or_says_why_not() -> None:
    members = set(_leaves(Session()))
    assert members == set(ASKED) | set(NOT_ASKED)
    assert not set(ASKED) & set(NOT_ASKED)
    assert set(ASKED.values()) == {question.name for question in all_questions()}
    assert set(ANSWERS) == set(ASKED.values())


@pytest.mark.parametrize("member", sorted(ASKED))
def test_an_answer_is_in_the_member_it_is_for(fake: FakeEngine, member: str) -> None:
    session = ready_session()
    question = next(one for one in all_questions() if one.name == ASKED[member])
    before = _leaves(session)[member]
    assert give(session, question, ANSWERS[question.name]) == []
    assert _leaves(session)[member] != before
    assert question.read(session) == ANSWERS[question.name]


def test_names_and_options_are_there_once_and_no_option_is_secret() -> None:
    asked: list[Question] = list(all_questions())
    assert len({one.name for one in asked}) == len(asked)
    assert len({one.option for one in asked}) == len(asked)
    assert all(one.option.startswith("--") and not one.secret for one in asked)
    assert all(one.label and one.help and one.page for one in asked)
